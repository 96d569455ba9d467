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

extension HistogramKernel {
  /// Makes `sums` the histogram of the gradients of the rows at `places`; whole numbers, so the order of the additions
  /// does not matter.
  mutating func histogram(_ rows: TreeRows, _ places: Range<Int>, into sums: inout [Int64], crew: Crew) {
    reset()
    if crew.threads == 1 || places.count < 2 * rowsPerBlock {
      rows.read(places) { add($0) }
    } else {
      // A few blocks a worker: enough that none waits long for another, few enough that their sums cost little.
      let block = max(rowsPerBlock, places.count / (4 * crew.threads))
      let plan = plan
      let parts = crew.mapBlocks(count: places.count, blockSize: block) { range, _ in
        var kernel = HistogramKernel(plan)
        rows.read(places.lowerBound + range.lowerBound..<places.lowerBound + range.upperBound) {
          kernel.add($0)
        }
        return kernel.sums
      }
      for part in parts { add(part) }
    }
    plan.spread(self.sums.span, to: &sums)
  }
}
