package import Staging

/// The stages of one profile and what each waits for. No circle is left in it: the declarations were
/// checked.
package struct StageGraph: Sendable {
  /// The profile's stages, each after all it waits for; among those free to come next, the one listed
  /// first in pipeline.json comes first.
  package let stages: [StageDeclaration]
  private let makers: [String: String]

  /// The graph of the stages that `profile` has.
  package init(_ project: Project, profile: ProfileDeclaration) {
    let chosen = project.stages.filter { profile.stages?.contains($0.id) ?? true }
    var makers: [String: String] = [:]
    for stage in chosen {
      for output in stage.outputs { makers[output.name] = stage.id }
    }
    self.makers = makers
    var ordered: [StageDeclaration] = []
    var left = chosen
    while !left.isEmpty {
      let next = left.firstIndex { stage in
        StageGraph.above(stage, makers).allSatisfy { id in ordered.contains { $0.id == id } }
      }
      guard let next else {
        preconditionFailure("the stages wait for one another; the declarations were not checked")
      }
      ordered.append(left.remove(at: next))
    }
    stages = ordered
  }

  /// The stage of this profile that makes `artifact`.
  package func maker(of artifact: String) -> String? { makers[artifact] }

  /// The stages that `stage` takes artifacts from.
  package func above(_ stage: StageDeclaration) -> [String] { StageGraph.above(stage, makers) }

  private static func above(_ stage: StageDeclaration, _ makers: [String: String]) -> [String] {
    var ids: [String] = []
    for input in stage.inputs {
      guard let name = InputSource(input.name).awaited, let maker = makers[name], !ids.contains(maker) else {
        continue
      }
      ids.append(maker)
    }
    return ids
  }

  /// `ids` and all they need.
  package func needed(by ids: Set<String>) -> Set<String> {
    var result = ids
    for stage in stages.reversed() where result.contains(stage.id) { result.formUnion(above(stage)) }
    return result
  }

  /// `ids` and all that need them.
  package func below(_ ids: Set<String>) -> Set<String> {
    var result = ids
    for stage in stages where !result.isDisjoint(with: above(stage)) { result.insert(stage.id) }
    return result
  }
}
