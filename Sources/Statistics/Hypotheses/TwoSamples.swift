import Numerics

/// Welch's test: whether two groups have the same mean, their spreads apart.
package struct WelchTest: Sendable, Equatable {
  /// Mean of the first group less mean of the second.
  package let difference: Double
  /// Its standard error.
  package let error: Double
  /// The difference over its error.
  package let t: Double
  /// Degrees of freedom (Welch and Satterthwaite).
  package let degrees: Double
  /// Two-sided p-value.
  package let pValue: Double
  /// 95 % interval of the difference.
  package let interval: ClosedRange<Double>
  /// Hedges's g: the difference in pooled standard deviations, with the small-sample factor 1 − 3 ∕ (4(n₁ + n₂) − 9).
  package let hedgesG: Double

  /// The test; `nil` where a group has fewer than two numbers, neither varies, a number is NaN or infinite, or they are
  /// so large that their squares have no end.
  package init?(_ first: [Double], _ second: [Double]) {
    guard first.count > 1, second.count > 1 else { return nil }
    let (n, m) = (Double(first.count), Double(second.count))
    let (meanA, meanB) = (ProbabilityLoss.mean(first), ProbabilityLoss.mean(second))
    let sumA = ProbabilityLoss.mean(first.map { ($0 - meanA) * ($0 - meanA) }) * n
    let sumB = ProbabilityLoss.mean(second.map { ($0 - meanB) * ($0 - meanB) }) * m
    let (shareA, shareB) = (sumA / (n - 1) / n, sumB / (m - 1) / m)
    let variance = shareA + shareB
    guard variance > 0, variance < .infinity else { return nil }
    difference = meanA - meanB
    error = variance.squareRoot()
    t = difference / error
    let plain = variance * variance / (shareA * shareA / (n - 1) + shareB * shareB / (m - 1))
    // Squares of very small or very large variances leave the numbers there are; of their shares they do not.
    let (a, b) = (shareA / variance, shareB / variance)
    degrees = plain > 0 && plain < .infinity ? plain : 1 / (a * a / (n - 1) + b * b / (m - 1))
    pValue = min(1, 2 * studentSurvival(t.magnitude, degrees: degrees))
    let half = studentQuantile(upperTail: 0.025, degrees: degrees) * error
    interval = difference - half...difference + half
    let pooled = ((sumA + sumB) / (n + m - 2)).squareRoot()
    hedgesG = difference / pooled * (1 - 3 / (4 * (n + m) - 9))
  }
}

/// The Mann-Whitney test: whether numbers of one group tend to be larger than those of another.
package struct MannWhitneyTest: Sendable, Equatable {
  /// Pairs in which the first group's number is larger, ties counting half.
  package let u: Double
  /// Two-sided p-value by the normal approximation with tie and continuity correction.
  package let pValue: Double
  /// The share of such pairs (Vargha and Delaney's A): .5 is no difference.
  package let probabilityOfSuperiority: Double

  /// The test; `nil` where a group is empty or a number is NaN.
  package init?(_ first: [Double], _ second: [Double]) {
    guard !first.isEmpty, !second.isEmpty, !first.contains(where: \.isNaN), !second.contains(where: \.isNaN)
    else { return nil }
    let order = ScoreOrder(
      first + second,
      labels: [UInt8](repeating: 1, count: first.count) + [UInt8](repeating: 0, count: second.count))
    guard let share = order.rocAuc else { return nil }
    let (n, m) = (Double(first.count), Double(second.count))
    let total = n + m
    u = share * n * m
    probabilityOfSuperiority = share
    let ties = order.rows.reduce(0.0) { sum, count in
      let t = Double(count)
      return sum + t * (t * t - 1)
    }
    let variance = total < 2 ? 0 : n * m / 12 * (total + 1 - ties / (total * (total - 1)))
    let distance = max(0, (u - n * m / 2).magnitude - 0.5)
    pValue = variance > 0 ? min(1, 2 * normalSurvival(distance / variance.squareRoot())) : 1
  }
}
