package import Numerics

/// Sorting by value, ties by place.
package enum AscendingOrder {
  /// The places of `values` from the smallest value to the largest; equal values (−0 and 0 among them) keep their
  /// order. Values are never NaN.
  ///
  /// The bits of the numbers, flipped so that they compare as whole numbers, are sorted by their upper halves, eleven
  /// bits at a time from the lowest up, a half and its place in one word; rounds in which all rows agree are passed
  /// over. Values whose upper halves agree, few unless they are equal, are then put in order by the lower ones. Time
  /// is linear in the number of values but for the latter. There is but one such order, whatever the crew.
  package static func of(_ values: [Double], crew: Crew = Crew(threads: 1)) -> [Int32] {
    let count = values.count
    guard count > 64 else {
      let keys = values.map(key)
      return (0..<Int32(count)).sorted {
        keys[Int($0)] != keys[Int($1)] ? keys[Int($0)] < keys[Int($1)] : $0 < $1
      }
    }
    precondition(count <= Int(Int32.max), "places are 32 bits wide")
    var words = upperHalves(values, crew)
    sortByUpperHalves(&words, crew)
    let parts = stretches(count, crew) { [words] in words[$0 - 1] >> 32 == words[$0] >> 32 }
    crew.rewrite(&words, parts: parts) { _, words in
      var first = 0
      while first < words.count {
        var past = first + 1
        while past < words.count, words[past] >> 32 == words[first] >> 32 { past += 1 }
        if past - first > 1 { sortByLowerHalves(&words, first..<past, values) }
        first = past
      }
    }
    var order = [Int32](repeating: 0, count: count)
    crew.rewrite(&order, blockSize: blockSize(count, crew)) { [words] range, part in
      let words = words.span.extracting(range)
      for place in 0..<part.count { part[place] = Int32(truncatingIfNeeded: words[place]) }
    }
    return order
  }

  /// Values from which on more than one worker sorts them.
  private static let fewestShared = 1 << 16

  /// Values a worker takes.
  static func blockSize(_ count: Int, _ crew: Crew) -> Int {
    count < fewestShared ? count : (count + crew.threads - 1) / crew.threads
  }

  /// A stretch of 0 ..< `count` for each worker, none ending before a place that `belongs` to the one before it.
  static func stretches(_ count: Int, _ crew: Crew, _ belongs: (Int) -> Bool) -> [Range<Int>] {
    let size = blockSize(count, crew)
    var result: [Range<Int>] = []
    var start = 0
    while start < count {
      var end = min(count, start + size)
      while end < count, belongs(end) { end += 1 }
      result.append(start..<end)
      start = end
    }
    return result
  }

  /// A number's bits as a whole number that compares as it does.
  private static func key(_ value: Double) -> UInt64 {
    let bits = (value + 0).bitPattern
    return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
  }

  /// The upper half of each number's bits above its place.
  private static func upperHalves(_ values: [Double], _ crew: Crew) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: values.count)
    crew.rewrite(&words, blockSize: blockSize(values.count, crew)) { range, part in
      let values = values.span
      for place in range {
        part[place - range.lowerBound] = key(values[place]) & ~0xffff_ffff | UInt64(place)
      }
    }
    return words
  }

  private static func sortByUpperHalves(_ words: inout [UInt64], _ crew: Crew) {
    let count = words.count
    let size = blockSize(count, crew)
    var moved = [UInt64](repeating: 0, count: count)
    for round in 0..<3 {
      let shift = UInt64(32 + 11 * round)
      let counts = crew.mapBlocks(count: count, blockSize: size) { [words] range, _ in
        var counts = [Int](repeating: 0, count: 2048)
        for word in words[range] { counts[Int(truncatingIfNeeded: word &>> shift & 2047)] &+= 1 }
        return counts
      }
      // Where each worker's words of each digit go: below those of the workers after it.
      var starts = counts
      var sum = 0
      var isAlike = false
      for digit in 0..<2048 {
        let before = sum
        for block in counts.indices { (starts[block][digit], sum) = (sum, sum + counts[block][digit]) }
        isAlike = isAlike || sum - before == count
      }
      if isAlike { continue }
      scatter(words, to: &moved, starts, size, crew) { Int(truncatingIfNeeded: $0 &>> shift & 2047) }
      swap(&words, &moved)
    }
  }

  /// Moves each word to the next place of its digit in its block.
  ///
  /// The workers write to places of their own, all over the target, so that it is plain memory to them; what makes that
  /// sound is that `starts` were counted from these words. Each write is checked to lie in the target.
  private static func scatter(
    _ words: [UInt64], to moved: inout [UInt64], _ starts: [[Int]], _ size: Int, _ crew: Crew,
    _ digit: @Sendable (UInt64) -> Int
  ) {
    let count = moved.count
    unsafe moved.withUnsafeMutableBufferPointer { moved in
      nonisolated(unsafe) let moved = unsafe moved
      crew.forEachBlock(count: words.count, blockSize: size) { range, block in
        var next = starts[block]
        for word in words[range] {
          let digit = digit(word)
          let place = next[digit]
          precondition(place < count)
          unsafe moved[place] = word
          next[digit] = place &+ 1
        }
      }
    }
  }

  /// Puts words whose upper halves agree, which stand in the order of their places, in the order of the whole bits.
  private static func sortByLowerHalves(
    _ words: inout MutableSpan<UInt64>, _ range: Range<Int>, _ values: [Double]
  ) {
    // The lower half above the place: one comparison of whole numbers says both.
    for place in range {
      let row = words[place] & 0xffff_ffff
      words[place] = key(values[Int(row)]) << 32 | row
    }
    if range.count > 16 {
      for (place, word) in zip(range, range.map { words[$0] }.sorted()) { words[place] = word }
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
