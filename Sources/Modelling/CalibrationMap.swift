import Numerics

/// What turns a score (log-odds) into a probability, monotone.
package enum CalibrationMap: Sendable, Equatable {
  /// The score taken as it is: 1 ∕ (1 + e⁻ˢ).
  case identity
  /// logit p = a · ln q − b · ln(1 − q) + c with q = 1 ∕ (1 + e⁻ˢ); a, b ≥ 0.
  case beta(a: Double, b: Double, c: Double)
  /// logit p = slope · s + intercept.
  case platt(slope: Double, intercept: Double)
  /// Straight lines between (score, probability) points, both ascending; level beyond them.
  case isotonic(scores: [Double], probabilities: [Double])

  /// The probability of each score.
  package func probabilities(_ scores: [Double]) -> [Double] {
    switch self {
    case .identity: return scores.map { logistic($0) }
    case .beta(let a, let b, let c):
      // ln q = −ln(1 + e⁻ˢ) and ln(1 − q) = −ln(1 + eˢ), without ever rounding q to 0 or 1.
      return scores.map {
        logistic(b * logOnePlusExponential($0) - a * logOnePlusExponential(-$0) + c)
      }
    case .platt(let slope, let intercept): return scores.map { logistic(slope * $0 + intercept) }
    case .isotonic(let points, let levels): return scores.map { CalibrationMap.level($0, points, levels) }
    }
  }

  private static func level(_ score: Double, _ points: [Double], _ levels: [Double]) -> Double {
    guard let first = levels.first, let last = levels.last else { return logistic(score) }
    var low = 0
    var high = points.count
    while low < high {
      let middle = (low + high) / 2
      if points[middle] <= score { low = middle + 1 } else { high = middle }
    }
    if low == 0 { return first }
    if low == points.count { return last }
    let share = (score - points[low - 1]) / (points[low] - points[low - 1])
    return levels[low - 1] + share * (levels[low] - levels[low - 1])
  }
}
