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

/// Replaces each log-odds in `values` by its probability: `logistic`'s bits, four at a time. Measured in boosting
/// of 100,000 rows, 200 trees, one core: .076 s of CPU, where one at a time took .139 s.
package func logistics(_ values: inout MutableSpan<Double>) {
  let whole = values.count / 4 * 4
  var i = 0
  while i < whole {
    let four = logistics(SIMD4(values[i], values[i &+ 1], values[i &+ 2], values[i &+ 3]))
    values[i] = four[0]
    values[i &+ 1] = four[1]
    values[i &+ 2] = four[2]
    values[i &+ 3] = four[3]
    i &+= 4
  }
  while i < values.count {
    values[i] = logistic(values[i])
    i &+= 1
  }
}

/// `logistic` of four: the operations of `exponential` for numbers that are not positive, in its order.
@inline(__always)
private func logistics(_ x: SIMD4<Double>) -> SIMD4<Double> {
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
  let e = value * first * second
  return SIMD4(repeating: 1).replacing(with: e, where: x .< 0) / (1 + e)
}
