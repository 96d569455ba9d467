package import Catalog
import Fingerprints
import FoundationEssentials
import Glibc

/// Collects what no policy keeps, holds and releases, erases on request, and sweeps what died left behind.
package struct Housekeeper: Sendable {
  /// Hours for which what no run refers to is left alone.
  package static let graceHours = 24

  private let folder: String

  /// A housekeeper of the project in `folder`.
  package init(folder: String) { self.folder = folder }

  /// Something left behind by a process that died: its path in the project's folder, and its bytes.
  package struct Leftover: Sendable, Equatable {
    /// Relative to the project's folder.
    package var path: String
    /// Bytes in it.
    package var bytes: Int
  }

  /// The policy of these two rules; `days` count back from now.
  package static func policy(keep: Int?, olderThanDays days: Int?) -> RetentionPolicy {
    RetentionPolicy(keep: keep, since: days.map { Timestamp.before(seconds: Double($0) * 86_400) })
  }

  /// What `policy` would take away, and what is left over; nothing is changed.
  package func look(
    _ policy: RetentionPolicy
  ) throws(PipelineError) -> (plan: CollectionPlan, leftovers: [Leftover]) {
    guard let store = try Archive.reading(in: folder).store else { throw Housekeeper.nothingRan(folder) }
    do throws(CatalogError) {
      return (try store.plan(policy, grace: Housekeeper.grace), leftovers())
    } catch { throw PipelineError(error) }
  }

  /// Takes away what `policy` does not keep, and what is left over. The number of the collection, where one
  /// was recorded.
  package func collect(
    _ policy: RetentionPolicy, by actor: String?
  ) throws(PipelineError) -> (plan: CollectionPlan, number: Int64?, leftovers: [Leftover]) {
    try writing { (store) throws(CatalogError) in
      let left = leftovers(isWriter: true)
      let (plan, number) = try store.collect(
        policy, grace: Housekeeper.grace, by: actor ?? ProcessIdentity.actor, at: Timestamp.now)
      for item in left { try? FileManager.default.removeItem(atPath: folder + "/" + item.path) }
      return (plan, number, left)
    }
  }

  /// Places a hold on a run or a version; an artifact's name alone means the version that is current.
  package func hold(
    _ target: String, _ kind: Hold.Kind, reason: String, by actor: String?
  ) throws(PipelineError) -> Hold {
    var target = target
    if try PastArtifacts(folder: folder).isRun(target) == false {
      let version = try ArtifactReader(folder: folder).version(target)
      target = "\(version.name)@\(version.version)"
    }
    return try writing { (store) throws(CatalogError) in
      try store.hold(
        target, kind, reason: reason, by: actor ?? ProcessIdentity.actor, at: Timestamp.now)
    }
  }

  /// Releases the holds on `target`, or the one of that number.
  package func release(
    _ target: String, reason: String, by actor: String?
  ) throws(PipelineError) -> [Hold] {
    try writing { (store) throws(CatalogError) in
      try store.release(target, reason: reason, by: actor ?? ProcessIdentity.actor, at: Timestamp.now)
    }
  }

  /// The holds in force.
  package func holds() throws(PipelineError) -> [Hold] {
    guard let store = try Archive.reading(in: folder).store else { return [] }
    do throws(CatalogError) { return try store.holds() } catch { throw PipelineError(error) }
  }

  /// What an erasure would take away now; nothing is changed.
  package func planErasure() throws(PipelineError) -> ErasurePlan {
    guard let store = try Archive.reading(in: folder).store else { throw Housekeeper.nothingRan(folder) }
    let found: Result<ErasurePlan, ErasureRefusalError>
    do throws(CatalogError) { found = try store.planErasure() } catch { throw PipelineError(error) }
    return try Housekeeper.erasure(found)
  }

  /// Erases all older versions that hold persons' data, whatever keeps them but a legal hold, and records it
  /// under the request's name. Copies of erased pages under `latest` go too, and what programs of others printed
  /// and processes that died left, which may hold anybody; where some of that stays, this is said, and the erasure
  /// is recorded all the same.
  package func erase(request: String, by actor: String?) throws(PipelineError) -> ErasurePlan {
    guard Housekeeper.isRequestName(request) else {
      throw PipelineError(
        .usage, "\(quoted(request)) is no name of a request",
        remedy:
          "use its number or code: letters, digits, '.', '_', '-' and '/', at most 64; never the person's name"
      )
    }
    var left: [String] = []
    let found = try writing { (store) throws(CatalogError) in
      let erased = try store.erase(request: request, by: actor ?? ProcessIdentity.actor, at: Timestamp.now)
      // A refusal touches nothing.
      if case .success = erased { left = removeTraces() }
      return erased
    }
    let plan = try Housekeeper.erasure(found)
    removeFromLatest(plan)
    guard left.isEmpty else {
      throw PipelineError(
        .failed,
        "all versions were erased, but \(left.joined(separator: ", ")) cannot be removed and may hold persons' data",
        remedy: "remove it by hand; the erasure is recorded under request \(request)")
    }
    return plan
  }

  /// What processes that died left in the project's folder: scratch folders of replays, and work folders
  /// under `artifacts` while no run is at work.
  package func leftovers() -> [Leftover] {
    leftovers(isWriter: false)
  }

  /// Removes what programs of others printed and what processes that died left; what of it stays, by its path in the
  /// project's folder. Only under the lock.
  private func removeTraces() -> [String] {
    (deadReplays() + ["artifacts/work", "artifacts/logs"]).filter {
      !ArtifactFolder.remove(whole: folder + "/" + $0)
    }
  }

  /// The names in a folder of the project's, sorted.
  private func names(_ path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder + "/" + path)) ?? []).sorted()
  }

  /// The scratch folders of replays that died.
  private func deadReplays() -> [String] {
    names("").filter { name in
      guard name.hasPrefix(".holdfast-replay-"),
        let pid = name.split(separator: "-").last.flatMap({ Int32($0) })
      else { return false }
      // The name ends with the process that made it. Another may have that number by now: one that lives holds the lock
      // of its folder.
      if kill(pid, 0) != 0, errno == ESRCH { return true }
      let artifacts = ArtifactFolder("\(folder)/\(name)/artifacts")
      return FileManager.default.fileExists(atPath: artifacts.lock) && !RunLock.isHeld(artifacts)
    }
  }

  private func leftovers(isWriter: Bool) -> [Leftover] {
    var paths = deadReplays()
    if isWriter || !RunLock.isHeld(ArtifactFolder(folder + "/artifacts")) {
      paths += names("artifacts/work").map { "artifacts/work/" + $0 }
    }
    return paths.map { Leftover(path: $0, bytes: size(of: folder + "/" + $0)) }
  }

  private func size(of path: String) -> Int {
    let manager = FileManager.default
    let below = ((try? manager.subpathsOfDirectory(atPath: path)) ?? []).map { path + "/" + $0 }
    return ([path] + below).reduce(0) { sum, file in
      let facts = try? manager.attributesOfItem(atPath: file)
      guard facts?[.type] as? FileAttributeType == .typeRegular else { return sum }
      return sum + (facts?[.size] as? Int ?? 0)
    }
  }

  /// A page is copied to `latest`, other artifacts are linked: neither outlives its object.
  private func removeFromLatest(_ plan: ErasurePlan) {
    let manager = FileManager.default
    let latest = folder + "/artifacts/latest"
    ArtifactFolder(folder + "/artifacts").removeNextLatest()
    let gone = Set(plan.objects.map(\.digest.hexadecimal))
    for name in (try? manager.subpathsOfDirectory(atPath: latest)) ?? [] {
      let path = latest + "/" + name
      if let target = try? manager.destinationOfSymbolicLink(atPath: path) {
        if gone.contains(String(target.split(separator: "/").last ?? "")) {
          try? manager.removeItem(atPath: path)
        }
      } else if let digest = try? MappedFile(path: path, name: name).digest(),
        gone.contains(digest.hexadecimal)
      {
        try? manager.removeItem(atPath: path)
      }
    }
  }

  private static func erasure(
    _ found: Result<ErasurePlan, ErasureRefusalError>
  ) throws(PipelineError) -> ErasurePlan {
    switch found {
    case .success(let plan): return plan
    case .failure(let refusal):
      switch refusal.ground {
      case .nothingRan:
        throw PipelineError(
          .usage, "no run has succeeded that read the sources",
          remedy: "take the customer out of the source and run `holdfast run` first")
      case .sourcesUnchanged(let run):
        throw PipelineError(
          .usage, "every run up to \(run) read the same sources: nobody was taken out of them",
          remedy: "take the customer out of the source and run `holdfast run` first")
      case .held(let holds):
        let words = holds.map { "\($0.target) (\($0.reason))" }
        throw PipelineError(
          .held, "a legal hold keeps \(words.joined(separator: ", "))",
          remedy: "nothing was erased; the refusal is recorded; `holdfast release` once the hold has ended")
      }
    }
  }

  /// Whether `text` can be a request's number: nothing a person's name or address fits in easily.
  static func isRequestName(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    let isNamed = bytes.contains { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    return isNamed && bytes.count <= 64
      && bytes.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"),
          UInt8(ascii: "/"):
          true
        default: false
        }
      }
  }

  /// The time before which what no run refers to must have been made to go.
  static var grace: String { Timestamp.before(seconds: Double(graceHours) * 3600) }

  private static func nothingRan(_ folder: String) -> PipelineError {
    PipelineError(.usage, "nothing has run in \(folder) yet", remedy: "run `holdfast run` first")
  }

  /// Does something under the lock, once there is a catalog.
  private func writing<Value>(
    _ body: (CatalogStore) throws(CatalogError) -> Value
  ) throws(PipelineError) -> Value {
    guard try Archive.reading(in: folder).store != nil else { throw Housekeeper.nothingRan(folder) }
    let archive = try Archive.writing(in: folder, ifLocked: .wait(seconds: 30))
    defer { archive.close() }
    do throws(CatalogError) { return try body(archive.writer()) } catch {
      guard error.kind == .missing else { throw PipelineError(error) }
      throw PipelineError(.usage, error.message, remedy: error.remedy)
    }
  }
}
