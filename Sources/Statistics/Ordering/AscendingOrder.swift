/// Sorting by value, ties by place.
package enum AscendingOrder {
  /// The places of `values` from the smallest value to the largest; equal values (−0 and 0 among them) keep their
  /// order. Values are never NaN.
  ///
  /// The bits of the numbers, flipped so that they compare as whole numbers, are sorted by their upper halves, eleven
  /// bits at a time from the lowest up, a half and its place in one word; rounds in which all rows agree are passed
  /// over. Values whose upper halves agree, few unless they are equal, are then put in order by the lower ones. Time
  /// is linear in the number of values but for the latter.
  package static func of(_ values: [Double]) -> [Int32] {
    let count = values.count
    guard count > 64 else {
      let keys = values.map(key)
      return (0..<Int32(count)).sorted {
        keys[Int($0)] != keys[Int($1)] ? keys[Int($0)] < keys[Int($1)] : $0 < $1
      }
    }
    precondition(count <= Int(Int32.max), "places are 32 bits wide")
    var words = upperHalves(values)
    sortByUpperHalves(&words)
    var first = 0
    while first < count {
      var past = first + 1
      while past < count, words[past] >> 32 == words[first] >> 32 { past += 1 }
      if past - first > 1 { sortByLowerHalves(&words, first..<past, values) }
      first = past
    }
    return words.map { Int32(truncatingIfNeeded: $0) }
  }

  /// A number's bits as a whole number that compares as it does.
  private static func key(_ value: Double) -> UInt64 {
    let bits = (value + 0).bitPattern
    return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
  }

  /// The upper half of each number's bits above its place.
  private static func upperHalves(_ values: [Double]) -> [UInt64] {
    let values = values.span
    return [UInt64](capacity: values.count) { words in
      for place in 0..<values.count { words.append(key(values[place]) & ~0xffff_ffff | UInt64(place)) }
    }
  }

  private static func sortByUpperHalves(_ words: inout [UInt64]) {
    let count = words.count
    var starts = [Int](repeating: 0, count: 3 * 2048)
    for word in words {
      starts[Int(truncatingIfNeeded: word &>> 32 & 2047)] &+= 1
      starts[2048 &+ Int(truncatingIfNeeded: word &>> 43 & 2047)] &+= 1
      starts[4096 &+ Int(truncatingIfNeeded: word &>> 54 & 2047)] &+= 1
    }
    var moved = [UInt64](repeating: 0, count: count)
    for round in 0..<3 {
      let own = round * 2048..<(round + 1) * 2048
      if starts[own].contains(count) { continue }
      var sum = 0
      for digit in own { (starts[digit], sum) = (sum, sum + starts[digit]) }
      let shift = UInt64(32 + 11 * round)
      for word in words {
        let digit = own.lowerBound &+ Int(truncatingIfNeeded: word &>> shift & 2047)
        moved[starts[digit]] = word
        starts[digit] &+= 1
      }
      swap(&words, &moved)
    }
  }

  /// Puts words whose upper halves agree, which stand in the order of their places, in the order of the whole bits.
  private static func sortByLowerHalves(_ words: inout [UInt64], _ range: Range<Int>, _ values: [Double]) {
    // The lower half above the place: one comparison of whole numbers says both.
    for place in range {
      let row = words[place] & 0xffff_ffff
      words[place] = key(values[Int(row)]) << 32 | row
    }
    if range.count > 16 {
      words[range].sort()
      return
    }
    for place in range.dropFirst() {
      let word = words[place]
      var target = place
      while target > range.lowerBound, words[target - 1] > word {
        words[target] = words[target - 1]
        target -= 1
      }
      words[target] = word
    }
  }
}
