import Fingerprints
import Staging
import Tabular

/// One `--set PLACE=VALUE`: for one run, another value of a stage's parameter or of a member of
/// `pipeline.json`.
package struct Override: Sendable, Equatable {
  /// The option as given.
  package let option: String
  /// The names of the place, from the outermost.
  package let place: [String]
  /// The value as given.
  package let valueText: String
  /// Where in the option the value begins, in bytes.
  let valueOffset: Int

  /// The override that `option` asks for; `nil` where it is none.
  package init?(_ option: String) {
    let bytes = Array(option.utf8)
    guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")), equals > 0 else { return nil }
    self.option = option
    let parts = bytes[..<equals].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    place = parts.map { String(decoding: $0, as: UTF8.self) }
    guard place.count >= 1, !place.contains("") else { return nil }
    valueText = String(decoding: bytes[(equals + 1)...], as: UTF8.self)
    valueOffset = equals + 1
  }

  /// A mistake at the value, or at the first `names` names of the place.
  func diagnostic(
    _ code: DiagnosticCode, _ message: String, names: Int? = nil, hint: String? = nil, help: String? = nil
  ) -> Diagnostic {
    let bytes = Array(option.utf8)
    var range = valueOffset..<bytes.count
    if let names {
      let end = place.prefix(names).reduce(-1) { $0 + 1 + $1.utf8.count }
      range = end - place[names - 1].utf8.count..<end
    }
    return Diagnostic(code, message, file: "--set", bytes: bytes, range: range, hint: hint, help: help)
  }

  /// The value for a place that holds `current`: JSON where it can be read as such, else text. Where
  /// text stands now, text it stays.
  func value(inPlaceOf current: JSONValue?) -> JSONValue {
    let json = try? JSONParser.parse(Array(valueText.utf8))
    if let json, current?.text == nil || json.text != nil { return json }
    return .string(valueText)
  }

  /// The value for a parameter: as above, and numbers as people write them (`.3`, `+1`).
  func value(for type: ParameterType) -> JSONValue {
    let json = try? JSONParser.parse(Array(valueText.utf8))
    switch type {
    case .text, .choice:
      if let json, json.text != nil || json == .null { return json }
      return .string(valueText)
    case .integer, .number:
      if let json { return json }
      let isPlain = valueText.utf8.allSatisfy { "+-.0123456789eE".utf8.contains($0) }
      if isPlain, let number = Double(valueText), number.isFinite { return .number(number) }
      return .string(valueText)
    case .flag: return json ?? .string(valueText)
    case .choices, .texts:
      if let json { return json }
      return .list(valueText.split(separator: ",").map { JSONValue.string(String($0)) })
    }
  }

  /// Puts the value into `file`, which is pipeline.json, or complains.
  func apply(to file: inout DeclarationFile, _ complaints: Complaints) {
    var names: [String] = []
    var value = file.value
    for (depth, name) in place.dropLast().enumerated() {
      var found = name
      if let elements = value.elements {
        // A list's element is known by its number or, as a column, by its name.
        if let index = elements.firstIndex(where: { $0["name"]?.text == name }) { found = String(index) }
        guard let index = Int(found), elements.indices.contains(index) else {
          return complaints.add(unknown(depth + 1, among: elements.compactMap { $0["name"]?.text }))
        }
        value = elements[index]
      } else if let member = value[name] {
        value = member
      } else if ["dialect", "profiles", "parameters"].contains(name), value.members != nil {
        value = [:]
      } else {
        return complaints.add(unknown(depth + 1, among: value.members.map { Array($0.keys) } ?? []))
      }
      names.append(found)
    }
    guard value.members != nil, let last = place.last else {
      return complaints.add(unknown(place.count, among: []))
    }
    names.append(last)
    let path = names.reduce("") { $0 + "/" + $1 }
    file.value = Override.setting(names[...], to: self.value(inPlaceOf: value[last]), in: file.value)
    file.overrides[path] = (option, valueOffset)
  }

  private func unknown(_ names: Int, among known: [String]) -> Diagnostic {
    let name = place[names - 1]
    return diagnostic(
      .badOverride, "pipeline.json has nothing at \(quoted(place.prefix(names).joined(separator: ".")))",
      names: names, hint: NearestName.hint(name, among: known))
  }

  private static func setting(_ names: ArraySlice<String>, to new: JSONValue, in value: JSONValue)
    -> JSONValue
  {
    guard let name = names.first else { return new }
    if var elements = value.elements, let index = Int(name), elements.indices.contains(index) {
      elements[index] = setting(names.dropFirst(), to: new, in: elements[index])
      return .list(elements)
    }
    var members = value.members ?? [:]
    members[name] = setting(names.dropFirst(), to: new, in: members[name] ?? [:])
    return .object(members)
  }
}
