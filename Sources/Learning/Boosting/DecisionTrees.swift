/// Binary trees over bins, many of them, flat: node `i` of all trees is entry `i` of each array.
///
/// A plain value: a codec outside can write it, and what it reads back predicts the same bits.
package struct DecisionTrees: Sendable, Equatable {
  /// What happens at a node.
  package enum Kind: UInt8, Sendable {
    /// Nothing more: the node's value is the tree's answer.
    case leaf = 0
    /// Values in bins up to `threshold` go left; the missing go right.
    case missingRight = 1
    /// Values in bins up to `threshold` and the missing go left.
    case missingLeft = 2
    /// Bins whose bit is set in category set number `threshold` go left, bin 0 (missing, unseen) among them.
    case categories = 3
  }

  /// The first node of each tree; a tree's nodes are contiguous.
  package let roots: [Int32]
  /// `Kind` of each node, as its number.
  package let kinds: [UInt8]
  /// The column a node looks at; −1 at a leaf.
  package let features: [Int32]
  /// See `Kind`; 0 at a leaf.
  package let thresholds: [Int32]
  /// The left child, whose number is above its parent's; the right child is the next node. −1 at a leaf.
  package let left: [Int32]
  /// The tree's answer at a leaf; at an inner node what a leaf in its place would answer.
  package let values: [Double]
  /// How many training rows reached the node.
  package let covers: [Double]
  /// Four words a category set: bin b is bit b % 64 of word b ∕ 64.
  package let categorySets: [UInt64]

  /// The trees that these arrays describe.
  package init(
    roots: [Int32], kinds: [UInt8], features: [Int32], thresholds: [Int32], left: [Int32], values: [Double],
    covers: [Double], categorySets: [UInt64]
  ) {
    self.roots = roots
    self.kinds = kinds
    self.features = features
    self.thresholds = thresholds
    self.left = left
    self.values = values
    self.covers = covers
    self.categorySets = categorySets
  }

  /// How many trees there are.
  package var count: Int { roots.count }

  /// The nodes of tree number `tree`.
  package func nodes(of tree: Int) -> Range<Int> {
    Int(roots[tree])..<(tree + 1 < roots.count ? Int(roots[tree + 1]) : kinds.count)
  }

  /// Of `columns` columns, which ones a node looks at.
  package func usedColumns(_ columns: Int) -> [Bool] {
    var used = [Bool](repeating: false, count: columns)
    for feature in features where feature >= 0 { used[Int(feature)] = true }
    return used
  }

  /// How many training rows the splits by each column divided, all trees together.
  package func columnUses(_ columns: Int) -> [Double] {
    var uses = [Double](repeating: 0, count: columns)
    for (feature, cover) in zip(features, covers) where feature >= 0 { uses[Int(feature)] += cover }
    return uses
  }

  /// The first `count` trees.
  package func prefix(_ count: Int) -> DecisionTrees {
    guard count < roots.count else { return self }
    let end = Int(roots[count])
    let sets = zip(kinds[..<end], thresholds[..<end]).reduce(0) { most, node in
      node.0 == Kind.categories.rawValue ? max(most, Int(node.1) + 1) : most
    }
    return DecisionTrees(
      roots: Array(roots[..<count]), kinds: Array(kinds[..<end]), features: Array(features[..<end]),
      thresholds: Array(thresholds[..<end]), left: Array(left[..<end]), values: Array(values[..<end]),
      covers: Array(covers[..<end]), categorySets: Array(categorySets[..<(sets * 4)]))
  }

  /// Whether the arrays describe trees over `columns` columns: sizes, kinds, children below their parents, sets that
  /// exist. For a model read from a file.
  package func isWellFormed(columns: Int) -> Bool {
    let n = kinds.count
    guard features.count == n, thresholds.count == n, left.count == n, values.count == n, covers.count == n,
      categorySets.count % 4 == 0, roots.first ?? 0 == 0,
      zip(roots, roots.dropFirst()).allSatisfy({ $0 < $1 }), roots.allSatisfy({ $0 >= 0 && $0 < n }),
      roots.isEmpty == (n == 0)
    else { return false }
    for tree in 0..<count {
      let range = nodes(of: tree)
      for node in range {
        guard let kind = Kind(rawValue: kinds[node]), !values[node].isNaN else { return false }
        if kind == .leaf { continue }
        let limit = kind == .categories ? categorySets.count / 4 : 255
        guard features[node] >= 0, features[node] < columns, thresholds[node] >= 0, thresholds[node] < limit,
          left[node] > node, Int(left[node]) + 1 < range.upperBound
        else { return false }
      }
    }
    return true
  }
}
