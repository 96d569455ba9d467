/// What a field holds when read as a number.
enum ParsedNumber: Equatable {
  case missing
  case whole(Int64)
  case real(Double)
  case notANumber
}

private let powersOfTen: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
  1e19,
  1e20, 1e21, 1e22,
]

/// Reads bytes `start..<end` as a decimal number with `decimal` as its point: sign, digits, point,
/// digits, exponent; spaces around it are let go. The result is the `Double` nearest to what is
/// written: up to 2^53 and 22 places one multiplication or division is exact; other numbers are read
/// by the standard library, which rounds right.
func parseNumber(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, decimal: UInt8) -> ParsedNumber {
  var place = start
  var last = end
  while place < last, bytes[place] == 0x20 || bytes[place] == 0x09 { place += 1 }
  while place < last, bytes[last - 1] == 0x20 || bytes[last - 1] == 0x09 { last -= 1 }
  guard place < last else { return .missing }
  let first = place
  var negative = false
  if bytes[place] == UInt8(ascii: "-") {
    negative = true
    place += 1
  } else if bytes[place] == UInt8(ascii: "+") {
    place += 1
  }
  var mantissa: UInt64 = 0
  var digits = 0
  var significant = 0
  var fraction = 0
  var seenPoint = false
  while place < last {
    let byte = bytes[place]
    let digit = byte &- UInt8(ascii: "0")
    if digit < 10 {
      digits += 1
      if significant > 0 || digit > 0 { significant += 1 }
      if significant <= 18 { mantissa = mantissa &* 10 &+ UInt64(digit) }
      if seenPoint { fraction += 1 }
    } else if byte == decimal, !seenPoint {
      seenPoint = true
    } else {
      break
    }
    place += 1
  }
  guard digits > 0 else { return .notANumber }
  var exponent = 0
  var hasExponent = false
  if place < last, bytes[place] | 0x20 == UInt8(ascii: "e") {
    hasExponent = true
    place += 1
    var negativeExponent = false
    if place < last, bytes[place] == UInt8(ascii: "-") || bytes[place] == UInt8(ascii: "+") {
      negativeExponent = bytes[place] == UInt8(ascii: "-")
      place += 1
    }
    let before = place
    while place < last, bytes[place] &- UInt8(ascii: "0") < 10 {
      if exponent < 10_000 { exponent = exponent * 10 + Int(bytes[place] &- UInt8(ascii: "0")) }
      place += 1
    }
    guard place > before else { return .notANumber }
    if negativeExponent { exponent = -exponent }
  }
  guard place == last else { return .notANumber }
  if !seenPoint, !hasExponent {
    if significant <= 18 { return .whole(negative ? -Int64(mantissa) : Int64(mantissa)) }
    // 19 digits may still fit; more do not, and are no whole number we can hold.
    if let whole = parseWhole(bytes, first, last, decimal: decimal) { return .whole(whole) }
  }
  let scale = exponent - fraction
  if significant <= 18, mantissa < 1 << 53, abs(scale) <= 22 {
    let magnitude =
      scale < 0 ? Double(mantissa) / powersOfTen[-scale] : Double(mantissa) * powersOfTen[scale]
    return .real(negative ? -magnitude : magnitude)
  }
  var text: [UInt8] = []
  for place in first..<last { text.append(bytes[place] == decimal ? UInt8(ascii: ".") : bytes[place]) }
  guard let number = Double(String(decoding: text, as: UTF8.self)), number.isFinite else {
    return .notANumber
  }
  return .real(number)
}

/// Reads bytes `start..<end` as a number, the `Double` nearest to what is written; `nil` where it is none.
@inline(__always)
func parseReal(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, decimal: UInt8) -> Double? {
  // Sign, digits, point, digits, at most 16 bytes: below 10^15 and so exact before the one division.
  var place = start
  if end - start <= 16, place < end {
    let isNegative = bytes[place] == UInt8(ascii: "-")
    if isNegative { place += 1 }
    var mantissa: Int64 = 0
    var digits = 0
    var point = -1
    while place < end {
      let digit = bytes[place] &- UInt8(ascii: "0")
      if digit < 10 {
        mantissa = mantissa &* 10 &+ Int64(digit)
        digits &+= 1
      } else if bytes[place] == decimal, point < 0 {
        point = place
      } else {
        break
      }
      place += 1
    }
    if place == end, digits > 0, digits <= 15 {
      let places = point < 0 ? 0 : end - point - 1
      let magnitude = Double(mantissa) / powersOfTen[places]
      return isNegative ? -magnitude : magnitude
    }
  }
  switch parseNumber(bytes, start, end, decimal: decimal) {
  case .whole(let value): return Double(value)
  case .real(let value): return value
  case .missing, .notANumber: return nil
  }
}
