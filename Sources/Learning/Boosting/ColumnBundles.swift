/// A matrix with its small columns joined, so that a row adds its gradient once for several of them: columns whose
/// values together take at most 256 forms in the rows at hand (flags, one-hot columns, small counts) become one, whose
/// code stands for the form. The sums of a column are those of the codes that its bins are part of; all sums are of
/// whole numbers, so nothing differs from adding column by column.
///
/// (LightGBM's bundles take columns that exclude each other, to save columns: Ke et al., 2017. These take any whose
/// forms are few, which one-hot columns are too.)
struct ColumnBundles: Sendable {
  /// Columns that share a code.
  struct Bundle: Sendable {
    /// Ascending in the number of their bins.
    var columns: [Int]
    /// How many codes there are.
    var codes: Int
    /// The bin of member m in code c at m · `codes` + c; empty for a column by itself, whose codes are its bins.
    var bins: [UInt8]
  }

  let bundles: [Bundle]
  /// Bytes from one row to the next, a multiple of 8.
  let stride: Int
  /// The code of bundle b in row r at r · `stride` + b.
  let codes: [UInt8]

  /// The bundle of a column, and the column's bin in each of its codes (empty where the codes are the bins).
  func reading(_ column: Int) -> (bundle: Int, bins: [UInt8]) {
    for (number, bundle) in bundles.enumerated() {
      guard let member = bundle.columns.firstIndex(of: column) else { continue }
      if bundle.bins.isEmpty { return (number, []) }
      return (number, Array(bundle.bins[member * bundle.codes..<(member + 1) * bundle.codes]))
    }
    preconditionFailure("every column is in a bundle")
  }

  /// The bundles of `matrix`.
  init(_ matrix: BinnedMatrix) {
    var bundles: [Bundle] = []
    var joined: [[UInt8]] = []
    // With fewer bins first as many as can be go together.
    let small = matrix.valueBins.indices.filter { matrix.valueBins[$0] < 128 }
      .sorted { (matrix.valueBins[$0], $0) < (matrix.valueBins[$1], $1) }
    var codes: [UInt8] = []
    for column in small {
      if let last = bundles.last, let bundle = Self.joining(last, &codes, matrix, column) {
        bundles[bundles.count - 1] = bundle
      } else {
        if !bundles.isEmpty { joined.append(bundles[bundles.count - 1].columns.count > 1 ? codes : []) }
        bundles.append(Bundle(columns: [column], codes: matrix.valueBins[column] + 1, bins: []))
        codes = []
      }
    }
    if !bundles.isEmpty { joined.append(bundles[bundles.count - 1].columns.count > 1 ? codes : []) }
    guard bundles.count < small.count else {
      // Nothing to join: the matrix as it is.
      self.bundles = matrix.valueBins.indices.map {
        Bundle(columns: [$0], codes: matrix.valueBins[$0] + 1, bins: [])
      }
      stride = matrix.stride
      self.codes = matrix.bins
      return
    }
    for column in matrix.valueBins.indices where matrix.valueBins[column] >= 128 {
      bundles.append(Bundle(columns: [column], codes: matrix.valueBins[column] + 1, bins: []))
      joined.append([])
    }
    self.bundles = bundles
    stride = (bundles.count + 7) / 8 * 8
    self.codes = Self.rows(matrix, bundles, joined, stride: stride)
  }

  /// `bundle` with `column` besides, and `codes` (empty for a column by itself) the new codes by row; `nil`, and
  /// nothing changed, where there would be more than 256.
  private static func joining(
    _ bundle: Bundle, _ codes: inout [UInt8], _ matrix: BinnedMatrix, _ column: Int
  ) -> Bundle? {
    let size = matrix.valueBins[column] + 1
    let (rows, stride) = (matrix.rows, matrix.stride)
    let bins = matrix.bins.span
    let first = bundle.columns[0]
    let isAlone = bundle.bins.isEmpty
    var isSeen = [Bool](repeating: false, count: bundle.codes * size)
    var seen = 0
    for row in 0..<rows {
      let code = Int(isAlone ? bins[row &* stride &+ first] : codes[row])
      let key = code &* size &+ Int(bins[row &* stride &+ column])
      if isSeen[key] { continue }
      isSeen[key] = true
      seen += 1
      if seen > 256 { return nil }
    }
    let keys = isSeen.indices.filter { isSeen[$0] }
    var number = [UInt8](repeating: 0, count: isSeen.count)
    for (place, key) in keys.enumerated() { number[key] = UInt8(truncatingIfNeeded: place) }
    var next = [UInt8](repeating: 0, count: rows)
    for row in 0..<rows {
      let code = Int(isAlone ? bins[row &* stride &+ first] : codes[row])
      next[row] = number[code &* size &+ Int(bins[row &* stride &+ column])]
    }
    codes = next
    var members: [UInt8] = []
    for member in bundle.columns.indices {
      members += keys.map { key in
        isAlone ? UInt8(key / size) : bundle.bins[member * bundle.codes + key / size]
      }
    }
    members += keys.map { UInt8($0 % size) }
    return Bundle(columns: bundle.columns + [column], codes: keys.count, bins: members)
  }

  /// All codes, row by row.
  private static func rows(
    _ matrix: BinnedMatrix, _ bundles: [Bundle], _ joined: [[UInt8]], stride: Int
  ) -> [UInt8] {
    var all = [UInt8](repeating: 0, count: matrix.rows * stride)
    var codes = all.mutableSpan
    let bins = matrix.bins.span
    for (place, bundle) in bundles.enumerated() {
      if joined[place].isEmpty {
        let column = bundle.columns[0]
        for row in 0..<matrix.rows {
          codes[row &* stride &+ place] = bins[row &* matrix.stride &+ column]
        }
      } else {
        for row in 0..<matrix.rows { codes[row &* stride &+ place] = joined[place][row] }
      }
    }
    return all
  }
}
