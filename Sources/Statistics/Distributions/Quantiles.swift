import Numerics

/// The z with P(Z ≥ z) = `tail` of a standard normal number; ∓∞ at 1 and 0.
///
/// Hastings's approximation (Abramowitz & Stegun 26.2.23), then Newton steps on the logarithm of the tail.
package func normalQuantile(upperTail tail: Double) -> Double {
  guard tail > 0, tail < 1 else { return tail == 0 ? .infinity : (tail == 1 ? -.infinity : .nan) }
  if tail > 0.5 { return -normalQuantile(upperTail: 1 - tail) }
  let t = (-2 * logarithm(tail)).squareRoot()
  let numerator = 2.515517 + t * (0.802853 + t * 0.010328)
  var z = t - numerator / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  for _ in 0..<4 {
    let survival = normalSurvival(z)
    let density = exponential(-z * z / 2) * 0.398942280401432678
    z += logarithm(survival / tail) * survival / density
  }
  return z
}

/// The x with P(X ≥ x) = `tail` of a χ² number with `degrees` degrees of freedom.
package func chiSquareQuantile(upperTail tail: Double, degrees: Double) -> Double {
  crossing { chiSquareSurvival($0, degrees: degrees) > tail }
}

/// The t with P(T ≥ t) = `tail` of Student's t with `degrees` degrees of freedom.
package func studentQuantile(upperTail tail: Double, degrees: Double) -> Double {
  if tail > 0.5 { return -studentQuantile(upperTail: 1 - tail, degrees: degrees) }
  return crossing { studentSurvival($0, degrees: degrees) > tail }
}

/// The x with I(x; a, b) = `share`: the quantile of a beta number.
package func betaQuantile(_ share: Double, _ a: Double, _ b: Double) -> Double {
  guard share > 0, share < 1 else { return share <= 0 ? 0 : 1 }
  // Whichever of x and 1 − x is below one half is looked for, so that it keeps its digits.
  if incompleteBeta(a, b, 0.5).lower < share {
    return 1 - crossing(upTo: 0.5) { incompleteBeta(b, a, $0).upper > share }
  }
  return crossing(upTo: 0.5) { incompleteBeta(a, b, $0).lower < share }
}

/// The smallest number of 0 … `limit` for which `isBelow` no longer holds, given that it holds first and then does
/// not. Halves the range of bit patterns, which are in the order of the numbers, so small numbers keep their digits.
private func crossing(upTo limit: Double = .greatestFiniteMagnitude, _ isBelow: (Double) -> Bool) -> Double {
  var low = 0.0.bitPattern
  var high = limit.bitPattern
  while low < high {
    let middle = low + (high - low) / 2
    if isBelow(Double(bitPattern: middle)) { low = middle + 1 } else { high = middle }
  }
  return Double(bitPattern: low)
}
