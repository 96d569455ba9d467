/// How the columns of a frame become small whole numbers: learnt from training rows, kept in the model.
///
/// Bin 0 is the missing bin of every column; values have bins 1, 2, … . A category that no training row had shares
/// bin 0, so that what a model never saw takes the path of the missing.
package struct Binning: Sendable, Equatable {
  /// The rule of one column.
  package enum Rule: Sendable, Equatable {
    /// Ascending edges; a number's bin is 1 + how many edges lie below it (so `x ≤ edge` stays left of that edge).
    case edges([Double])
    /// The bin of each category code; 0 where training had none. Rare categories may share the last bin.
    case categories([UInt8])
  }

  /// One rule a column.
  package let rules: [Rule]

  /// The binning that follows `rules` (from `learn`, or read back from a model).
  package init(rules: [Rule]) { self.rules = rules }

  /// The most bins a column can have, missing included.
  package static let most = 255

  /// How many bins the values of `column` have, missing not counted.
  package func valueBins(_ column: Int) -> Int {
    switch rules[column] {
    case .edges(let edges): edges.count + 1
    case .categories(let bins): Int(bins.max() ?? 0)
    }
  }
}
