import Numerics

extension TreeGrower {
  /// What the histograms of a symmetric tree's level may take, in bytes.
  private static let levelMemory = 1 << 30

  /// The symmetric tree of `rows`: every leaf of a level is divided by the same split, or, where that would leave a
  /// side with too few rows, not at all, and goes to the next level as it is. So no node is without rows.
  ///
  /// `cuts`, where given, draws the one split of each column and level that is tried; `noise` blurs the choice.
  func growSymmetric(
    rows: [Int32], gradients: [Int64], units: GradientUnits, columns: [Int32], cuts: CounterGenerator?,
    noise: SplitNoise?
  ) -> Tree {
    let search = search(units)
    var kernel = kernel(columns)
    let root = root(rows, gradients, columns: columns, search, &kernel)
    var tree = root.tree
    var level = [LevelLeaf(node: 0, rows: root.rows, sums: root.sums, histogram: root.histogram)]
    for depth in 0..<rules.depth {
      let split = LevelSearch(search, level)
        .best(columns: columns, cuts: cuts?.deriving(depth), noise: noise?.level(depth), crew: crew)
      guard let split else { break }
      let before = level.count
      let isLast = depth + 1 == rules.depth || 2 * before * layout.size * 8 > Self.levelMemory
      level = divide(level, split, &tree, search, &kernel, isLast: isLast)
      if isLast || level.count == before { break }
    }
    for leaf in level {
      tree.leaves.append((leaf.node, leaf.rows))
      histograms.giveBack(leaf.histogram)
    }
    return tree
  }

  /// The leaves after `split`, the left child of each before its right.
  private func divide(
    _ level: [LevelLeaf], _ split: Split, _ tree: inout Tree, _ search: SplitSearch,
    _ kernel: inout HistogramKernel, isLast: Bool
  ) -> [LevelLeaf] {
    let partition = partition(split)
    var shared = split
    // One set for all leaves of the level.
    shared.threshold = split.kind == .categories ? tree.categorySets.count / 4 : split.threshold
    var next: [LevelLeaf] = []
    for leaf in level {
      if let children = divide(leaf, shared, partition, &tree, search) {
        next += isLast ? children : withHistograms(children, of: leaf, &kernel)
        if isLast { histograms.giveBack(leaf.histogram) }
      } else {
        next.append(leaf)
      }
    }
    if split.kind == .categories, next.count > level.count {
      tree.categorySets += [
        split.categories.0, split.categories.1, split.categories.2, split.categories.3,
      ]
    }
    return next
  }

  /// The children of `leaf`, without histograms; `nil` when the split may not divide it.
  private func divide(
    _ leaf: LevelLeaf, _ split: Split, _ partition: RowPartition, _ tree: inout Tree, _ search: SplitSearch
  ) -> [LevelLeaf]? {
    guard leaf.rows.count >= 2 * rules.minimumRows, let least = search.leastHessian(leaf.sums) else {
      return nil
    }
    let rows = self.rows.divide(leaf.rows, partition, crew: crew)
    guard rows.left.count >= rules.minimumRows, rows.right.count >= rules.minimumRows else { return nil }
    // Whole numbers: the sum of either side by its rows, the other by difference.
    let isLeftSmaller = rows.left.count <= rows.right.count
    let smaller = self.rows.read(isLeftSmaller ? rows.left : rows.right) { rows in
      var sum: Int64 = 0
      for place in 0..<rows.count { sum &+= rows[place].gradient }
      return sum
    }
    var split = split
    split.leftSum = isLeftSmaller ? smaller : leaf.sums.sum &- smaller
    let direction = rules.monotone.isEmpty ? 0 : rules.monotone[split.feature]
    guard search.admits(split.leftSum, leaf.sums, least: least, direction: direction) else { return nil }
    let left = tree.kinds.count
    tree.kinds[leaf.node] = split.kind.rawValue
    tree.features[leaf.node] = Int32(split.feature)
    tree.left[leaf.node] = Int32(left)
    tree.thresholds[leaf.node] = Int32(split.threshold)
    let sums = children(of: leaf.sums, split, rows: (rows.left.count, rows.right.count), search)
    append(&tree, sums.left, search)
    append(&tree, sums.right, search)
    return [
      LevelLeaf(node: left, rows: rows.left, sums: sums.left, histogram: []),
      LevelLeaf(node: left + 1, rows: rows.right, sums: sums.right, histogram: []),
    ]
  }

  /// The two `children` of `leaf` with their histograms: that of the smaller by its rows, the other by difference.
  private func withHistograms(
    _ children: [LevelLeaf], of leaf: LevelLeaf, _ kernel: inout HistogramKernel
  ) -> [LevelLeaf] {
    var children = children
    let small = children[0].rows.count <= children[1].rows.count ? 0 : 1
    let smaller = histogram(children[small].rows, &kernel, crew: crew)
    var larger = leaf.histogram
    subtract(smaller, from: &larger)
    children[small].histogram = smaller
    children[1 - small].histogram = larger
    return children
  }
}
