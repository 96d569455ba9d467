import Fingerprints
import GRDB

/// One thing that does not hold.
package struct IntegrityFault: Sendable, Equatable {
  /// `object`, `run` or `event`.
  package var kind: String
  /// The digest, run or event number.
  package var subject: String
  /// In a sentence.
  package var message: String
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
  /// What does not hold, in the order found.
  package var faults: [IntegrityFault] = []
}

extension CatalogStore {
  /// Ends a run's record: its digest covers the run, its stage runs with inputs and outputs, and the
  /// digest of the run before it.
  static func seal(
    _ db: Database, _ seq: Int64, status: String, exitCode: Int?, message: String?, at time: String
  ) throws {
    let previous =
      try String.fetchOne(
        db, sql: "SELECT digest FROM run WHERE seq < ? AND digest IS NOT NULL ORDER BY seq DESC LIMIT 1",
        arguments: [seq]) ?? Digest(of: Array("holdfast.runs/v1".utf8)).hexadecimal
    try db.execute(
      sql: "UPDATE run SET status = ?, exit_code = ?, message = ?, ended_at = ?, previous = ? WHERE seq = ?",
      arguments: [status, exitCode, message, time, previous, seq])
    let digest = try recordDigest(db, seq)
    try db.execute(sql: "UPDATE run SET digest = ? WHERE seq = ?", arguments: [digest, seq])
  }

  /// The digest of a run's record as it stands in the tables.
  private static func recordDigest(_ db: Database, _ seq: Int64) throws -> String {
    func values(_ row: Row) -> JSONValue {
      .array(
        row.databaseValues.map { value in
          switch value.storage {
          case .null: .null
          case .int64(let number): .string(String(number))
          case .double(let number): .string("\(number)")
          case .string(let text): .string(text)
          case .blob: .string("blob")
          }
        })
    }
    guard let run = try Row.fetchOne(
      db,
      sql: """
        SELECT seq, id, pipeline, profile, declarations, arguments, overrides, program, host, actor, pid, started_at,
          ended_at, status, exit_code, message, previous FROM run WHERE seq = ?
        """, arguments: [seq])
    else { throw CatalogError(.missing, "there is no run \(seq)") }
    let id: String = run["id"]
    let tables = [
      "SELECT * FROM stage_run WHERE run_id = ? ORDER BY id",
      """
      SELECT i.* FROM stage_input i JOIN stage_run s ON s.id = i.stage_run WHERE s.run_id = ?
      ORDER BY i.stage_run, i.name
      """,
      """
      SELECT o.stage_run, o.name, v.version, v.digest, v.bytes, v.row_count FROM stage_output o
      JOIN stage_run s ON s.id = o.stage_run JOIN artifact_version v ON v.id = o.version_id
      WHERE s.run_id = ? ORDER BY o.stage_run, o.name
      """,
      """
      SELECT p.channel, p.name, v.digest FROM publication p JOIN artifact_version v ON v.id = p.version_id
      WHERE p.run_id = ? ORDER BY p.name
      """,
      """
      SELECT p.* FROM parameter p JOIN stage_run s ON s.id = p.stage_run WHERE s.run_id = ? ORDER BY p.stage_run, p.name
      """,
      "SELECT m.* FROM metric m JOIN stage_run s ON s.id = m.stage_run WHERE s.run_id = ? ORDER BY m.stage_run, m.name",
      """
      SELECT c.* FROM check_result c JOIN stage_run s ON s.id = c.stage_run WHERE s.run_id = ? ORDER BY c.stage_run, c.id
      """,
    ]
    var record: [JSONValue] = [values(run)]
    for sql in tables {
      record.append(.array(try Row.fetchAll(db, sql: sql, arguments: [id]).map(values)))
    }
    return Digest(of: JSONValue.array(record)).hexadecimal
  }

  /// Recomputes the digest of every object, of every run's record and of every event.
  package func verify(_ progress: (Int) -> Void = { _ in }) throws(CatalogError) -> IntegrityReport {
    var report = IntegrityReport()
    let objects = try read { try Row.fetchAll($0, sql: "SELECT digest, bytes FROM object WHERE state = 'live' ORDER BY digest") }
    for row in objects {
      let name: String = row["digest"]
      guard let digest = Digest(hexadecimal: name) else {
        report.faults.append(IntegrityFault(kind: "object", subject: name, message: "\(name) is no digest"))
        continue
      }
      guard try FileStatus.of(folder.object(digest)) != nil else {
        report.faults.append(IntegrityFault(kind: "object", subject: name, message: "object \(digest.short) is missing"))
        continue
      }
      let found = try Disk.digest(folder.object(digest))
      report.objects += 1
      report.bytes += Int(found.status.size)
      progress(report.bytes)
      if found.digest != digest {
        report.faults.append(
          IntegrityFault(
            kind: "object", subject: name, message: "object \(digest.short) holds other bytes (\(found.digest.short))"))
      }
    }
    let chain = try read { db -> (runs: Int, events: Int, faults: [IntegrityFault]) in
      var faults: [IntegrityFault] = []
      var previous = Digest(of: Array("holdfast.runs/v1".utf8)).hexadecimal
      var runs = 0
      for row in try Row.fetchAll(db, sql: "SELECT seq, id, previous, digest FROM run WHERE status <> 'running' ORDER BY seq") {
        runs += 1
        let id: String = row["id"]
        if row["previous"] != previous {
          faults.append(IntegrityFault(kind: "run", subject: id, message: "run \(id) does not follow the run before it"))
        }
        if row["digest"] != (try CatalogStore.recordDigest(db, row["seq"])) {
          faults.append(IntegrityFault(kind: "run", subject: id, message: "the record of run \(id) was changed"))
        }
        previous = row["digest"] ?? ""
      }
      var events = 0
      previous = Digest(of: Array("holdfast.events/v1".utf8)).hexadecimal
      for row in try Row.fetchAll(db, sql: "SELECT * FROM event ORDER BY seq") {
        events += 1
        let seq: Int64 = row["seq"]
        let digest = CatalogStore.eventDigest(
          seq: seq, at: row["at"], run: row["run_id"], stage: row["stage"], kind: row["kind"], body: row["body"],
          previous: row["previous"])
        if row["previous"] != previous || row["digest"] != digest || seq != Int64(events) {
          faults.append(
            IntegrityFault(kind: "event", subject: String(seq), message: "event \(seq) was changed or does not follow the one before it"))
        }
        previous = row["digest"]
      }
      return (runs, events, faults)
    }
    report.runs = chain.runs
    report.events = chain.events
    report.faults += chain.faults
    return report
  }
}
