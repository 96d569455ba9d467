import Catalog
import Clientele
import Fingerprints
import Staging

/// The name of the alias that says which model scores.
let championAlias = "champion"

extension Archive {
  /// What is known before the first stage: sources, heads, champion. Reads the sources that the selected
  /// stages read; `note` is told what a person should know.
  func circumstances(
    project: Project, profile: ProfileDeclaration, graph: StageGraph, selected: [String],
    note: (String) -> Void
  ) throws -> Circumstances {
    let champion = try alias(championAlias)
    if !profile.champion.isEmpty, champion == nil {
      throw PipelineError(
        .usage,
        "profile \"\(profile.name)\" takes \(profile.champion.joined(separator: ", ")) from the champion, and there is none yet",
        remedy: "run `holdfast run` first: its first full run names the champion")
    }
    var contracts = Dictionary(
      project.pipeline.sources.map { ($0.name, $0.contract) }, uniquingKeysWith: { first, _ in first })
    if !profile.champion.isEmpty, let champion {
      for (name, frozen) in champion.contracts {
        guard let today = contracts[name], today.columns != frozen.columns else { continue }
        contracts[name]?.columns = frozen.columns
        note(
          "the columns of source \"\(name)\" are those the champion was trained on; pipeline.json says otherwise by now"
        )
      }
    }
    let stages = graph.stages.filter { selected.contains($0.id) }
    var sources: [String: Digest] = [:]
    var history: [String: [Digest]] = [:]
    var gone: Set<Digest> = []
    for input in stages.flatMap(\.inputs) {
      switch InputSource(input.name) {
      case .source(let name):
        guard sources[name] == nil, let source = project.source(name) else { continue }
        sources[name] = try digest(
          ofSource: name, at: project.path(of: source), keeping: isWriter && source.keep == .bytes)
      case .previous(let name):
        guard history[name] == nil, let store else { continue }
        history[name] = try publications(of: name, channel: profile.name)
        gone.formUnion(try translating { () throws(CatalogError) in try store.collectedVersions(of: name) })
      case .stage, .champion: continue
      }
    }
    var programs: [String: CommandProgram] = [:]
    for stage in stages {
      guard let command = project.commands[stage.id] else { continue }
      programs[stage.id] = try command.found(
        stage: stage.id, folder: project.folder, digest: digest(ofProgram:))
    }
    return Circumstances(
      project: project, profile: profile, graph: graph, selected: Set(selected), contracts: contracts,
      sources: sources, heads: try heads(channel: profile.name), champion: champion?.members ?? [:],
      history: history, gone: gone, programs: programs)
  }
}

/// What the alias `champion` names.
struct Champion: Sendable {
  /// Digests by artifact.
  var members: [String: Digest]
  /// The sources' contracts it was trained under.
  var contracts: [String: SourceContract]
}
