/// The log-loss in three parts without bins, as `BrierParts` has them of the Brier score (CORP: Dimitriadis, Gneiting
/// and Jordan, 2021): log-loss = miscalibration − discrimination + uncertainty.
package struct LogLossParts: Sendable, Equatable {
  /// What recalibrating by rising steps would save; 0 is right.
  package let miscalibration: Double
  /// What the recalibrated probabilities save over the base rate.
  package let discrimination: Double
  /// The log-loss of the base rate.
  package let uncertainty: Double

  /// The parts of the log-loss of an order's values, taken as probabilities; all 0 without rows.
  ///
  /// Costs one pass over the different values after sorting. Certain probabilities are clipped as log-loss clips them;
  /// a step of rows that are all alike recalibrates to 0 or 1 and costs nothing.
  package init(_ order: ScoreOrder) {
    guard order.count > 0 else {
      (miscalibration, discrimination, uncertainty) = (0, 0, 0)
      return
    }
    let given = LogLossParts.score(order, order.values)
    let best = LogLossParts.score(order, order.isotonicShares())
    uncertainty = ProbabilityLoss.nullLogLoss(events: order.eventCount, rows: order.count)
    miscalibration = given - best
    discrimination = uncertainty - best
  }

  private static func score(_ order: ScoreOrder, _ probabilities: [Double]) -> Double {
    ProbabilityLoss.logLoss(probabilities, events: order.events, rows: order.rows)
  }
}
