import Clientele
import Fingerprints
import Staging

/// A version of an artifact, as far as a run must know it.
struct ArtifactRef: Sendable, Equatable {
  /// The artifact.
  var name: String
  /// Digest of its bytes.
  var digest: Digest
}

/// What an input turned out to be.
enum ResolvedInput: Sendable, Equatable {
  /// These bytes.
  case found(ArtifactRef)
  /// Not there, and need not be.
  case absent
  /// Not known before that stage has ended.
  case waiting(String)
  /// Not there, and needed, because a stage that makes it was skipped: so is this one.
  case skipped(String)
  /// Not there, and needed: the run cannot go on, for this reason.
  case unavailable(String)
}

/// What is known at a moment of a run, or of a forecast: what the sources hold, what is current, what
/// was made so far. Decides what every stage's inputs are and so its key.
struct Circumstances: Sendable {
  let project: Project
  let profile: ProfileDeclaration
  let graph: StageGraph
  /// The stages this run is about.
  let selected: Set<String>
  /// The contracts in force: with a champion, its columns and today's dialect.
  let contracts: [String: SourceContract]
  /// The sources' digests by name, as far as read.
  let sources: [String: Digest]
  /// Current versions of this profile's channel by artifact.
  let heads: [String: Digest]
  /// What the alias `champion` names, by artifact.
  let champion: [String: Digest]
  /// Digests an artifact had in this channel, one a run that published it, oldest first.
  let history: [String: [Digest]]
  /// Of these, what was collected since: it cannot be read any more.
  let gone: Set<Digest>
  /// The programs of the selected stages that are commands, by stage.
  let programs: [String: CommandProgram]
  /// What was made, reused or restored so far, by artifact.
  var made: [String: Digest] = [:]
  /// Stages that ended without outputs, and why.
  var skipped: [String: String] = [:]

  /// What is current in this channel once the run has ended well: what it made, and what it left alone.
  var current: [String: Digest] {
    var current = heads
    for stage in graph.stages where skipped[stage.id] != nil {
      for output in stage.outputs { current[output.name] = nil }
    }
    return current.merging(made) { _, new in new }
  }

  /// What `input` of a stage is now.
  func resolve(_ input: InputDeclaration) -> ResolvedInput {
    let found: ResolvedInput =
      switch InputSource(input.name) {
      case .source(let name):
        sources[name].map { .found(ArtifactRef(name: input.name, digest: $0)) }
          ?? .unavailable("the source \"\(name)\" is not declared")
      case .stage(let name): current(name, as: input.name)
      case .champion(let name):
        profile.champion.contains(name) ? frozen(name, as: input.name) : .absent
      case .previous(let name): previous(name, as: input.name)
      }
    switch found {
    case .skipped where input.isOptional, .unavailable where input.isOptional: return .absent
    default: return found
    }
  }

  private func frozen(_ name: String, as input: String) -> ResolvedInput {
    champion[name].map { .found(ArtifactRef(name: input, digest: $0)) }
      ?? .unavailable("the champion names no \"\(name)\"")
  }

  private func current(_ name: String, as input: String) -> ResolvedInput {
    if let digest = made[name] { return .found(ArtifactRef(name: input, digest: digest)) }
    let mayFallBack = profile.champion.contains(name)
    guard let maker = graph.maker(of: name) else {
      return mayFallBack
        ? frozen(name, as: input) : .unavailable("no stage of profile \"\(profile.name)\" makes \"\(name)\"")
    }
    if let reason = skipped[maker] {
      let fallback = mayFallBack ? frozen(name, as: input) : .absent
      if case .found = fallback { return fallback }
      return .skipped("\(maker) was skipped: \(reason)")
    }
    if selected.contains(maker) { return .waiting(maker) }
    if let digest = heads[name] { return .found(ArtifactRef(name: input, digest: digest)) }
    return mayFallBack
      ? frozen(name, as: input) : .unavailable("\"\(name)\" has no current version; run \(maker) first")
  }

  /// The version that was current when the present one was first made.
  private func previous(_ name: String, as input: String) -> ResolvedInput {
    let present: Digest
    switch current(name, as: input) {
    case .found(let ref): present = ref.digest
    case .waiting(let stage): return .waiting(stage)
    case .absent, .skipped, .unavailable: return .absent
    }
    let past = (history[name] ?? []).prefix { $0 != present }
    guard let last = past.last, !gone.contains(last) else { return .absent }
    return .found(ArtifactRef(name: input, digest: last))
  }

  /// All inputs of `stage` that are there, with the digests; or why that cannot be said.
  func inputs(of stage: StageDeclaration) -> StageInputs {
    var found: [ArtifactRef] = []
    for input in stage.inputs {
      switch resolve(input) {
      case .found(let ref): found.append(ref)
      case .absent: continue
      case .waiting(let maker): return .waiting(maker)
      case .skipped(let reason): return .skipped(reason)
      case .unavailable(let reason): return .unavailable(reason)
      }
    }
    return .known(found)
  }

  /// What does the work of a stage of this run; `nil` where nothing does.
  func work(of stage: String) -> StageWork? {
    programs[stage].map { .command($0) } ?? project.registry.stage(stage).map { .builtIn($0) }
  }

  /// The key of `stage` on these inputs.
  func preimage(of stage: StageDeclaration, inputs: [ArtifactRef]) throws -> KeyPreimage {
    try KeyPreimage(
      stage, code: programs[stage.id]?.code ?? project.registry.codeDigests[stage.id] ?? "",
      program: programs[stage.id],
      parameters: project.parameters(of: stage, profile: profile),
      contracts: stage.contract.projection(of: contracts),
      inputs: Dictionary(inputs.map { ($0.name, $0.digest) }, uniquingKeysWith: { first, _ in first }),
      seed: project.pipeline.seed)
  }
}

/// A stage's inputs at a moment.
enum StageInputs: Sendable, Equatable {
  case known([ArtifactRef])
  case waiting(String)
  case skipped(String)
  case unavailable(String)
}
