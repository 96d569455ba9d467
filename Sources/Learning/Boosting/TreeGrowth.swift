/// A tree in the making: its nodes, and the leaves that may still be divided.
///
/// The leaf that gains most is divided first. Leaves may be divided ahead of their turn, each by another worker; the
/// tree takes them in turn all the same, so it does not depend on who divided which leaf when.
struct TreeGrowth: Sendable {
  private(set) var tree: TreeGrower.Tree
  /// The most leaves.
  private let limit: Int
  private var leaves = 1
  /// In the order they were opened.
  private var open: [OpenLeaf] = []
  /// Workers that wait for something to do.
  var sleepers = 0

  /// A leaf that may be divided.
  struct OpenLeaf: Sendable {
    var node: Int
    var rows: Range<Int>
    var depth: Int
    var sums: NodeSums
    var split: Split
    /// Empty where none is kept, and once the leaf has been taken.
    var histogram: [Int64]
    fileprivate var progress = Progress.waiting
  }

  fileprivate enum Progress: Sendable {
    case waiting
    case taken
    case done(Outcome)
  }

  /// What became of a leaf that was taken.
  indirect enum Outcome: Sendable {
    /// A child would have too few rows (hessians only estimate rows): it stays a leaf.
    case indivisible
    case divided(left: Child, right: Child)
  }

  /// A child of a divided leaf.
  struct Child: Sendable {
    var rows: Range<Int>
    var sums: NodeSums
    /// `nil` where it stays a leaf.
    var split: Split?
    /// Empty where none is kept.
    var histogram: [Int64] = []
  }

  /// A tree of one leaf, which is `root`.
  init(_ tree: TreeGrower.Tree, _ root: Child, limit: Int) {
    self.tree = tree
    self.limit = limit
    open(root, node: 0, depth: 0)
  }

  /// Whether the tree may have but one leaf more.
  var isLastSplit: Bool { leaves + 1 == limit }

  /// Whether a leaf is still to be divided.
  var isGrowing: Bool { leaves < limit && !open.isEmpty }

  /// The rows of the leaf that gains most.
  var nextRows: Int { best.map { open[$0].rows.count } ?? 0 }

  /// Hands out the leaf that gains most among those not yet handed out, if so many leaves may still be divided; first
  /// among those that are one's own.
  mutating func take(own isOwn: ((Range<Int>) -> Bool)? = nil) -> OpenLeaf? {
    guard leaves < limit else { return nil }
    var first: Int?
    var own: Int?
    for place in open.indices {
      guard case .waiting = open[place].progress else { continue }
      let gain = open[place].split.gain
      if first.map({ gain > open[$0].split.gain }) ?? true { first = place }
      guard let isOwn, isOwn(open[place].rows) else { continue }
      if own.map({ gain > open[$0].split.gain }) ?? true { own = place }
    }
    for case let place? in [own, first] where isDue(place) {
      let leaf = open[place]
      open[place].progress = .taken
      open[place].histogram = []
      return leaf
    }
    return nil
  }

  /// Whether so many leaves may still be divided that this one's turn may come.
  private func isDue(_ place: Int) -> Bool {
    var before = 0
    for other in open.indices where open[other].split.gain > open[place].split.gain { before += 1 }
    return before < limit - leaves
  }

  /// Notes what became of the leaf that is `node`, then divides all leaves whose turn has come.
  mutating func settle(_ node: Int, _ outcome: Outcome, _ grower: TreeGrower, _ search: SplitSearch) {
    for place in open.indices where open[place].node == node { open[place].progress = .done(outcome) }
    while leaves < limit, let place = best, case .done(let outcome) = open[place].progress {
      let leaf = open.remove(at: place)
      guard case .divided(let left, let right) = outcome else {
        tree.leaves.append((leaf.node, leaf.rows))
        continue
      }
      leaves += 1
      let first = tree.kinds.count
      tree.record(leaf.split, of: leaf.node, left: first)
      grower.append(&tree, left.sums, search)
      grower.append(&tree, right.sums, search)
      open(left, node: first, depth: leaf.depth + 1)
      open(right, node: first + 1, depth: leaf.depth + 1)
    }
  }

  /// The tree, when it has grown: all open leaves stay leaves.
  consuming func finished(_ histograms: HistogramPool) -> TreeGrower.Tree {
    for leaf in open {
      tree.leaves.append((leaf.node, leaf.rows))
      histograms.giveBack(leaf.histogram)
      // Divided ahead of a turn that never came.
      if case .done(.divided(let left, let right)) = leaf.progress {
        histograms.giveBack(left.histogram)
        histograms.giveBack(right.histogram)
      }
    }
    return tree
  }

  private mutating func open(_ child: Child, node: Int, depth: Int) {
    if let split = child.split {
      open.append(
        OpenLeaf(
          node: node, rows: child.rows, depth: depth, sums: child.sums, split: split,
          histogram: child.histogram))
    } else {
      tree.leaves.append((node, child.rows))
    }
  }

  /// The leaf that gains most, the oldest among equals.
  private var best: Int? {
    var best: Int?
    for place in open.indices where best.map({ open[place].split.gain > open[$0].split.gain }) ?? true {
      best = place
    }
    return best
  }
}
