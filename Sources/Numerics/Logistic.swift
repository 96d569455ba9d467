/// 1 ∕ (1 + e⁻ˣ): the probability whose log-odds are `x`. Error below 2 ulp; small probabilities keep their digits.
@inlinable package func logistic(_ x: Double) -> Double {
  let e = exponential(-x.magnitude)
  return (x < 0 ? e : 1) / (1 + e)
}

/// ln(p ∕ (1 − p)): the log-odds of probability `p`; ∓∞ at 0 and 1, NaN outside.
@inlinable package func logit(_ p: Double) -> Double {
  guard p > 0, p < 1 else { return p == 0 ? -.infinity : (p == 1 ? .infinity : .nan) }
  // Around one half the quotient is near 1 and its logarithm would lose digits; 2p − 1 is exact there.
  if p >= 0.25, p <= 0.75 { return logarithmOnePlus((2 * p - 1) / (1 - p)) }
  return logarithm(p / (1 - p))
}

/// ln(1 + eˣ), without overflow: the log-loss of a stayer scored `x` (of a churner: at −x).
@inlinable package func logOnePlusExponential(_ x: Double) -> Double {
  (x > 0 ? x : 0) + logarithmOnePlus(exponential(-x.magnitude)) + (x.isNaN ? x : 0)
}

/// Replaces each log-odds in `values` by its probability.
package func logistics(_ values: inout MutableSpan<Double>) {
  for i in 0..<values.count { values[i] = logistic(values[i]) }
}
