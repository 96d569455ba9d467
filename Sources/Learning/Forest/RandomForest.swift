package import Numerics

/// A random forest: the mean of many deep trees, each grown on its own draw of rows.
package struct RandomForest: Sendable, Equatable {
  /// What of its trees' leaves a forest averages.
  package enum Averaging: String, Sendable {
    /// Smoothed log-odds: a sum over trees, which is explained exactly.
    case logOdds
    /// Shares of churners, whose mean's log-odds are taken: no sum, explained by sampling.
    case probabilities
  }

  /// The trees; a leaf's value is the share of churners among its training rows.
  package let trees: DecisionTrees
  /// The smoothed log-odds of each node, beside `trees.values`.
  package let logOdds: [Double]
  /// What `logits` averages.
  package let averaging: Averaging

  /// A forest of these parts, one log-odds a node.
  package init(trees: DecisionTrees, logOdds: [Double], averaging: Averaging = .logOdds) {
    precondition(logOdds.count == trees.kinds.count, "one log-odds a node")
    self.trees = trees
    self.logOdds = logOdds
    self.averaging = averaging
  }

  /// The same trees, averaged in another way.
  package func averaging(_ averaging: Averaging) -> RandomForest {
    RandomForest(trees: trees, logOdds: logOdds, averaging: averaging)
  }

  /// A mean share of churners is taken as at least this far from 0 and 1 before its log-odds are.
  package static let leastShare = 1e-4

  /// The same trees answering in log-odds; their mean is `logits`, so it can be explained as a sum.
  package var logOddsTrees: DecisionTrees {
    DecisionTrees(
      roots: trees.roots, kinds: trees.kinds, features: trees.features, thresholds: trees.thresholds,
      left: trees.left, values: logOdds, covers: trees.covers, categorySets: trees.categorySets)
  }

  /// The mean of the leaves' shares of churners, for each of `rows`.
  package func probabilities(_ matrix: BinnedMatrix, rows: [Int32], crew: Crew) -> [Double] {
    mean(of: trees, matrix, rows, crew)
  }

  /// The log-odds of `rows`: the mean of the leaves' smoothed ones, or those of the mean share, as `averaging` says.
  package func logits(_ matrix: BinnedMatrix, rows: [Int32], crew: Crew) -> [Double] {
    switch averaging {
    case .logOdds: return mean(of: logOddsTrees, matrix, rows, crew)
    case .probabilities:
      return probabilities(matrix, rows: rows, crew: crew).map {
        logit(min(max($0, RandomForest.leastShare), 1 - RandomForest.leastShare))
      }
    }
  }

  private func mean(of trees: DecisionTrees, _ matrix: BinnedMatrix, _ rows: [Int32], _ crew: Crew)
    -> [Double]
  {
    var sums = [Double](repeating: 0, count: rows.count)
    trees.add(matrix, rows: rows, to: &sums, crew: crew)
    let count = Double(max(1, trees.count))
    return sums.map { $0 / count }
  }
}

/// How a forest is grown.
package struct ForestParameters: Sendable, Equatable {
  /// How many trees.
  package var trees = 200
  /// The fewest different training rows a leaf holds.
  package var minimumRows = 5
  /// The most splits above a leaf.
  package var depth = 32
  /// How many columns a node looks at; `nil` for the square root of their number, rounded up.
  package var columnsPerNode: Int?
  /// How many rows' worth of the overall rate is mixed into each leaf's log-odds.
  package var smoothing = 2.0
  /// The seed of row and column draws.
  package var seed: UInt64 = 0

  /// The defaults.
  package init() {}

  func check(columns: Int) throws(LearningError) {
    func require(_ holds: Bool, _ name: String, _ range: String) throws(LearningError) {
      if !holds { throw LearningError(.badParameter, "forest: \(name) must be \(range)") }
    }
    try require(trees >= 1 && trees <= 100_000, "trees", "1 to 100000")
    try require(minimumRows >= 1, "minimumRows", "at least 1")
    try require(depth >= 1 && depth <= 64, "depth", "1 to 64")
    try require(columnsPerNode.map { $0 >= 1 && $0 <= columns } ?? true, "columnsPerNode", "1 to \(columns)")
    try require(smoothing > 0 && smoothing < .infinity, "smoothing", "above 0")
  }
}
