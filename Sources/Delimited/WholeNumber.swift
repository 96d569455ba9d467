/// Reads bytes `start..<end` as a whole number that 64 bits hold, exactly as written: `42`, `-7`, `42.0`
/// and `1.5e3` are whole, `42.5`, `1e30` and `42.00000000000000000001` are not (`nil`). Spaces around it
/// are let go.
@inline(__always)
func parseWhole(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, decimal: UInt8) -> Int64? {
  // Plain digits, few enough not to overflow: nearly every field.
  var place = start
  var value: Int64 = 0
  if end - start <= 18, place < end {
    let isNegative = bytes[place] == UInt8(ascii: "-")
    if isNegative { place += 1 }
    let first = place
    while place < end {
      let digit = bytes[place] &- UInt8(ascii: "0")
      if digit > 9 { break }
      value = value &* 10 &+ Int64(digit)
      place += 1
    }
    if place == end, place > first { return isNegative ? -value : value }
  }
  return parseWholeInFull(bytes, start, end, decimal: decimal)
}

@inline(never)
private func parseWholeInFull(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, decimal: UInt8) -> Int64? {
  var place = start
  var last = end
  while place < last, bytes[place] == 0x20 || bytes[place] == 0x09 { place += 1 }
  while place < last, bytes[last - 1] == 0x20 || bytes[last - 1] == 0x09 { last -= 1 }
  guard place < last else { return nil }
  let isNegative = bytes[place] == UInt8(ascii: "-")
  if isNegative || bytes[place] == UInt8(ascii: "+") { place += 1 }
  // The number is ±mantissa · 10^scale, with zeros at the mantissa's end moved into the scale.
  var mantissa: UInt64 = 0
  var zeros = 0
  var scale = 0
  var digits = 0
  var seenPoint = false
  var overflows = false
  while place < last {
    let digit = bytes[place] &- UInt8(ascii: "0")
    if digit < 10 {
      digits += 1
      if seenPoint { scale -= 1 }
      if digit == 0 {
        zeros += 1
      } else {
        overflows = !append(zeros, digit, to: &mantissa) || overflows
        zeros = 0
      }
    } else if bytes[place] == decimal, !seenPoint {
      seenPoint = true
    } else {
      break
    }
    place += 1
  }
  guard digits > 0 else { return nil }
  if place < last, bytes[place] | 0x20 == UInt8(ascii: "e") {
    place += 1
    let falls = place < last && bytes[place] == UInt8(ascii: "-")
    if place < last, falls || bytes[place] == UInt8(ascii: "+") { place += 1 }
    let before = place
    var exponent = 0
    while place < last, bytes[place] &- UInt8(ascii: "0") < 10 {
      exponent = min(1_000_000, exponent * 10 + Int(bytes[place] &- UInt8(ascii: "0")))
      place += 1
    }
    guard place > before else { return nil }
    scale += falls ? -exponent : exponent
  }
  guard place == last else { return nil }
  if mantissa == 0, !overflows { return 0 }
  scale += zeros
  guard !overflows, scale >= 0, scale <= 19 else { return nil }
  for _ in 0..<scale {
    let (product, overflow) = mantissa.multipliedReportingOverflow(by: 10)
    if overflow { return nil }
    mantissa = product
  }
  if isNegative { return mantissa <= UInt64(Int64.max) + 1 ? Int64(truncatingIfNeeded: 0 &- mantissa) : nil }
  return Int64(exactly: mantissa)
}

/// Appends `zeros` zeros and `digit`; false where 64 bits do not hold the result.
private func append(_ zeros: Int, _ digit: UInt8, to mantissa: inout UInt64) -> Bool {
  if mantissa == 0 {
    mantissa = UInt64(digit)
    return true
  }
  for step in 0...zeros {
    let (product, overflow) = mantissa.multipliedReportingOverflow(by: 10)
    if overflow { return false }
    let (sum, carry) = product.addingReportingOverflow(step == zeros ? UInt64(digit) : 0)
    if carry { return false }
    mantissa = sum
  }
  return true
}
