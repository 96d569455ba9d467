/// Decimal fractions as they stand in documents: few digits, a point among them.
enum DecimalFraction {
  /// Powers of five below 2^63.
  private static let powersOfFive: [UInt64] = (1...27).reduce(into: [1]) { powers, _ in
    powers.append(powers[powers.count - 1] * 5)
  }

  /// `significand` / 10^`behind`, rounded to the nearest number, of two as near to the even one; `nil` where
  /// `behind` lies outside 0...27.
  ///
  /// One division of 128 by 64 bits: 10^k = 5^k 2^k, and 5^k fits 64 bits, so that quotient and remainder are exact
  /// and decide the rounding.
  static func double(_ significand: UInt64, _ behind: Int) -> Double? {
    guard behind >= 0, behind < powersOfFive.count else { return nil }
    if behind == 0 || significand == 0 { return Double(significand) }
    let power = powersOfFive[behind]
    let (above, below) = (significand.leadingZeroBitCount, power.leadingZeroBitCount)
    let (numerator, divisor) = (significand << UInt64(above), power << UInt64(below))
    let isLess = numerator < divisor
    let (quotient, remainder) = divisor.dividingFullWidth(
      isLess ? (numerator, 0) : (numerator >> 1, numerator << 63))
    let zeros = quotient.leadingZeroBitCount
    let bits = quotient << UInt64(zeros)
    var mantissa = bits >> 11
    let rest = bits & 0x7FF
    var exponent = (isLess ? -64 : -63) + below - above - behind - zeros + 11
    if rest > 0x400 || (rest == 0x400 && (remainder != 0 || mantissa & 1 == 1)) {
      mantissa += 1
      if mantissa == 1 << 53 {
        mantissa >>= 1
        exponent += 1
      }
    }
    // From 10^-27 to 2^64: far from where numbers lose bits.
    return Double(bitPattern: UInt64(exponent + 52 + 1023) << 52 | (mantissa & (1 << 52 - 1)))
  }
}
