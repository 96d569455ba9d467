// Our own exponential family: the C library picks other code on other processors, and a last bit that differs
// would change an artifact's digest. Everything here is +, −, ×, ÷ and bit moves on IEEE doubles, in one written
// order, so every machine gives the same bits. Reference values: Tests/Golden/elementary.

// 0x1.62e42fecp-1 is the leading 31 bits of ln 2, so that a binary exponent times it is exact;
// 0x1.d1cf79abc9e3bp-32 is the rest; 0x1.71547652b82fep+0 is 1 ∕ ln 2. (Literals, not globals: a global would be
// reached through a call from other modules.)

/// eˣ.
///
/// x = k·ln 2 + r, |r| ≤ ln 2 ∕ 2; eʳ = 1 + r + r²q(r), q of degree 9 interpolated at Chebyshev nodes (relative
/// error below 2⁻⁵⁵). Error below 1 ulp; overflow gives +∞, underflow goes through subnormals to 0, NaN stays NaN.
@inlinable package func exponential(_ x: Double) -> Double {
  // Beyond these the result is ∞ or 0 whatever x is; NaN passes both comparisons unchanged.
  let clamped = x > 710 ? 710 : (x < -746 ? -746 : x)
  // Adding and taking away 1.5·2⁵² rounds to a whole number, ties to even.
  let shifted = clamped * 0x1.71547652b82fep+0 + 0x1.8p52
  let k = shifted - 0x1.8p52
  let high = clamped - k * 0x1.62e42fecp-1
  let low = k * 0x1.d1cf79abc9e3bp-32
  let r = high - low
  // What the rounding of r lost, to be added back to first order.
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
  // 2ᵏ in two factors: k runs from −1076 to 1024, and one factor alone would leave the range of exponents.
  // (For NaN the exponent is rubbish, and the product NaN all the same.)
  let whole = Int64(bitPattern: shifted.bitPattern) &- 0x4338_0000_0000_0000
  let half = whole >> 1
  let first = Double(bitPattern: UInt64(bitPattern: (half &+ 1023) &<< 52))
  let second = Double(bitPattern: UInt64(bitPattern: (whole &- half &+ 1023) &<< 52))
  return value * first * second
}

/// eˣ − 1, with full relative accuracy near 0.
///
/// Taylor's series to x¹⁷ for |x| ≤ 0.7, else by `exponential` with the 1 taken away last. Error about 1 ulp.
@inlinable package func exponentialMinusOne(_ x: Double) -> Double {
  guard x.magnitude <= 0.7 else {
    // Above 2⁵⁴ or below −38 the 1 is lost in rounding; between, one rounding of eˣ and one of the difference.
    return x > 40 ? exponential(x) : exponentialMinusOneAway(x)
  }
  var sum = 0x1.952c77030ad4ap-49
  sum = sum * x + 0x1.ae7f3e733b81fp-45
  sum = sum * x + 0x1.ae7f3e733b81fp-41
  sum = sum * x + 0x1.93974a8c07c9dp-37
  sum = sum * x + 0x1.6124613a86d09p-33
  sum = sum * x + 0x1.1eed8eff8d898p-29
  sum = sum * x + 0x1.ae64567f544e4p-26
  sum = sum * x + 0x1.27e4fb7789f5cp-22
  sum = sum * x + 0x1.71de3a556c734p-19
  sum = sum * x + 0x1.a01a01a01a01ap-16
  sum = sum * x + 0x1.a01a01a01a01ap-13
  sum = sum * x + 0x1.6c16c16c16c17p-10
  sum = sum * x + 0x1.1111111111111p-7
  sum = sum * x + 0x1.5555555555555p-5
  sum = sum * x + 0x1.5555555555555p-3
  // x²∕2 is kept apart: it is the one term large enough for its rounding to show.
  return x + (0.5 * x * x + x * x * x * sum)
}

/// `exponentialMinusOne` away from 0: 2ᵏ·((1 − 2⁻ᵏ) + (eʳ − 1)), so that nothing large cancels.
@inlinable package func exponentialMinusOneAway(_ x: Double) -> Double {
  if x < -40 { return -1 }
  let k = (x * 0x1.71547652b82fep+0 + 0x1.8p52) - 0x1.8p52
  guard !k.isNaN else { return x }
  let high = x - k * 0x1.62e42fecp-1
  let low = k * 0x1.d1cf79abc9e3bp-32
  let r = high - low
  let lost = (high - r) - low
  let fraction = exponentialMinusOne(r) + lost * (1 + r)
  let whole = Int64(k)
  let scale = Double(bitPattern: UInt64(bitPattern: (whole &+ 1023) &<< 52))
  let unscale = Double(bitPattern: UInt64(bitPattern: (1023 &- whole) &<< 52))
  return scale * ((1 - unscale) + fraction)
}

/// Replaces each of `values` by its exponential.
package func exponentials(_ values: inout MutableSpan<Double>) {
  for i in 0..<values.count { values[i] = exponential(values[i]) }
}
