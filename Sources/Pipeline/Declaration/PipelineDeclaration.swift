package import Clientele
package import Fingerprints

/// What `pipeline.json` says, checked.
package struct PipelineDeclaration: Sendable, Equatable {
  /// Schema name and version of the file.
  package static let schema = "holdfast.pipeline/v1"

  /// What the pipeline is called.
  package var name: String
  /// Seed of all random numbers.
  package var seed: Int
  /// Where the data comes from, in order of names.
  package var sources: [SourceDeclaration]
  /// The stages this pipeline has, as listed.
  package var stages: [String]
  /// Values that differ from the stages' defaults, by stage and name.
  package var parameters: [String: [String: JSONValue]]
  /// Checks on what the stages make, in order of names.
  package var checks: [CheckDeclaration] = []
  /// Ways to run it, in order of names; `default` always among them.
  package var profiles: [ProfileDeclaration]

  /// The profile of that name.
  package func profile(_ name: String) -> ProfileDeclaration? { profiles.first { $0.name == name } }
}

/// How much of a source is kept.
package enum SourceKeeping: String, Sendable, Codable, CaseIterable {
  /// All its bytes, in the object store: a past run can be done again.
  case bytes
  /// Its digest only.
  case digest
}

/// Where one kind of data comes from and what is promised of it.
package struct SourceDeclaration: Sendable, Equatable {
  /// Its name: stages read `sources.NAME`.
  package var name: String
  /// The file: absolute, or relative to the project's folder.
  package var path: String
  /// How much of it is kept.
  package var keep: SourceKeeping
  /// What is promised of it.
  package var contract: SourceContract
}

/// A way to run the pipeline.
package struct ProfileDeclaration: Sendable, Equatable {
  /// The profile that is meant where none is named.
  package static let defaultName = "default"

  /// Its name; also that of the channel its results are current in.
  package var name: String
  /// Its stages; `nil` for all.
  package var stages: [String]?
  /// Artifacts taken from the alias `champion` where no stage of this profile made them.
  package var champion: [String]
  /// Values that differ from the pipeline's, by stage and name.
  package var parameters: [String: [String: JSONValue]]
}
