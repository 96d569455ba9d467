/// A value the page's script reads from a script element of data.
package enum Datum: Sendable, Equatable {
  /// Nothing.
  case missing
  /// Text.
  case text(String)
  /// A whole number.
  case whole(Int)
  /// A number; one that is not finite is written as nothing.
  case number(Double)
  /// True or false.
  case flag(Bool)
  /// A list.
  case list([Datum])
  /// Names and values, in this order.
  case object([(String, Datum)])

  /// Same kind, same content, same order.
  package static func == (left: Datum, right: Datum) -> Bool {
    var first: [UInt8] = []
    var second: [UInt8] = []
    left.append(to: &first)
    right.append(to: &second)
    return first == second
  }

  /// Appends it as JSON in which `<` never stands.
  func append(to bytes: inout [UInt8]) {
    switch self {
    case .missing: bytes.append(contentsOf: "null".utf8)
    case .text(let text): Escaping.appendJSON(text, to: &bytes)
    case .whole(let whole): bytes.append(contentsOf: String(whole).utf8)
    case .flag(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    case .number(let number):
      guard number.isFinite else { return Datum.missing.append(to: &bytes) }
      // A whole number without its ".0": shorter, and the same to the script.
      if number == number.rounded(), abs(number) < 1e15 {
        bytes.append(contentsOf: String(Int(number)).utf8)
      } else {
        bytes.append(contentsOf: number.description.utf8)
      }
    case .list(let elements):
      bytes.append(UInt8(ascii: "["))
      for (place, element) in elements.enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        element.append(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (place, member) in members.enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        Escaping.appendJSON(member.0, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.1.append(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }
}
