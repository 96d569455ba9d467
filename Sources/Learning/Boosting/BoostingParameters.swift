/// How a boosted model is grown, as written; `validated` is what a fit takes.
package struct BoostingParameters: Sendable, Equatable {
  /// How the leaves of a tree are divided.
  package enum Shape: Sendable, Equatable {
    /// The leaf that gains most, one after another.
    case leafwise
    /// All leaves of a level by one split, chosen by the sum of their gains; a leaf that this split cannot divide
    /// (too few rows on a side) stays as it is and takes part in the next level.
    case symmetric
  }

  /// Which splits of a leaf are looked at.
  package enum Splits: Sendable, Equatable {
    /// All.
    case best
    /// For each column one, drawn among those that the leaf's rows can tell apart; the best column's is taken.
    case randomised
  }

  /// The shape of each tree.
  package var shape = Shape.leafwise
  /// The splits that are looked at.
  package var splits = Splits.best
  /// The most trees.
  package var trees = 300
  /// What each tree's answer is multiplied by, in (0, 1].
  package var learningRate = 0.1
  /// The most leaves of a tree; a symmetric tree is bounded by its depth alone.
  package var leaves = 31
  /// The most splits above a leaf; at most 8 in a symmetric tree, fewer where a level's histograms would take more
  /// than a gibibyte.
  package var depth = 6
  /// The fewest training rows a leaf holds.
  package var minimumRows = 20
  /// The least sum of hessians p(1 − p) a leaf holds.
  package var minimumHessian = 1.0
  /// λ: pulls leaf values to 0.
  package var lambda = 1.0
  /// What a split must gain.
  package var minimumGain = 0.0
  /// How far draws blur the choice of a symmetric tree's splits: about 1 blurs splits that gain what noise gains, 0 not
  /// at all. See `SplitNoise`.
  package var splitNoise = 0.0
  /// Into how many stretches the training rows are dealt, by draw, once and for all: each tree is grown on one of
  /// them, in turn. The next that one of them grows looks at what all the trees between said of its rows.
  package var stretches = 1
  /// The share of rows a tree is grown on, drawn anew for each; of its stretch's, where there are several.
  package var rowFraction = 1.0
  /// The share of columns a tree may use, drawn anew for each.
  package var columnFraction = 1.0
  /// Added to a category's hessian when categories are put in order.
  package var categorySmoothing = 10.0
  /// Added to λ in the gain of a split by more than four categories.
  package var categoryLambda = 10.0
  /// −1 (falling), 0 (free) or 1 (rising) for each column; empty for all free.
  package var monotone: [Int8] = []
  /// How many trees without a better held-out log-loss end the growth.
  package var patience = 30
  /// The seed of row, column and split draws.
  package var seed: UInt64 = 0

  /// The defaults.
  package init() {}

  /// Throws when a setting lies outside its range for a matrix of `columns` columns.
  func check(columns: Int) throws(LearningError) {
    func require(_ holds: Bool, _ name: String, _ range: String) throws(LearningError) {
      if !holds { throw LearningError(.badParameter, "boosting: \(name) must be \(range)") }
    }
    try require(trees >= 1 && trees <= 100_000, "trees", "1 to 100000")
    try require(learningRate > 0 && learningRate <= 1, "learningRate", "above 0 and at most 1")
    try require(leaves >= 2 && leaves <= 65_536, "leaves", "2 to 65536")
    try require(depth >= 1 && depth <= 64, "depth", "1 to 64")
    try require(shape == .leafwise || depth <= 8, "depth of a symmetric tree", "1 to 8")
    try require(minimumRows >= 1, "minimumRows", "at least 1")
    try require(minimumHessian >= 0 && minimumHessian < .infinity, "minimumHessian", "at least 0")
    try require(lambda >= 0 && lambda < .infinity, "lambda", "at least 0")
    try require(minimumGain >= 0 && minimumGain < .infinity, "minimumGain", "at least 0")
    try require(splitNoise >= 0 && splitNoise < .infinity, "splitNoise", "at least 0")
    try require(splitNoise == 0 || shape == .symmetric, "splitNoise", "0 unless the trees are symmetric")
    try require(stretches >= 1 && stretches <= 256, "stretches", "1 to 256")
    try require(rowFraction > 0 && rowFraction <= 1, "rowFraction", "above 0 and at most 1")
    try require(columnFraction > 0 && columnFraction <= 1, "columnFraction", "above 0 and at most 1")
    try require(categorySmoothing >= 0 && categorySmoothing < .infinity, "categorySmoothing", "at least 0")
    try require(categoryLambda >= 0 && categoryLambda < .infinity, "categoryLambda", "at least 0")
    try require(patience >= 1, "patience", "at least 1")
    try require(
      monotone.isEmpty || (monotone.count == columns && monotone.allSatisfy { $0 >= -1 && $0 <= 1 }),
      "monotone", "empty, or one of -1, 0, 1 for each column")
  }
}
