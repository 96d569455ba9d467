import Numerics

/// How log-odds become points: straight, rising with the odds of staying, so that more points mean a safer customer
/// (Siddiqi, Credit Risk Scorecards, 2006).
package struct PointScale: Sendable, Equatable {
  /// The points at which `odds` to 1 customers stay.
  package let base: Double
  /// Customers who stay for each who leaves, at the base.
  package let odds: Double
  /// The points that double these odds.
  package let doubling: Double

  /// A scale; throws `badParameter` unless all three are finite, and odds and doubling above 0.
  package init(base: Double = 600, odds: Double = 50, doubling: Double = 20) throws(LearningError) {
    guard base.isFinite, odds > 0, odds < .infinity, doubling > 0, doubling < .infinity else {
      throw LearningError(
        .badParameter, "scorecard: base points must be a number, base odds and points to double above 0")
    }
    (self.base, self.odds, self.doubling) = (base, odds, doubling)
  }

  /// Points for each e-fold of the odds: doubling ∕ ln 2.
  package var factor: Double { doubling / logarithm(2) }
  /// Points at even odds: base − factor · ln odds.
  package var offset: Double { base - factor * logarithm(odds) }

  /// The points of the log-odds of leaving.
  package func points(_ logit: Double) -> Double { offset - factor * logit }
  /// The log-odds of leaving at so many points.
  package func logit(_ points: Double) -> Double { (offset - points) / factor }
}
