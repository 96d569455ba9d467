import Fingerprints
package import Staging

/// A stage's declaration as the file `stages/<id>.json`.
package enum StageFile {
  /// Schema name and version of the file.
  package static let schema = "holdfast.stage/v1"

  /// The file's path relative to the project's folder.
  package static func path(_ id: String) -> String { "stages/\(id).json" }

  /// The file's text for `declaration`: members in a fixed order, two spaces of indentation; reading
  /// it back gives the same declaration.
  package static func text(of declaration: StageDeclaration) -> String {
    let inputs = declaration.inputs.map { input in
      OrderedJSON.object([
        ("name", .value(.string(input.name))), ("optional", .value(.bool(input.isOptional))),
        ("columns", .value(.list(input.columns.map(JSONValue.string)))),
        ("purpose", .value(.string(input.purpose))),
      ])
    }
    let outputs = declaration.outputs.map { output in
      OrderedJSON.object([
        ("name", .value(.string(output.name))), ("kind", .value(.string(output.kind.rawValue))),
        ("file", .value(.string(output.fileName))), ("format", .value(.string(output.format))),
        ("class", .value(.string(output.dataClass.rawValue))), ("purpose", .value(.string(output.purpose))),
      ])
    }
    let parameters = declaration.parameters.map { parameter -> (String, OrderedJSON) in
      var members: [(String, OrderedJSON)] = [("type", .value(.string(parameter.type.word)))]
      switch parameter.type {
      case .integer(let range):
        members.append(("range", .value(.array([bound(range.lowerBound), bound(range.upperBound)]))))
      case .number(let range):
        members.append(("range", .value(.array([bound(range.lowerBound), bound(range.upperBound)]))))
      case .choice(let choices), .choices(let choices):
        members.append(("choices", .value(.list(choices.map(JSONValue.string)))))
      case .flag, .text, .texts: break
      }
      members.append(("default", .value(parameter.defaultValue)))
      members.append(("help", .value(.string(parameter.help))))
      return (parameter.name, .object(members))
    }
    let file = OrderedJSON.object([
      ("schema", .value(.string(schema))), ("id", .value(.string(declaration.id))),
      ("kind", .value("module")), ("purpose", .value(.string(declaration.purpose))),
      ("inputs", .list(inputs)), ("outputs", .list(outputs)), ("parameters", .object(parameters)),
    ])
    return file.text(depth: 0) + "\n"
  }

  /// A bound as written; `null` where there is none.
  private static func bound(_ value: Int) -> JSONValue {
    abs(Double(value)) > 9_007_199_254_740_992 ? .null : .number(Double(value))
  }

  private static func bound(_ value: Double) -> JSONValue {
    abs(value) == .greatestFiniteMagnitude || !value.isFinite ? .null : .number(value)
  }
}

extension ParameterType {
  /// What the type is called in a stage's file.
  package var word: String {
    switch self {
    case .integer: "integer"
    case .number: "number"
    case .flag: "flag"
    case .choice: "choice"
    case .choices: "choices"
    case .text: "text"
    case .texts: "texts"
    }
  }

  /// All types' words.
  static let words = ["integer", "number", "flag", "choice", "choices", "text", "texts"]
}

/// JSON whose members keep their order, for files that people read and edit.
private enum OrderedJSON {
  case value(JSONValue)
  case list([OrderedJSON])
  case object([(String, OrderedJSON)])

  func text(depth: Int) -> String {
    let inner = "\n" + String(repeating: "  ", count: depth + 1)
    let outer = "\n" + String(repeating: "  ", count: depth)
    switch self {
    case .value(.array(let elements)):
      return "[" + elements.map { OrderedJSON.value($0).text(depth: depth) }.joined(separator: ", ") + "]"
    case .value(.numbers(let numbers)):
      return OrderedJSON.value(.array(numbers.map(JSONValue.number))).text(depth: depth)
    case .value(let value): return String(decoding: CanonicalJSON.encode(value), as: UTF8.self)
    case .list(let elements):
      guard !elements.isEmpty else { return "[]" }
      return "[" + elements.map { inner + $0.text(depth: depth + 1) }.joined(separator: ",") + outer + "]"
    case .object(let members):
      guard !members.isEmpty else { return "{}" }
      let lines = members.map { name, member in
        inner + OrderedJSON.value(.string(name)).text(depth: 0) + ": " + member.text(depth: depth + 1)
      }
      return "{" + lines.joined(separator: ",") + outer + "}"
    }
  }
}
