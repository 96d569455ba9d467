import Dispatch
import Synchronization

/// The workers of one computation: `threads` of them, handed fixed blocks of work.
///
/// What a block computes depends on its range alone and results are combined in block order, so no result ever
/// depends on the number of threads. Workers take the next block's number from one counter; with one thread, or one
/// block, everything runs on the caller's.
package struct Crew: Sendable {
  /// How many workers there are, the caller included; at least 1.
  package let threads: Int

  /// Those that stay awake, within `gathered`.
  private let team: Team?

  /// A crew of `threads` workers (fewer than 1 means 1).
  package init(threads: Int) { self.init(max(1, threads), nil) }

  private init(_ threads: Int, _ team: Team?) {
    self.threads = threads
    self.team = team
  }

  /// What `body` gives, with a crew whose workers stay awake between one piece of work and the next: for computations
  /// of many short parallel parts. Only `body` itself may set that crew to work, not what it sets it to.
  package func gathered<T: Sendable>(_ body: @Sendable (Crew) -> T) -> T {
    if threads == 1 || team != nil { return body(self) }
    let team = Team()
    let result = Mutex<T?>(nil)
    DispatchQueue.concurrentPerform(iterations: threads) { worker in
      if team.becomesLead() {
        let value = body(Crew(threads, team))
        result.withLock { $0 = value }
        team.dismiss()
      } else {
        team.help(worker: max(1, worker))
      }
    }
    guard let value = result.withLock({ $0 }) else { preconditionFailure("one worker leads") }
    return value
  }

  /// Runs `body(range, block)` for each block of `blockSize` numbers of 0 ..< `count`, in no particular order.
  package func forEachBlock(count: Int, blockSize: Int, _ body: @Sendable (Range<Int>, Int) -> Void) {
    let blocks = Crew.blockCount(count, blockSize)
    run(blocks) { block in
      body(block * blockSize..<min(count, (block + 1) * blockSize), block)
    }
  }

  /// What `body(range, block)` gives for each block of 0 ..< `count`, in block order.
  package func mapBlocks<T: Sendable>(
    count: Int, blockSize: Int, _ body: @Sendable (Range<Int>, Int) -> T
  ) -> [T] {
    map(Crew.blockCount(count, blockSize)) { block in
      body(block * blockSize..<min(count, (block + 1) * blockSize), block)
    }
  }

  /// What `body` gives for each of 0 ..< `count`, in that order: one task an item.
  package func map<T: Sendable>(_ count: Int, _ body: @Sendable (Int) -> T) -> [T] {
    if threads == 1 || count <= 1 { return (0..<count).map(body) }
    return unsafe [T](unsafeUninitializedCapacity: count) { buffer, initialized in
      let slots = unsafe DisjointSlots(buffer)
      run(count) { item in unsafe slots.buffer.initializeElement(at: item, to: body(item)) }
      initialized = count
    }
  }

  /// As `map`, for work that can fail: the error of the lowest item that failed is thrown.
  package func map<T: Sendable, E: Error>(
    _ count: Int, throwing body: @Sendable (Int) throws(E) -> T
  ) throws(E) -> [T] {
    let results: [Result<T, E>] = map(count) { item in
      do throws(E) { return .success(try body(item)) } catch { return .failure(error) }
    }
    var values: [T] = []
    values.reserveCapacity(count)
    for result in results { values.append(try result.get()) }
    return values
  }

  /// As `map`, with a crew for each item to work with: one worker while there is an item for every one of them, and a
  /// share of all for the last items where those are fewer.
  package func mapSharing<T: Sendable, E: Error>(
    _ count: Int, _ body: @Sendable (Int, Crew) throws(E) -> T
  ) throws(E) -> [T] {
    let rest = count % threads
    let even = count - rest
    var values = try map(even) { (item: Int) throws(E) -> T in try body(item, Crew(threads: 1)) }
    if rest > 0 {
      let share = Crew(threads: threads / rest)
      values += try map(rest) { (item: Int) throws(E) -> T in try body(even + item, share) }
    }
    return values
  }

  /// What pieces of work of different kinds give, each done by one worker, the first ones first. None of them may set
  /// a crew to work: its workers would be busy with the other pieces.
  package func all<each Result: Sendable>(
    _ pieces: repeat @escaping @Sendable () -> each Result
  ) -> (repeat each Result) {
    let slots = (repeat Slot(each pieces))
    var fills: [@Sendable () -> Void] = []
    for slot in repeat each slots { fills.append { slot.fill() } }
    run(fills.count) { [fills] piece in fills[piece]() }
    return (repeat (each slots).value)
  }

  /// Lets `body(range, part)` rewrite each block of rows of `values`, which holds `width` elements a row, or of those
  /// `within` alone; `part` is that block's elements alone.
  package func rewrite<T>(
    _ values: inout [T], width: Int = 1, within: Range<Int>? = nil, blockSize: Int,
    _ body: @Sendable (Range<Int>, inout MutableSpan<T>) -> Void
  ) {
    let rows = within ?? 0..<(width == 0 ? 0 : values.count / width)
    unsafe values.withUnsafeMutableBufferPointer { all in
      let slots = unsafe DisjointSlots(all)
      run(Crew.blockCount(rows.count, blockSize)) { block in
        let start = rows.lowerBound + block * blockSize
        let range = start..<min(rows.upperBound, start + blockSize)
        let elements = range.lowerBound * width..<range.upperBound * width
        var part = unsafe MutableSpan(_unsafeElements: slots.buffer.extracting(elements))
        body(range, &part)
      }
    }
  }

  /// Lets `body(number, part)` rewrite each of the `parts` of `values`, stretches one after another.
  package func rewrite<T>(
    _ values: inout [T], parts: [Range<Int>], _ body: @Sendable (Int, inout MutableSpan<T>) -> Void
  ) {
    precondition(
      (parts.first?.lowerBound ?? 0) >= 0 && (parts.last?.upperBound ?? 0) <= values.count
        && zip(parts, parts.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound },
      "parts of the values that do not meet")
    unsafe values.withUnsafeMutableBufferPointer { all in
      let slots = unsafe DisjointSlots(all)
      run(parts.count) { number in
        var part = unsafe MutableSpan(_unsafeElements: slots.buffer.extracting(parts[number]))
        body(number, &part)
      }
    }
  }

  /// Runs `body` once for each of 0 ..< `count`, on the crew.
  package func run(_ count: Int, _ body: @Sendable (Int) -> Void) {
    if threads == 1 || count <= 1 {
      for item in 0..<count { body(item) }
      return
    }
    if let team { return team.run(count, body) }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
      while true {
        let item = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if item >= count { return }
        body(item)
      }
    }
  }

  /// How many blocks of `blockSize` cover `count` items.
  package static func blockCount(_ count: Int, _ blockSize: Int) -> Int {
    precondition(blockSize > 0, "blocks hold something")
    return (count + blockSize - 1) / blockSize
  }
}

/// A piece of work and what it gave.
private final class Slot<Value: Sendable>: Sendable {
  private let work: @Sendable () -> Value
  private let found = Mutex<Value?>(nil)

  init(_ work: @escaping @Sendable () -> Value) { self.work = work }

  func fill() {
    let value = work()
    found.withLock { $0 = value }
  }

  var value: Value {
    guard let value = found.withLock({ $0 }) else { preconditionFailure("every piece of work is done") }
    return value
  }
}

/// A buffer whose parts are each touched by one worker only; that is what makes sharing it sound.
@unsafe private struct DisjointSlots<T>: @unchecked Sendable {
  let buffer: UnsafeMutableBufferPointer<T>
  init(_ buffer: UnsafeMutableBufferPointer<T>) { unsafe self.buffer = unsafe buffer }
}
