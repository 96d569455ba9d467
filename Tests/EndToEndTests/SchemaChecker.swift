import Fingerprints

/// Holds documents to JSON Schemas: the words of the language that ours use, and no others.
struct SchemaChecker {
  private let root: JSONValue

  init(_ schema: JSONValue) { root = schema }

  private static let words: Set<String> = [
    "$schema", "$defs", "$ref", "title", "description", "type", "const", "enum", "properties", "required",
    "items", "additionalProperties", "anyOf",
  ]

  /// What of `document` does not fit the schema, a line each with its place; also words of the schema that are
  /// not known here.
  func faults(_ document: JSONValue) -> [String] {
    var found: [String] = []
    check(document, root, "", &found)
    return found
  }

  private func check(_ value: JSONValue, _ schema: JSONValue, _ place: String, _ found: inout [String]) {
    guard let members = schema.members else {
      if schema == false { found.append("\(place): nothing may stand here") }
      return
    }
    for word in members.keys where !SchemaChecker.words.contains(word) {
      found.append("\(place): the schema says \(word), which is not known")
    }
    if let reference = members["$ref"]?.text {
      let name = String(reference.dropFirst("#/$defs/".count))
      guard let target = root["$defs"]?[name] else {
        found.append("\(place): the schema has no \(reference)")
        return
      }
      check(value, target, place, &found)
    }
    if let types = members["type"] {
      let allowed = types.elements?.compactMap(\.text) ?? types.text.map { [$0] } ?? []
      if !allowed.contains(where: { SchemaChecker.isOf($0, value) }) {
        found.append("\(place): it is no \(allowed.joined(separator: " or "))")
        return
      }
    }
    if let wanted = members["const"], wanted != value { found.append("\(place): it is not \(wanted)") }
    if let words = members["enum"]?.elements, !words.contains(value) {
      found.append("\(place): it is none of the words allowed")
    }
    if let choices = members["anyOf"]?.elements {
      let fits = choices.contains { choice in
        var faults: [String] = []
        check(value, choice, place, &faults)
        return faults.isEmpty
      }
      if !fits { found.append("\(place): it fits none of the choices") }
    }
    if let object = value.members {
      for name in members["required"]?.elements?.compactMap(\.text) ?? [] where object[name] == nil {
        found.append("\(place): \(name) is not there")
      }
      let known = members["properties"]?.members ?? [:]
      for (name, member) in object {
        if let schema = known[name] {
          check(member, schema, "\(place)/\(name)", &found)
        } else if let rest = members["additionalProperties"] {
          check(member, rest, "\(place)/\(name)", &found)
        }
      }
    }
    if let elements = value.elements, let items = members["items"] {
      for (index, element) in elements.enumerated() { check(element, items, "\(place)/\(index)", &found) }
    }
  }

  private static func isOf(_ type: String, _ value: JSONValue) -> Bool {
    switch type {
    case "object": value.members != nil
    case "array": value.elements != nil
    case "string": value.text != nil
    case "number": value.double != nil
    case "boolean": value == true || value == false
    case "null": value == .null
    default: false
    }
  }
}
