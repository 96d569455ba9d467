// The logarithms of Exponential.swift's family; the same rules hold.

/// ln x: −∞ at 0, NaN below. Error below 1 ulp.
///
/// x = 2ᵏ(1 + f), 1 + f in [√½, √2); with s = f ∕ (2 + f), ln(1 + f) = f − (f²∕2 − s(f²∕2 + R(s²))), R of degree 7
/// interpolated at Chebyshev nodes (relative error below 2⁻⁵⁷).
@inlinable package func logarithm(_ x: Double) -> Double {
  guard x > 0, x < .infinity else { return x == 0 ? -.infinity : (x > 0 ? x : .nan) }
  var bits = x.bitPattern
  var exponent: Int64 = 0
  if x < 0x1p-1022 {
    bits = (x * 0x1p54).bitPattern
    exponent = -54
  }
  // Moves the cut from 1 to √½, so that f is small on both sides of 1.
  let moved = bits &+ (0x3ff0_0000_0000_0000 &- 0x3fe6_a09e_667f_3bcd)
  exponent &+= Int64(moved &>> 52) &- 1023
  let mantissa = Double(bitPattern: (moved & 0x000f_ffff_ffff_ffff) &+ 0x3fe6_a09e_667f_3bcd)
  let f = mantissa - 1
  return logarithmOfReduced(f, exponent: Double(exponent), correction: 0)
}

/// ln(1 + f) + exponent·ln 2 + correction, f in [√½ − 1, √2 − 1].
@inlinable package func logarithmOfReduced(_ f: Double, exponent: Double, correction: Double) -> Double {
  let s = f / (2 + f)
  let z = s * s
  let w = z * z
  let even = 0x1.99999999952ccp-2 + w * (0x1.c71c62e26208bp-3 + w * 0x1.39fe42e9740a7p-3)
  let odd =
    0x1.5555555555558p-1 + w * (0x1.2492492df3ba9p-2 + w * (0x1.7462b58e46ebep-3 + w * 0x1.2b59b713616c9p-3))
  let remainder = z * odd + w * even
  let halfSquare = 0.5 * f * f
  let low = exponent * 0x1.d1cf79abc9e3bp-32 + correction
  return exponent * 0x1.62e42fecp-1 - ((halfSquare - (s * (halfSquare + remainder) + low)) - f)
}

/// ln(1 + x), with full relative accuracy near 0: −∞ at −1, NaN below. Error below 1 ulp.
@inlinable package func logarithmOnePlus(_ x: Double) -> Double {
  guard x > -1, x < .infinity else { return x == -1 ? -.infinity : (x > 0 ? x : .nan) }
  if x.magnitude < 0x1p-54 { return x }
  if x > -0.2928, x < 0.4142 { return logarithmOfReduced(x, exponent: 0, correction: 0) }
  let u = 1 + x
  // What the rounding of 1 + x lost, relative to it.
  let lost = (x >= 1 ? 1 - (u - x) : x - (u - 1)) / u
  let moved = u.bitPattern &+ (0x3ff0_0000_0000_0000 &- 0x3fe6_a09e_667f_3bcd)
  let exponent = Int64(moved &>> 52) &- 1023
  let mantissa = Double(bitPattern: (moved & 0x000f_ffff_ffff_ffff) &+ 0x3fe6_a09e_667f_3bcd)
  return logarithmOfReduced(mantissa - 1, exponent: Double(exponent), correction: lost)
}

/// Replaces each of `values` by its natural logarithm.
package func logarithms(_ values: inout MutableSpan<Double>) {
  for i in 0..<values.count { values[i] = logarithm(values[i]) }
}
