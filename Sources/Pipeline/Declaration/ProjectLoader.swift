import Fingerprints
import FoundationEssentials
import Staging
import Tabular

/// Reads a project's files and checks them one by one and together.
final class ProjectLoader {
  private let folder: String
  private let registry: StageRegistry
  private let complaints = Complaints()
  private var reader: PipelineReader?
  private var stageNodes: [String: DeclarationNode] = [:]
  private var stages: [StageDeclaration] = []
  private var commandFiles: [String: DeclarationFile?] = [:]
  private var commands: [String: CommandDeclaration] = [:]
  private var checks: [CheckDeclaration] = []
  private var setParameters: [String: [String: (value: JSONValue, by: Override)]] = [:]

  init(folder: String, registry: StageRegistry) {
    self.folder = folder
    self.registry = registry
  }

  /// The project; throws all mistakes.
  func load(overrides options: [String]) throws(DeclarationErrors) -> Project {
    var overrides: [Override] = []
    for option in options {
      if let override = Override(option) {
        overrides.append(override)
      } else {
        complaints.add(
          Diagnostic(
            .badOverride, "\(quoted(option)) sets nothing", file: "--set", bytes: Array(option.utf8),
            range: 0..<option.utf8.count, hint: "write PLACE=VALUE",
            help: "such as rank.saveRate=0.3 or sources.customers.path=FILE.csv"))
      }
    }
    if var file = read("pipeline.json") {
      let known = registry.ids + commandStages(file.value)
      for override in overrides where !known.contains(override.place[0]) {
        if PipelineReader.members.contains(override.place[0]) {
          override.apply(to: &file, complaints)
        } else {
          complaints.add(unknownPlace(override, known))
        }
      }
      let reader = PipelineReader(
        DeclarationNode(file, complaints), known: registry.ids + commandStages(file.value))
      self.reader = reader
      for id in reader.pipeline.stages { readStage(id) }
      for override in overrides where known.contains(override.place[0]) { take(override) }
      checkParameters(reader)
      checkTogether(reader)
      GraphCheck(
        reader: reader, stages: stages, nodes: stageNodes, registry: registry, complaints: complaints
      )
      .run()
      if let node = reader.root.child("checks") { checks = CheckReader.checks(node, stages: stages) }
    }
    try complaints.throwIfAny()
    guard let reader else { throw DeclarationErrors([]) }
    var pipeline = reader.pipeline
    pipeline.checks = checks
    return Project(
      folder: folder, pipeline: pipeline, stages: stages, overrides: options, registry: registry,
      commands: commands, document: reader.root.value,
      setParameters: setParameters.mapValues { $0.mapValues(\.value) })
  }

  /// The file at `path` within the project, parsed; `nil` where that cannot be, which is complained about.
  private func read(_ path: String) -> DeclarationFile? {
    let full = folder + "/" + path
    do {
      let data = try Data(contentsOf: URL(filePath: full))
      guard data.count <= DeclarationFile.sizeLimit else {
        complaints.add(Diagnostic(.unreadableFile, "\(path) is larger than 16 MB", file: path))
        return nil
      }
      return DeclarationFile(name: path, bytes: Array(data), into: complaints)
    } catch {
      let exists = FileManager.default.fileExists(atPath: full)
      complaints.add(
        Diagnostic(
          .unreadableFile, exists ? "\(path) cannot be read" : "there is no file \(path) in \(folder)",
          file: path,
          help: path == "pipeline.json"
            ? "`holdfast init DIR --data FILE.csv` makes a project; -C DIR names its folder"
            : exists ? nil : "write it, or take the stage out of \"stages\" in pipeline.json"))
      return nil
    }
  }

  private func readStage(_ id: String) {
    guard let builtIn = registry.stage(id)?.declaration else { return readCommand(id) }
    guard let file = read(StageFile.path(id)) else {
      stages.append(builtIn)
      return
    }
    let node = DeclarationNode(file, complaints)
    stageNodes[id] = node
    stages.append(StageFileReader(node, builtIn: builtIn).declaration())
  }

  /// The stages that `pipeline` lists, that are not built in and that have a file of their own.
  private func commandStages(_ pipeline: JSONValue) -> [String] {
    let listed = (pipeline["stages"]?.elements ?? []).compactMap(\.text)
    let found = listed.filter { id in
      guard isName(id), !registry.ids.contains(id), !PipelineReader.members.contains(id) else { return false }
      return FileManager.default.fileExists(atPath: folder + "/" + StageFile.path(id))
    }
    for id in found where commandFiles[id] == nil { commandFiles[id] = .some(read(StageFile.path(id))) }
    return found
  }

  private func readCommand(_ id: String) {
    guard let file = commandFiles[id] ?? nil else { return }
    let node = DeclarationNode(file, complaints)
    stageNodes[id] = node
    let (stage, command) = CommandFileReader(node, id: id, folder: folder).read()
    stages.append(stage)
    commands[id] = command
  }

  private func unknownPlace(_ override: Override, _ stages: [String]) -> Diagnostic {
    let known = stages + PipelineReader.members
    return override.diagnostic(
      .badOverride, "there is no stage and no member of pipeline.json called \(quoted(override.place[0]))",
      names: 1, hint: NearestName.hint(override.place[0], among: known))
  }

  /// Takes in an override of a stage's parameter.
  private func take(_ override: Override) {
    let id = override.place[0]
    guard let stage = stages.first(where: { $0.id == id }) else {
      return complaints.add(
        override.diagnostic(.unknownStage, "this pipeline has no stage \(quoted(id))", names: 1))
    }
    let names = stage.parameters.map(\.name)
    // A parameter's name has no dot, but a wrong one may.
    let name = override.place.dropFirst().joined(separator: ".")
    guard let parameter = stage.parameters.first(where: { $0.name == name }) else {
      return complaints.add(
        override.diagnostic(
          .unknownParameter, "stage \"\(id)\" has no parameter \(quoted(name))", names: override.place.count,
          hint: NearestName.hint(name, among: names),
          help: names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))"))
    }
    let value = override.value(for: parameter.type)
    if let fault = parameter.fault(in: value) {
      return complaints.add(override.diagnostic(.valueNotAllowed, "\(id).\(name): \(fault)"))
    }
    setParameters[id, default: [:]][name] = (value, override)
  }

  private func checkParameters(_ reader: PipelineReader) {
    for given in reader.given {
      guard let stage = stages.first(where: { $0.id == given.stage }) else { continue }
      guard let parameter = stage.parameters.first(where: { $0.name == given.name }) else {
        let names = stage.parameters.map(\.name)
        given.node.complain(
          .unknownParameter, "stage \"\(stage.id)\" has no parameter \(quoted(given.name))", at: .key,
          hint: NearestName.hint(given.name, among: names),
          help: names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))")
        continue
      }
      if let fault = parameter.fault(in: given.node.value) {
        given.node.complain(.valueNotAllowed, "\(stage.id).\(parameter.name): \(fault)")
      }
    }
  }

  /// Asks each stage whether its parameters fit together, under every profile.
  private func checkTogether(_ reader: PipelineReader) {
    guard complaints.isEmpty else { return }
    let project = Project(
      folder: folder, pipeline: reader.pipeline, stages: stages, overrides: [], registry: registry,
      commands: commands, document: reader.root.value,
      setParameters: setParameters.mapValues { $0.mapValues(\.value) })
    for stage in stages {
      guard let type = registry.stage(stage.id) else { continue }
      for profile in reader.pipeline.profiles {
        do throws(ParameterError) {
          _ = try type.init(parameters: project.parameters(of: stage, profile: profile))
        } catch {
          complain(error, stage: stage.id, profile: profile.name, reader)
        }
      }
    }
  }

  private func complain(_ error: ParameterError, stage: String, profile: String, _ reader: PipelineReader) {
    let message = "\(stage).\(error.name): \(error.message)"
    if let set = setParameters[stage]?[error.name] {
      return complaints.add(set.by.diagnostic(.parametersTogether, message))
    }
    let here = reader.given.filter { $0.stage == stage && $0.name == error.name }
    if let given = here.first(where: { $0.profile == profile }) ?? here.first(where: { $0.profile == nil }) {
      return given.node.complain(.parametersTogether, message)
    }
    let parameters = stageNodes[stage]?.child("parameters")
    (parameters?.child(error.name)?.child("default") ?? parameters)?.complain(.parametersTogether, message)
  }
}
