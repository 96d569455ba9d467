/// Canonical JSON as RFC 8785 has it: members sorted by their UTF-16 units, no white space, numbers
/// in the shortest form that reads back exactly. Two equal documents are equal bytes.
package enum CanonicalJSON {
  /// The bytes of `value`. Numbers must be finite (a precondition: a document is made by us).
  package static func encode(_ value: JSONValue) -> [UInt8] {
    var bytes: [UInt8] = []
    append(value, to: &bytes)
    return bytes
  }

  /// The same document with two spaces of indentation, for people; lists of numbers stay on a line.
  package static func pretty(_ value: JSONValue) -> [UInt8] {
    var bytes: [UInt8] = []
    appendPretty(value, depth: 0, to: &bytes)
    bytes.append(0x0A)
    return bytes
  }

  /// Object keys in canonical order.
  package static func sortedKeys(_ members: [String: JSONValue]) -> [String] {
    members.keys.sorted { $0.utf16.lexicographicallyPrecedes($1.utf16) }
  }

  private static func append(_ value: JSONValue, to bytes: inout [UInt8]) {
    switch value {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let truth): bytes.append(contentsOf: (truth ? "true" : "false").utf8)
    case .number(let number): appendNumber(number, to: &bytes)
    case .string(let text): appendString(text, to: &bytes)
    case .numbers(let numbers):
      bytes.append(UInt8(ascii: "["))
      for (index, number) in numbers.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        appendNumber(number, to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        append(element, to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (index, key) in sortedKeys(members).enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        appendString(key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(members[key] ?? .null, to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private static func appendPretty(_ value: JSONValue, depth: Int, to bytes: inout [UInt8]) {
    func newline(_ depth: Int) {
      bytes.append(0x0A)
      bytes.append(contentsOf: repeatElement(0x20, count: depth * 2))
    }
    switch value {
    case .array(let elements) where !elements.isEmpty:
      let flat = elements.allSatisfy { if case .string = $0 { true } else { false } }
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(contentsOf: (flat ? ", " : ",").utf8) }
        if !flat { newline(depth + 1) }
        appendPretty(element, depth: depth + 1, to: &bytes)
      }
      if !flat { newline(depth) }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members) where !members.isEmpty:
      bytes.append(UInt8(ascii: "{"))
      for (index, key) in sortedKeys(members).enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        newline(depth + 1)
        appendString(key, to: &bytes)
        bytes.append(contentsOf: ": ".utf8)
        appendPretty(members[key] ?? .null, depth: depth + 1, to: &bytes)
      }
      newline(depth)
      bytes.append(UInt8(ascii: "}"))
    default: append(value, to: &bytes)
    }
  }

  /// Writes `text` quoted, with the escapes RFC 8785 asks for and no others.
  package static func appendString(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
      case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
      case 0x08: bytes.append(contentsOf: "\\b".utf8)
      case 0x09: bytes.append(contentsOf: "\\t".utf8)
      case 0x0A: bytes.append(contentsOf: "\\n".utf8)
      case 0x0C: bytes.append(contentsOf: "\\f".utf8)
      case 0x0D: bytes.append(contentsOf: "\\r".utf8)
      case 0..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(contentsOf: "\\u00".utf8)
        bytes.append(digits[Int(byte >> 4)])
        bytes.append(digits[Int(byte & 15)])
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes `number` as ECMAScript does: the shortest digits that read back exactly, no exponent
  /// between 1e−7 and 1e21.
  package static func appendNumber(_ number: Double, to bytes: inout [UInt8]) {
    precondition(number.isFinite, "a document holds finite numbers only")
    if number == number.rounded(.towardZero), abs(number) < 9_007_199_254_740_992 {
      let whole = Int64(number)
      if whole >= 0, whole < 10 {
        bytes.append(UInt8(ascii: "0") + UInt8(whole))
      } else {
        bytes.append(contentsOf: String(whole).utf8)
      }
      return
    }
    // Swift's description has the same shortest digits in another layout: take digits and exponent.
    var digits: [UInt8] = []
    var point = 0  // number of digits before the decimal point
    var seenPoint = false
    var exponent = 0
    var text = number.description.utf8.makeIterator()
    if number < 0 {
      bytes.append(UInt8(ascii: "-"))
      _ = text.next()
    }
    while let byte = text.next() {
      if byte == UInt8(ascii: ".") {
        seenPoint = true
      } else if byte == UInt8(ascii: "e") {
        var negative = false
        while let next = text.next() {
          if next == UInt8(ascii: "-") {
            negative = true
          } else if next != UInt8(ascii: "+") {
            exponent = exponent * 10 + Int(next - UInt8(ascii: "0"))
          }
        }
        if negative { exponent = -exponent }
      } else {
        digits.append(byte)
        if !seenPoint { point += 1 }
      }
    }
    let zero = UInt8(ascii: "0")
    let leading = digits.prefix { $0 == zero }.count
    digits.removeFirst(leading)
    point -= leading
    while digits.last == zero { digits.removeLast() }
    point += exponent
    let count = digits.count
    if count <= point, point <= 21 {
      bytes.append(contentsOf: digits)
      bytes.append(contentsOf: repeatElement(zero, count: point - count))
    } else if 0 < point, point <= 21 {
      bytes.append(contentsOf: digits[..<point])
      bytes.append(UInt8(ascii: "."))
      bytes.append(contentsOf: digits[point...])
    } else if -6 < point, point <= 0 {
      bytes.append(contentsOf: "0.".utf8)
      bytes.append(contentsOf: repeatElement(zero, count: -point))
      bytes.append(contentsOf: digits)
    } else {
      bytes.append(digits[0])
      if count > 1 {
        bytes.append(UInt8(ascii: "."))
        bytes.append(contentsOf: digits[1...])
      }
      bytes.append(UInt8(ascii: "e"))
      bytes.append(UInt8(ascii: point - 1 < 0 ? "-" : "+"))
      bytes.append(contentsOf: String(abs(point - 1)).utf8)
    }
  }
}
