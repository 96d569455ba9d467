package import Numerics

/// A frame in bins, row by row: one customer is one or two cache lines, which is what trees read.
package struct BinnedMatrix: Sendable {
  /// How many rows there are.
  package let rows: Int
  /// How many columns there are.
  package let columns: Int
  /// Bytes from one row to the next; the columns rounded up to a multiple of 8.
  package let stride: Int
  /// The bins; that of `column` in `row` stands at `row * stride + column`.
  package let bins: [UInt8]
  /// How many bins the values of each column have, missing (bin 0) not counted.
  package let valueBins: [Int]
  /// Whether each column's bins are categories, without order.
  package let isCategorical: [Bool]

  /// A matrix of these bins.
  package init(
    rows: Int, columns: Int, stride: Int, bins: [UInt8], valueBins: [Int], isCategorical: [Bool]
  ) {
    precondition(bins.count == rows * stride && valueBins.count == columns && isCategorical.count == columns)
    self.rows = rows
    self.columns = columns
    self.stride = stride
    self.bins = bins
    self.valueBins = valueBins
    self.isCategorical = isCategorical
  }
}

extension Binning {
  /// The rows of `frame` in these bins. A number outside the learnt range falls in the first or last bin; a category
  /// code that training never had, or beyond the learnt ones, in the missing bin. Columns that `wanted` leaves out
  /// are not searched; all their bins are 0.
  package func apply(_ frame: FeatureFrame, wanted: [Bool]? = nil, crew: Crew) -> BinnedMatrix {
    precondition(frame.columns.count == rules.count, "a frame of the columns that were learnt")
    let stride = (rules.count + 7) / 8 * 8
    var bins = [UInt8](repeating: 0, count: frame.rows * stride)
    let padded = rules.map(Self.padded)
    crew.rewrite(&bins, width: stride, blockSize: 2048) { range, part in
      for (column, rule) in rules.enumerated() where wanted?[column] ?? true {
        switch (rule, frame.columns[column]) {
        case (.edges, .numeric(let values)):
          let search = padded[column]
          Self.binNumbers(values.span, range, search.span, column, stride, &part)
        case (.categories(let binOf), .categorical(let codes, _)):
          for row in range {
            let code = Int(codes[row])
            part[(row - range.lowerBound) * stride + column] =
              code >= 0 && code < binOf.count ? binOf[code] : 0
          }
        default: preconditionFailure("a frame of the kinds of columns that were learnt")
        }
      }
    }
    return BinnedMatrix(
      rows: frame.rows, columns: rules.count, stride: stride, bins: bins,
      valueBins: rules.indices.map(valueBins),
      isCategorical: rules.map { if case .categories = $0 { true } else { false } })
  }

  /// Edges followed by +∞ up to a power of two less one, so that every search takes the same steps.
  private static func padded(_ rule: Rule) -> [Double] {
    guard case .edges(let edges) = rule else { return [] }
    var size = 1
    while size - 1 < edges.count { size *= 2 }
    return edges + [Double](repeating: .infinity, count: size - 1 - edges.count)
  }

  /// Writes the bins of one column for the rows of `range`.
  private static func binNumbers(
    _ values: Span<Double>, _ range: Range<Int>, _ edges: Span<Double>, _ column: Int, _ stride: Int,
    _ part: inout MutableSpan<UInt8>
  ) {
    let top = (edges.count + 1) / 2
    for row in range {
      let value = values[row]
      var below = 0
      var step = top
      while step > 0 {
        below += edges[below + step - 1] < value ? step : 0
        step /= 2
      }
      // +∞ is not below +∞, so padding is never counted.
      part[(row - range.lowerBound) * stride + column] =
        value.isNaN ? 0 : UInt8(truncatingIfNeeded: below + 1)
    }
  }
}
