import Clientele
import Fingerprints
import Staging
import Synchronization

/// What does a stage's work.
enum StageWork: Sendable {
  /// A stage of this program.
  case builtIn(any Stage.Type)
  /// A program of somebody else's.
  case command(CommandProgram)
}

/// One execution of a stage: opens its inputs by digest, hands it its parameters, takes its outputs
/// into the object store.
struct Execution: Sendable {
  let stage: StageDeclaration
  let work: StageWork
  let parameters: ParameterValues
  let inputs: [ArtifactRef]
  let contracts: [String: SourceContract]
  let seed: Int
  let threads: Int
  let archive: Archive
  let project: Project
  let interruption: Interruption
  let meter: ProgressMeter
  /// Whether the log of a program is there when the run is over.
  var isLogKept = true

  /// What an execution leaves behind.
  enum Ending: Sendable {
    /// The stage did its work.
    case done(StageSummary, outputs: [StoredArtifact])
    /// There was nothing to do.
    case notApplicable(String)
    /// The stage gave up.
    case fault(StageFault)
    /// The run was asked to stop, or reading or writing failed.
    case stopped(PipelineError)
  }

  /// Runs the stage.
  func run() -> (ending: Ending, seconds: Double) {
    let start = ContinuousClock.now
    let ending = ending()
    return (ending, (ContinuousClock.now - start).seconds)
  }

  private func ending() -> Ending {
    let reader = StoreReader(
      stage: stage, inputs: inputs, archive: archive, project: project, interruption: interruption,
      threads: threads)
    let writer = StoreWriter(stage: stage, archive: archive, interruption: interruption)
    let context = StageContext(
      seed: stableHash(stage.id.utf8, seed: UInt64(bitPattern: Int64(seed))), threads: threads,
      contracts: contracts, progress: { [meter] in meter.report($0) })
    do {
      let outputs = Outputs(stage, to: writer)
      let summary: StageSummary
      switch work {
      case .builtIn(let type):
        summary = try type.init(parameters: parameters).run(Inputs(stage, from: reader), outputs, context)
      case .command(let program):
        summary = try CommandRun(
          stage: stage, program: program, inputs: inputs, archive: archive, project: project,
          interruption: interruption, isLogKept: isLogKept
        ).run(outputs)
      }
      try interruption.check()
      try reader.checkSources()
      let written = writer.finish()
      let missing = stage.outputs.filter { output in !written.contains { $0.name == output.name } }
      if let first = missing.first {
        return .fault(
          StageFault(.failed, "the stage ended without writing \"\(first.name)\", which it declares"))
      }
      return .done(summary, outputs: written)
    } catch let fault as StageFault {
      return fault.kind == .notApplicable ? .notApplicable(fault.message) : .fault(fault)
    } catch let error as PipelineError {
      return .stopped(error)
    } catch let error as ParameterError {
      return .fault(StageFault(.configuration, error.description))
    } catch {
      return .fault(StageFault(.failed, "\(error)"))
    }
  }
}
