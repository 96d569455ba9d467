import Staging
import Tabular

/// Which stages a run is about.
package struct RunSelection: Sendable, Equatable {
  /// How the stages named are meant.
  package enum Scope: String, Sendable {
    /// Those named and all they need.
    case needed
    /// Those named alone, on the inputs that are current.
    case only
    /// Those named and all below them; what they need from elsewhere is taken as it is current.
    case from
    /// All up to those named: the same stages as `needed`, all of them meant by `force`.
    case to
  }

  /// The stages named; none means all.
  package var stages: [String]
  /// How they are meant.
  package var scope: Scope
  /// Execute even what an earlier result would do for: the stages named, or with none named, or with
  /// `from` and `to`, all that are selected.
  package var force: Bool

  /// All stages, or those named and what they need.
  package init(_ stages: [String] = [], scope: Scope = .needed, force: Bool = false) {
    self.stages = stages
    self.scope = scope
    self.force = force
  }

  /// The stages selected from `graph`, in its order, and those of them that are forced.
  func resolve(in graph: StageGraph, project: Project, profile: String) throws(PipelineError) -> (
    selected: [String], forced: Set<String>
  ) {
    let known = graph.stages.map(\.id)
    for id in stages where !known.contains(id) {
      let elsewhere = project.stages.contains { $0.id == id }
      throw PipelineError(
        .usage,
        elsewhere ? "profile \"\(profile)\" has no stage \"\(id)\"" : "there is no stage \(quoted(id))",
        remedy: NearestName.hint(id, among: known) ?? "its stages are \(known.joined(separator: ", "))")
    }
    guard !stages.isEmpty else {
      guard scope == .needed else {
        throw PipelineError(.usage, "--\(scope.rawValue) needs the name of a stage")
      }
      return (known, force ? Set(known) : [])
    }
    let named = Set(stages)
    let selected =
      switch scope {
      case .needed, .to: graph.needed(by: named)
      case .only: named
      case .from: graph.below(named)
      }
    let forced = !force ? [] : scope == .needed ? named : selected
    return (known.filter(selected.contains), forced)
  }
}
