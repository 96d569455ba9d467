import Catalog
import Clientele
import Dispatch
import Fingerprints
import Glibc
import Staging

/// One run under the lock, from its record in the catalog to the move of the heads. Lives on the thread
/// that called `run`; only executions live on others.
final class RunSession {
  let project: Project
  let profile: ProfileDeclaration
  let graph: StageGraph
  let selected: [String]
  let forced: Set<String>
  let request: RunRequest
  let archive: Archive
  let interruption: Interruption
  let tell: @Sendable (RunEvent) -> Void

  /// How the run is going.
  private var identity: RunIdentity?
  private var pending: [StageDeclaration] = []
  /// Stages that are to execute and wait for a thread: decided once, since looking at a damaged output
  /// takes it away.
  private var ready: [String: Attempt] = [:]
  private var running: [String: Attempt] = [:]
  /// Stages that executed in this run.
  private var executed: Set<String> = []
  /// What they made.
  private var written: [(name: String, digest: Digest)] = []
  private var counts: [StageAction: Int] = [:]
  /// Stages whose result a check stopped, with what stopped it.
  private var blocked: [String: String] = [:]
  /// What keeps the run from succeeding: the first that came.
  private var obstacle: Obstacle?
  private let mailbox = Mailbox()

  /// Why no further stage is begun.
  private struct Obstacle {
    var outcome: RunOutcome
    var exitCode: Int32
    var message: String
    var stage: String?
  }

  /// A stage that executes.
  private struct Attempt {
    var stage: StageDeclaration
    var preimage: KeyPreimage
    var inputs: [ArtifactRef]
    var why: Decision.Reason
    /// Its number in the catalog, once begun.
    var id: Int64 = 0
  }

  init(
    project: Project, profile: ProfileDeclaration, graph: StageGraph, selected: [String], forced: Set<String>,
    request: RunRequest, archive: Archive, interruption: Interruption,
    tell: @escaping @Sendable (RunEvent) -> Void
  ) {
    self.project = project
    self.profile = profile
    self.graph = graph
    self.selected = selected
    self.forced = forced
    self.request = request
    self.archive = archive
    self.interruption = interruption
    self.tell = tell
  }

  /// Runs to the end, whatever it is, and records it.
  func run() -> RunEnd {
    do {
      let run = try archive.beginRun(project: project, profile: profile, request: request)
      identity = run
      archive.folder.sweepWork()
      tell(
        .runStarted(
          RunStart(
            run: run.id, pipeline: project.pipeline.name, profile: profile.name, stages: selected,
            threads: request.threads)))
      interruption.onRequest { [mailbox] in mailbox.wake() }
      var circumstances = try circumstances()
      pending = graph.stages.filter { selected.contains($0.id) }
      for stage in pending {
        if case .unavailable(let reason) = circumstances.inputs(of: stage) {
          throw PipelineError(.usage, "stage \(stage.id) cannot run: \(reason)")
        }
      }
      try schedule(&circumstances, run)
      for stage in pending {
        if let maker = blocked.keys.sorted().first(where: { graph.below([$0]).contains(stage.id) }) {
          end(
            stage, .skipped,
            Decision.Reason(
              text: "blocked by \(blocked[maker] ?? "a check") of \(maker)",
              codes: ["blockedByCheck:\(maker)"]))
          continue
        }
        let above = obstacle?.stage.map { "\($0) did not end well" } ?? "the run was stopped"
        end(stage, .skipped, Decision.Reason(text: "not run: \(above)", codes: ["notReached"]))
      }
      return try finish(circumstances, run)
    } catch {
      return abandon(error)
    }
  }

  private func circumstances() throws -> Circumstances {
    try archive.circumstances(
      project: project, profile: profile, graph: graph, selected: selected, note: { tell(.noted($0)) })
  }

  // MARK: the loop

  private func schedule(_ circumstances: inout Circumstances, _ run: RunIdentity) throws {
    while true {
      try interruption.check()
      var moved = true
      while moved, obstacle == nil {
        moved = try settle(&circumstances, run)
      }
      guard !running.isEmpty else {
        precondition(pending.isEmpty || obstacle != nil, "stages are left that nothing can begin")
        return
      }
      mailbox.wait()
      for (id, ending, seconds) in mailbox.take() {
        guard let attempt = running.removeValue(forKey: id) else { continue }
        try take(attempt, ending, seconds, &circumstances, run)
      }
    }
  }

  /// Looks once at every pending stage; says whether one of them ended without executing.
  private func settle(_ circumstances: inout Circumstances, _ run: RunIdentity) throws -> Bool {
    var startable: [Attempt] = []
    for stage in pending {
      if let attempt = ready[stage.id] {
        startable.append(attempt)
        continue
      }
      switch circumstances.inputs(of: stage) {
      case .waiting: continue
      case .skipped(let reason), .unavailable(let reason):
        pending.removeAll { $0.id == stage.id }
        circumstances.skipped[stage.id] = reason
        end(stage, .skipped, Decision.Reason(text: reason, codes: ["inputSkipped"]))
        return true
      case .known(let inputs):
        let preimage = try circumstances.preimage(of: stage, inputs: inputs)
        let decision = try archive.decide(
          stage, preimage, forced: forced.contains(stage.id), heads: circumstances.heads,
          channel: profile.name,
          cutoff: !executed.isDisjoint(with: graph.above(stage)))
        switch decision {
        case .use(let result, let action, let why):
          pending.removeAll { $0.id == stage.id }
          let declared =
            try result.outcome == .skipped ? [] : gate(circumstances).reports(result.subject(stage.id))
          let checks = result.summary.checks.map(CheckReport.init) + declared
          let isBlocked = result.outcome != .skipped && !checks.stopping.isEmpty
          archive.record(
            reuse: result, of: stage.id, preimage, action: isBlocked ? .blocked : action, why: why.text,
            checks: declared, in: run)
          take(result, of: stage, action, why, checks, &circumstances)
          return true
        case .execute(let why):
          let attempt = Attempt(stage: stage, preimage: preimage, inputs: inputs, why: why)
          ready[stage.id] = attempt
          startable.append(attempt)
        }
      }
    }
    // Each may use all threads: a share fixed at the start would leave a long stage on its half after
    // a short one beside it has ended.
    let limit = min(2, request.threads)
    for attempt in startable where running.count < limit && fitsBesideOthers(attempt) {
      pending.removeAll { $0.id == attempt.stage.id }
      ready[attempt.stage.id] = nil
      try start(attempt, circumstances, run)
    }
    return false
  }

  /// Bytes of inputs (artifacts; sources not counted) up to which two stages execute at once. Stages that read more keep all threads busy by
  /// themselves, and what both hold would be in memory together.
  private static let mostReadAtOnce = 512 << 20

  /// Whether a stage that reads so many bytes may begin beside others that read so many.
  static func fits(reading bytes: Int, beside others: [Int]) -> Bool {
    others.isEmpty || others.reduce(bytes, +) <= mostReadAtOnce
  }

  private func fitsBesideOthers(_ attempt: Attempt) -> Bool {
    RunSession.fits(
      reading: archive.bytes(of: attempt.inputs),
      beside: running.values.map { archive.bytes(of: $0.inputs) })
  }

  private func start(
    _ attempt: Attempt, _ circumstances: Circumstances, _ run: RunIdentity
  ) throws {
    let stage = attempt.stage
    guard let work = circumstances.work(of: stage.id) else {
      preconditionFailure(
        "stage \(stage.id) is neither built in nor a command; the declarations were not checked")
    }
    var attempt = attempt
    try checkInputs(attempt.inputs, of: stage)
    attempt.id = try archive.beginStage(stage.id, attempt.preimage, why: attempt.why.text, in: run)
    let before = try archive.lastSeconds(of: stage.id)
    tell(.stageStarted(StageStart(stage: stage.id, reason: attempt.why.text, secondsBefore: before)))
    let execution = Execution(
      stage: stage, work: work, parameters: try project.parameters(of: stage, profile: profile),
      inputs: attempt.inputs, contracts: stage.contract.projection(of: circumstances.contracts),
      seed: project.pipeline.seed, threads: request.threads, archive: archive, project: project,
      interruption: interruption, meter: ProgressMeter(stage: stage.id, secondsBefore: before, tell: tell))
    running[stage.id] = attempt
    let mailbox = mailbox
    try startStageThread {
      let (ending, seconds) = execution.run()
      mailbox.put(stage.id, ending, seconds)
    }
  }

  // MARK: endings

  /// Takes over an earlier result.
  private func take(
    _ result: StoredResult, of stage: StageDeclaration, _ action: StageAction, _ why: Decision.Reason,
    _ checks: [CheckReport], _ circumstances: inout Circumstances
  ) {
    switch result.outcome {
    case .good, .blocked:
      guard checks.stopping.isEmpty else { return block(stage, result.summary, checks, seconds: 0, why) }
      for output in result.outputs { circumstances.made[output.name] = output.digest }
      end(stage, action, why, result.summary, checks)
    case .skipped:
      let message = result.message ?? "nothing to do"
      circumstances.skipped[stage.id] = message
      end(stage, .skipped, Decision.Reason(text: message, codes: ["notApplicable"]))
    }
  }

  /// The declared checks under these circumstances.
  private func gate(_ circumstances: Circumstances) -> PublishGate {
    PublishGate(
      archive: archive, checks: project.pipeline.checks, channel: profile.name, heads: circumstances.heads)
  }

  /// Takes in what an execution left.
  private func take(
    _ attempt: Attempt, _ ending: Execution.Ending, _ seconds: Double, _ circumstances: inout Circumstances,
    _ run: RunIdentity
  ) throws {
    let stage = attempt.stage
    func give(up fault: StageFault) throws {
      try archive.commit(
        attempt.id, without: fault.description, skipped: false, inputs: attempt.inputs, seconds: seconds)
      fail(stage, fault, seconds, attempt.why)
    }
    switch ending {
    case .done(let summary, let outputs):
      if let other = try archive.differing(attempt.preimage, outputs) {
        try archive.noteNondeterminism(stage.id, other, in: run)
        return try give(
          up: StageFault(
            .failed,
            "\"\(other)\" came out with other bytes than before, from the same inputs, parameters and code",
            remedy: "The earlier result stays; the stage's code is at fault."))
      }
      let subject = PublishGate.Subject(
        stage: stage.id, metrics: summary.metrics,
        outputs: Dictionary(outputs.map { ($0.name, $0.digest) }, uniquingKeysWith: { first, _ in first }))
      let checks = try summary.checks.map(CheckReport.init) + gate(circumstances).reports(subject)
      let isBlocked = !checks.stopping.isEmpty
      try archive.commit(
        attempt.id, stage, parameters: try project.parameters(of: stage, profile: profile),
        inputs: attempt.inputs,
        outputs: outputs, summary, checks: checks, outcome: isBlocked ? .blocked : .good, seconds: seconds)
      if isBlocked { return block(stage, summary, checks, seconds: seconds, attempt.why) }
      executed.insert(stage.id)
      for output in outputs {
        circumstances.made[output.name] = output.digest
        written.append((output.name, output.digest))
      }
      end(stage, .ran, attempt.why, summary, checks, seconds: seconds)
    case .notApplicable(let message):
      try archive.commit(
        attempt.id, without: message, skipped: true, inputs: attempt.inputs, seconds: seconds)
      circumstances.skipped[stage.id] = message
      end(stage, .skipped, Decision.Reason(text: message, codes: ["notApplicable"]), seconds: seconds)
    case .fault(let fault): try give(up: fault)
    case .stopped(let error):
      if let request = interruption.error {
        try archive.commit(
          attempt.id, without: request.description, skipped: false, inputs: attempt.inputs, seconds: seconds)
        throw request
      }
      try give(up: StageFault(.failed, error.message, remedy: error.remedy))
    }
  }

  private func fail(_ stage: StageDeclaration, _ fault: StageFault, _ seconds: Double, _ why: Decision.Reason)
  {
    let (outcome, code): (RunOutcome, Int32) =
      switch fault.kind {
      case .failed, .notApplicable: (.failed, 1)
      case .configuration: (.failed, 2)
      case .data: (.blocked, 3)
      case .model: (.blocked, 4)
      }
    if obstacle == nil {
      obstacle = Obstacle(
        outcome: outcome, exitCode: code, message: "stage \(stage.id): \(fault.description)", stage: stage.id)
    }
    let said = fault.quote.map { "; it said: \($0)" } ?? ""
    end(
      stage, .failed,
      Decision.Reason(text: fault.description + said, codes: [fault.kind.rawValue] + why.codes),
      seconds: seconds)
  }

  private func block(
    _ stage: StageDeclaration, _ summary: StageSummary, _ checks: [CheckReport], seconds: Double,
    _ why: Decision.Reason
  ) {
    blocked[stage.id] = "check " + checks.stopping.map(\.id).joined(separator: ", ")
    if obstacle == nil {
      obstacle = Obstacle(
        outcome: .blocked, exitCode: checks.exitCode, message: "stage \(stage.id): \(checks.sentence)",
        stage: stage.id)
    }
    end(
      stage, .blocked, Decision.Reason(text: checks.sentence, codes: checks.codes + why.codes), summary,
      checks,
      seconds: seconds)
  }

  private func end(
    _ stage: StageDeclaration, _ action: StageAction, _ why: Decision.Reason, _ summary: StageSummary? = nil,
    _ checks: [CheckReport] = [], seconds: Double = 0
  ) {
    counts[action, default: 0] += 1
    let failed = checks.filter { !$0.passed }
    tell(
      .stageEnded(
        StageEnd(
          stage: stage.id, action: action, reason: why.text, reasonCodes: why.codes, rowsIn: summary?.rowsIn,
          rowsOut: summary?.rowsOut, seconds: seconds, remark: summary?.remark,
          failedChecks: (failed.filter { $0.severity == .stop } + failed.filter { $0.severity == .warn })
            .map(\.message),
          checks: checks)))
  }

  private func finish(_ circumstances: Circumstances, _ run: RunIdentity) throws -> RunEnd {
    var end = RunEnd(
      run: run.id, outcome: .succeeded, exitCode: 0, message: nil, seconds: 0, counts: counts)
    if let obstacle {
      end.outcome = obstacle.outcome
      end.exitCode = obstacle.exitCode
      end.message = obstacle.message
    }
    // A stage run alone leaves a set that does not fit together: it waits for the next whole run.
    let publishes = obstacle == nil && request.selection.scope != .only
    // By now what was written is old enough for its status to prove something: looked at here, it need
    // not be digested when the next run asks whether it is whole.
    for (_, digest) in written { _ = try archive.condition(of: digest) }
    try archive.endRun(run, end, channel: profile.name, publishing: publishes ? circumstances.made : [:])
    identity = nil
    guard publishes else { return end }
    try nameFirstChampion(circumstances, run)
    try LatestView(archive: archive, project: project).refresh(circumstances, run: run.id)
    return end
  }

  /// Ends a run that cannot go on: asked to stop, refused, or a failure of ours.
  private func abandon(_ error: any Error) -> RunEnd {
    let reason = interruption.error ?? (error as? PipelineError) ?? PipelineError(.failed, "\(error)")
    var end = RunEnd(refusal: reason)
    end.run = identity?.id ?? ""
    end.counts = counts
    // Executions that go on see the request at their next read or write and get a moment to do so; what
    // one leaves half-written is swept by the next run.
    if interruption.error == nil { interruption.request(SIGINT) }
    let deadline = DispatchTime.now() + 1
    while !running.isEmpty, mailbox.wait(until: deadline) {
      for (id, _, _) in mailbox.take() { running[id] = nil }
    }
    // Where even this record cannot be written, the next run marks the run as crashed.
    if let identity { try? archive.endRun(identity, end, channel: profile.name, publishing: [:]) }
    return end
  }
}
