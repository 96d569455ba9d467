import Numerics

/// Which side of a split each row goes to.
struct RowPartition: Sendable {
  private let bins: [UInt8]
  private let stride: Int
  private let feature: Int
  /// 1 for each bin that goes left.
  private let goesLeft: [UInt8]

  init(_ matrix: BinnedMatrix, _ split: Split) {
    bins = matrix.bins
    stride = matrix.stride
    feature = split.feature
    let set = split.categories
    let words = [set.0, set.1, set.2, set.3]
    goesLeft = (0..<256).map { bin in
      switch split.kind {
      case .categories: UInt8((words[bin >> 6] >> UInt64(bin & 63)) & 1)
      case .missingLeft: bin <= split.threshold ? 1 : 0
      default: bin > 0 && bin <= split.threshold ? 1 : 0
      }
    }
  }

  /// Orders `rows` of `order` so that those going left come first, both sides in the order they had; gives where the
  /// right side begins.
  func divide(_ order: inout [Int32], _ rows: Range<Int>, _ scratch: inout [Int32], crew: Crew) -> Int {
    guard crew.threads > 1, rows.count >= 4 * rowsPerBlock else {
      var span = order.mutableSpan
      var other = scratch.mutableSpan
      return divide(&span, rows, &other)
    }
    let parts = divideBlocks(order.span.extracting(rows), crew)
    var place = rows.lowerBound
    for part in parts { copy(part.rows[..<part.left], into: &order, at: &place) }
    let middle = place
    for part in parts { copy(part.rows[part.left...], into: &order, at: &place) }
    return middle
  }

  private func copy(_ rows: ArraySlice<Int32>, into order: inout [Int32], at place: inout Int) {
    order.replaceSubrange(place..<place + rows.count, with: rows)
    place += rows.count
  }

  private func divideBlocks(_ rows: Span<Int32>, _ crew: Crew) -> [(rows: [Int32], left: Int)] {
    crew.mapBlocks(count: rows.count, blockSize: rowsPerBlock) { range, _ in
      var part = range.map { rows[$0] }
      var scratch = [Int32](repeating: 0, count: part.count)
      var span = part.mutableSpan
      var other = scratch.mutableSpan
      let left = divide(&span, 0..<span.count, &other)
      return (part, left)
    }
  }

  private func divide(
    _ order: inout MutableSpan<Int32>, _ rows: Range<Int>, _ scratch: inout MutableSpan<Int32>
  ) -> Int {
    let bins = self.bins.span
    let goesLeft = self.goesLeft.span
    var left = rows.lowerBound
    var right = 0
    // Both places are written and one of them kept: no branch to guess wrong.
    for place in rows {
      let row = order[place]
      let side = Int(goesLeft[Int(bins[Int(row) &* stride &+ feature])])
      order[left] = row
      scratch[right] = row
      left &+= side
      right &+= 1 &- side
    }
    for place in 0..<right { order[left &+ place] = scratch[place] }
    return left
  }
}
