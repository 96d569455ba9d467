import Fingerprints
import Staging
import Tabular

/// Reads `stages/<id>.json` and holds it to the stage that is built in.
struct StageFileReader {
  let root: DeclarationNode
  let builtIn: StageDeclaration
  let what: String

  /// A reader of the file at `root`, which declares the stage `builtIn`.
  init(_ root: DeclarationNode, builtIn: StageDeclaration) {
    self.root = root
    self.builtIn = builtIn
    what = "stage \"\(builtIn.id)\""
  }

  /// The declaration in force: the built-in one with the file's wording, defaults and ranges.
  func declaration() -> StageDeclaration {
    var result = builtIn
    let keys = ["schema", "id", "kind", "purpose", "inputs", "outputs", "parameters"]
    guard root.isObject(what, keys: keys) else { return result }
    checkSchema(root, StageFile.schema, of: "the file of \(what)")
    if let node = root.required("id", of: what), let id = node.text(), id != builtIn.id {
      node.complain(
        .disagreesWithStage, "the file declares \(quoted(id)), its name says \"\(builtIn.id)\"")
    }
    if let node = root.required("kind", of: what), let kind = node.text(), kind != "module" {
      node.complain(.valueNotAllowed, "\(quoted(kind)) is no kind of stage", help: "known is module")
    }
    if let purpose = root.required("purpose", of: what)?.text() { result.purpose = purpose }
    if let node = root.required("inputs", of: what) { checkInputs(node) }
    if let node = root.required("outputs", of: what) { checkOutputs(node) }
    if let node = root.required("parameters", of: what) { result.parameters = parameters(node) }
    return result
  }

  /// Names listed at `node`, with complaints about those that repeat or that the stage does not have.
  private func items(
    _ node: DeclarationNode, _ noun: String, keys: [String], known: [String]
  ) -> [(name: String, node: DeclarationNode)] {
    var items: [(name: String, node: DeclarationNode)] = []
    for element in node.elements() where element.isObject("an \(noun) of \(what)", keys: keys) {
      guard let member = element.required("name", of: "an \(noun) of \(what)"), let name = member.text()
      else {
        continue
      }
      if items.contains(where: { $0.name == name }) {
        member.complain(.repeated, "\(what) lists the \(noun) \(quoted(name)) twice", hint: "keep one")
      } else if !known.contains(name) {
        member.complain(
          .disagreesWithStage, "\(what) has no \(noun) \(quoted(name))",
          hint: NearestName.hint(name, among: known), help: "it has \(known.joined(separator: ", "))")
      } else {
        items.append((name, element))
      }
    }
    if node.value.elements != nil {
      for name in known where !items.contains(where: { $0.name == name }) {
        node.complain(.disagreesWithStage, "the \(noun) \"\(name)\" of \(what) is not listed", at: .key)
      }
    }
    return items
  }

  private func checkInputs(_ node: DeclarationNode) {
    let listed = items(
      node, "input", keys: ["name", "optional", "columns", "purpose"], known: builtIn.inputs.map(\.name))
    for (name, element) in listed {
      guard let input = builtIn.inputs.first(where: { $0.name == name }) else { continue }
      let optional = element.child("optional")?.flag() ?? false
      if optional != input.isOptional {
        (element.child("optional") ?? element).complain(
          .disagreesWithStage, "\(what) \(input.isOptional ? "can do without" : "needs") \"\(name)\"",
          hint: "write \"optional\": \(input.isOptional)")
      }
      let columns = element.child("columns")?.texts() ?? []
      if columns != input.columns {
        (element.child("columns") ?? element).complain(
          .disagreesWithStage, "\(what) reads other columns of \"\(name)\"",
          help: input.columns.isEmpty
            ? "it takes all; write []" : "it reads \(input.columns.joined(separator: ", "))")
      }
      _ = element.child("purpose")?.text()
    }
  }

  private func checkOutputs(_ node: DeclarationNode) {
    let listed = items(
      node, "output", keys: ["name", "kind", "file", "format", "class", "purpose"],
      known: builtIn.outputs.map(\.name))
    for (name, element) in listed {
      guard let output = builtIn.outputs.first(where: { $0.name == name }) else { continue }
      func agree(_ key: String, _ expected: String) {
        guard let member = element.required(key, of: "output \"\(name)\""), let text = member.text(),
          text != expected
        else { return }
        if key == "file", !isFileName(text) {
          member.complain(
            .badPath, "\(quoted(text)) leaves the stage's own folder",
            help: "artifacts are linked from artifacts/latest/\(builtIn.id)/; name a file there")
        } else {
          member.complain(
            .disagreesWithStage, "\"\(name)\" has the \(key) \"\(expected)\" in \(what)",
            hint: "write \"\(expected)\"")
        }
      }
      agree("kind", output.kind.rawValue)
      agree("file", output.fileName)
      agree("format", output.format)
      if element.child("class") != nil { agree("class", output.dataClass.rawValue) }
      _ = element.child("purpose")?.text()
    }
  }

  private func parameters(_ node: DeclarationNode) -> [ParameterDeclaration] {
    let known = builtIn.parameters.map(\.name)
    for (name, member) in node.entries() where !known.contains(name) {
      member.complain(
        .unknownParameter, "\(what) has no parameter \(quoted(name))", at: .key,
        hint: NearestName.hint(name, among: known),
        help: known.isEmpty ? "it has none" : "it has \(known.joined(separator: ", "))")
    }
    return builtIn.parameters.map { parameter in
      guard let member = node.child(parameter.name) else {
        if node.value.members != nil {
          node.complain(
            .disagreesWithStage, "the parameter \"\(parameter.name)\" of \(what) is not listed", at: .key)
        }
        return parameter
      }
      return ParameterReader(member, builtIn: parameter).declaration()
    }
  }
}

/// Whether `text` names a file within one folder, and no hidden one.
func isFileName(_ text: String) -> Bool {
  let bytes = Array(text.utf8)
  guard let first = bytes.first, bytes.count <= 128 else { return false }
  let isWord = { (byte: UInt8) in
    (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
      || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }
  return isWord(first)
    && bytes.allSatisfy { byte in
      isWord(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}
