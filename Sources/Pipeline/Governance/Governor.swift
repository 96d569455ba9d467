package import Catalog
import Clientele
import Fingerprints
import Staging

/// What people decide about runs: who may score (`promote`) and what a second pair of eyes says
/// (`signoff`). Each decision, refusals included, is an event in the chain of records.
package struct Governor: Sendable {
  /// The alias a promotion moves where none is named.
  package static let champion = championAlias

  private let folder: String

  /// Decisions about the runs of the project in `folder`.
  package init(folder: String) { self.folder = folder }

  /// Why a promotion did not happen.
  package struct Refusal: Error, Sendable, Equatable {
    /// Whether an override would help: only what was found of the model spoke against it.
    package var canBeOverridden: Bool
    /// What spoke against it.
    package var grounds: [String]
  }

  /// Lets `alias` name the documents of a run, and whatever a profile takes from the champion. Refused, and
  /// the refusal recorded, where there is no such run, it did not end well or its artifacts are not whole;
  /// and, without `overriding`, where a check stopped it, a check of the model did not hold, or the newest
  /// word of some role is a rejection. Returns what was overridden.
  package func promote(
    _ run: String, of project: Project, as alias: String, by actor: String?, reason: String, overriding: Bool
  ) throws -> Result<[String], Refusal> {
    guard ArtifactFolder.isSafe(alias), alias.utf8.first.map({ $0 >= UInt8(ascii: "A") }) == true else {
      throw PipelineError(
        .usage, "no alias can be called \(quoted(alias))",
        remedy: "begin with a letter and go on with letters, digits, '.', '_' and '-'")
    }
    return try writing { store in
      var promotion = Promotion(
        alias: alias, run: run, actor: actor ?? ProcessIdentity.actor, reason: reason, overrode: [])
      func refused(_ grounds: [String], canBeOverridden: Bool = false) throws -> Result<[String], Refusal> {
        try store.refuse(promotion, because: grounds, at: Timestamp.now)
        return .failure(Refusal(canBeOverridden: canBeOverridden, grounds: grounds))
      }
      guard let past = try store.pastRun(run) else { return try refused(["there is no run \(run)"]) }
      guard past.status == "succeeded" || past.status == "blocked" else {
        return try refused(["run \(run) did not succeed: it is \(past.status)"])
      }
      let wanted = Set(project.pipeline.profiles.flatMap(\.champion))
      var members: [String: Digest] = [:]
      for output in past.stages.flatMap(\.outputs) {
        let version = try store.versions(of: output.name).first { $0.digest == output.digest }
        if version?.kind == "document" || wanted.contains(output.name) {
          members[output.name] = output.digest
        }
      }
      let missing = wanted.subtracting(members.keys).sorted()
      guard missing.isEmpty, !members.isEmpty else {
        return try refused([
          missing.isEmpty
            ? "run \(run) made no document"
            : "run \(run) made no \(missing.joined(separator: ", ")), which profiles take from the champion"
        ])
      }
      let damaged = try members.keys.sorted().filter { name in
        try members[name].map { try store.condition(of: $0, isWriter: false, at: Timestamp.now) } != .good
      }
      guard damaged.isEmpty else {
        return try refused(["not whole any more: \(damaged.joined(separator: ", "))"])
      }
      let grounds = try objections(to: past, store)
      guard grounds.isEmpty || overriding else { return try refused(grounds, canBeOverridden: true) }
      promotion.overrode = grounds
      try store.promote(
        promotion, members.keys.sorted().compactMap { name in members[name].map { (name, $0) } },
        contract: try contract(of: past, project), at: Timestamp.now)
      return .success(grounds)
    }
  }

  /// What speaks against a run's model.
  private func objections(to run: PastRun, _ store: CatalogStore) throws -> [String] {
    var grounds: [String] = []
    for (stage, check) in try store.failedChecks(of: run.id)
    where check.subject == "model" || check.severity == "stop" {
      grounds.append("check \(check.id) of stage \(stage) did not hold: \(check.message)")
    }
    if run.status == "blocked", grounds.isEmpty { grounds.append("run \(run.id) was stopped by a check") }
    var newest: [String: SignOff] = [:]
    for signOff in try store.signOffs(of: run.id) { newest[signOff.role] = signOff }
    for role in newest.keys.sorted() where newest[role]?.approves == false {
      grounds.append("\(role) rejected run \(run.id): \(newest[role]?.comment ?? "")")
    }
    return grounds
  }

  /// The sources' contracts a run's model was made under: those of a stage that was handed all of them, else
  /// those of one that was handed their types, else today's.
  private func contract(of run: PastRun, _ project: Project) throws -> JSONValue {
    for need in [ContractNeed.all, .types] {
      for stage in run.stages where project.stage(stage.stage)?.contract == need {
        if let contract = stage.preimage["contract"] { return contract }
      }
    }
    var contracts: [String: JSONValue] = [:]
    for source in project.pipeline.sources {
      contracts[source.name] = try JSONEncoding.encode(source.contract)
    }
    return .object(contracts)
  }

  /// Records what a person decided about a run that has ended, over the digest its record has.
  package func signOff(
    _ run: String, role: String, approves: Bool, comment: String, by actor: String?
  ) throws -> SignOff {
    try writing { store in
      do throws(CatalogError) {
        return try store.signOff(
          run: run, role: role, approves: approves, comment: comment, actor: actor ?? ProcessIdentity.actor,
          at: Timestamp.now)
      } catch {
        guard error.kind == .missing else { throw PipelineError(error) }
        throw PipelineError(.usage, error.message, remedy: error.remedy)
      }
    }
  }

  /// Does something under the lock, once there is a catalog.
  private func writing<Value>(_ body: (CatalogStore) throws -> Value) throws -> Value {
    guard try Archive.reading(in: folder).store != nil else {
      throw PipelineError(.usage, "nothing has run in \(folder) yet", remedy: "run `holdfast run` first")
    }
    let archive = try Archive.writing(in: folder, ifLocked: .wait(seconds: 30))
    defer { archive.close() }
    do { return try body(archive.writer()) } catch let error as CatalogError { throw PipelineError(error) }
  }
}
