import Catalog
import Clientele
package import Fingerprints
import FoundationEssentials
import Glibc
import Staging

/// Does a past run again, from the inputs, parameters and seeds recorded, beside the project's artifacts, and
/// compares what comes out with what was recorded.
///
/// Each stage is handed the very bytes it was handed then; since what it makes is compared before the next
/// stage is begun, what stages hand each other is what they handed each other then.
package struct RunReplay: Sendable {
  /// How it ended.
  package enum Verdict: Sendable, Equatable {
    /// All artifacts came out with the same bytes.
    case identical(artifacts: Int)
    /// This one did not.
    case differs(stage: String, artifact: String, recorded: Digest, found: Digest)
    /// A stage that made something then made nothing now.
    case failed(stage: String, message: String)
  }

  private let project: Project
  private let artifacts: PastArtifacts
  private let past: PastRun

  /// A replay of the run `name` of `project`.
  package init(_ project: Project, run name: String) throws(PipelineError) {
    self.project = project
    artifacts = try PastArtifacts(folder: project.folder)
    past = try artifacts.run(name)
  }

  /// The stages that made something, in the order they ended.
  package var stages: [String] { remade.map(\.stage) }

  private var remade: [PastStage] { past.stages.filter { !$0.outputs.isEmpty } }

  /// Stages whose code is another than then, with what is known of both, or which are no more.
  package var codeChanges: [(stage: String, old: String, new: String?)] {
    remade.compactMap { stage in
      let then = stage.preimage["code"]?.text ?? ""
      let version = stage.preimage["codeVersion"]?.integer ?? 0
      if let command = CommandDeclaration(preimage: stage.preimage) {
        // Arguments and environment are those of the record; program and files are what lies there now.
        let now = (try? command.digested(stage: stage.stage, folder: project.folder))?.code
        return then == now ? nil : (stage.stage, then, project.stage(stage.stage) == nil ? nil : now)
      }
      guard let type = project.registry.stage(stage.stage) else { return (stage.stage, then, nil) }
      let now = project.registry.codeDigests[stage.stage] ?? ""
      return then == now && type.declaration.codeVersion == version ? nil : (stage.stage, then, now)
    }
  }

  /// Runs the stages and compares; `tell` hears of each that came out the same, with its seconds. What is
  /// made is removed at the end; where all came out the same, `keep` first hears of it: each artifact with its
  /// digest and where its bytes lie until `keep` returns.
  package func run(
    threads: Int, interruption: Interruption, tell: (String, Double) -> Void,
    keep: ([(name: String, digest: Digest, path: String)]) throws -> Void = { _ in }
  ) throws -> Verdict {
    let scratch = "\(project.folder)/.holdfast-replay-\(past.id)-\(ProcessIdentity.pid)"
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    do {
      try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    } catch {
      throw PipelineError(
        .failed, "\(scratch) cannot be made: \(error)",
        remedy: "make a copy of the project where you may write, and reproduce the run there")
    }
    let archive = try Archive.writing(in: scratch, ifLocked: .fail)
    defer { archive.close() }
    let declarations = try declarations()
    var count = 0
    for stage in remade {
      for (name, digest) in stage.inputs.sorted(by: { $0.key < $1.key }) {
        try provide(name, digest, archive)
      }
      let (ending, seconds) = try execute(stage, declarations, archive, threads, interruption)
      switch ending {
      case .done(_, let outputs):
        for output in stage.outputs {
          guard let found = outputs.first(where: { $0.name == output.name }) else {
            return .failed(stage: stage.stage, message: "it no longer makes \"\(output.name)\"")
          }
          guard found.digest == output.digest else {
            return .differs(
              stage: stage.stage, artifact: output.name, recorded: output.digest, found: found.digest)
          }
          count += 1
        }
      case .notApplicable(let message): return .failed(stage: stage.stage, message: message)
      case .fault(let fault):
        let said = fault.quote.map { "; it said: \($0)" } ?? ""
        return .failed(stage: stage.stage, message: fault.description + said)
      case .stopped(let error): throw error
      }
      tell(stage.stage, seconds)
    }
    try keep(
      remade.flatMap { stage in
        stage.outputs.map { ($0.name, $0.digest, archive.path(of: $0.digest)) }
      })
    return .identical(artifacts: count)
  }

  /// Puts what gc took away back in its place, from the bytes made anew; what is there stays as it is, and what an
  /// erasure concerned stays away. The names of what came back, and of what an erasure withholds.
  package func restore(
    _ made: [(name: String, digest: Digest, path: String)]
  ) throws(PipelineError) -> (restored: [String], withheld: [String]) {
    let archive = try Archive.writing(in: project.folder, ifLocked: .fail)
    defer { archive.close() }
    let (restored, withheld) = try archive.translating { () throws(CatalogError) in
      try archive.writer().restore(made.map { ($0.digest, $0.path) }, at: Timestamp.now)
    }
    return (
      made.filter { restored.contains($0.digest) }.map(\.name),
      made.filter { withheld.contains($0.digest) }.map(\.name)
    )
  }

  private func declarations() throws(PipelineError) -> JSONValue {
    do throws(CatalogError) { return try artifacts.store.declarations(of: past.id) ?? .null } catch {
      throw PipelineError(error)
    }
  }

  /// Lays an input's bytes where the stage will look for them, unless a stage of this replay made them.
  private func provide(_ name: String, _ digest: Digest, _ archive: Archive) throws {
    let place = archive.path(of: digest)
    guard !FileManager.default.fileExists(atPath: place) else { return }
    let origin: String
    do {
      origin = try artifacts.path(name, digest)
    } catch {
      guard case .source(let source) = InputSource(name) else { throw error }
      // Where the bytes were not kept, the file itself may still be what it was.
      guard let declared = project.source(source), case let path = project.path(of: declared),
        FileManager.default.fileExists(atPath: path),
        try MappedFile(path: path, name: "source \"\(source)\"").digest() == digest
      else {
        let notice = try artifacts.store.collection(of: digest)
        throw PipelineError(
          .usage,
          "the source \"\(source)\" of run \(past.id) (digest \(digest.short)) was \(notice?.words ?? "not kept"), and its file holds other bytes by now",
          remedy: notice?.isErasure == true
            ? "what was made of it cannot be made again; its record and digests stay"
            : "lay the file of that day in its place, or keep sources with \"keep\": \"bytes\"")
      }
      origin = path
    }
    let shelf = String(place.prefix(upTo: place.lastIndex(of: "/") ?? place.endIndex))
    try FileManager.default.createDirectory(atPath: shelf, withIntermediateDirectories: true)
    guard unsafe symlink(origin, place) == 0 else {
      throw PipelineError(.failed, "\(place) cannot be made: \(systemReason(errno))")
    }
  }

  private func execute(
    _ past: PastStage, _ declarations: JSONValue, _ archive: Archive, _ threads: Int,
    _ interruption: Interruption
  ) throws -> (ending: Execution.Ending, seconds: Double) {
    let preimage = past.preimage
    let work: StageWork
    let type = project.registry.stage(past.stage)
    guard let stage = project.stage(past.stage) ?? type?.declaration else {
      return (.fault(StageFault(.failed, "this program has no such stage")), 0)
    }
    if var command = CommandDeclaration(preimage: preimage) {
      command.timeLimit = project.commands[stage.id]?.timeLimit ?? command.timeLimit
      work = .command(try command.found(stage: stage.id, folder: project.folder))
    } else if let type {
      work = .builtIn(type)
    } else {
      return (.fault(StageFault(.failed, "it was built in then and is a command now")), 0)
    }
    // Of the project as it is now only the names matter; sources are read from the store.
    var pipeline = project.pipeline
    var contracts: [String: SourceContract] = [:]
    for (name, document) in preimage["contract"]?.members ?? [:] {
      contracts[name] = try JSONDecoding.decode(SourceContract.self, from: document)
    }
    pipeline.sources = past.inputs.keys.sorted().compactMap { input in
      guard case .source(let name) = InputSource(input) else { return nil }
      let now = project.source(name)
      guard let contract = contracts[name] ?? now?.contract else { return nil }
      let path = declarations["sources"]?[name]?["path"]?.text ?? now?.path ?? name
      return SourceDeclaration(name: name, path: path, keep: .bytes, contract: contract)
    }
    let then = Project(
      folder: project.folder, pipeline: pipeline, stages: project.stages, overrides: [],
      registry: project.registry, commands: project.commands, document: declarations, setParameters: [:])
    let execution = Execution(
      stage: stage, work: work,
      parameters: try ParameterValues(stage.parameters, given: preimage["parameters"]?.members ?? [:]),
      inputs: past.inputs.map { ArtifactRef(name: $0.key, digest: $0.value) }.sorted { $0.name < $1.name },
      contracts: contracts,
      seed: preimage["seed"]?.integer ?? declarations["seed"]?.integer ?? pipeline.seed, threads: threads,
      archive: archive, project: then, interruption: interruption,
      meter: ProgressMeter(stage: stage.id, secondsBefore: nil, tell: { _ in }), isLogKept: false)
    let mailbox = Mailbox()
    try startStageThread {
      let (ending, seconds) = execution.run()
      mailbox.put(stage.id, ending, seconds)
    }
    while true {
      mailbox.wait()
      if let (_, ending, seconds) = mailbox.take().first { return (ending, seconds) }
    }
  }
}
