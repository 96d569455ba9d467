import Numerics

/// The regularised incomplete beta function I(x; a, b), and its complement I(1 − x; b, a), each with full relative
/// accuracy in its own tail; a, b > 0.
///
/// `x` and `complement` = 1 − x are handed over apart, so that neither loses digits where the other is near 1.
/// Lentz's continued fraction (DLMF 8.17.22) on the side where it converges fast.
package func incompleteBeta(
  _ a: Double, _ b: Double, x: Double, complement: Double
) -> (lower: Double, upper: Double) {
  guard a > 0, b > 0, x >= 0, complement >= 0 else { return (.nan, .nan) }
  if x == 0 { return (0, 1) }
  if complement == 0 { return (1, 0) }
  let n = a + b
  // xᵃ(1 − x)ᵇ ∕ B(a, b), in the saddle-point form.
  let prefactor =
    (a * b / (2 * Double.pi * n)).squareRoot()
    * exponential(
      stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x)
        - deviance(b, n * complement))
  if x < (a + 1) / (n + 2) {
    let lower = min(1, prefactor * betaFraction(a, b, x) / a)
    return (lower, 1 - lower)
  }
  let upper = min(1, prefactor * betaFraction(b, a, complement) / b)
  return (1 - upper, upper)
}

/// I(x; a, b) and its complement for an `x` that is exact.
package func incompleteBeta(_ a: Double, _ b: Double, _ x: Double) -> (lower: Double, upper: Double) {
  incompleteBeta(a, b, x: x, complement: 1 - x)
}

private func betaFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
  let n = a + b
  var c = 1.0
  var d = 1 / (1 - n * x / (a + 1))
  var fraction = d
  for step in 1...1_000_000 {
    let m = Double(step)
    let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / kept(1 + even * d)
    c = kept(1 + even / c)
    fraction *= d * c
    let odd = -(a + m) * (n + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / kept(1 + odd * d)
    c = kept(1 + odd / c)
    fraction *= d * c
    if (d * c - 1).magnitude < 0x1p-52 { break }
  }
  return fraction
}

/// A divisor that Lentz's method may divide by.
private func kept(_ value: Double) -> Double { value.magnitude < 1e-300 ? 1e-300 : value }
