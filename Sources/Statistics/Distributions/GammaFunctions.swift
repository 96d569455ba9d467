import Numerics

/// ln Γ(x) for x > 0; NaN otherwise. Absolute error below 1e-14·max(1, |ln Γ|).
///
/// Γ(x) = √(2π∕x)·(x∕e)ˣ·e^δ(x) with `stirlingError` δ.
package func logGamma(_ x: Double) -> Double {
  guard x > 0 else { return .nan }
  guard x < .infinity else { return x }
  return (x - 0.5) * logarithm(x) - x + 0.918938533204672742 + stirlingError(x)
}

/// δ(x) = ln Γ(x) − [(x − ½)·ln x − x + ½·ln 2π] for x > 0: the asymptotic series in 1∕x from 10 up, below it by
/// δ(x) = δ(x + 1) + (x + ½)·ln(1 + 1∕x) − 1.
func stirlingError(_ x: Double) -> Double {
  var shifted = x
  var sum = 0.0
  while shifted < 10 {
    sum += (shifted + 0.5) * logarithmOnePlus(1 / shifted) - 1
    shifted += 1
  }
  let r = 1 / shifted
  let z = r * r
  // B₂ₖ ∕ (2k(2k − 1)), k = 1 … 7.
  let tail = z * (1.0 / 1188 - z * (691.0 / 360_360 - z * (1.0 / 156)))
  return sum + r * (1.0 / 12 - z * (1.0 / 360 - z * (1.0 / 1260 - z * (1.0 / 1680 - tail))))
}

/// a·ln(a∕x) + x − a, which is never negative and near 0 where x is near a; a, x > 0.
///
/// With u = (x − a)∕a it is a·(u − ln(1 + u)). For small u the difference would lose digits; with v = u∕(2 + u),
/// ln(1 + u) = 2·(v + v³∕3 + v⁵∕5 + …) and u − 2v = u·v leave u·v − 2·(v³∕3 + …).
func deviance(_ a: Double, _ x: Double) -> Double {
  let u = (x - a) / a
  guard u.magnitude < 0.2 else { return a * logarithm(a / x) + x - a }
  let v = u / (2 + u)
  let square = v * v
  var (sum, power, odd) = (0.0, v * square, 3.0)
  while true {
    let next = sum + power / odd
    if next == sum { break }
    sum = next
    power *= square
    odd += 2
  }
  return a * (u * v - 2 * sum)
}

/// xᵃ·e⁻ˣ ∕ Γ(a + 1) for a, x > 0, without the cancellation that powers and Γ of large numbers bring (Loader's
/// saddle-point form).
private func gammaPrefactor(_ a: Double, _ x: Double) -> Double {
  exponential(-stirlingError(a) - deviance(a, x)) / (2 * Double.pi * a).squareRoot()
}

/// The regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 − P, each with full relative accuracy in its
/// own tail; a > 0, x ≥ 0.
///
/// Series below x = a + 1 (DLMF 8.11.4), Lentz's continued fraction above (DLMF 8.9.2).
package func incompleteGamma(_ a: Double, _ x: Double) -> (lower: Double, upper: Double) {
  guard a > 0, x >= 0 else { return (.nan, .nan) }
  if x == 0 { return (0, 1) }
  if x == .infinity { return (1, 0) }
  let prefactor = gammaPrefactor(a, x)
  if x < a + 1 {
    var (sum, term, divisor) = (1.0, 1.0, a)
    while term > sum * 0x1p-54 {
      divisor += 1
      term *= x / divisor
      sum += term
    }
    let lower = min(1, prefactor * sum)
    return (lower, 1 - lower)
  }
  var b = x + 1 - a
  var c = 1e300
  var d = 1 / b
  var fraction = d
  for step in 1...1_000_000 {
    let i = Double(step)
    let numerator = i * (a - i)
    b += 2
    d = numerator * d + b
    d = 1 / (d.magnitude < 1e-300 ? 1e-300 : d)
    c = b + numerator / c
    if c.magnitude < 1e-300 { c = 1e-300 }
    fraction *= d * c
    if (d * c - 1).magnitude < 0x1p-52 { break }
  }
  let upper = min(1, prefactor * a * fraction)
  return (1 - upper, upper)
}
