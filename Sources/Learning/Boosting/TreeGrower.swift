import Numerics

/// Grows one tree after another on the same matrix: best leaf first, histograms of the smaller child, the larger
/// child's by subtraction.
struct TreeGrower: Sendable {
  let matrix: BinnedMatrix
  let layout: HistogramLayout
  let rules: GrowthRules
  let crew: Crew
  let histograms: HistogramPool
  /// The rows of the tree that is being grown, or was grown last.
  let rows: TreeRows
  private let columnBins: ColumnBins
  private let bundles: ColumnBundles
  /// Whether the histograms of open leaves are kept for the subtraction; not when they would take too much memory.
  let keepsHistograms: Bool
  /// Whether a row's leaf is told by its codes, so that rows need not hold their numbers.
  private let isLeafByCodes: Bool

  /// The tree being grown: see `DecisionTrees` for the arrays.
  struct Tree: Sendable {
    var kinds: [UInt8] = []
    var features: [Int32] = []
    var thresholds: [Int32] = []
    var left: [Int32] = []
    var values: [Double] = []
    var covers: [Double] = []
    var categorySets: [UInt64] = []
    /// The leaves' nodes and the places of their rows in `TreeRows`.
    var leaves: [(node: Int, rows: Range<Int>)] = []

    /// Makes `node`, a leaf so far, an inner node that splits so; its children are `left` and the node after it.
    mutating func record(_ split: Split, of node: Int, left: Int) {
      kinds[node] = split.kind.rawValue
      features[node] = Int32(split.feature)
      self.left[node] = Int32(left)
      thresholds[node] = Int32(split.threshold)
      if split.kind == .categories {
        thresholds[node] = Int32(categorySets.count / 4)
        let set = split.categories
        categorySets += [set.0, set.1, set.2, set.3]
      }
    }

    /// Which rows go where at an inner node.
    func split(_ node: Int) -> Split {
      let kind = DecisionTrees.Kind(rawValue: kinds[node]) ?? .leaf
      let threshold = Int(thresholds[node])
      var split = Split(gain: 0, feature: Int(features[node]), kind: kind, threshold: threshold, leftSum: 0)
      if kind == .categories {
        let first = threshold * 4
        split.categories = (
          categorySets[first], categorySets[first + 1], categorySets[first + 2], categorySets[first + 3]
        )
      }
      return split
    }
  }

  /// A grower of trees of at most `capacity` rows of `matrix`.
  init(_ matrix: BinnedMatrix, _ rules: GrowthRules, capacity: Int, crew: Crew) {
    self.matrix = matrix
    layout = HistogramLayout(matrix)
    bundles = ColumnBundles(matrix)
    columnBins = bundles.stride == 8 ? ColumnBins() : ColumnBins(matrix, crew: crew)
    self.rules = rules
    self.crew = crew
    // Telling leaves by codes takes some 10 µs a tree to prepare.
    let most = rules.shape == .symmetric ? 1 << min(rules.depth, 16) : rules.leaves
    isLeafByCodes = bundles.stride == 8 && most <= 64 && capacity >= 4 * rowsPerBlock
    rows = TreeRows(bundles, capacity: capacity, holdsNumbers: !isLeafByCodes)
    histograms = HistogramPool(size: layout.size)
    keepsHistograms = layout.size * 8 * min(rules.leaves, 4096) <= 256 << 20
  }

  /// The tree of `rows`, whose packed gradients stand in `gradients` by row; `columns` (ascending) are those it may
  /// use, and `cuts` draws the one split of each column, where not all are tried.
  func grow(
    rows: [Int32], gradients: [Int64], units: GradientUnits, columns: [Int32], cuts: CounterGenerator? = nil
  ) -> Tree {
    let search = search(units)
    var kernel = kernel(columns)
    let root = root(rows, gradients, columns: columns, search, &kernel)
    let expansion = LeafExpansion(grower: self, search: search, columns: columns, cuts: cuts)
    var growth = TreeGrowth(root.tree, expansion.root(root), limit: rules.leaves)
    // Leaves of many rows are divided one at a time by the whole crew, the others each by one worker. Draws go by a
    // node's number, which is known only when its turn has come: one at a time.
    let isAlone = crew.threads == 1 || cuts != nil || rows.count < LeafExpansion.fewestRows
    let many = max(2 * rowsPerBlock, rows.count / 2)
    while growth.isGrowing, isAlone || growth.nextRows > many, let leaf = growth.take() {
      let node = leaf.node
      let outcome = expansion.divide(
        leaf, firstChild: growth.tree.kinds.count, isLast: growth.isLastSplit, &kernel, crew: crew)
      growth.settle(node, outcome, self, search)
    }
    if growth.isGrowing { growth = expansion.growTogether(growth, kernel.plan, count: rows.count) }
    return growth.finished(histograms)
  }

  /// Adds the leaf values of `tree`, grown last and on these `rows`, to their scores and to those of `others`; gives the
  /// tree made ready for more.
  @discardableResult
  func add(_ tree: Tree, _ rows: [Int32], others: [[Int32]] = [], to scores: inout [Double]) -> Lookup {
    let found = [lookup(tree)]
    if case .codes = found[0] {
      add(found[...], rows[...], to: &scores)
    } else {
      self.rows.add(tree.leaves, tree.values, to: &scores, crew: crew)
    }
    for rows in others { add(found[...], rows[...], to: &scores) }
    return found[0]
  }

  /// A grown tree, ready to say which leaf any row is in.
  enum Lookup: Sendable {
    case codes(LeafCodes)
    case walk(DecisionTrees)
  }

  /// `tree`, made ready.
  private func lookup(_ tree: Tree) -> Lookup {
    guard isLeafByCodes else { return .walk(DecisionTrees(tree)) }
    let codes = LeafCodes(tree) { node in
      let partition = partition(tree.split(node))
      return (partition.shift, partition.goesLeft)
    }
    guard let codes else { preconditionFailure("a tree of at most 64 leaves") }
    return .codes(codes)
  }

  /// Adds to the scores of `rows` the values of their leaves in `trees`, tree after tree.
  func add(_ trees: ArraySlice<Lookup>, _ rows: ArraySlice<Int32>, to scores: inout [Double]) {
    if trees.isEmpty || rows.isEmpty { return }
    let codes = trees.compactMap { if case .codes(let codes) = $0 { codes } else { nil } }
    if !codes.isEmpty { LeafCodes.add(codes, rows, bundles.codes, to: &scores, crew: crew) }
    for case .walk(let tree) in trees { tree.add(tree: 0, matrix, rows: rows, to: &scores, crew: crew) }
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

  /// A tree of one leaf that holds `rows`, and what to divide it by.
  struct Root {
    var tree: Tree
    var rows: Range<Int>
    var sums: NodeSums
    var histogram: [Int64]
  }

  func root(
    _ rows: [Int32], _ gradients: [Int64], columns: [Int32], _ search: SplitSearch,
    _ kernel: inout HistogramKernel
  ) -> Root {
    let places = self.rows.fill(rows, gradients, crew: crew)
    let histogram = histogram(places, &kernel, crew: crew)
    // Every row is in one bin of each column.
    let column = columns.first.map { Int($0) } ?? 0
    let offset = Int(layout.offsets[column])
    var total: Int64 = 0
    for bin in offset...offset + matrix.valueBins[column] { total &+= histogram[bin] }
    let sums = NodeSums(sum: total, rows: rows.count, lower: -.infinity, upper: .infinity)
    var tree = Tree()
    append(&tree, sums, search)
    return Root(tree: tree, rows: places, sums: sums, histogram: histogram)
  }

  /// The histogram of the rows at `places`.
  func histogram(_ places: Range<Int>, _ kernel: inout HistogramKernel, crew: Crew) -> [Int64] {
    var histogram = histograms.take()
    kernel.histogram(rows, places, into: &histogram, crew: crew)
    return histogram
  }

  /// Takes each of `smaller` from its place in `larger`.
  func subtract(_ smaller: [Int64], from larger: inout [Int64]) {
    var larger = larger.mutableSpan
    let smaller = smaller.span
    for i in 0..<larger.count { larger[i] &-= smaller[i] }
  }

  /// Which side of `split` rows go to.
  func partition(_ split: Split) -> RowPartition { RowPartition(matrix, bundles, columnBins, split) }

  /// Adds a leaf to the tree.
  func append(_ tree: inout Tree, _ sums: NodeSums, _ search: SplitSearch) {
    tree.kinds.append(DecisionTrees.Kind.leaf.rawValue)
    tree.features.append(-1)
    tree.thresholds.append(0)
    tree.left.append(-1)
    tree.values.append(rules.shrinkage * search.value(sums.sum, lower: sums.lower, upper: sums.upper))
    tree.covers.append(Double(sums.rows))
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
