/// Why a text is not a JSON document we take.
package struct JSONSyntaxError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, and how to mend it.
  package let message: String
  /// Where, in bytes from the start.
  package let offset: Int

  package var description: String { "\(message) (at byte \(offset))" }
}

/// Where the members of a parsed document stand in its text.
package struct JSONPositions: Sendable {
  /// Byte ranges of one member or element.
  package struct Place: Sendable, Equatable {
    /// The key's range, quotes included; `nil` for an element of a list and for the root.
    package let key: Range<Int>?
    /// The value's range.
    package let value: Range<Int>
  }

  /// Places by path. A path joins keys and list indices, each after a `/`; the root is "".
  package fileprivate(set) var places: [String: Place] = [:]
}

/// Reads JSON (RFC 8259), strictly: no comments, no trailing commas, no repeated keys, at most 64
/// levels deep, numbers within Double's range.
package struct JSONParser {
  private let bytes: [UInt8]
  private var offset = 0
  private var recording: Bool
  private var positions = JSONPositions()

  /// The document in `bytes`.
  package static func parse(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSONValue {
    var parser = JSONParser(bytes, recording: false)
    return try parser.document()
  }

  /// The document in `bytes`, and where each member stands.
  package static func parseWithPositions(
    _ bytes: [UInt8]
  ) throws(JSONSyntaxError) -> (JSONValue, JSONPositions) {
    var parser = JSONParser(bytes, recording: true)
    let value = try parser.document()
    return (value, parser.positions)
  }

  private init(_ bytes: [UInt8], recording: Bool) {
    self.bytes = bytes
    self.recording = recording
  }

  private mutating func document() throws(JSONSyntaxError) -> JSONValue {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    let value = try self.value(path: "", key: nil, depth: 0)
    skipSpace()
    guard offset == bytes.count else { throw fail("there is text after the end of the document") }
    return value
  }

  private func fail(_ message: String, at place: Int? = nil) -> JSONSyntaxError {
    JSONSyntaxError(message: message, offset: place ?? offset)
  }

  private mutating func skipSpace() {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x09, 0x0A, 0x0D: offset += 1
      default: return
      }
    }
  }

  private mutating func value(
    path: String, key: Range<Int>?, depth: Int
  ) throws(JSONSyntaxError) -> JSONValue {
    guard depth <= 64 else { throw fail("more than 64 levels of nesting; flatten the document") }
    skipSpace()
    guard offset < bytes.count else { throw fail("the document ends where a value should stand") }
    let start = offset
    let result: JSONValue
    switch bytes[offset] {
    case UInt8(ascii: "{"): result = try object(path: path, depth: depth)
    case UInt8(ascii: "["): result = try list(path: path, depth: depth)
    case UInt8(ascii: "\""): result = .string(try string())
    case UInt8(ascii: "t"): result = try word("true", .bool(true))
    case UInt8(ascii: "f"): result = try word("false", .bool(false))
    case UInt8(ascii: "n"): result = try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): result = .number(try number())
    case UInt8(ascii: "/"): throw fail("comments are not part of JSON; remove it")
    case UInt8(ascii: "'"): throw fail("text stands between double quotes")
    default: throw fail("no value starts like this")
    }
    if recording { positions.places[path] = JSONPositions.Place(key: key, value: start..<offset) }
    return result
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
    guard bytes[offset...].starts(with: word.utf8) else {
      throw fail("neither true, false nor null; text stands between double quotes")
    }
    offset += word.utf8.count
    return value
  }

  private mutating func object(path: String, depth: Int) throws(JSONSyntaxError) -> JSONValue {
    offset += 1
    var members: [String: JSONValue] = [:]
    skipSpace()
    if offset < bytes.count, bytes[offset] == UInt8(ascii: "}") {
      offset += 1
      return .object([:])
    }
    while true {
      skipSpace()
      guard offset < bytes.count else { throw fail("the document ends inside an object") }
      guard bytes[offset] == UInt8(ascii: "\"") else {
        throw fail(
          bytes[offset] == UInt8(ascii: "}")
            ? "a comma stands before }; remove it" : "a key in double quotes should stand here")
      }
      let start = offset
      let key = try string()
      let keyRange = start..<offset
      guard members[key] == nil else {
        throw fail("the key \"\(key)\" stands twice in one object; keep one", at: start)
      }
      skipSpace()
      guard offset < bytes.count, bytes[offset] == UInt8(ascii: ":") else {
        throw fail("a colon should stand after the key \"\(key)\"")
      }
      offset += 1
      members[key] = try value(
        path: recording ? path + "/" + key : "", key: keyRange, depth: depth + 1)
      skipSpace()
      guard offset < bytes.count else { throw fail("the document ends inside an object") }
      if bytes[offset] == UInt8(ascii: ",") {
        offset += 1
      } else if bytes[offset] == UInt8(ascii: "}") {
        offset += 1
        return .object(members)
      } else {
        throw fail("a comma or } should stand here")
      }
    }
  }

  private mutating func list(path: String, depth: Int) throws(JSONSyntaxError) -> JSONValue {
    offset += 1
    skipSpace()
    if offset < bytes.count, bytes[offset] == UInt8(ascii: "]") {
      offset += 1
      return .array([])
    }
    // Numbers are gathered as such; the first element that is none turns them into values.
    var numbers: [Double] = []
    var elements: [JSONValue]?
    while true {
      let index = elements?.count ?? numbers.count
      let element = try value(
        path: recording ? path + "/" + String(index) : "", key: nil, depth: depth + 1)
      if elements != nil {
        elements?.append(element)
      } else if case .number(let number) = element {
        numbers.append(number)
      } else {
        elements = numbers.map(JSONValue.number) + [element]
      }
      skipSpace()
      guard offset < bytes.count else { throw fail("the document ends inside a list") }
      if bytes[offset] == UInt8(ascii: ",") {
        offset += 1
        skipSpace()
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "]") {
          throw fail("a comma stands before ]; remove it")
        }
      } else if bytes[offset] == UInt8(ascii: "]") {
        offset += 1
        return elements.map { JSONValue.array($0) } ?? .numbers(numbers)
      } else {
        throw fail("a comma or ] should stand here")
      }
    }
  }

  private mutating func number() throws(JSONSyntaxError) -> Double {
    let start = offset
    var whole: Int64 = 0
    var digits = 0
    // All digits as one whole number, and how many of them stand behind the point.
    var (significand, kept, behind) = (UInt64(0), 0, 0)
    let negative = bytes[offset] == UInt8(ascii: "-")
    if negative { offset += 1 }
    func digit() -> Int64? {
      guard offset < bytes.count, case let byte = bytes[offset],
        byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9")
      else { return nil }
      return Int64(byte - UInt8(ascii: "0"))
    }
    func keep(_ digit: Int64) {
      // 19 digits always fit; leading zeros are none.
      if kept < 19 { significand = significand * 10 + UInt64(digit) }
      if kept > 0 || digit != 0 { kept += 1 }
    }
    let first = digit()
    while let next = digit() {
      if digits < 18 { whole = whole * 10 + next }
      keep(next)
      digits += 1
      offset += 1
    }
    guard digits > 0 else { throw fail("a minus sign needs digits after it", at: start) }
    if first == 0, digits > 1 { throw fail("a number does not start with 0", at: start) }
    var plain = digits <= 15
    if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
      plain = false
      offset += 1
      guard digit() != nil else { throw fail("digits should stand after the point") }
      while let next = digit() {
        keep(next)
        behind += 1
        offset += 1
      }
    }
    if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
      plain = false
      offset += 1
      var (exponent, isNegative) = (0, false)
      if offset < bytes.count, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") {
        isNegative = bytes[offset] == UInt8(ascii: "-")
        offset += 1
      }
      guard digit() != nil else { throw fail("digits should stand in the exponent") }
      while let next = digit() {
        if exponent < 1 << 30 { exponent = exponent * 10 + Int(next) }
        offset += 1
      }
      behind += isNegative ? exponent : -exponent
    }
    if plain { return negative ? -Double(whole) : Double(whole) }
    if kept <= 19, let number = DecimalFraction.double(significand, behind) {
      return negative ? -number : number
    }
    guard let number = Double(String(decoding: bytes[start..<offset], as: UTF8.self)),
      number.isFinite
    else { throw fail("the number is too large", at: start) }
    return number
  }

  private mutating func string() throws(JSONSyntaxError) -> String {
    let start = offset
    offset += 1
    var plain = offset
    while plain < bytes.count, bytes[plain] != UInt8(ascii: "\""), bytes[plain] != UInt8(ascii: "\\"),
      bytes[plain] >= 0x20
    {
      plain += 1
    }
    if plain < bytes.count, bytes[plain] == UInt8(ascii: "\"") {
      guard let string = String(validating: bytes[offset..<plain], as: UTF8.self) else {
        offset = plain + 1
        throw fail("the text is not valid UTF-8", at: start)
      }
      offset = plain + 1
      return string
    }
    var text = Array(bytes[offset..<plain])
    offset = plain
    while offset < bytes.count {
      let byte = bytes[offset]
      switch byte {
      case UInt8(ascii: "\""):
        offset += 1
        guard let string = String(validating: text, as: UTF8.self) else {
          throw fail("the text is not valid UTF-8", at: start)
        }
        return string
      case UInt8(ascii: "\\"):
        try escape(into: &text)
      case 0..<0x20:
        throw fail("a text does not run over the end of its line; close it with a double quote")
      default:
        text.append(byte)
        offset += 1
      }
    }
    throw fail("the text is never closed with a double quote", at: start)
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONSyntaxError) {
    let start = offset
    offset += 1
    guard offset < bytes.count else { throw fail("the document ends inside an escape") }
    let byte = bytes[offset]
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var unit = try hexadecimal(start)
      if unit >= 0xD800, unit < 0xDC00 {
        guard offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"),
          bytes[offset + 1] == UInt8(ascii: "u")
        else { throw fail("half of a surrogate pair", at: start) }
        offset += 2
        let low = try hexadecimal(start)
        guard low >= 0xDC00, low < 0xE000 else { throw fail("half of a surrogate pair", at: start) }
        unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(unit) else { throw fail("half of a surrogate pair", at: start) }
      text.append(contentsOf: String(Character(scalar)).utf8)
    default: throw fail("no such escape; a backslash itself is written \\\\", at: start)
    }
  }

  private mutating func hexadecimal(_ start: Int) throws(JSONSyntaxError) -> UInt32 {
    guard offset + 4 <= bytes.count,
      let unit = UInt32(String(decoding: bytes[offset..<offset + 4], as: UTF8.self), radix: 16)
    else { throw fail("four hexadecimal digits should stand after \\u", at: start) }
    offset += 4
    return unit
  }
}
