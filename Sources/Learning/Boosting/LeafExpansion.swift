import Dispatch
import Numerics
import Synchronization

/// What it takes to divide the leaves of one tree.
struct LeafExpansion: Sendable {
  let grower: TreeGrower
  let search: SplitSearch
  let columns: [Int32]
  /// Draws the splits that are tried, where not all are.
  let cuts: CounterGenerator?

  /// Trees of fewer rows are grown before a second worker wakes.
  static let fewestRows = 2 * rowsPerBlock

  /// The root as the child of nothing.
  func root(_ root: TreeGrower.Root) -> TreeGrowth.Child {
    var child = TreeGrowth.Child(rows: root.rows, sums: root.sums)
    if grower.rules.depth > 0, root.rows.count >= 2 * grower.rules.minimumRows {
      child.split = bestSplit(root.histogram, root.sums, node: 0, crew: grower.crew)
    }
    keep(root.histogram, &child)
    return child
  }

  /// Divides the rows of a leaf and searches its children for splits. `firstChild` is the left child's node, where
  /// splits are drawn by it; the children of the last split are leaves and not searched.
  func divide(
    _ leaf: consuming TreeGrowth.OpenLeaf, firstChild: Int, isLast: Bool, _ kernel: inout HistogramKernel,
    crew: Crew
  ) -> TreeGrowth.Outcome {
    let rules = grower.rules
    let places = grower.rows.divide(leaf.rows, grower.partition(leaf.split), crew: crew)
    guard places.left.count >= rules.minimumRows, places.right.count >= rules.minimumRows else {
      grower.histograms.giveBack(leaf.histogram)
      return .indivisible
    }
    let sums = grower.children(
      of: leaf.sums, leaf.split, rows: (places.left.count, places.right.count), search)
    var pair = [
      TreeGrowth.Child(rows: places.left, sums: sums.left),
      TreeGrowth.Child(rows: places.right, sums: sums.right),
    ]
    let isOpen = pair.map { child in
      leaf.depth + 1 < rules.depth && !isLast && child.rows.count >= 2 * rules.minimumRows
        && search.leastHessian(child.sums) != nil
    }
    var made = makeHistograms(pair, isOpen, &leaf.histogram, &kernel, crew)
    for place in 0..<2 {
      let histogram = made[place]
      made[place] = []
      if isOpen[place] {
        pair[place].split = bestSplit(histogram, pair[place].sums, node: firstChild + place, crew: crew)
      }
      keep(histogram, &pair[place])
    }
    return .divided(left: pair[0], right: pair[1])
  }

  /// The histograms of those of a leaf's children that may be divided; `parent`, where it is kept, is used up.
  private func makeHistograms(
    _ pair: [TreeGrowth.Child], _ isOpen: [Bool], _ parent: inout [Int64], _ kernel: inout HistogramKernel,
    _ crew: Crew
  ) -> [[Int64]] {
    let small = pair[0].rows.count <= pair[1].rows.count ? 0 : 1
    let isKept = grower.keepsHistograms
    var made: [[Int64]] = [[], []]
    if isOpen[small] || (isOpen[1 - small] && isKept) {
      made[small] = grower.histogram(pair[small].rows, &kernel, crew: crew)
    }
    if isOpen[1 - small], !isKept {
      made[1 - small] = grower.histogram(pair[1 - small].rows, &kernel, crew: crew)
    } else if isOpen[1 - small] {
      grower.subtract(made[small], from: &parent)
      swap(&made[1 - small], &parent)
    }
    grower.histograms.giveBack(parent)
    parent = []
    return made
  }

  /// Keeps the histogram with a child that will be divided, where any are kept.
  private func keep(_ histogram: [Int64], _ child: inout TreeGrowth.Child) {
    if child.split != nil, grower.keepsHistograms {
      child.histogram = histogram
    } else {
      grower.histograms.giveBack(histogram)
    }
  }

  private func bestSplit(_ histogram: [Int64], _ sums: NodeSums, node: Int, crew: Crew) -> Split? {
    let cuts = cuts?.deriving(node)
    // Few columns are searched faster than a second worker wakes.
    guard crew.threads > 1, columns.count >= 256 else {
      return search.best(histogram.span, sums, columns: columns.span, cuts: cuts)
    }
    let parts = crew.mapBlocks(count: columns.count, blockSize: 64) { range, _ in
      search.best(histogram.span, sums, columns: columns.span.extracting(range), cuts: cuts)
    }
    return parts.reduce(nil as Split?) { best, part in
      guard let part else { return best }
      return best.map { part.gain > $0.gain ? part : $0 } ?? part
    }
  }

  /// Grows a tree of `count` rows to its end, each worker dividing leaves by itself: first those in its part of the
  /// rows' places, which it wrote when other trees were grown and may still have in its cache.
  func growTogether(_ growth: TreeGrowth, _ plan: HistogramPlan, count: Int) -> TreeGrowth {
    let shared = Mutex(growth)
    let more = DispatchSemaphore(value: 0)
    let (threads, capacity) = (grower.crew.threads, grower.rows.capacity)
    grower.crew.run(threads) { worker in
      var kernel = HistogramKernel(plan)
      while true {
        let next = shared.withLock { growth -> (leaf: TreeGrowth.OpenLeaf?, isLast: Bool)? in
          guard growth.isGrowing else { return nil }
          let isLast = growth.isLastSplit
          let leaf = growth.take { rows in
            let middle = (rows.lowerBound + rows.upperBound) / 2
            return (middle < capacity ? middle : middle - capacity) * threads / count == worker
          }
          if leaf == nil { growth.sleepers += 1 }
          return (leaf, isLast)
        }
        guard let next else { return }
        guard let leaf = next.leaf else {
          more.wait()
          continue
        }
        let node = leaf.node
        let outcome = divide(
          leaf, firstChild: 0, isLast: next.isLast, &kernel, crew: Crew(threads: 1))
        let sleepers = shared.withLock { growth in
          growth.settle(node, outcome, grower, search)
          let sleepers = growth.sleepers
          growth.sleepers = 0
          return sleepers
        }
        for _ in 0..<sleepers { more.signal() }
      }
    }
    return shared.withLock { $0 }
  }
}
