import Staging
import Synchronization

/// Turns a stage's reports of progress into rows a second and time left, at most ten times a second.
final class ProgressMeter: Sendable {
  private struct State {
    var activity = ""
    var began: ContinuousClock.Instant
    var first = 0
    var told: ContinuousClock.Instant?
  }
  private let stage: String
  private let secondsBefore: Double?
  private let start: ContinuousClock.Instant
  private let state: Mutex<State>
  private let tell: @Sendable (RunEvent) -> Void

  /// A meter for one execution of `stage`, which took `secondsBefore` last time.
  init(stage: String, secondsBefore: Double?, tell: @escaping @Sendable (RunEvent) -> Void) {
    self.stage = stage
    self.secondsBefore = secondsBefore
    self.tell = tell
    start = .now
    state = Mutex(State(began: .now))
  }

  /// Takes a report.
  func report(_ progress: StageProgress) {
    let now = ContinuousClock.now
    let advance: StageAdvance? = state.withLock { state in
      if state.activity != progress.activity {
        state = State(activity: progress.activity, began: now, first: progress.done, told: nil)
      } else if let told = state.told, now - told < .milliseconds(100) {
        return nil
      }
      state.told = now
      let seconds = (now - state.began).seconds
      let rate = seconds > 0.05 ? Double(progress.done - state.first) / seconds : nil
      var left = secondsBefore.map { max(0, $0 - (now - start).seconds) }
      if left == nil, let rate, rate > 0, let total = progress.total {
        left = max(0, Double(total - progress.done) / rate)
      }
      return StageAdvance(
        stage: stage, activity: progress.activity, done: progress.done, total: progress.total, rate: rate,
        secondsLeft: left)
    }
    if let advance { tell(.stageAdvanced(advance)) }
  }
}

extension Duration {
  /// The length in seconds.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
