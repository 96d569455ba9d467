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

extension HistogramPlan {
  /// The histogram of the gradients of `rows`; whole numbers, so the order of the additions does not matter.
  func histogram(
    rows: Span<TreeRow>, _ matrix: BinnedMatrix, into sums: inout [Int64], crew: Crew
  ) {
    for i in sums.indices { sums[i] = 0 }
    if crew.threads == 1 || rows.count < 2 * rowsPerBlock {
      var span = sums.mutableSpan
      var kernel = HistogramKernel(self)
      kernel.add(rows, matrix, to: &span)
      return
    }
    // A few blocks a worker: enough that none waits long for another, few enough that their sums cost little.
    let block = max(rowsPerBlock, rows.count / (4 * crew.threads))
    let size = sums.count
    let parts = crew.mapBlocks(count: rows.count, blockSize: block) { range, _ in
      var part = [Int64](repeating: 0, count: size)
      var span = part.mutableSpan
      var kernel = HistogramKernel(self)
      kernel.add(rows.extracting(range), matrix, to: &span)
      return part
    }
    for part in parts {
      for i in sums.indices { sums[i] &+= part[i] }
    }
  }
}
