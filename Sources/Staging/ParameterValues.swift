package import Fingerprints

/// Why a parameter's value is refused.
package struct ParameterError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The parameter.
  package let name: String
  /// What is wrong, and what would be right.
  package let message: String

  /// An error about one parameter.
  package init(_ name: String, _ message: String) {
    self.name = name
    self.message = message
  }

  package var description: String { "parameter \"\(name)\": \(message)" }
}

extension ParameterDeclaration {
  /// What is wrong with `value`, `nil` where nothing is.
  package func fault(in value: JSONValue) -> String? {
    if value == .null { return defaultValue == .null ? nil : "\(expectation) expected, null found" }
    switch type {
    case .integer(let range):
      guard let whole = value.integer else { return "\(expectation) expected, \(value.kindName) found" }
      return range.contains(whole) ? nil : "\(whole) is out of range; \(expectation) expected"
    case .number(let range):
      guard let number = value.double else { return "\(expectation) expected, \(value.kindName) found" }
      return range.contains(number) ? nil : "\(number) is out of range; \(expectation) expected"
    case .flag:
      return value.boolean == nil ? "\(expectation) expected, \(value.kindName) found" : nil
    case .choice(let choices):
      guard let text = value.text else { return "\(expectation) expected, \(value.kindName) found" }
      return choices.contains(text) ? nil : "\"\(text)\" is not among them; \(expectation) expected"
    case .choices(let choices):
      guard let elements = value.elements else { return "\(expectation) expected, \(value.kindName) found" }
      let texts = elements.compactMap(\.text)
      guard texts.count == elements.count, !texts.isEmpty, Set(texts).count == texts.count else {
        return "\(expectation) expected"
      }
      let strange = texts.first { !choices.contains($0) }
      return strange.map { "\"\($0)\" is not among them; \(expectation) expected" }
    case .text:
      return value.text == nil ? "\(expectation) expected, \(value.kindName) found" : nil
    case .texts:
      guard let elements = value.elements, elements.allSatisfy({ $0.text != nil }) else {
        return "\(expectation) expected"
      }
      return nil
    }
  }

  /// What may stand here, in words.
  package var expectation: String {
    switch type {
    case .integer(let range):
      range.upperBound == .max
        ? "a whole number from \(range.lowerBound)"
        : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range):
      range.upperBound == .greatestFiniteMagnitude
        ? "a number from \(range.lowerBound)" : "a number from \(range.lowerBound) to \(range.upperBound)"
    case .flag: "true or false"
    case .choice(let choices): "one of \(choices.joined(separator: ", "))"
    case .choices(let choices): "a list of some of \(choices.joined(separator: ", "))"
    case .text: "text"
    case .texts: "a list of texts"
    }
  }
}

/// A stage's parameters, checked: every declared one has a value of its type and range. Reading one
/// that is not declared is a fault of the stage's own code and stops the program.
package struct ParameterValues: Sendable, Equatable {
  /// The values by name, defaults filled in: what goes into the key.
  package let values: [String: JSONValue]

  /// The values `given` over the defaults of `declarations`; throws for the first that is unknown or
  /// does not fit.
  package init(
    _ declarations: [ParameterDeclaration], given: [String: JSONValue] = [:]
  ) throws(ParameterError) {
    var values: [String: JSONValue] = [:]
    for declaration in declarations { values[declaration.name] = declaration.defaultValue }
    for name in CanonicalJSON.sortedKeys(given) {
      guard let declaration = declarations.first(where: { $0.name == name }) else {
        throw ParameterError(name, "there is no such parameter")
      }
      let value = given[name] ?? .null
      if let fault = declaration.fault(in: value) { throw ParameterError(name, fault) }
      values[name] = value
    }
    self.values = values
  }

  private func value(_ name: String) -> JSONValue {
    guard let value = values[name] else {
      preconditionFailure("the stage reads parameter \"\(name)\", which it does not declare")
    }
    return value
  }

  /// The whole number of that name; `nil` where it is `null`.
  package func integer(_ name: String) -> Int? { value(name).integer }
  /// The number of that name; `nil` where it is `null`.
  package func number(_ name: String) -> Double? { value(name).double }
  /// The truth value of that name.
  package func flag(_ name: String) -> Bool { value(name).boolean ?? false }
  /// The text of that name; `nil` where it is `null`.
  package func text(_ name: String) -> String? { value(name).text }
  /// The texts of that name; `nil` where it is `null`.
  package func texts(_ name: String) -> [String]? { value(name).elements?.compactMap(\.text) }
}
