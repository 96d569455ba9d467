import Numerics

/// A row a tree is grown on, with its packed gradient and hessian beside it: both move together when nodes are
/// divided, so that a node's gradients are read one after another.
struct TreeRow: Sendable {
  /// The gradient, and the row's number: one vector, so that a row is moved by one load and one store.
  private let words: SIMD2<Int64>

  init(gradient: Int64, row: Int32) { words = SIMD2(gradient, Int64(row)) }

  var gradient: Int64 { words.x }
  var row: Int32 { Int32(truncatingIfNeeded: words.y) }
}

/// The bins of a matrix column by column, for matrices so large that a row's bins do not stay in the cache while
/// nodes are divided: a column's do, eight times longer or more.
struct ColumnBins: Sendable {
  /// The bin of row r in column c at place c · rows + r; empty where the matrix is small.
  private(set) var bins: [UInt8]

  /// None.
  init() { bins = [] }

  /// Those of `matrix` where that is large.
  init(_ matrix: BinnedMatrix, crew: Crew) {
    bins = []
    guard matrix.bins.count > 1 << 20, matrix.columns > 1 else { return }
    var bins = [UInt8](repeating: 0, count: matrix.rows * matrix.columns)
    let (source, stride) = (matrix.bins, matrix.stride)
    // One block is one column's stretch of the matrix.
    crew.rewrite(&bins, width: matrix.rows, blockSize: 1) { columns, part in
      let source = source.span
      for row in 0..<part.count { part[row] = source[row &* stride &+ columns.lowerBound] }
    }
    self.bins = bins
  }
}

/// Which side of a split each row goes to.
struct RowPartition: Sendable {
  private let bins: [UInt8]
  /// The split column's bin of row r stands at `start` + r · `step`.
  private let start: Int
  private let step: Int
  /// 1 for each bin that goes left.
  private let goesLeft: [UInt8]

  init(_ matrix: BinnedMatrix, _ columns: ColumnBins, _ split: Split) {
    let isByRow = columns.bins.isEmpty
    bins = isByRow ? matrix.bins : columns.bins
    start = isByRow ? split.feature : split.feature * matrix.rows
    step = isByRow ? matrix.stride : 1
    goesLeft = Self.sides(split)
  }

  /// `left` for each bin that goes left, 1 − `left` for the others.
  static func sides(_ split: Split, left: UInt8 = 1) -> [UInt8] {
    var sides = [UInt8](repeating: 1 - left, count: 256)
    if split.kind == .categories {
      let set = split.categories
      for (word, bits) in [set.0, set.1, set.2, set.3].enumerated() {
        for bit in 0..<64 where (bits >> UInt64(bit)) & 1 == 1 { sides[word * 64 + bit] = left }
      }
    } else {
      let first = split.kind == .missingLeft ? 0 : 1
      for bin in first..<max(first, split.threshold + 1) { sides[bin] = left }
    }
    return sides
  }

  /// Orders `rows` of `order` so that those going left come first, both sides in the order they had; gives where the
  /// right side begins.
  func divide(_ order: inout [TreeRow], _ rows: Range<Int>, _ scratch: inout [TreeRow], crew: Crew) -> Int {
    guard crew.threads > 1, rows.count >= 4 * rowsPerBlock else {
      var span = order.mutableSpan
      var other = scratch.mutableSpan
      return divide(&span, rows, &other)
    }
    divideBlocks(order, rows, &scratch, crew)
    return gather(&order, rows, scratch, crew)
  }

  private func divide(
    _ order: inout MutableSpan<TreeRow>, _ rows: Range<Int>, _ scratch: inout MutableSpan<TreeRow>
  ) -> Int {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= order.count && scratch.count >= rows.count)
    precondition(goesLeft.count == 256)
    let (bins, goesLeft) = (self.bins.span, self.goesLeft.span)
    // Both as constants, for the multiplication is on the way to a fetch.
    if step == 1 {
      return unsafe Self.divide(&order, rows, &scratch, bins, goesLeft, start: start, step: 1)
    }
    return unsafe Self.divide(&order, rows, &scratch, bins, goesLeft, start: start, step: step)
  }

  /// The division, unchecked: rows are rows of the matrix, places and lengths are checked above, a bin is a byte.
  /// Measured on 100,000 rows of 13 columns, 200 trees of 63 leaves, one core: .137 s of CPU, where checked, with rows
  /// moved in two pieces, it took .247 s. The tests hold it against a filter of the rows.
  @unsafe @inline(__always)
  private static func divide(
    _ order: inout MutableSpan<TreeRow>, _ rows: Range<Int>, _ scratch: inout MutableSpan<TreeRow>,
    _ bins: Span<UInt8>, _ goesLeft: Span<UInt8>, start: Int, step: Int
  ) -> Int {
    var left = rows.lowerBound
    var right = 0
    // Both places are written and one of them kept: no branch to guess wrong.
    for place in rows {
      let row = unsafe order[unchecked: place]
      let bin = unsafe Int(bins[unchecked: start &+ Int(row.row) &* step])
      let side = unsafe Int(goesLeft[unchecked: bin])
      unsafe order[unchecked: left] = row
      unsafe scratch[unchecked: right] = row
      left &+= side
      right &+= 1 &- side
    }
    for place in 0..<right { unsafe order[unchecked: left &+ place] = scratch[unchecked: place] }
    return left
  }

  /// Copies the stretch of `order` in blocks to the same places of `scratch`, each block divided by itself.
  private func divideBlocks(_ order: [TreeRow], _ rows: Range<Int>, _ scratch: inout [TreeRow], _ crew: Crew)
  {
    crew.rewrite(&scratch, blockSize: rowsPerBlock) { range, part in
      let range = range.clamped(to: rows)
      guard !range.isEmpty else { return }
      let (bins, goesLeft, order) = (self.bins.span, self.goesLeft.span, order.span)
      let base = range.lowerBound - range.lowerBound % rowsPerBlock
      var left = range.lowerBound &- base
      for place in range {
        let row = order[place]
        part[left] = row
        left &+= Int(goesLeft[Int(bins[start &+ Int(row.row) &* step])])
      }
      for place in range {
        let row = order[place]
        if left == range.upperBound &- base { break }
        part[left] = row
        left &+= 1 &- Int(goesLeft[Int(bins[start &+ Int(row.row) &* step])])
      }
    }
  }

  /// Puts the blocks' left rows, then their right ones, into `order`.
  private func gather(_ order: inout [TreeRow], _ rows: Range<Int>, _ scratch: [TreeRow], _ crew: Crew) -> Int
  {
    var pieces: [(start: Int, target: Int, count: Int)] = []
    var middles: [(range: Range<Int>, middle: Int)] = []
    var block = rows.lowerBound / rowsPerBlock * rowsPerBlock
    while block < rows.upperBound {
      let range = (block..<block + rowsPerBlock).clamped(to: rows)
      middles.append((range, middle(scratch, range)))
      block += rowsPerBlock
    }
    var target = rows.lowerBound
    for (range, middle) in middles {
      pieces.append((range.lowerBound, target, middle - range.lowerBound))
      target += middle - range.lowerBound
    }
    let end = target
    for (range, middle) in middles {
      pieces.append((middle, target, range.upperBound - middle))
      target += range.upperBound - middle
    }
    crew.rewrite(&order, blockSize: rowsPerBlock) { [pieces] range, part in
      let wanted = range.clamped(to: rows)
      guard !wanted.isEmpty else { return }
      let scratch = scratch.span
      for piece in pieces {
        let both = wanted.clamped(to: piece.target..<piece.target + piece.count)
        for place in both {
          part[place &- range.lowerBound] = scratch[piece.start &+ place &- piece.target]
        }
      }
    }
    return end
  }

  /// Where the right rows of a divided stretch begin.
  private func middle(_ rows: [TreeRow], _ range: Range<Int>) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let place = (low + high) / 2
      if goesLeft[Int(bins[start + Int(rows[place].row) * step])] == 1 {
        low = place + 1
      } else {
        high = place
      }
    }
    return low
  }
}
