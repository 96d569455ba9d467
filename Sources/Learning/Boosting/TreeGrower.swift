import Numerics

/// Grows one tree after another on the same matrix: best leaf first, histograms of the smaller child, the larger
/// child's by subtraction.
struct TreeGrower {
  let matrix: BinnedMatrix
  let layout: HistogramLayout
  let rules: GrowthRules
  let crew: Crew
  let columnBins: ColumnBins
  private let bundles: ColumnBundles
  /// Whether the histograms of open leaves are kept for the subtraction; not when they would take too much memory.
  private let keepsHistograms: Bool
  private var spare: [[Int64]] = []
  /// Where a partition puts rows aside; as long as the tree's rows.
  var scratch: [TreeRow] = []

  /// A leaf that may still be divided.
  private struct OpenLeaf {
    var node: Int
    var rows: Range<Int>
    var depth: Int
    var sums: NodeSums
    var histogram: [Int64]
    var split: Split
  }

  /// The tree being grown: see `DecisionTrees` for the arrays.
  struct Tree {
    var kinds: [UInt8] = []
    var features: [Int32] = []
    var thresholds: [Int32] = []
    var left: [Int32] = []
    var values: [Double] = []
    var covers: [Double] = []
    var categorySets: [UInt64] = []
    /// The leaves' nodes and the stretch of the row order each holds.
    var leaves: [(node: Int, rows: Range<Int>)] = []
    /// The tree's training rows, leaf by leaf.
    var order: [TreeRow]
  }

  init(_ matrix: BinnedMatrix, _ rules: GrowthRules, columnBins: ColumnBins = ColumnBins(), crew: Crew) {
    self.matrix = matrix
    self.columnBins = columnBins
    layout = HistogramLayout(matrix)
    bundles = ColumnBundles(matrix)
    self.rules = rules
    self.crew = crew
    keepsHistograms = layout.size * 8 * min(rules.leaves, 4096) <= 256 << 20
  }

  /// The tree of `rows`, whose packed gradients stand in `gradients` by row; `columns` (ascending) are those it may
  /// use, and `cuts` draws the one split of each column, where not all are tried.
  mutating func grow(
    rows: [Int32], gradients: [Int64], units: GradientUnits, columns: [Int32], cuts: CounterGenerator? = nil
  ) -> Tree {
    let search = search(units)
    var kernel = kernel(columns)
    let (root, sums, histogram) = root(rows, gradients, columns: columns, search, &kernel)
    var tree = root
    var open: [OpenLeaf] = []
    var context = Context(search: search, kernel: kernel, columns: columns, cuts: cuts)
    consider(&tree, &open, 0, 0..<rows.count, 0, sums, histogram, &context)
    var leaves = 1
    while leaves < rules.leaves, let place = next(open) {
      let leaf = open.remove(at: place)
      context.isLastSplit = leaves + 1 == rules.leaves
      if divide(leaf, &tree, &open, &context) { leaves += 1 }
    }
    for leaf in open {
      tree.leaves.append((leaf.node, leaf.rows))
      spare.append(leaf.histogram)
    }
    return tree
  }

  /// The search for splits of a tree whose sums are in `units`.
  func search(_ units: GradientUnits) -> SplitSearch {
    SplitSearch(
      rules: rules, units: units, layout: layout, valueBins: matrix.valueBins,
      isCategorical: matrix.isCategorical)
  }

  /// What makes the histograms of a tree of `columns`.
  func kernel(_ columns: [Int32]) -> HistogramKernel {
    HistogramKernel(HistogramPlan(layout, bundles, columns: columns))
  }

  /// A tree of one leaf that holds `rows`, and the histogram to divide it by.
  mutating func root(
    _ rows: [Int32], _ gradients: [Int64], columns: [Int32], _ search: SplitSearch,
    _ kernel: inout HistogramKernel
  ) -> (tree: Tree, sums: NodeSums, histogram: [Int64]) {
    var tree = Tree(order: treeRows(rows, gradients))
    if scratch.count < rows.count {
      scratch = [TreeRow](repeating: TreeRow(gradient: 0, row: 0), count: rows.count)
    }
    var histogram = takeHistogram()
    kernel.histogram(tree.order.span, into: &histogram, crew: crew)
    // Every row is in one bin of each column.
    let column = columns.first.map { Int($0) } ?? 0
    let offset = Int(layout.offsets[column])
    var total: Int64 = 0
    for bin in offset...offset + matrix.valueBins[column] { total &+= histogram[bin] }
    let sums = NodeSums(sum: total, rows: rows.count, lower: -.infinity, upper: .infinity)
    append(&tree, sums, search)
    return (tree, sums, histogram)
  }

  private func treeRows(_ rows: [Int32], _ gradients: [Int64]) -> [TreeRow] {
    var all = [TreeRow](repeating: TreeRow(gradient: 0, row: 0), count: rows.count)
    crew.rewrite(&all, blockSize: rowsPerBlock) { range, part in
      let (rows, gradients) = (rows.span, gradients.span)
      for place in range {
        let row = rows[place]
        part[place &- range.lowerBound] = TreeRow(gradient: gradients[Int(row)], row: row)
      }
    }
    return all
  }

  private struct Context {
    let search: SplitSearch
    var kernel: HistogramKernel
    let columns: [Int32]
    let cuts: CounterGenerator?
    /// Whether the tree may have but one leaf more.
    var isLastSplit = false
  }

  /// The open leaf that gains most, the oldest among equals.
  private func next(_ open: [OpenLeaf]) -> Int? {
    var best: Int?
    for place in open.indices where best.map({ open[place].split.gain > open[$0].split.gain }) ?? true {
      best = place
    }
    return best
  }

  /// A histogram to be overwritten.
  mutating func takeHistogram() -> [Int64] {
    spare.popLast() ?? [Int64](repeating: 0, count: layout.size)
  }

  /// Takes each of `smaller` from its place in `larger`.
  func subtract(_ smaller: [Int64], from larger: inout [Int64]) {
    var larger = larger.mutableSpan
    let smaller = smaller.span
    for i in 0..<larger.count { larger[i] &-= smaller[i] }
  }

  /// Takes back a histogram that nobody needs any more.
  mutating func giveBack(_ histogram: [Int64]) { spare.append(histogram) }

  /// Adds a leaf to the tree.
  func append(_ tree: inout Tree, _ sums: NodeSums, _ search: SplitSearch) {
    tree.kinds.append(DecisionTrees.Kind.leaf.rawValue)
    tree.features.append(-1)
    tree.thresholds.append(0)
    tree.left.append(-1)
    tree.values.append(rules.shrinkage * search.value(sums.sum, lower: sums.lower, upper: sums.upper))
    tree.covers.append(Double(sums.rows))
  }

  /// Opens the leaf when a split of it is worth it, closes it otherwise.
  private mutating func consider(
    _ tree: inout Tree, _ open: inout [OpenLeaf], _ node: Int, _ rows: Range<Int>, _ depth: Int,
    _ sums: NodeSums, _ histogram: [Int64], _ context: inout Context
  ) {
    if depth < rules.depth, rows.count >= 2 * rules.minimumRows,
      let split = bestSplit(histogram, sums, node, context)
    {
      var kept = histogram
      if !keepsHistograms {
        spare.append(histogram)
        kept = []
      }
      open.append(
        OpenLeaf(node: node, rows: rows, depth: depth, sums: sums, histogram: kept, split: split))
    } else {
      tree.leaves.append((node, rows))
      spare.append(histogram)
    }
  }

  private func bestSplit(
    _ histogram: [Int64], _ sums: NodeSums, _ node: Int, _ context: Context
  ) -> Split? {
    let columns = context.columns
    let cuts = context.cuts?.deriving(node)
    // Few columns are searched faster than a second worker wakes.
    guard crew.threads > 1, columns.count >= 256 else {
      return context.search.best(histogram.span, sums, columns: columns.span, cuts: cuts)
    }
    let parts = crew.mapBlocks(count: columns.count, blockSize: 64) { range, _ in
      context.search.best(histogram.span, sums, columns: columns.span.extracting(range), cuts: cuts)
    }
    return parts.reduce(nil as Split?) { best, part in
      guard let part else { return best }
      return best.map { part.gain > $0.gain ? part : $0 } ?? part
    }
  }

  /// Divides a leaf; `false` when a child would have too few rows (hessians only estimate rows) and it stays a leaf.
  private mutating func divide(
    _ leaf: OpenLeaf, _ tree: inout Tree, _ open: inout [OpenLeaf], _ context: inout Context
  ) -> Bool {
    let split = leaf.split
    let middle = RowPartition(matrix, columnBins, split).divide(&tree.order, leaf.rows, &scratch, crew: crew)
    guard middle - leaf.rows.lowerBound >= rules.minimumRows,
      leaf.rows.upperBound - middle >= rules.minimumRows
    else {
      tree.leaves.append((leaf.node, leaf.rows))
      if keepsHistograms { spare.append(leaf.histogram) }
      return false
    }
    let left = tree.kinds.count
    record(split, of: leaf.node, left: left, &tree)
    let (leftSums, rightSums) = children(
      of: leaf.sums, split, rows: (middle - leaf.rows.lowerBound, leaf.rows.upperBound - middle),
      context.search)
    append(&tree, leftSums, context.search)
    append(&tree, rightSums, context.search)
    let pair = [
      Child(node: left, rows: leaf.rows.lowerBound..<middle, sums: leftSums),
      Child(node: left + 1, rows: middle..<leaf.rows.upperBound, sums: rightSums),
    ]
    openOrClose(pair, of: leaf, &tree, &open, &context)
    return true
  }

  private struct Child {
    var node: Int
    var rows: Range<Int>
    var sums: NodeSums
  }

  /// Opens or closes both children of `leaf`; histograms are made of those that may be divided.
  private mutating func openOrClose(
    _ pair: [Child], of leaf: OpenLeaf, _ tree: inout Tree, _ open: inout [OpenLeaf], _ context: inout Context
  ) {
    let depth = leaf.depth + 1
    let isOpen = pair.map { child in
      depth < rules.depth && !context.isLastSplit && child.rows.count >= 2 * rules.minimumRows
        && context.search.leastHessian(child.sums) != nil
    }
    let small = pair[0].rows.count <= pair[1].rows.count ? 0 : 1
    var histograms: [[Int64]] = [[], []]
    if isOpen[small] || (isOpen[1 - small] && keepsHistograms) {
      histograms[small] = histogram(pair[small], tree, &context)
    }
    if keepsHistograms {
      if isOpen[1 - small] {
        var larger = leaf.histogram
        subtract(histograms[small], from: &larger)
        histograms[1 - small] = larger
      } else {
        spare.append(leaf.histogram)
      }
    } else if isOpen[1 - small] {
      histograms[1 - small] = histogram(pair[1 - small], tree, &context)
    }
    for place in 0..<2 {
      let child = pair[place]
      if isOpen[place] {
        consider(&tree, &open, child.node, child.rows, depth, child.sums, histograms[place], &context)
      } else {
        tree.leaves.append((child.node, child.rows))
        if !histograms[place].isEmpty { spare.append(histograms[place]) }
      }
    }
  }

  private mutating func histogram(_ child: Child, _ tree: Tree, _ context: inout Context) -> [Int64] {
    var histogram = takeHistogram()
    context.kernel.histogram(tree.order.span.extracting(child.rows), into: &histogram, crew: crew)
    return histogram
  }

  private func record(_ split: Split, of node: Int, left: Int, _ tree: inout Tree) {
    tree.kinds[node] = split.kind.rawValue
    tree.features[node] = Int32(split.feature)
    tree.left[node] = Int32(left)
    tree.thresholds[node] = Int32(split.threshold)
    if split.kind == .categories {
      tree.thresholds[node] = Int32(tree.categorySets.count / 4)
      let set = split.categories
      tree.categorySets += [set.0, set.1, set.2, set.3]
    }
  }

  /// The sums of the two children of a node with `sums`, which hold so many rows.
  func children(of sums: NodeSums, _ split: Split, rows: (left: Int, right: Int), _ search: SplitSearch) -> (
    left: NodeSums, right: NodeSums
  ) {
    var (left, right) = (sums, sums)
    left.sum = split.leftSum
    right.sum = sums.sum &- split.leftSum
    left.rows = rows.left
    right.rows = rows.right
    bound(&left, &right, split, search)
    return (left, right)
  }

  /// Below a split by a monotone column no leaf may cross the middle of the two children's values.
  private func bound(_ left: inout NodeSums, _ right: inout NodeSums, _ split: Split, _ search: SplitSearch) {
    guard !rules.monotone.isEmpty, rules.monotone[split.feature] != 0 else { return }
    let middle =
      (search.value(left.sum, lower: left.lower, upper: left.upper)
        + search.value(right.sum, lower: right.lower, upper: right.upper)) / 2
    if rules.monotone[split.feature] > 0 {
      left.upper = middle
      right.lower = middle
    } else {
      left.lower = middle
      right.upper = middle
    }
  }
}
