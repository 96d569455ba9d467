import Catalog
import Clientele
import Columnar
import Comparing
import Findings
import Fingerprints
import Numerics
import Pipeline
import Tabular

/// Gathers what two runs, or two versions of an artifact, consist of and has it compared.
struct VersionComparer {
  private let past: PastArtifacts
  private let reader: ArtifactReader
  private let places: DeclaredPlaces
  private let signed: SignedRuns
  private let movers: Int
  private let crew: Crew

  init(folder: String, movers: Int, crew: Crew) throws {
    past = try PastArtifacts(folder: folder)
    reader = try ArtifactReader(folder: folder)
    places = DeclaredPlaces(folder: folder)
    signed = try SignedRuns(folder: folder)
    self.movers = movers
    self.crew = crew
  }

  /// One of the two: its name and the stages looked at.
  private struct Side {
    var shown: ComparedSide
    var stages: [PastStage]
    /// The artifact compared; `nil` for a whole run.
    var artifact: String?

    func stage(_ name: String) -> PastStage? { stages.first { $0.stage == name } }
    var outputs: [(name: String, digest: Digest)] {
      stages.flatMap(\.outputs).filter { artifact == nil || $0.name == artifact }
    }
    func output(_ name: String) -> Digest? { outputs.first { $0.name == name }?.digest }
  }

  /// Compares what the two words name.
  func compare(_ first: String, _ second: String) throws -> Comparison {
    let (old, new) = (try side(first), try side(second))
    guard old.artifact == new.artifact else {
      throw PipelineError(
        .usage, "\"\(first)\" and \"\(second)\" cannot be compared",
        remedy: "name two runs, or two versions of one artifact")
    }
    var found = Comparison(old: old.shown, new: new.shown)
    compareKeys(old, new, &found)
    try compareArtifacts(old, new, &found)
    // The document says the same with intervals.
    if found.metrics.contains(where: { $0.name.hasPrefix("metrics.") }) {
      found.metrics.removeAll { $0.name.hasPrefix("evaluate.") }
    }
    return found
  }

  private func side(_ word: String) throws -> Side {
    let isRun =
      word == "latest" || word.first == "r" && word.count > 1 && word.dropFirst().allSatisfy(\.isNumber)
    guard !isRun else {
      guard let run = word == "latest" ? try past.newestGoodRun() : try past.run(word) else {
        throw PipelineError(.usage, "no run has ended well yet", remedy: "`holdfast log` lists what there is")
      }
      return Side(
        shown: try shown(run, as: run.id), stages: run.stages)
    }
    let version = try reader.version(word)
    let (run, stage) = try past.maker(of: version)
    return Side(
      shown: try shown(run, as: "\(version.name)@\(version.version)"), stages: [stage], artifact: version.name
    )
  }

  private func shown(_ run: PastRun, as label: String) throws -> ComparedSide {
    let decisions = try past.signOffs(of: run.id)
    return ComparedSide(
      label: label, run: run.id, profile: run.profile, at: run.startedAt, actor: run.actor,
      signatures: signed.keys(of: run.id),
      signOffs: decisions.map { "\($0.approves ? "approved" : "rejected") by \($0.role)" })
  }

  // MARK: what they were made by

  private func compareKeys(_ old: Side, _ new: Side, _ found: inout Comparison) {
    let names = old.stages.map(\.stage) + new.stages.map(\.stage).filter { old.stage($0) == nil }
    var inputs: [ValueChange] = []
    for name in names {
      guard let a = old.stage(name), let b = new.stage(name) else {
        let isNew = old.stage(name) == nil
        found.code.append(
          ValueChange("stage \(name)", old: isNew ? nil : "there", new: isNew ? "there" : nil))
        continue
      }
      let (before, now) = (KeyPreimage(document: a.preimage), KeyPreimage(document: b.preimage))
      for change in now.changes(from: before) {
        switch change.component {
        case .code, .codeVersion, .format, .output, .program, .file, .arguments, .environment:
          let what = change.component == .code ? name : "\(name): \(change.text)"
          found.code.append(ValueChange(what, old: change.old, new: change.new))
        case .parameter:
          let parameter = String(change.name.dropFirst(name.count + 1))
          let place = b.preimage["parameters"]?[parameter].flatMap {
            places.place(stage: name, parameter: parameter, profile: new.shown.profile, value: $0)
          }
          found.parameters.append(
            ValueChange(change.name, old: change.old, new: change.new, place: place))
        case .seed: found.parameters.append(ValueChange("\(name) seed", old: change.old, new: change.new))
        case .contract:
          let contract = ValueChange("contract \(change.name)", old: change.old, new: change.new)
          if !found.parameters.contains(contract) { found.parameters.append(contract) }
        case .input:
          // What a stage of both makes is compared as such; an artifact's version has only inputs.
          let isMade = names.contains { stage in
            old.artifact == nil && new.stage(stage)?.outputs.contains { $0.name == change.name } ?? false
          }
          let input = ValueChange(change.name, old: change.old, new: change.new)
          // An earlier ranking, shown beside the new one, is history rather than data.
          let isHistory = change.name.hasPrefix("previous.")
          if !isMade, !isHistory, !inputs.contains(input) { inputs.append(input) }
        }
      }
      for metric in Set(a.metrics.keys).union(b.metrics.keys).sorted()
      where a.metrics[metric] != b.metrics[metric] {
        let change = MetricChange(
          "\(name).\(metric)", old: a.metrics[metric] ?? .nan, new: b.metrics[metric] ?? .nan)
        // How long a file is says nothing that its digest does not.
        if !change.isRounding, !metric.hasSuffix("bytes") { found.metrics.append(change) }
      }
      compareChecks(name, a.checks, b.checks, &found)
    }
    found.inputs =
      inputs.filter { $0.name.hasPrefix("sources.") } + inputs.filter { !$0.name.hasPrefix("sources.") }
  }

  private func compareChecks(
    _ stage: String, _ old: [CheckRecord], _ new: [CheckRecord], _ found: inout Comparison
  ) {
    func state(_ check: CheckRecord?) -> CheckChange.State? {
      check.map { $0.passed ? .passed : $0.severity == "stop" ? .stopped : .warned }
    }
    for check in old + new.filter({ now in !old.contains { $0.id == now.id } }) {
      let (a, b) = (old.first { $0.id == check.id }, new.first { $0.id == check.id })
      guard state(a) != state(b) else { continue }
      found.checks.append(
        CheckChange("\(stage).\(check.id)", old: state(a), new: state(b), message: (b ?? check).message))
    }
  }

  // MARK: what was made

  private func compareArtifacts(_ old: Side, _ new: Side, _ found: inout Comparison) throws {
    let names = old.outputs.map(\.name) + new.outputs.map(\.name).filter { old.output($0) == nil }
    for name in names {
      let (a, b) = (old.output(name), new.output(name))
      guard a != b else { continue }
      found.artifacts.append(ValueChange(name, old: a?.short, new: b?.short))
      guard let a, let b, let kind = try past.version(of: name, b)?.kind else { continue }
      do {
        switch kind {
        case "table": try compareTables(name, a, b, old, new, &found)
        case "document": try compareDocuments(name, a, b, &found)
        default: continue
        }
      } catch let error as PipelineError where error.kind == .integrity {
        found.notes.append("\(name) could not be compared: \(error.description)")
      }
    }
  }

  private func compareDocuments(_ name: String, _ a: Digest, _ b: Digest, _ found: inout Comparison) throws {
    let (old, new) = (try past.document(name, a), try past.document(name, b))
    switch name {
    case "metrics": found.compareMetrics(old, new)
    case "model": found.compareModels(old, new)
    case "curves": found.compareCurves(old, new)
    default: found.documents.append(DocumentComparison(name, old, new))
    }
  }

  private func compareTables(
    _ name: String, _ a: Digest, _ b: Digest, _ old: Side, _ new: Side, _ found: inout Comparison
  ) throws {
    let (first, second) = (
      try past.compared(name, a, of: old.stages), try past.compared(name, b, of: new.stages)
    )
    let match = try RowMatch(first, second)
    found.tables.append(try TableComparison(name, first, second, match, crew: crew))
    guard let match else { return }
    switch name {
    case "ranking":
      var ranking = try RankingComparison(first, second, match, most: movers)
      if let before = old.stage("rank"), let now = new.stage("rank") {
        do {
          let causes = try MoveCauses(past, before, now, crew: crew).find(of: ranking.shown)
          if movers > 0 { ranking.explain(causes.causes, restingOn: causes.sentence) }
          found.behaviour = causes.behaviour
        } catch let error as PipelineError where error.kind == .integrity {
          found.notes.append("the causes of moves could not be found: \(error.description)")
        }
      }
      found.ranking = ranking
    case "segments":
      found.segments = try SegmentComparison(
        first, second, match, oldNames: segmentNames(old), newNames: segmentNames(new))
    default: break
    }
  }

  private func segmentNames(_ side: Side) throws -> [String] {
    guard
      let digest = side.output("portraits")
        ?? side.stages.first?.outputs.first(where: { $0.name == "portraits" })?.digest,
      let portraits = try past.document("portraits", digest)["portraits"]?.elements
    else { return [] }
    return portraits.enumerated().map { $0.element["name"]?.text ?? "segment \($0.offset + 1)" }
  }
}

extension PastArtifacts {
  /// The table of that digest as a comparison reads it. Rows as read are named by what the contract of one of
  /// `stages` calls the key.
  func compared(_ name: String, _ digest: Digest, of stages: [PastStage]) throws -> ComparedTable {
    let mapped = try table(name, digest)
    var key: ComparedTable.MadeKey?
    if mapped.schema.index(of: FeatureColumn.key) == nil {
      let names = stages.keyColumns(in: mapped.schema)
      if !names.isEmpty {
        key = ComparedTable.MadeKey(name: names.joined(separator: "|")) {
          CustomerKey.column(try mapped.table(columns: names).columns)
        }
      }
    }
    return ComparedTable(
      schema: mapped.schema, rowCount: mapped.rowCount, key: key, release: { mapped.release() }
    ) { name in
      try mapped.table(columns: [name]).column(name)
    }
  }
}

extension [PastStage] {
  /// The columns of `schema` that a source's contract, as recorded, calls keys.
  func keyColumns(in schema: Schema) -> [String] {
    for stage in self {
      for (_, contract) in (stage.preimage["contract"]?.members ?? [:]).sorted(by: { $0.key < $1.key }) {
        let names = (contract["columns"]?.elements ?? []).filter { $0["role"] == "key" }
          .compactMap { $0["name"]?.text }
        if !names.isEmpty, names.allSatisfy({ schema.index(of: $0) != nil }) { return names }
      }
    }
    return []
  }
}
