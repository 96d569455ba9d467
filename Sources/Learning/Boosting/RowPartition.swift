import Numerics

/// The bins of a matrix column by column, for matrices so large that a row's bins do not stay in the cache while
/// nodes are divided: a column's do, eight times longer or more. Only of use where rows don't hold their codes.
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
  /// 1 for each code, or bin where rows hold no codes, that goes left; 256 of them.
  let goesLeft: [UInt8]
  /// The place of the split column's code in the word of codes, in bits.
  let shift: UInt64
  /// Where rows hold no codes, the split column's bin of row r stands at `start` + r · `step`.
  private let bins: [UInt8]
  private let start: Int
  let step: Int
  private let holdsCodes: Bool

  init(_ matrix: BinnedMatrix, _ bundles: ColumnBundles, _ columns: ColumnBins, _ split: Split) {
    let sides = Self.sides(split)
    holdsCodes = bundles.stride == 8
    if holdsCodes {
      let (bundle, bins) = bundles.reading(split.feature)
      shift = UInt64(bundle * 8)
      var codeSides = sides
      for code in bins.indices { codeSides[code] = sides[Int(bins[code])] }
      goesLeft = codeSides
      (self.bins, start, step) = ([], 0, 0)
    } else {
      let isByRow = columns.bins.isEmpty
      shift = 0
      goesLeft = sides
      bins = isByRow ? matrix.bins : columns.bins
      start = isByRow ? split.feature : split.feature * matrix.rows
      step = isByRow ? matrix.stride : 1
    }
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

  /// 1 where a row that holds its codes goes left, else 0. Unchecked: a code is a byte.
  @unsafe @inline(__always)
  func codeSide(_ row: TreeRow) -> Int {
    unsafe Int(goesLeft.span[unchecked: Int(truncatingIfNeeded: row.key &>> shift & 255)])
  }

  /// 1 where a row that holds its number goes left, else 0. Unchecked: it is a row of the matrix.
  @unsafe @inline(__always)
  func binSide(_ row: TreeRow, step: Int) -> Int {
    let bin = unsafe bins.span[unchecked: start &+ Int(truncatingIfNeeded: row.key) &* step]
    return unsafe Int(goesLeft.span[unchecked: Int(bin)])
  }

  /// How many of `rows` go left. Unchecked as `codeSide` and `binSide`.
  @unsafe func leftCount(_ rows: Span<TreeRow>) -> Int {
    var count = 0
    if holdsCodes {
      for place in 0..<rows.count { count &+= unsafe codeSide(rows[unchecked: place]) }
    } else {
      for place in 0..<rows.count { count &+= unsafe binSide(rows[unchecked: place], step: step) }
    }
    return count
  }
}
