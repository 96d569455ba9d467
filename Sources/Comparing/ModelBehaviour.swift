package import Fingerprints

/// What two models say of the same customers with the same features.
package struct ModelBehaviour: Sendable, Equatable {
  /// How many customers.
  package var rows: Int
  /// Mean of |new − old| probability of leaving.
  package var meanDifference: Double
  /// The largest.
  package var largestDifference: Double
  /// Mean of new − old.
  package var meanChange: Double
  /// Customers whom acting on is worth it by one model and not by the other, all else as it was.
  package var decisionsChanged: Int

  /// The behaviour over customers, one probability and one ΔEV each by either model; `nil` for nobody.
  package init?(old: [Double], new: [Double], oldValues: [Double], newValues: [Double]) {
    precondition(
      old.count == new.count && oldValues.count == newValues.count, "the same customers by both models")
    guard !old.isEmpty else { return nil }
    rows = old.count
    var (sum, signed, most) = (0.0, 0.0, 0.0)
    for (a, b) in zip(old, new) {
      signed += b - a
      sum += abs(b - a)
      most = max(most, abs(b - a))
    }
    (meanDifference, largestDifference) = (sum / Double(rows), most)
    meanChange = signed / Double(rows)
    decisionsChanged = zip(oldValues, newValues).reduce(0) { $0 + (($1.0 > 0) != ($1.1 > 0) ? 1 : 0) }
  }

  /// For programs.
  package var json: JSONValue {
    [
      "rows": .number(Double(rows)), "meanDifference": .number(meanDifference),
      "largestDifference": .number(largestDifference), "meanChange": .number(meanChange),
      "decisionsChanged": .number(Double(decisionsChanged)),
    ]
  }
}
