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

/// Replaces each of `values` by ln(1 + eˣ): `logOnePlusExponential`'s bits, four at a time.
package func logOnePlusExponentials(_ values: inout MutableSpan<Double>) {
  rewrite(&values, four: { logOnePlusExponentials($0) }, one: { logOnePlusExponential($0) })
}

/// `logOnePlusExponential` of four: the operations of `logarithmOnePlus` for numbers of 0 to 1, in its order.
@inline(__always)
private func logOnePlusExponentials(_ x: SIMD4<Double>) -> SIMD4<Double> {
  let e = exponentialsOfMinusMagnitude(x)
  let u = 1 + e
  let lost = (e - (u - 1)) / u
  let bits = unsafe unsafeBitCast(u, to: SIMD4<UInt64>.self)
  let moved = bits &+ (0x3ff0_0000_0000_0000 &- 0x3fe6_a09e_667f_3bcd)
  let raised = unsafe unsafeBitCast(
    (moved & 0x000f_ffff_ffff_ffff) &+ 0x3fe6_a09e_667f_3bcd, to: SIMD4<Double>.self)
  // u lies in 1 ... 2: its exponent, cut at √2, is 0 or 1, and what was halved is less than it was.
  let exponents = SIMD4<Double>(repeating: 0).replacing(with: 1, where: raised .< u)
  let isNear = e .< 0.4142
  let f = (raised - 1).replacing(with: e, where: isNear)
  let exponent = exponents.replacing(with: 0, where: isNear)
  let correction = lost.replacing(with: 0, where: isNear)
  let s = f / (2 + f)
  let z = s * s
  let w = z * z
  let even = 0x1.99999999952ccp-2 + w * (0x1.c71c62e26208bp-3 + w * 0x1.39fe42e9740a7p-3)
  let odd =
    0x1.5555555555558p-1 + w * (0x1.2492492df3ba9p-2 + w * (0x1.7462b58e46ebep-3 + w * 0x1.2b59b713616c9p-3))
  let remainder = z * odd + w * even
  let halfSquare = 0.5 * f * f
  let low = exponent * 0x1.d1cf79abc9e3bp-32 + correction
  let reduced = exponent * 0x1.62e42fecp-1 - ((halfSquare - (s * (halfSquare + remainder) + low)) - f)
  let logarithm = reduced.replacing(with: e, where: e .< 0x1p-54)
  let positive = SIMD4<Double>(repeating: 0).replacing(with: x, where: x .> 0)
  let sum = positive + logarithm
  return sum.replacing(with: x, where: x .!= x)
}

/// Replaces each log-odds in `values` by its probability: `logistic`'s bits, four at a time. Measured in boosting
/// of 100,000 rows, 200 trees, one core: .076 s of CPU, where one at a time took .139 s.
package func logistics(_ values: inout MutableSpan<Double>) {
  rewrite(&values, four: { logistics($0) }, one: { logistic($0) })
}

/// Replaces each of `values` by what it is mapped to: four at a time, the last ones by themselves.
@inline(__always)
private func rewrite(
  _ values: inout MutableSpan<Double>, four: (SIMD4<Double>) -> SIMD4<Double>, one: (Double) -> Double
) {
  let whole = values.count / 4 * 4
  var i = 0
  while i < whole {
    let made = four(SIMD4(values[i], values[i &+ 1], values[i &+ 2], values[i &+ 3]))
    values[i] = made[0]
    values[i &+ 1] = made[1]
    values[i &+ 2] = made[2]
    values[i &+ 3] = made[3]
    i &+= 4
  }
  while i < values.count {
    values[i] = one(values[i])
    i &+= 1
  }
}

/// `logistic` of four.
@inline(__always)
private func logistics(_ x: SIMD4<Double>) -> SIMD4<Double> {
  let e = exponentialsOfMinusMagnitude(x)
  return SIMD4(repeating: 1).replacing(with: e, where: x .< 0) / (1 + e)
}

/// e⁻|ˣ| of four: the operations of `exponential` for numbers that are not positive, in its order.
@inline(__always)
private func exponentialsOfMinusMagnitude(_ x: SIMD4<Double>) -> SIMD4<Double> {
  let sign = SIMD4<UInt64>(repeating: 1 << 63)
  let bits = unsafe unsafeBitCast(x, to: SIMD4<UInt64>.self)
  // −|x|
  let z = unsafe unsafeBitCast(bits | sign, to: SIMD4<Double>.self)
  let clamped = z.replacing(with: -746, where: z .< -746)
  let shifted = clamped * 0x1.71547652b82fep+0 + 0x1.8p52
  let k = shifted - 0x1.8p52
  let high = clamped - k * 0x1.62e42fecp-1
  let low = k * 0x1.d1cf79abc9e3bp-32
  let r = high - low
  let lost = (high - r) - low
  let r2 = r * r
  let r4 = r2 * r2
  let q01 = 0x1.0000000000001p-1 + r * 0x1.5555555555556p-3
  let q23 = 0x1.5555555553d63p-5 + r * 0x1.11111111109b3p-7
  let q45 = 0x1.6c16c1788bd90p-10 + r * 0x1.a01a01a7c41d5p-13
  let q67 = 0x1.a019b90d2ae7ap-16 + r * 0x1.71de0dae63bb3p-19
  let q89 = 0x1.289185613a3d6p-22 + r * 0x1.af38a9b0ec855p-26
  let q = (q01 + r2 * q23) + r4 * ((q45 + r2 * q67) + r4 * q89)
  let value = 1 + (r + (r2 * q + lost))
  let whole = unsafe unsafeBitCast(shifted, to: SIMD4<UInt64>.self) &- 0x4338_0000_0000_0000
  // Half of a number that may be negative, by a shift of one that is not: every processor has that for vectors.
  let half = ((whole &+ 4096) &>> 1) &- 2048
  let first = unsafe unsafeBitCast((half &+ 1023) &<< 52, to: SIMD4<Double>.self)
  let second = unsafe unsafeBitCast((whole &- half &+ 1023) &<< 52, to: SIMD4<Double>.self)
  return value * first * second
}
