import Numerics

// Tails of the distributions that tests are judged by. Each is computed as a tail, never as one minus the rest, so
// that p-values of 1e-200 keep ten digits.

/// P(Z ≥ z) of a standard normal number.
package func normalSurvival(_ z: Double) -> Double {
  if z.isNaN { return z }
  let half = incompleteGamma(0.5, z * z / 2)
  return z >= 0 ? 0.5 * half.upper : 0.5 + 0.5 * half.lower
}

/// 1 − erf(x), with full relative accuracy for large x.
package func complementaryErrorFunction(_ x: Double) -> Double { 2 * normalSurvival(x * 2.0.squareRoot()) }

/// P(X ≥ x) of a χ² number with `degrees` degrees of freedom.
package func chiSquareSurvival(_ x: Double, degrees: Double) -> Double {
  x <= 0 ? 1 : incompleteGamma(degrees / 2, x / 2).upper
}

/// P(T ≥ t) of Student's t with `degrees` degrees of freedom (they need not be whole).
package func studentSurvival(_ t: Double, degrees: Double) -> Double {
  if t.isNaN { return t }
  if t.isInfinite { return t > 0 ? 0 : 1 }
  let square = t * t
  let tail =
    0.5
    * incompleteBeta(
      degrees / 2, 0.5, x: degrees / (degrees + square), complement: square / (degrees + square)
    ).lower
  return t >= 0 ? tail : 1 - tail
}

/// P(F ≥ f) of Fisher's F with `numerator` and `denominator` degrees of freedom.
package func fisherSurvival(_ f: Double, numerator: Double, denominator: Double) -> Double {
  if f.isNaN { return f }
  if f <= 0 { return 1 }
  if f == .infinity { return 0 }
  let scaled = numerator * f
  let total = denominator + scaled
  return incompleteBeta(denominator / 2, numerator / 2, x: denominator / total, complement: scaled / total)
    .lower
}
