/// A JSON document in memory.
///
/// A list that is not empty and holds numbers only is always `.numbers`, so that the long arrays of
/// a model cost eight bytes a number and equality stays structural. Build lists with `list(_:)`.
package enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case numbers([Double])
  case array([JSONValue])
  case object([String: JSONValue])

  /// A list in its one form: `.numbers` where every element is a number, else `.array`.
  package static func list(_ elements: [JSONValue]) -> JSONValue {
    guard !elements.isEmpty else { return .array([]) }
    var numbers: [Double] = []
    numbers.reserveCapacity(elements.count)
    for element in elements {
      guard case .number(let number) = element else { return .array(elements) }
      numbers.append(number)
    }
    return .numbers(numbers)
  }

  /// A list of numbers in its one form.
  package static func list(_ numbers: [Double]) -> JSONValue {
    numbers.isEmpty ? .array([]) : .numbers(numbers)
  }

  /// The members of an object, `nil` for anything else.
  package var members: [String: JSONValue]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// The elements of a list, `nil` for anything else.
  package var elements: [JSONValue]? {
    switch self {
    case .array(let elements): elements
    case .numbers(let numbers): numbers.map(JSONValue.number)
    default: nil
    }
  }

  /// The numbers of a list that holds nothing else (or nothing), `nil` for anything else.
  package var doubles: [Double]? {
    switch self {
    case .numbers(let numbers): numbers
    case .array(let elements): elements.isEmpty ? [] : nil
    default: nil
    }
  }

  /// The text, `nil` for anything else.
  package var text: String? { if case .string(let text) = self { text } else { nil } }

  /// The number, `nil` for anything else.
  package var double: Double? { if case .number(let number) = self { number } else { nil } }

  /// The number where it is whole and exactly represented, `nil` for anything else.
  package var integer: Int? { double.flatMap { Int(exactly: $0) } }

  /// The truth value, `nil` for anything else.
  package var boolean: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// The member of that name, `nil` where there is none or this is no object.
  package subscript(_ name: String) -> JSONValue? { members?[name] }

  /// What it is, in words for messages.
  package var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "text"
    case .numbers, .array: "a list"
    case .object: "an object"
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByFloatLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
  ExpressibleByNilLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(floatLiteral value: Double) { self = .number(value) }
  package init(integerLiteral value: Int) { self = .number(Double(value)) }
  package init(arrayLiteral elements: JSONValue...) { self = .list(elements) }
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(Dictionary(elements, uniquingKeysWith: { _, last in last }))
  }
  package init(nilLiteral: ()) { self = .null }
}
