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

extension BinnedMatrix {
  /// The rows named, in the order named.
  func taking(_ chosen: [Int32], crew: Crew) -> BinnedMatrix {
    var taken = [UInt8](repeating: 0, count: chosen.count * stride)
    crew.rewrite(&taken, width: stride, blockSize: 2048) { range, part in
      let (bins, chosen) = (bins.span, chosen.span.extracting(range))
      for place in 0..<chosen.count {
        let row = Int(chosen[place]) * stride
        for column in 0..<stride { part[place &* stride &+ column] = bins[row &+ column] }
      }
    }
    return BinnedMatrix(
      rows: chosen.count, columns: columns, stride: stride, bins: taken, valueBins: valueBins,
      isCategorical: isCategorical)
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
    let searches = rules.map(EdgeSearch.init)
    crew.rewrite(&bins, width: stride, blockSize: 2048) { range, part in
      for (column, rule) in rules.enumerated() where wanted?[column] ?? true {
        switch (rule, frame.columns[column]) {
        case (.edges, .numeric(let values)):
          searches[column].bin(values.span.extracting(range), into: &part, at: column, stride: stride)
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
}

/// Finds the bins of one column's numbers.
struct EdgeSearch: Sendable {
  /// Edges followed by +∞ up to a power of two less one, so that every search takes the same steps.
  private let edges: [Double]
  /// The bins of the whole numbers from `first` on, to one beyond the last edge; empty where they would be too many.
  private var table: [UInt8] = []
  private var first = 0.0

  /// The most whole numbers between the first edge and the last that are given a place in the table.
  private static let mostWhole = 4096

  init(_ rule: Binning.Rule) {
    guard case .edges(let found) = rule else {
      edges = []
      return
    }
    var size = 1
    while size - 1 < found.count { size *= 2 }
    edges = found + [Double](repeating: .infinity, count: size - 1 - found.count)
    guard let low = found.first?.rounded(.down), let high = found.last?.rounded(.up),
      low.magnitude < 0x1p52, high.magnitude < 0x1p52, high - low < Double(Self.mostWhole)
    else { return }
    first = low
    for step in 0...Int(high - low) + 1 { table.append(bin(low + Double(step))) }
  }

  /// Writes the bin of each of `values` to every `stride`-th place of `bins`, from `start` on.
  ///
  /// Columns of ages or counts hold whole numbers, whose bins are looked up; others are searched for.
  func bin(
    _ values: Span<Double>, into bins: inout MutableSpan<UInt8>, at start: Int, stride: Int
  ) {
    precondition(values.isEmpty || start + (values.count - 1) * stride < bins.count)
    let table = table.span
    guard !table.isEmpty, (0..<min(values.count, 16)).allSatisfy({ isWhole(values[$0]) }) else {
      for place in 0..<values.count { bins[start &+ place &* stride] = bin(values[place]) }
      return
    }
    let (first, last) = (first, Double(table.count - 1))
    for place in 0..<values.count {
      let value = values[place]
      // Below the table is the first bin, above it the last, and NaN is no place of it. The difference may have been
      // rounded to a whole number where the first edge is negative; the sum of whole numbers is exact.
      let step = value - first
      let clamped = step > last ? last : (step > 0 ? step : 0)
      let whole = Int(clamped)
      let isListed = first + Double(whole) == value || step < 0 || step > last
      bins[start &+ place &* stride] = isListed ? unsafe table[unchecked: whole] : bin(value)
    }
  }

  private func isWhole(_ value: Double) -> Bool { value.isNaN || value == value.rounded() }

  /// 1 + how many edges lie below `value`; 0 where there is none.
  @inline(__always)
  private func bin(_ value: Double) -> UInt8 {
    let edges = edges.span
    var below = 0
    var step = (edges.count + 1) / 2
    while step > 0 {
      below += edges[below + step - 1] < value ? step : 0
      step /= 2
    }
    // +∞ is not below +∞, so padding is never counted.
    return value.isNaN ? 0 : UInt8(truncatingIfNeeded: below + 1)
  }
}
