import Catalog
import Glibc

/// One thing looked at, and what to do where it is not well.
package struct Diagnosis: Sendable, Equatable {
  /// What was looked at.
  package var subject: String
  /// Whether it is well.
  package var isWell: Bool
  /// What was found, in a sentence.
  package var finding: String
  /// What to do; none where it is well.
  package var remedy: String?
}

/// Looks at all a run needs, and says what to do where something is amiss. Writes nothing.
package struct Doctor: Sendable {
  private let project: Project

  /// A look at a project.
  package init(_ project: Project) { self.project = project }

  /// What was found. `isThorough` digests every object and looks at both chains too.
  package func look(isThorough: Bool) throws(PipelineError) -> [Diagnosis] {
    var found: [Diagnosis] = []
    func say(_ subject: String, _ isWell: Bool, _ finding: String, _ remedy: String) {
      found.append(
        Diagnosis(subject: subject, isWell: isWell, finding: finding, remedy: isWell ? nil : remedy))
    }
    for source in project.pipeline.sources {
      let path = project.path(of: source)
      do throws(PipelineError) {
        _ = try MappedFile(path: path, name: "source \"\(source.name)\": \(path)")
        say("source \(source.name)", true, "can be read", "")
      } catch {
        say(
          "source \(source.name)", false, error.message,
          error.remedy ?? "mend sources.\(source.name).path in pipeline.json, or let this user read the file")
      }
    }
    let folder = ArtifactFolder(project.folder + "/artifacts")
    let (mayWrite, finding, remedy) = Doctor.lookAtRight(folder, in: project.folder)
    say("folder", mayWrite, finding, remedy)
    func complain(_ error: PipelineError) {
      say(
        "catalog", false, error.message,
        error.remedy ?? "restore it from a backup, or move artifacts/ away and run anew")
    }
    do throws(PipelineError) {
      guard let store = try Archive.reading(in: project.folder).store else {
        say("catalog", true, "nothing has run here yet", "")
        return found
      }
      try look(at: store, folder, isThorough: isThorough, say)
    } catch { complain(error) }
    return found
  }

  /// Whether this user may write where a run writes, asked without writing.
  private static func lookAtRight(
    _ folder: ArtifactFolder, in project: String
  ) -> (isWell: Bool, finding: String, remedy: String) {
    let isThere = unsafe access(folder.path, F_OK) == 0
    do throws(CatalogError) { try folder.refuseLinks() } catch {
      return (false, error.message, error.remedy ?? "")
    }
    let places = isThere ? [folder.path, folder.catalog, folder.objects, folder.latest] : [project]
    for place in places where unsafe access(place, F_OK) == 0 && access(place, W_OK) != 0 {
      let reason = systemReason(errno)
      return (
        false, "\(place) cannot be written: \(reason)",
        "let this user write there (owner, mode, or a file system mounted read-only) to run; reading goes on without"
      )
    }
    return (true, "this user may write in \(isThere ? "artifacts/" : "it")", "")
  }

  private func look(
    at store: CatalogStore, _ folder: ArtifactFolder, isThorough: Bool,
    _ say: (_ subject: String, _ isWell: Bool, _ finding: String, _ remedy: String) -> Void
  ) throws(PipelineError) {
    do throws(CatalogError) {
      let health = try store.health()
      say(
        "catalog", health.complaints.isEmpty,
        health.complaints.first ?? "SQLite \(health.sqliteVersion) finds it whole",
        "restore it from a backup, or move artifacts/ away and run anew")
      let needed = Doctor.roomNeeded(largestObject: health.largestObject)
      say(
        "disk", health.freeBytes >= needed, "\(health.freeBytes >> 20) MB are free",
        "free \((needed - health.freeBytes) >> 20) MB: room for four of the largest artifact, 100 MB at least; `holdfast gc --keep N --dry-run` says what could go"
      )
      let isHeld = RunLock.isHeld(folder)
      say(
        "lock", isHeld || health.running.isEmpty,
        isHeld
          ? "a run is at work"
          : health.running.isEmpty
            ? "free" : "free, and \(health.running.joined(separator: ", ")) died without recording an end",
        "nothing to unlock: the next `holdfast run` marks it as crashed and goes on")
      try lookForLeftovers(store, isHeld: isHeld, say)
      guard isThorough else { return }
      let report = try store.verify()
      say(
        "records", report.faults.isEmpty,
        report.faults.first?.message ?? "\(report.objects) objects, \(report.runs) runs and both chains hold",
        report.faults.contains { $0.kind == "object" }
          ? "`holdfast run` makes damaged artifacts anew; `holdfast verify` lists all \(report.faults.count)"
          : "restore the catalog from a backup; `holdfast verify` lists all \(report.faults.count)")
    } catch { throw PipelineError(error) }
  }

  /// Bytes that should be free: room for four of the largest object, 100 MB at least.
  static func roomNeeded(largestObject: Int) -> Int { max(100 << 20, 4 * largestObject) }

  /// What processes that died left behind; while a run is at work its own unfinished files count for nothing.
  private func lookForLeftovers(
    _ store: CatalogStore, isHeld: Bool,
    _ say: (_ subject: String, _ isWell: Bool, _ finding: String, _ remedy: String) -> Void
  ) throws(CatalogError) {
    let housekeeper = Housekeeper(folder: project.folder)
    let plan = isHeld ? CollectionPlan() : try store.plan(RetentionPolicy(), grace: Housekeeper.grace)
    let left = housekeeper.leftovers()
    var words: [String] = []
    if !left.isEmpty { words.append("\(left.count) scratch folders (\(left[0].path))") }
    if !plan.objects.isEmpty { words.append("\(plan.objects.count) objects that no run refers to") }
    if !plan.strays.isEmpty { words.append("\(plan.strays.count) files without a record") }
    if !isHeld, try store.isSweepPending() { words.append("a collection that died midway") }
    let bytes = left.reduce(plan.bytes + plan.strayBytes) { $0 + $1.bytes }
    say(
      "leftovers", words.isEmpty,
      words.isEmpty ? "none" : "\(words.joined(separator: ", ")): \(bytes) bytes",
      "`holdfast gc` removes them")
  }
}
