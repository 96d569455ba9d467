package import Staging

/// The stages a pipeline can have: the one list the assembly hands over.
package struct StageRegistry: Sendable {
  /// The stages, in the order listed.
  package let stages: [any Stage.Type]
  /// Digest of each stage's code (its module's sources and those of the modules below), by stage id.
  package let codeDigests: [String: String]

  /// A list of stages, each with another id and a digest of its code.
  package init(_ stages: [any Stage.Type], codeDigests: [String: String]) {
    self.stages = stages
    self.codeDigests = codeDigests
    let ids = stages.map { $0.declaration.id }
    precondition(Set(ids).count == ids.count, "two stages have one id")
    for id in ids { precondition(codeDigests[id] != nil, "stage \(id) has no digest of its code") }
  }

  /// The stages' ids, in the order listed.
  package var ids: [String] { stages.map { $0.declaration.id } }

  /// The stage of that id.
  package func stage(_ id: String) -> (any Stage.Type)? { stages.first { $0.declaration.id == id } }
}
