import Fingerprints
import Staging

/// Says what a run would do, by the same decisions a run makes, without the lock and without writing.
package struct Forecaster: Sendable {
  let project: Project

  /// A forecaster for `project`.
  package init(_ project: Project) { self.project = project }

  /// What a run of `selection` would do, stage by stage in the order it would look at them: the dry run,
  /// and with all stages selected the status.
  package func forecast(
    profile name: String = ProfileDeclaration.defaultName, selection: RunSelection = RunSelection()
  ) throws -> [StageForecast] {
    let profile = try project.profile(name)
    let graph = StageGraph(project, profile: profile)
    let (selected, forced) = try selection.resolve(in: graph, project: project, profile: name)
    let archive = try Archive.reading(in: project.folder)
    var known = try archive.circumstances(
      project: project, profile: profile, graph: graph, selected: selected, note: { _ in })
    var forecasts: [StageForecast] = []
    var blocked: [String] = []
    for stage in graph.stages where selected.contains(stage.id) {
      if let maker = blocked.first(where: { graph.below([$0]).contains(stage.id) }) {
        forecasts.append(
          StageForecast(
            stage: stage.id, prospect: .blocked, reason: "blocked by a check of \(maker)",
            reasonCodes: ["blockedByCheck:\(maker)"], secondsBefore: try archive.lastSeconds(of: stage.id),
            checks: []))
        continue
      }
      let forecast = try forecast(stage, &known, archive, isForced: forced.contains(stage.id))
      if forecast.prospect == .blocked { blocked.append(stage.id) }
      forecasts.append(forecast)
    }
    return forecasts
  }

  private func forecast(
    _ stage: StageDeclaration, _ known: inout Circumstances, _ archive: Archive, isForced: Bool
  ) throws -> StageForecast {
    let seconds = try archive.lastSeconds(of: stage.id)
    func say(
      _ prospect: StageForecast.Prospect, _ why: Decision.Reason, _ checks: [CheckReport] = []
    ) -> StageForecast {
      StageForecast(
        stage: stage.id, prospect: prospect, reason: why.text, reasonCodes: why.codes, secondsBefore: seconds,
        checks: checks)
    }
    func decide(_ circumstances: Circumstances, _ inputs: [ArtifactRef]) throws -> Decision {
      try archive.decide(
        stage, circumstances.preimage(of: stage, inputs: inputs), forced: isForced, heads: known.heads,
        channel: known.profile.name, cutoff: false)
    }
    switch known.inputs(of: stage) {
    case .skipped(let reason), .unavailable(let reason):
      known.skipped[stage.id] = reason
      return say(.skipped, Decision.Reason(text: reason, codes: ["inputSkipped"]))
    case .known(let inputs):
      switch try decide(known, inputs) {
      case .execute(let why): return say(why.codes == ["firstRun"] ? .never : .certain, why)
      case .use(let result, let action, let why):
        switch result.outcome {
        case .good, .blocked:
          let gate = PublishGate(
            archive: archive, checks: project.pipeline.checks, channel: known.profile.name, heads: known.heads
          )
          let checks =
            try result.summary.checks.map(CheckReport.init) + gate.reports(result.subject(stage.id))
          guard checks.stopping.isEmpty else {
            return say(
              .blocked, Decision.Reason(text: checks.sentence, codes: checks.codes + why.codes), checks)
          }
          for output in result.outputs { known.made[output.name] = output.digest }
          return say(action == .restored ? .restored : .current, why, checks)
        case .skipped:
          let message = result.message ?? "nothing to do"
          known.skipped[stage.id] = message
          return say(.skipped, Decision.Reason(text: message, codes: ["notApplicable"]))
        }
      }
    case .waiting(let maker):
      // On what is current now: whatever would make it execute on these inputs would on others too.
      var present = known
      for (name, digest) in known.heads where present.made[name] == nil { present.made[name] = digest }
      guard case .known(let inputs) = present.inputs(of: stage) else {
        return say(.never, Decision.Reason(text: "first run", codes: ["firstRun"]))
      }
      if case .execute(let why) = try decide(present, inputs) {
        return say(why.codes == ["firstRun"] ? .never : .certain, why)
      }
      return say(
        .possible, Decision.Reason(text: "if \(maker) makes something else", codes: ["above:\(maker)"]))
    }
  }
}
