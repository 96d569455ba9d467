import Fingerprints
import Tabular

/// Reads `pipeline.json`: everything that can be said without the stages' own files.
struct PipelineReader {
  /// A member whose value only the stages can judge: which stage, which parameter, where.
  struct GivenParameter {
    let profile: String?
    let stage: String
    let name: String
    let node: DeclarationNode
  }

  let root: DeclarationNode
  private(set) var pipeline: PipelineDeclaration
  /// All parameters given, in pipeline.json and its profiles.
  private(set) var given: [GivenParameter] = []
  /// Where each stage is listed.
  private(set) var stageNodes: [String: DeclarationNode] = [:]
  /// Where each artifact of a profile's champion list stands: profile, artifact, place.
  private(set) var championNodes: [(profile: String, artifact: String, node: DeclarationNode)] = []

  /// Names a stage cannot have, because `--set` would not know which is meant.
  static let members = [
    "schema", "name", "seed", "sources", "stages", "parameters", "profiles", "checks", "comment",
  ]

  /// Reads the file at `root`; `known` are the stages built in.
  init(_ root: DeclarationNode, known: [String]) {
    self.root = root
    pipeline = PipelineDeclaration(
      name: "", seed: 0, sources: [], stages: [], parameters: [:], profiles: [])
    let what = "pipeline.json"
    guard root.isObject(what, keys: PipelineReader.members) else { return }
    checkSchema(root, PipelineDeclaration.schema, of: what)
    if let node = root.required("name", of: what), let text = node.text() {
      pipeline.name = node.name("a pipeline", text, at: .value) ?? ""
    }
    pipeline.seed = root.required("seed", of: what)?.integer() ?? 0
    if let node = root.required("sources", of: what) {
      for (name, source) in node.entries() {
        guard source.name("a source", name, at: .key) != nil,
          let declaration = SourceReader.source(name, source)
        else { continue }
        pipeline.sources.append(declaration)
      }
    }
    if let node = root.required("stages", of: what) { readStages(node, known: known) }
    if let node = root.child("parameters") {
      pipeline.parameters = readParameters(node, profile: nil)
    }
    if let node = root.child("profiles") {
      for (name, profile) in node.entries() { readProfile(name, profile) }
    }
    if pipeline.profile(ProfileDeclaration.defaultName) == nil {
      pipeline.profiles.append(
        ProfileDeclaration(
          name: ProfileDeclaration.defaultName, stages: nil, champion: [], parameters: [:]))
      pipeline.profiles.sort { $0.name < $1.name }
    }
  }

  private mutating func readStages(_ node: DeclarationNode, known: [String]) {
    guard node.texts() != nil else { return }
    if node.value.elements?.isEmpty == true {
      node.complain(.valueNotAllowed, "a pipeline has at least one stage")
    }
    for element in node.elements() {
      guard let id = element.value.text, stageNodes[id] == nil else { continue }
      guard known.contains(id) else {
        element.complain(
          .unknownStage, "there is no stage \(quoted(id))", hint: NearestName.hint(id, among: known),
          help: "built in are \(known.joined(separator: ", "))")
        continue
      }
      stageNodes[id] = element
      pipeline.stages.append(id)
    }
  }

  private mutating func readParameters(
    _ node: DeclarationNode, profile: String?
  ) -> [String: [String: JSONValue]] {
    var parameters: [String: [String: JSONValue]] = [:]
    for (stage, values) in node.entries() {
      guard isListed(stage, values, at: .key) else { continue }
      for (name, value) in values.entries() {
        parameters[stage, default: [:]][name] = value.value
        given.append(GivenParameter(profile: profile, stage: stage, name: name, node: value))
      }
    }
    return parameters
  }

  private func isListed(_ stage: String, _ node: DeclarationNode, at part: DeclarationFile.Part) -> Bool {
    if pipeline.stages.contains(stage) { return true }
    node.complain(
      .unknownStage, "this pipeline has no stage \(quoted(stage))", at: part,
      hint: NearestName.hint(stage, among: pipeline.stages),
      help: "its stages are \(pipeline.stages.joined(separator: ", "))")
    return false
  }

  private mutating func readProfile(_ name: String, _ node: DeclarationNode) {
    let what = "profile \(quoted(name))"
    guard node.name("a profile", name, at: .key) != nil,
      node.isObject(what, keys: ["stages", "champion", "parameters"])
    else { return }
    var profile = ProfileDeclaration(name: name, stages: nil, champion: [], parameters: [:])
    if let stages = node.child("stages"), let texts = stages.texts() {
      profile.stages = texts
      for element in stages.elements() {
        if let text = element.value.text { _ = isListed(text, element, at: .value) }
      }
      if texts.isEmpty { stages.complain(.valueNotAllowed, "\(what) has at least one stage") }
    }
    if let champion = node.child("champion"), let texts = champion.texts() {
      profile.champion = texts
      for element in champion.elements() {
        guard let text = element.value.text else { continue }
        championNodes.append((name, text, element))
      }
    }
    if let parameters = node.child("parameters") {
      profile.parameters = readParameters(parameters, profile: name)
    }
    pipeline.profiles.append(profile)
  }
}

/// Complains where the file at `root` is not in the format `schema`.
func checkSchema(_ root: DeclarationNode, _ schema: String, of what: String) {
  guard let node = root.child("schema") else {
    root.complain(.wrongSchema, "\(what) does not say its format", hint: "add \"schema\": \"\(schema)\"")
    return
  }
  guard let text = node.text(), text != schema else { return }
  node.complain(
    .wrongSchema, "\(what) is in the format \(quoted(text)); this program reads \"\(schema)\"")
}
