import Fingerprints

/// One component of a key that differs between two results of a stage.
package struct KeyChange: Sendable, Equatable {
  /// What kind of component.
  package enum Component: String, Sendable {
    case format
    case code
    case codeVersion
    case output
    case parameter
    case contract
    case input
    case seed
    case program
    case file
    case arguments
    case environment
  }

  /// What kind of component.
  package let component: Component
  /// Which one: `rank.gamma`, `features`, `customers/columns/Balance/minimum`; empty where there is
  /// only one of the kind.
  package let name: String
  /// As it was, short; `nil` where there was none.
  package let old: String?
  /// As it is, short; `nil` where there is none.
  package let new: String?

  /// A stable word for programs: `code`, `parameter:rank.gamma`, `input:features`.
  package var code: String { name.isEmpty ? component.rawValue : "\(component.rawValue):\(name)" }

  /// For people: `parameter rank.gamma 0.25 → 0.3`.
  package var text: String {
    let values = "\(old ?? "none") → \(new ?? "none")"
    switch component {
    case .code: return "code changed (\(values))"
    case .program: return "program changed (\(values))"
    case .file: return "file \(name) changed (\(values))"
    case .arguments: return "arguments changed"
    case .environment: return "environment \(name) \(values)"
    case .codeVersion: return "code version \(values)"
    case .format: return "key format \(values)"
    case .seed: return "seed \(values)"
    case .contract: return "contract \(name) \(values)"
    case .output: return "format of \(name) \(values)"
    case .parameter: return "parameter \(name) \(values)"
    case .input where old == nil: return "input \(name) is there now (\(new ?? ""))"
    case .input where new == nil: return "input \(name) is no longer there"
    case .input: return "input \(name) \(values)"
    }
  }
}

extension KeyPreimage {
  /// What differs from `old` to this one, code first, then inputs, parameters, contract and the rest;
  /// empty exactly when the keys are equal.
  package func changes(from old: KeyPreimage) -> [KeyChange] {
    var changes: [KeyChange] = []
    let before = old.document
    func compare(_ component: KeyChange.Component, _ member: String) {
      let (a, b) = (before[member], document[member])
      guard a != b else { return }
      changes.append(
        KeyChange(
          component: component, name: "", old: a.map { KeyPreimage.short($0, component) },
          new: b.map { KeyPreimage.short($0, component) }))
    }
    func compareMembers(_ component: KeyChange.Component, _ member: String, prefix: String = "") {
      let (a, b) = (before[member]?.members ?? [:], document[member]?.members ?? [:])
      for name in CanonicalJSON.sortedKeys(a.merging(b) { first, _ in first }) where a[name] != b[name] {
        changes.append(
          KeyChange(
            component: component, name: prefix + name, old: a[name].map { KeyPreimage.short($0, component) },
            new: b[name].map { KeyPreimage.short($0, component) }))
      }
    }
    compare(.format, "format")
    // The code of a command is its program and its files, which are told one by one.
    if before["program"] == nil || document["program"] == nil { compare(.code, "code") }
    compare(.program, "program")
    compareMembers(.file, "files")
    compare(.arguments, "arguments")
    compareMembers(.environment, "environment")
    compare(.codeVersion, "codeVersion")
    compareMembers(.input, "inputs")
    compareMembers(.parameter, "parameters", prefix: (document["stage"]?.text ?? "") + ".")
    compareLeaves(before["contract"], document["contract"], path: "", into: &changes)
    compare(.seed, "seed")
    compareMembers(.output, "outputs")
    return changes
  }

  /// Compares two contracts down to the members that differ; list elements are known by their name.
  private func compareLeaves(
    _ old: JSONValue?, _ new: JSONValue?, path: String, into changes: inout [KeyChange]
  ) {
    guard old != new else { return }
    if let (a, b) = KeyPreimage.named(old, new) {
      for name in CanonicalJSON.sortedKeys(a.merging(b) { first, _ in first }) {
        compareLeaves(a[name], b[name], path: path.isEmpty ? name : path + "/" + name, into: &changes)
      }
      // The same columns in another order differ in nothing but it.
      if a == b {
        changes.append(KeyChange(component: .contract, name: path, old: "order", new: "other order"))
      }
      return
    }
    changes.append(
      KeyChange(
        component: .contract, name: path, old: old.map { KeyPreimage.short($0, .contract) },
        new: new.map { KeyPreimage.short($0, .contract) }))
  }

  private static func named(_ old: JSONValue?, _ new: JSONValue?) -> (
    [String: JSONValue], [String: JSONValue]
  )? {
    if let a = old?.members, let b = new?.members { return (a, b) }
    func byName(_ value: JSONValue?) -> [String: JSONValue]? {
      guard let elements = value?.elements else { return nil }
      var members: [String: JSONValue] = [:]
      for element in elements {
        guard let name = element["name"]?.text, members.updateValue(element, forKey: name) == nil else {
          return nil
        }
      }
      return members
    }
    guard let a = byName(old), let b = byName(new) else { return nil }
    return (a, b)
  }

  /// A component in few letters: digests by their first four, long values cut.
  private static func short(_ value: JSONValue, _ component: KeyChange.Component) -> String {
    let isDigest = [.input, .code, .program, .file].contains(component)
    if isDigest, let text = value.text { return String(text.prefix(6)) }
    if case .object(let members) = value, let name = members["name"]?.text { return "column \(quoted(name))" }
    let text = value.text ?? String(decoding: CanonicalJSON.encode(value), as: UTF8.self)
    return text.count > 40 ? String(text.prefix(39)) + "…" : text
  }
}
