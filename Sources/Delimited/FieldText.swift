/// The bytes of a field with doubled quotes undone.
func undoubled(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ hasDoubled: Bool) -> [UInt8] {
  var text: [UInt8] = []
  text.reserveCapacity(end - start)
  var place = start
  while place < end {
    let byte = bytes[place]
    text.append(byte)
    place += hasDoubled && byte == UInt8(ascii: "\"") ? 2 : 1
  }
  return text
}

/// Digits with a point or comma and an exponent, or an exponent with a sign: a spreadsheet has rounded the
/// key. `1.23E5`, `1E+05`, but not `7E12`, which is a code like any other.
func isScientific(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
  var place = start
  while place < end, bytes[place] == 0x20 || bytes[place] == 0x09 { place += 1 }
  if place < end, bytes[place] == UInt8(ascii: "+") || bytes[place] == UInt8(ascii: "-") { place += 1 }
  let first = place
  var isRounded = false
  while place < end {
    let isPoint = bytes[place] == UInt8(ascii: ".") || bytes[place] == UInt8(ascii: ",")
    guard isPoint || bytes[place] &- UInt8(ascii: "0") < 10 else { break }
    isRounded = isRounded || isPoint
    place += 1
  }
  guard place > first, place < end, bytes[place] | 0x20 == UInt8(ascii: "e") else { return false }
  place += 1
  if place < end, bytes[place] == UInt8(ascii: "+") || bytes[place] == UInt8(ascii: "-") {
    isRounded = true
    place += 1
  }
  let exponent = place
  while place < end, bytes[place] &- UInt8(ascii: "0") < 10 { place += 1 }
  guard isRounded, place > exponent else { return false }
  while place < end, bytes[place] == 0x20 || bytes[place] == 0x09 { place += 1 }
  return place == end
}
