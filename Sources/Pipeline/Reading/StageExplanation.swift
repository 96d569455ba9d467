package import Fingerprints
import Staging

/// Why a stage would run or not: every component of its key, as it was for the current result and as
/// it is now.
package struct StageExplanation: Sendable {
  /// One component.
  package struct Component: Sendable, Equatable {
    /// `code`, `input features`, `parameter gamma`, ….
    package let name: String
    /// As it was; `nil` where there was none.
    package let old: String?
    /// As it is now; `nil` where there is none, or where it is not known before a stage above has run.
    package let new: String?
    /// Whether the two differ.
    package var isChanged: Bool { old != new }
  }

  /// What a run would do.
  package let forecast: StageForecast
  /// Key of the current result, and the key now (with the current inputs where others are not known yet).
  package let oldKey: Digest?
  package let newKey: Digest?
  /// All components, changed or not, in a fixed order.
  package let components: [Component]
  /// What changed, and so makes it run; empty where nothing did.
  package let changes: [KeyChange]
  /// The run that made the current result, and why it did; `nil` where there is none.
  package let madeBy: (run: String, reason: String)?

  /// The explanation for programs.
  package var json: JSONValue {
    func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    return [
      "schema": "holdfast.explanation/v1", "forecast": forecast.json, "oldKey": text(oldKey?.hexadecimal),
      "newKey": text(newKey?.hexadecimal),
      "components": .list(
        components.map {
          [
            "name": .string($0.name), "old": text($0.old), "new": text($0.new),
            "changed": .bool($0.isChanged),
          ]
        }),
      "changes": .list(changes.map { ["code": .string($0.code), "text": .string($0.text)] }),
      "madeBy": madeBy.map { ["run": .string($0.run), "reason": .string($0.reason)] } ?? .null,
    ]
  }
}

extension Forecaster {
  /// Explains one stage under a profile; throws where the profile has no such stage.
  package func explain(
    _ id: String, profile name: String = ProfileDeclaration.defaultName
  ) throws -> StageExplanation {
    let forecasts = try forecast(profile: name, selection: RunSelection([id]))
    let profile = try project.profile(name)
    let graph = StageGraph(project, profile: profile)
    guard let stage = graph.stages.first(where: { $0.id == id }),
      let forecast = forecasts.last(where: { $0.stage == id })
    else { throw PipelineError(.usage, "there is no stage \(quoted(id)) in profile \"\(name)\"") }
    let archive = try Archive.reading(in: project.folder)
    var known = try archive.circumstances(
      project: project, profile: profile, graph: graph, selected: [id], note: { _ in })
    for (artifact, digest) in known.heads { known.made[artifact] = digest }
    var now: KeyPreimage?
    if case .known(let inputs) = known.inputs(of: stage) {
      now = try known.preimage(of: stage, inputs: inputs)
    }
    let before = try archive.lastPreimage(of: id, channel: name)
    let changes = before.flatMap { old in now.map { $0.changes(from: old) } } ?? []
    return StageExplanation(
      forecast: forecast, oldKey: before?.key, newKey: now?.key,
      components: StageExplanation.components(before, now), changes: changes,
      madeBy: try archive.lastMaking(of: id, channel: name))
  }
}

extension StageExplanation {
  /// All components of two preimages side by side.
  static func components(_ old: KeyPreimage?, _ new: KeyPreimage?) -> [Component] {
    func text(_ value: JSONValue?) -> String? {
      value.map { $0.text ?? String(decoding: CanonicalJSON.encode($0), as: UTF8.self) }
    }
    var components: [Component] = []
    for member in ["code", "codeVersion", "program", "arguments", "format", "seed"] {
      let (a, b) = (text(old?.document[member]), text(new?.document[member]))
      if a != nil || b != nil { components.append(Component(name: member, old: a, new: b)) }
    }
    for (member, word) in [
      ("inputs", "input"), ("parameters", "parameter"), ("contract", "contract"), ("outputs", "output"),
      ("files", "file"), ("environment", "environment"),
    ] {
      let (a, b) = (old?.document[member]?.members ?? [:], new?.document[member]?.members ?? [:])
      for name in CanonicalJSON.sortedKeys(a.merging(b) { first, _ in first }) {
        let isLong = member == "contract"
        func shown(_ value: JSONValue?) -> String? {
          isLong ? value.map { Digest(of: $0).hexadecimal } : text(value)
        }
        components.append(Component(name: "\(word) \(name)", old: shown(a[name]), new: shown(b[name])))
      }
    }
    return components
  }
}
