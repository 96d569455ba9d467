/// The Brier score in three parts without bins (CORP: Dimitriadis, Gneiting and Jordan, 2021): score = miscalibration
/// − discrimination + uncertainty.
package struct BrierParts: Sendable, Equatable {
  /// What recalibrating by rising steps would save; 0 is right.
  package let miscalibration: Double
  /// What the recalibrated probabilities save over the base rate.
  package let discrimination: Double
  /// The score of the base rate.
  package let uncertainty: Double

  /// The parts of the score of an order's values, taken as probabilities; all 0 without rows.
  package init(_ order: ScoreOrder) {
    guard order.count > 0 else {
      (miscalibration, discrimination, uncertainty) = (0, 0, 0)
      return
    }
    let share = Double(order.eventCount) / Double(order.count)
    let recalibrated = order.isotonicShares()
    let total = Double(order.count)
    let given = BrierParts.score(order, order.values) / total
    let best = BrierParts.score(order, recalibrated) / total
    uncertainty = share * (1 - share)
    miscalibration = given - best
    discrimination = uncertainty - best
  }

  private static func score(_ order: ScoreOrder, _ probabilities: [Double]) -> Double {
    var total = 0.0
    for group in probabilities.indices {
      let (p, events) = (probabilities[group], Double(order.events[group]))
      total += events * (1 - p) * (1 - p) + (Double(order.rows[group]) - events) * p * p
    }
    return total
  }
}
