import Fingerprints
import Glibc
import Staging
import Tabular

/// Reads `stages/<id>.json` of kind `command`: the file is all there is of such a stage.
struct CommandFileReader {
  let root: DeclarationNode
  let id: String
  private let folder: String
  private let what: String

  /// A reader of a file of the project in `folder`.
  init(_ root: DeclarationNode, id: String, folder: String) {
    self.root = root
    self.folder = folder
    self.id = id
    what = "stage \"\(id)\""
  }

  /// Longest time a program may be given: a week.
  private static let timeLimits = 1...604_800

  /// The stage and what it runs; where something is wrong, which is complained about, as much as is right.
  func read() -> (stage: StageDeclaration, command: CommandDeclaration) {
    var stage = StageDeclaration(
      id: id, purpose: "", codeVersion: 1, module: "", inputs: [], outputs: [])
    var command = CommandDeclaration(arguments: [], files: [], environment: [:])
    let keys = [
      "schema", "id", "kind", "purpose", "version", "command", "files", "environment", "timeLimitSeconds",
      "inputs", "outputs",
    ]
    guard root.isObject(what, keys: keys) else { return (stage, command) }
    checkSchema(root, StageFile.schema, of: "the file of \(what)")
    if let node = root.required("id", of: what), let text = node.text(), text != id {
      node.complain(.disagreesWithStage, "the file declares \(quoted(text)), its name says \"\(id)\"")
    }
    if let node = root.required("kind", of: what), let kind = node.text(), kind != "command" {
      node.complain(
        .valueNotAllowed, "no stage \"\(id)\" is built in, so it cannot be of kind \(quoted(kind))",
        hint: "write \"command\" for a program of your own")
    }
    stage.purpose = root.required("purpose", of: what)?.text() ?? ""
    if let node = root.child("version"), let version = node.integer() {
      stage.codeVersion = version
      if version < 1 { node.complain(.valueNotAllowed, "a version is a whole number from 1") }
    }
    if let node = root.required("inputs", of: what) { stage.inputs = inputs(node) }
    if let node = root.required("outputs", of: what) { stage.outputs = outputs(node) }
    if let node = root.child("files") {
      command.files = files(node)
      for element in node.elements() { element.value.text.map { command.places[$0] = element.place(.value) } }
    }
    if let node = root.child("environment") { command.environment = environment(node) }
    if let node = root.child("timeLimitSeconds"), let seconds = node.integer() {
      command.timeLimit = seconds
      if !CommandFileReader.timeLimits.contains(seconds) {
        node.complain(.valueNotAllowed, "a time limit is 1 to 604800 seconds")
      }
    }
    if let node = root.required("command", of: what) {
      command.arguments = arguments(node, of: stage, files: command.files)
      if let program = node.elements().first, let name = program.value.text, command.places[name] == nil {
        command.places[name] = program.place(.value)
      }
    }
    return (stage, command)
  }

  private func arguments(
    _ node: DeclarationNode, of stage: StageDeclaration, files: [String]
  ) -> [String] {
    var arguments: [String] = []
    for element in node.elements() {
      guard let text = passable(element) else { continue }
      arguments.append(text)
      for piece in CommandDeclaration.pieces(of: text) {
        let (name, known) =
          switch piece {
          case .text: ("", [""])
          case .input(let name): (name, stage.inputs.map(\.name))
          case .output(let name): (name, stage.outputs.map(\.name))
          }
        guard !known.contains(name) else { continue }
        element.complain(
          .unknownArtifact, "\(what) declares no such input or output: \(quoted(name))",
          hint: NearestName.hint(name, among: known),
          help: known.isEmpty ? nil : "it has \(known.joined(separator: ", "))")
      }
    }
    guard let program = arguments.first else {
      if node.value.elements?.isEmpty == true {
        node.complain(.valueNotAllowed, "the program of \(what) is not named")
      }
      return arguments
    }
    if program.isEmpty || CommandDeclaration.pieces(of: program) != [.text(program)] {
      node.elements().first?.complain(.valueNotAllowed, "the first element names the program")
    }
    if program.contains("/"), !program.hasPrefix("/"), !files.contains(program) {
      node.complain(
        .badPath, "\(quoted(program)) is a file of the project that \(what) does not declare",
        hint: "list it under \"files\"")
    }
    return arguments
  }

  /// The text of a node that can be handed to a program.
  private func passable(_ node: DeclarationNode) -> String? {
    guard let text = node.text() else { return nil }
    if !text.utf8.contains(0) { return text }
    node.complain(.valueNotAllowed, "a NUL cannot be handed to a program")
    return nil
  }

  private func files(_ node: DeclarationNode) -> [String] {
    let files = node.texts() ?? []
    for element in node.elements() {
      guard let text = element.value.text else { continue }
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      let isInside = parts.allSatisfy { part in
        !part.isEmpty && part != "." && part != ".."
          && part.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
      }
      if !isInside {
        element.complain(.badPath, "\(quoted(text)) is no path of a file within the project's folder")
      } else if leadsOut(text) {
        element.complain(
          .badPath, "\(quoted(text)) is a link, or lies behind one, that leads out of the project's folder",
          hint: "put the file itself there")
      }
    }
    return files
  }

  /// Whether links on the way to a file of the project end elsewhere.
  private func leadsOut(_ file: String) -> Bool {
    func real(_ path: String) -> String? {
      guard let place = unsafe realpath(path, nil) else { return nil }
      defer { unsafe free(place) }
      return unsafe String(cString: place)
    }
    guard let root = real(folder), let place = real(folder + "/" + file) else { return false }
    return !place.utf8.starts(with: (root == "/" ? root : root + "/").utf8)
  }

  private func environment(_ node: DeclarationNode) -> [String: String] {
    var environment: [String: String] = [:]
    for (name, value) in node.entries() {
      let letters = Array(name.utf8)
      let isRight =
        !letters.isEmpty && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(letters[0])
        && letters.allSatisfy { byte in
          byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
      if !isRight {
        value.complain(
          .badName, "\(quoted(name)) cannot name a variable of the environment", at: .key,
          help: "such a name is letters, digits and '_', and does not begin with a digit")
      }
      if let text = passable(value) { environment[name] = text }
    }
    return environment
  }

  private func inputs(_ node: DeclarationNode) -> [InputDeclaration] {
    var inputs: [InputDeclaration] = []
    let each = "an input of \(what)"
    for element in node.elements() where element.isObject(each, keys: ["name", "optional", "purpose"]) {
      guard let member = element.required("name", of: each), let name = member.text() else { continue }
      let artifact =
        switch InputSource(name) {
        case .source(let name), .stage(let name), .champion(let name), .previous(let name): name
        }
      guard member.name("an input", artifact, at: .value) != nil else { continue }
      if inputs.contains(where: { $0.name == name }) {
        member.complain(.repeated, "\(what) lists the input \(quoted(name)) twice", hint: "keep one")
        continue
      }
      inputs.append(
        InputDeclaration(
          name, optional: element.child("optional")?.flag() ?? false,
          purpose: element.child("purpose")?.text() ?? ""))
    }
    return inputs
  }

  private func outputs(_ node: DeclarationNode) -> [OutputDeclaration] {
    var outputs: [OutputDeclaration] = []
    let each = "an output of \(what)"
    let keys = ["name", "kind", "file", "format", "class", "purpose"]
    for element in node.elements() where element.isObject(each, keys: keys) {
      let file = element.required("file", of: each)?.text()
      let format = element.required("format", of: each)?.text()
      guard let member = element.required("name", of: each), let text = member.text(),
        let name = member.name("an output", text, at: .value), let file, let format
      else { continue }
      if outputs.contains(where: { $0.name == name }) {
        member.complain(.repeated, "\(what) lists the output \(quoted(name)) twice", hint: "keep one")
        continue
      }
      if !isFileName(file) {
        element.child("file")?.complain(
          .badPath, "\(quoted(file)) leaves the stage's own folder",
          help: "artifacts are linked from artifacts/latest/\(id)/; name a file there")
      }
      if format.isEmpty {
        element.child("format")?.complain(.valueNotAllowed, "a format is a media type such as \"text/csv\"")
      }
      if let kind = element.child("kind"), let text = kind.text(), text != ArtifactKind.file.rawValue {
        kind.complain(
          .valueNotAllowed, "a program makes files; \(quoted(text)) is made by built-in stages",
          hint: "write \"file\"")
      }
      outputs.append(
        OutputDeclaration(
          name, .file, fileName: file, format: format, purpose: element.child("purpose")?.text() ?? "",
          holds: element.child("class")?.choice(DataClass.self) ?? .derived))
    }
    if node.value.elements?.isEmpty == true {
      node.complain(.valueNotAllowed, "\(what) has at least one output")
    }
    return outputs
  }
}
