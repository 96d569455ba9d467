package import Fingerprints
import GRDB

/// One thing that does not hold.
package struct IntegrityFault: Sendable, Equatable {
  /// `object`, `run`, `event`, `anchor`, `catalog` or `signature`.
  package var kind: String
  /// The digest, run, event number or table.
  package var subject: String
  /// In a sentence.
  package var message: String

  /// A fault.
  package init(kind: String, subject: String, message: String) {
    self.kind = kind
    self.subject = subject
    self.message = message
  }
}

/// What was looked at, and what does not hold.
package struct IntegrityReport: Sendable, Equatable {
  /// Objects digested.
  package var objects = 0
  /// Bytes digested.
  package var bytes = 0
  /// Runs of the chain.
  package var runs = 0
  /// Events of the chain.
  package var events = 0
  /// Anchors compared with the chain.
  package var anchors = 0
  /// Objects that are not there because gc collected them.
  package var collected = 0
  /// Objects that are not there because they were erased on a request.
  package var erased = 0
  /// What does not hold, in the order found.
  package var faults: [IntegrityFault] = []
}

extension CatalogStore {
  /// Recomputes the digest of every object (of those in `digests`, where given), of every run's record and
  /// of every event, and compares what follows from the records (what is current, aliases, sign-offs) and
  /// the anchors with them. Writes nothing. `progress` is handed the bytes digested so far.
  package func verify(
    only digests: Set<Digest>? = nil, _ progress: (Int) -> Void = { _ in }
  ) throws(CatalogError) -> IntegrityReport {
    var report = IntegrityReport()
    try verifyObjects(digests, &report, progress)
    let anchors = try anchors()
    report.anchors = anchors.count
    let chains = try read { db in
      var part = report
      part.faults = []
      let digests = try CatalogStore.verifyRuns(db, &part)
      try CatalogStore.verifyEvents(db, &part)
      try CatalogStore.verifyWhatFollows(db, &part)
      CatalogStore.compare(anchors, with: digests, &part)
      try CatalogStore.compareEvents(anchors, db, &part)
      return part
    }
    let objects = report.faults
    report = chains
    report.faults = objects + chains.faults
    return report
  }

  private func verifyObjects(
    _ wanted: Set<Digest>?, _ report: inout IntegrityReport, _ progress: (Int) -> Void
  ) throws(CatalogError) {
    let objects = try read {
      try Row.fetchAll($0, sql: "SELECT digest, bytes, state FROM object ORDER BY digest").map {
        (name: $0["digest"] as String, bytes: $0["bytes"] as Int64, state: $0["state"] as String)
      }
    }
    let gone = try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT d.digest, c.kind FROM collected d JOIN collection c ON c.id = d.collection WHERE d.returned IS NULL
          """
      ).reduce(into: [String: String]()) { $0[$1["digest"]] = $1["kind"] }
    }
    for object in objects {
      func fault(_ message: String) {
        report.faults.append(IntegrityFault(kind: "object", subject: object.name, message: message))
      }
      guard let digest = Digest(hexadecimal: object.name) else {
        fault("\(object.name) is no digest")
        continue
      }
      if let wanted, !wanted.contains(digest) { continue }
      // Policy took it away: whether that is recorded is looked at with the chains.
      if let kind = gone[object.name] {
        if kind == "erasure" { report.erased += 1 } else { report.collected += 1 }
        continue
      }
      guard object.state == "live" else {
        fault(
          "object \(digest.short) was damaged and is in quarantine; the next run that needs it makes it anew")
        continue
      }
      let path = folder.object(digest)
      switch Disk.kind(path) {
      case .plain: break
      case .nothing:
        fault("object \(digest.short) is missing")
        continue
      default:
        fault("object \(digest.short) is no plain file")
        continue
      }
      let found = try Disk.digest(path)
      report.objects += 1
      report.bytes += Int(found.status.size)
      progress(report.bytes)
      if found.digest != digest {
        fault("object \(digest.short) holds other bytes (\(found.digest.short))")
      } else if found.status.size != object.bytes {
        fault("object \(digest.short) has \(found.status.size) bytes, the catalog says \(object.bytes)")
      }
    }
  }

  /// The chain of runs; the digests of their records.
  private static func verifyRuns(_ db: Database, _ report: inout IntegrityReport) throws -> [Int64: String] {
    var previous = firstRun
    var digests: [Int64: String] = [:]
    let runs = try Row.fetchAll(
      db,
      sql: """
        SELECT r.seq, r.id, r.previous, r.digest, r.record, r.declarations, d.body, r.event_seq, r.event_digest,
          e.digest AS event_now
        FROM run r LEFT JOIN declaration d ON d.digest = r.declarations LEFT JOIN event e ON e.seq = r.event_seq
        WHERE r.status <> 'running' ORDER BY r.seq
        """)
    for row in runs {
      report.runs += 1
      let id: String = row["id"]
      func fault(_ message: String) {
        report.faults.append(IntegrityFault(kind: "run", subject: id, message: message))
      }
      if row["previous"] as String? != previous { fault("run \(id) does not follow the run before it") }
      if row["digest"] as String? != (try recordDigest(db, row["seq"])) {
        fault("the record of run \(id) was changed")
      }
      if row["record"] as Int64? ?? 1 >= 2 {
        let body = row["body"] as String?
        if body.map({ Digest(of: Array($0.utf8)).hexadecimal }) != row["declarations"] as String? {
          fault("the declarations of run \(id) were changed")
        }
        if row["event_seq"] as Int64? != nil, row["event_now"] as String? != row["event_digest"] as String? {
          fault("the events before the end of run \(id) are not those it was recorded with")
        }
      }
      previous = row["digest"] ?? ""
      digests[row["seq"]] = previous
    }
    return digests
  }

  private static func verifyEvents(_ db: Database, _ report: inout IntegrityReport) throws {
    var previous = firstEvent
    for row in try Row.fetchAll(db, sql: "SELECT * FROM event ORDER BY seq") {
      report.events += 1
      let seq: Int64 = row["seq"]
      let digest = eventDigest(
        seq: seq, at: row["at"], run: row["run_id"], stage: row["stage"], kind: row["kind"],
        body: row["body"],
        previous: row["previous"])
      if row["previous"] != previous || row["digest"] != digest || seq != Int64(report.events) {
        report.faults.append(
          IntegrityFault(
            kind: "event", subject: String(seq),
            message: "event \(seq) was changed or does not follow the one before it"))
      }
      previous = row["digest"]
    }
  }

  private static func compare(
    _ anchors: [Anchor], with digests: [Int64: String], _ report: inout IntegrityReport
  ) {
    for anchor in anchors where digests[anchor.seq] != anchor.digest {
      report.faults.append(
        IntegrityFault(
          kind: "anchor", subject: anchor.run,
          message: digests[anchor.seq] == nil
            ? "run \(anchor.run) ended (\(anchor.at)) and is not in the catalog any more"
            : "run \(anchor.run) ended with another record than the catalog has now"))
      // What comes after the first such run does not hold either.
      return
    }
  }

  private static func compareEvents(
    _ anchors: [Anchor], _ db: Database, _ report: inout IntegrityReport
  ) throws {
    for anchor in anchors {
      guard let event = anchor.event else { continue }
      let now = try String.fetchOne(
        db, sql: "SELECT digest FROM event WHERE seq = ?", arguments: [event.seq])
      guard now != event.digest else { continue }
      report.faults.append(
        IntegrityFault(
          kind: "anchor", subject: "event \(event.seq)",
          message: now == nil
            ? "event \(event.seq) was recorded and is not in the catalog any more"
            : "event \(event.seq) was recorded otherwise than the catalog has it now"))
      return
    }
  }
}
