import Catalog
import Clientele
import Fingerprints
import Staging

extension Archive {
  // MARK: what was

  /// The newest result under that key.
  func result(forKey key: Digest) throws(PipelineError) -> StoredResult? {
    guard let store else { return nil }
    guard let found = try translating({ () throws(CatalogError) in try store.result(forKey: key) }),
      var outcome = StoredResult.Outcome(rawValue: found.status)
    else { return nil }
    // What declared checks said of it then counts no more: they are made anew.
    let checks = found.checks.compactMap { check -> CheckOutcome? in
      guard !check.id.hasPrefix(CheckDeclaration.prefix), let subject = CheckSubject(rawValue: check.subject),
        let severity = CheckSeverity(rawValue: check.severity)
      else { return nil }
      return CheckOutcome(
        id: check.id, subject: subject, severity: severity, passed: check.passed, message: check.message)
    }
    if outcome == .blocked, !checks.contains(where: { !$0.passed && $0.severity == .stop }) {
      outcome = .good
    }
    return StoredResult(
      id: found.id, outcome: outcome,
      outputs: found.outputs.map { ArtifactRef(name: $0.name, digest: $0.digest) },
      summary: StageSummary(
        rowsIn: found.rowsIn, rowsOut: found.rowsOut, remark: found.remark, metrics: found.metrics,
        checks: checks),
      message: found.message)
  }

  /// What the stage reported of the result that is current in `channel`; empty where none is.
  func publishedMetrics(of stage: String, channel: String) throws(PipelineError) -> [String: Double] {
    guard let store else { return [:] }
    return try translating { () throws(CatalogError) in
      try store.publishedMetrics(of: stage, channel: channel)
    }
  }

  /// What the key of the stage's last result in `channel` was made from; where it has none there, of its
  /// last in the default channel.
  func lastPreimage(of stage: String, channel: String) throws(PipelineError) -> KeyPreimage? {
    guard let store else { return nil }
    return try translating { () throws(CatalogError) in
      for place in [channel, ProfileDeclaration.defaultName] {
        if let document = try store.lastPreimage(of: stage, channel: place) {
          return KeyPreimage(document: document)
        }
      }
      return nil
    }
  }

  /// The newest run of `channel` in which the stage executed, and why it did.
  func lastMaking(of stage: String, channel: String) throws(PipelineError) -> (run: String, reason: String)? {
    guard let store else { return nil }
    return try translating { () throws(CatalogError) in
      try store.lastExecution(of: stage, channel: channel).map { ($0.run, $0.reason) }
    }
  }

  /// Seconds the stage took when it last executed well.
  func lastSeconds(of stage: String) throws(PipelineError) -> Double? {
    guard let store else { return nil }
    return try translating { () throws(CatalogError) in try store.lastSeconds(of: stage) }
  }

  /// What is current in `channel`, by artifact.
  func heads(channel: String) throws(PipelineError) -> [String: Digest] {
    guard let store else { return [:] }
    let heads = try translating { () throws(CatalogError) in try store.heads(channel) }
    return Dictionary(heads.map { ($0.name, $0.digest) }, uniquingKeysWith: { first, _ in first })
  }

  /// The digests an artifact had in `channel`, one a run that published it, oldest first.
  func publications(of artifact: String, channel: String) throws(PipelineError) -> [Digest] {
    guard let store else { return [] }
    return try translating { () throws(CatalogError) in try store.history(artifact, channel: channel) }
  }

  /// The set an alias names; `nil` where there is none.
  func alias(_ name: String) throws(PipelineError) -> Champion? {
    guard let store, let alias = try translating({ () throws(CatalogError) in try store.alias(name) }) else {
      return nil
    }
    var contracts: [String: SourceContract] = [:]
    for (source, document) in alias.contract.members ?? [:] {
      do {
        contracts[source] = try JSONDecoding.decode(SourceContract.self, from: document)
      } catch {
        throw PipelineError(
          .integrity,
          "the contract the alias \"\(name)\" holds of source \"\(source)\" cannot be read: \(error)")
      }
    }
    return Champion(
      members: Dictionary(
        alias.members.map { ($0.name, $0.digest) }, uniquingKeysWith: { first, _ in first }),
      contracts: contracts)
  }

  // MARK: what happens

  /// Records that a run begins.
  func beginRun(project: Project, profile: ProfileDeclaration, request: RunRequest) throws(PipelineError)
    -> RunIdentity
  {
    let facts = RunFacts(
      pipeline: project.pipeline.name, profile: profile.name, declarations: project.document,
      arguments: request.arguments, overrides: project.overrides, program: request.program,
      host: ProcessIdentity.host, actor: ProcessIdentity.actor, pid: Int(ProcessIdentity.pid),
      at: Timestamp.now)
    return try translating { () throws(CatalogError) in try writer().beginRun(facts) }
  }

  /// Records that a stage takes over an earlier result, with the next record.
  func record(
    reuse result: StoredResult, of stage: String, _ preimage: KeyPreimage, action: StageAction, why: String,
    checks: [CheckReport] = [], in run: RunIdentity
  ) {
    writer().recordReuse(
      run, stage: stage, key: preimage.key, preimage: preimage.document, of: result.id,
      action: action.rawValue, reason: why, checks: checks.map(CheckRecord.init), at: Timestamp.now)
  }

  /// Records that a stage begins to execute; returns the number of this execution.
  func beginStage(
    _ stage: String, _ preimage: KeyPreimage, why: String, in run: RunIdentity
  ) throws(PipelineError) -> Int64 {
    try translating { () throws(CatalogError) in
      try writer().beginStage(
        run, stage: stage, key: preimage.key, preimage: preimage.document, reason: why, at: Timestamp.now)
    }
  }

  /// Records an execution that ended with outputs: all of it, or nothing.
  func commit(
    _ execution: Int64, _ stage: StageDeclaration, parameters: ParameterValues, inputs: [ArtifactRef],
    outputs: [StoredArtifact], _ summary: StageSummary, checks: [CheckReport],
    outcome: StoredResult.Outcome, seconds: Double
  ) throws(PipelineError) {
    var commit = StageCommit(status: outcome.rawValue, seconds: seconds, at: Timestamp.now)
    commit.inputs = inputs.map { ($0.name, $0.digest) }
    commit.outputs = stage.outputs.compactMap { output in
      guard let stored = outputs.first(where: { $0.name == output.name }) else { return nil }
      return OutputRecord(
        name: output.name, kind: output.kind.rawValue, format: output.format, fileName: output.fileName,
        digest: stored.digest, bytes: stored.byteCount, rows: stored.rowCount, columns: stored.schema,
        dataClass: output.dataClass.rawValue)
    }
    commit.parameters = parameters.values
    commit.metrics = summary.metrics
    commit.checks = checks.map(CheckRecord.init)
    commit.rowsIn = summary.rowsIn
    commit.rowsOut = summary.rowsOut
    commit.remark = summary.remark
    try translating { () throws(CatalogError) in try writer().commit(execution, commit) }
  }

  /// Records an execution that ended without outputs.
  func commit(
    _ execution: Int64, without message: String, skipped: Bool, inputs: [ArtifactRef], seconds: Double
  ) throws(PipelineError) {
    var commit = StageCommit(status: skipped ? "skipped" : "failed", seconds: seconds, at: Timestamp.now)
    commit.inputs = inputs.map { ($0.name, $0.digest) }
    commit.message = message
    try translating { () throws(CatalogError) in try writer().commit(execution, commit) }
  }

  /// Records that a stage made other bytes than before under the same key.
  func noteNondeterminism(_ stage: String, _ artifact: String, in run: RunIdentity) throws(PipelineError) {
    try translating { () throws(CatalogError) in
      try writer().note(
        "nondeterministic", run: run.id, body: ["stage": .string(stage), "artifact": .string(artifact)],
        at: Timestamp.now)
    }
  }

  /// Records how a run ended; `published` become current in its channel in the same transaction.
  func endRun(
    _ run: RunIdentity, _ end: RunEnd, channel: String, publishing published: [String: Digest]
  ) throws(PipelineError) {
    let items = published.keys.sorted().compactMap { name in published[name].map { (name: name, digest: $0) }
    }
    try translating { () throws(CatalogError) in
      try writer().endRun(
        run, status: end.outcome.rawValue, exitCode: Int(end.exitCode), message: end.message,
        channel: channel,
        publishing: items, at: Timestamp.now)
    }
  }

  /// Makes the alias name this set.
  func setAlias(_ name: String, _ champion: Champion, run: RunIdentity) throws {
    let contract = JSONValue.object(try champion.contracts.mapValues { try JSONEncoding.encode($0) })
    let members = champion.members.keys.sorted().compactMap { name in
      champion.members[name].map { (name: name, digest: $0) }
    }
    try translating { () throws(CatalogError) in
      try writer().setAlias(name, members, contract: contract, run: run, at: Timestamp.now)
    }
  }
}

extension CheckRecord {
  /// The record of a report.
  init(_ report: CheckReport) {
    self.init(
      id: report.id, subject: report.subject.rawValue, severity: report.severity.rawValue,
      passed: report.passed, message: report.message)
  }
}
