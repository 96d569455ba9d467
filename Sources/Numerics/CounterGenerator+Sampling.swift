/// Draws of whole sets, each a pure function of the generator's key.
extension CounterGenerator {
  /// The numbers 0 ..< `count` in random order (Fisher–Yates, one draw a place).
  package func permutation(_ count: Int) -> [Int32] {
    var order = (0..<Int32(count)).map { $0 }
    var last = count - 1
    while last > 0 {
      order.swapAt(last, uniform(UInt64(last), below: last + 1))
      last -= 1
    }
    return order
  }

  /// `size` different numbers of 0 ..< `count`, ascending; all of them when `size` ≥ `count`.
  package func sample(_ size: Int, of count: Int) -> [Int32] {
    guard size < count else { return (0..<Int32(count)).map { $0 } }
    guard size > 0 else { return [] }
    // The first `size` places of a Fisher–Yates shuffle from the front.
    var pool = (0..<Int32(count)).map { $0 }
    for place in 0..<size { pool.swapAt(place, place + uniform(UInt64(place), below: count - place)) }
    return pool[0..<size].sorted()
  }

  /// How often each of 0 ..< `count` comes up in `count` draws with replacement.
  package func bootstrapCounts(_ count: Int) -> [UInt8] {
    var counts = [UInt8](repeating: 0, count: count)
    for draw in 0..<count {
      let chosen = uniform(UInt64(draw), below: count)
      if counts[chosen] < .max { counts[chosen] += 1 }
    }
    return counts
  }
}
