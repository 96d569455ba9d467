package import Numerics

/// A boosted model: log-odds = base + the sum of the trees' answers.
package struct BoostedTrees: Sendable, Equatable {
  /// The log-odds before any tree: logit of the weighted mean label.
  package let base: Double
  /// The trees; their values are log-odds, shrinkage included.
  package let trees: DecisionTrees

  /// A model of these parts.
  package init(base: Double, trees: DecisionTrees) {
    self.base = base
    self.trees = trees
  }

  /// The log-odds of each of `rows`, summed in tree order.
  package func logits(_ matrix: BinnedMatrix, rows: [Int32], crew: Crew) -> [Double] {
    var scores = [Double](repeating: base, count: rows.count)
    trees.add(matrix, rows: rows, to: &scores, crew: crew)
    return scores
  }
}

/// What came of growing a boosted model.
package struct BoostingFit: Sendable {
  /// The model at its best held-out log-loss (or after all trees, where nothing was held out).
  package let model: BoostedTrees
  /// The mean held-out log-loss before any tree and after each; empty where nothing was held out.
  package let heldOutLoss: [Double]

  /// The best held-out log-loss.
  package var bestLoss: Double? { heldOutLoss.min() }
}
