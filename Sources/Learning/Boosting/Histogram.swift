import Numerics

/// Where each column's bins stand in a histogram: one word (see `GradientUnits`) a bin, columns one after another.
struct HistogramLayout: Sendable {
  /// The place of each column's missing bin; its value bins follow.
  let offsets: [Int32]
  /// How many words a histogram has.
  let size: Int

  init(_ matrix: BinnedMatrix) {
    var offsets: [Int32] = []
    var size = 0
    for bins in matrix.valueBins {
      offsets.append(Int32(size))
      size += bins + 1
    }
    self.offsets = offsets
    self.size = size
  }
}

/// The rows of a block of the parallel loops over rows: long enough (some 0.1 ms) to be worth a wake-up, and for the
/// block's own histogram to cost little beside it.
let rowsPerBlock = 8192

extension HistogramLayout {
  /// The histogram of the gradients of `rows`.
  func histogram(
    rows: Span<Int32>, _ matrix: BinnedMatrix, _ gradients: Span<Int64>, into sums: inout [Int64], crew: Crew
  ) {
    for i in sums.indices { sums[i] = 0 }
    if crew.threads == 1 || rows.count < 2 * rowsPerBlock {
      var span = sums.mutableSpan
      accumulate(rows, matrix.bins.span, matrix.stride, gradients, into: &span)
      return
    }
    let parts = crew.mapBlocks(count: rows.count, blockSize: rowsPerBlock) { range, _ in
      var part = [Int64](repeating: 0, count: size)
      var span = part.mutableSpan
      accumulate(rows.extracting(range), matrix.bins.span, matrix.stride, gradients, into: &span)
      return part
    }
    for part in parts {
      for i in sums.indices { sums[i] &+= part[i] }
    }
  }

  /// Adds the gradients of `rows` to `sums`.
  private func accumulate(
    _ rows: Span<Int32>, _ bins: Span<UInt8>, _ stride: Int, _ gradients: Span<Int64>,
    into sums: inout MutableSpan<Int64>
  ) {
    let offsets = self.offsets.span
    for place in 0..<rows.count {
      let row = Int(rows[place])
      let gradient = gradients[row]
      let start = row &* stride
      for column in 0..<offsets.count {
        sums[Int(offsets[column]) &+ Int(bins[start &+ column])] &+= gradient
      }
    }
  }
}
