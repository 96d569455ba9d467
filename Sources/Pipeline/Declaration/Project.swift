import Fingerprints
package import Staging
import Tabular

/// A project as declared: `pipeline.json` and `stages/*.json`, checked as a whole.
package struct Project: Sendable {
  /// The folder `pipeline.json` lies in.
  package let folder: String
  /// What `pipeline.json` says, overrides included.
  package let pipeline: PipelineDeclaration
  /// The stages' declarations in force, in the order listed.
  package let stages: [StageDeclaration]
  /// The overrides given, as given.
  package let overrides: [String]
  /// The stages built in.
  package let registry: StageRegistry
  /// What the stages of kind `command` run, by stage.
  package let commands: [String: CommandDeclaration]
  /// `pipeline.json` with the overrides laid over it, for the record.
  let document: JSONValue
  /// Parameters set on the command line, by stage and name.
  let setParameters: [String: [String: JSONValue]]

  /// The project in `folder`, with `overrides` (`PLACE=VALUE`) laid over what its files say; throws
  /// all mistakes found in all files.
  package static func load(
    folder: String, registry: StageRegistry, overrides: [String] = []
  ) throws(DeclarationErrors) -> Project {
    try ProjectLoader(folder: folder, registry: registry).load(overrides: overrides)
  }

  /// The declaration in force of that stage.
  package func stage(_ id: String) -> StageDeclaration? { stages.first { $0.id == id } }

  /// The stage that makes that artifact.
  package func producer(of artifact: String) -> StageDeclaration? {
    stages.first { $0.outputs.contains { $0.name == artifact } }
  }

  /// The source of that name.
  package func source(_ name: String) -> SourceDeclaration? { pipeline.sources.first { $0.name == name } }

  /// The path of a source's file: as declared where absolute, else within the project's folder.
  package func path(of source: SourceDeclaration) -> String {
    source.path.hasPrefix("/") ? source.path : folder + "/" + source.path
  }

  /// The profile of that name; throws where there is none.
  package func profile(_ name: String) throws(DeclarationErrors) -> ProfileDeclaration {
    if let profile = pipeline.profile(name) { return profile }
    let names = pipeline.profiles.map(\.name)
    throw DeclarationErrors([
      Diagnostic(
        .unknownProfile, "pipeline.json has no profile \(quoted(name))", file: "pipeline.json",
        hint: NearestName.hint(name, among: names), help: "it has \(names.joined(separator: ", "))")
    ])
  }

  /// What is given for a stage's parameters: by the pipeline, over it by the profile, over it by the
  /// command line.
  func given(_ stage: String, profile: ProfileDeclaration) -> [String: JSONValue] {
    var values = pipeline.parameters[stage] ?? [:]
    for layer in [profile.parameters[stage], setParameters[stage]] {
      for (name, value) in layer ?? [:] { values[name] = value }
    }
    return values
  }

  /// The parameters in force of a stage under a profile.
  package func parameters(
    of stage: StageDeclaration, profile: ProfileDeclaration
  ) throws(ParameterError) -> ParameterValues {
    try ParameterValues(stage.parameters, given: given(stage.id, profile: profile))
  }
}
