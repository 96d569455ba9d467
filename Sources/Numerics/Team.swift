import Dispatch
import Synchronization

/// Workers that stay awake between the parallel parts of one computation: waking one takes some 25 µs, as much as many
/// a part does.
///
/// The lead hands out work, the helpers look for it: busily for some 50 µs, then asleep, so that a machine shared with
/// others loses little to them. Nobody waits for a helper that has not begun: what it does not take, others do.
final class Team: Sendable {
  /// Blocks of one parallel part, and what is done with each. The lead writes `body`, before others see this and after
  /// the last helper has gone.
  private final class Work: @unchecked Sendable {
    private let count: Int
    private var body: (@Sendable (Int) -> Void)?
    private let taken = Atomic<Int>(0)
    private let fromFront = Atomic<Int>(0)
    private let fromBack = Atomic<Int>(0)
    /// Helpers at it.
    let helpers = Atomic<Int>(0)

    init(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
      self.count = count
      self.body = body
    }

    /// Lets go of the body, which does not outlive its part.
    func end() { body = nil }

    /// Does blocks until none is left: the lead and every other helper from the front, the others from the back, so
    /// that each finds in its cache what it wrote in the part before.
    @inline(never)
    func run(worker: Int) {
      guard let body else { return }
      while taken.wrappingAdd(1, ordering: .relaxed).oldValue < count {
        if worker % 2 == 0 {
          body(fromFront.wrappingAdd(1, ordering: .relaxed).oldValue)
        } else {
          body(count - 1 - fromBack.wrappingAdd(1, ordering: .relaxed).oldValue)
        }
      }
    }
  }

  private struct State {
    var work: Work?
    var sleepers = 0
    var isLeadAsleep = false
    var isDismissed = false
  }

  private let state = Mutex(State())
  /// Raised with every part, and at the end.
  private let parts = Atomic<Int>(0)
  private let hasLead = Atomic<Bool>(false)
  private let more = DispatchSemaphore(value: 0)
  private let done = DispatchSemaphore(value: 0)
  /// How often a worker looks before it sleeps.
  private static let looks = 50_000

  /// Whether the caller is the first to ask, and so the lead.
  func becomesLead() -> Bool { !hasLead.exchange(true, ordering: .acquiringAndReleasing) }

  /// Runs `body` once for each of 0 ..< `count`; the lead alone may call this, and not from within `body`.
  func run(_ count: Int, _ body: @Sendable (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      let work = Work(count, body)
      wake { $0.work = work }
      work.run(worker: 0)
      state.withLock { $0.work = nil }
      var looks = 0
      while work.helpers.load(ordering: .acquiring) != 0 {
        looks += 1
        guard looks > Self.looks else { continue }
        let isWaiting = state.withLock { state in
          state.isLeadAsleep = work.helpers.load(ordering: .acquiring) != 0
          return state.isLeadAsleep
        }
        if isWaiting { done.wait() }
      }
      work.end()
    }
  }

  /// Sends the helpers home.
  func dismiss() { wake { $0.isDismissed = true } }

  private func wake(_ change: (inout State) -> Void) {
    let sleepers = state.withLock { state in
      change(&state)
      _ = parts.wrappingAdd(1, ordering: .releasing)
      defer { state.sleepers = 0 }
      return state.sleepers
    }
    for _ in 0..<sleepers { more.signal() }
  }

  /// Helps until dismissed.
  func help(worker: Int) {
    var seen = 0
    while true {
      var looks = 0
      while parts.load(ordering: .acquiring) == seen, looks < Self.looks { looks += 1 }
      enum Next {
        case leave, look, sleep
        case work(Work)
      }
      let next = state.withLock { state -> Next in
        if state.isDismissed { return .leave }
        let now = parts.load(ordering: .acquiring)
        defer { seen = now }
        if now != seen {
          guard let work = state.work else { return .look }
          _ = work.helpers.wrappingAdd(1, ordering: .relaxed)
          return .work(work)
        }
        state.sleepers += 1
        return .sleep
      }
      switch next {
      case .leave: return
      case .look: continue
      case .sleep: more.wait()
      case .work(let work):
        work.run(worker: worker)
        // Counted down under the lock, so that a lead that goes to sleep is not overlooked.
        let isAwaited = state.withLock { state in
          let left = work.helpers.wrappingSubtract(1, ordering: .releasing).newValue
          defer { if left == 0 { state.isLeadAsleep = false } }
          return left == 0 && state.isLeadAsleep
        }
        if isAwaited { done.signal() }
      }
    }
  }
}
