/// McNemar's test: whether two rules of decision, tried on the same customers, are wrong equally often.
package struct McNemarTest: Sendable, Equatable {
  /// Two-sided exact p-value.
  package let exactPValue: Double
  /// p-value by χ² with continuity correction.
  package let pValue: Double

  /// The test of the customers on whom only one rule was right: `onlyFirst` and `onlySecond` of them.
  package init(onlyFirst: Int, onlySecond: Int) {
    precondition(onlyFirst >= 0 && onlySecond >= 0, "counts are not negative")
    let apart = onlyFirst + onlySecond
    guard apart > 0 else {
      (exactPValue, pValue) = (1, 1)
      return
    }
    // At most k of n tosses of a fair coin: I(½; n − k, k + 1).
    let fewer = min(onlyFirst, onlySecond)
    let tail = incompleteBeta(Double(apart - fewer), Double(fewer + 1), 0.5).lower
    exactPValue = min(1, 2 * tail)
    let distance = max(0, Double(onlyFirst - onlySecond).magnitude - 1)
    pValue = chiSquareSurvival(distance * distance / Double(apart), degrees: 1)
  }
}

/// Whether the mean of differences over the parts of a cross-validation departs from 0.
///
/// Training parts overlap, so the plain t-test takes the differences for more than they are; the variance is widened
/// by what is tested over what is learnt from (Nadeau and Bengio, 2003).
package struct ResampledTest: Sendable, Equatable {
  /// Mean difference.
  package let difference: Double
  /// Its corrected standard error.
  package let error: Double
  /// The difference over its error.
  package let t: Double
  /// Two-sided p-value, one degree of freedom fewer than there are differences.
  package let pValue: Double

  /// The test of `differences`, one a part, each measured on `tested` rows after learning from `learnt`; `nil` with
  /// fewer than two of them, where all are the same, or where one is NaN, infinite or too large to square.
  package init?(_ differences: [Double], tested: Int, learnt: Int) {
    precondition(tested > 0 && learnt > 0, "parts hold rows")
    guard differences.count > 1 else { return nil }
    let count = Double(differences.count)
    let mean = ProbabilityLoss.mean(differences)
    let variance = differences.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    guard variance > 0, variance < .infinity else { return nil }
    difference = mean
    error = ((1 / count + Double(tested) / Double(learnt)) * variance).squareRoot()
    t = difference / error
    pValue = min(1, 2 * studentSurvival(t.magnitude, degrees: count - 1))
  }
}
