import Fingerprints
import GRDB

// What the digest of a run's record covers (run.record):
//   1  the run, its stage runs, their inputs, outputs, parameters, metrics and checks, what it
//      published, and the digest of the record before it.
//   2  besides: the newest event at its end, and the preimages of its stage runs' keys.

extension CatalogStore {
  /// What the first run's record follows.
  static let firstRun = Digest(of: Array("holdfast.runs/v1".utf8)).hexadecimal

  /// Ends a run's record: its digest covers the run, its stage runs with inputs and outputs, and the
  /// digest of the run before it.
  static func seal(
    _ db: Database, _ seq: Int64, status: String, exitCode: Int?, message: String?, at time: String
  ) throws {
    let previous =
      try String.fetchOne(
        db, sql: "SELECT digest FROM run WHERE seq < ? AND digest IS NOT NULL ORDER BY seq DESC LIMIT 1",
        arguments: [seq]) ?? firstRun
    let event = try Row.fetchOne(db, sql: "SELECT seq, digest FROM event ORDER BY seq DESC LIMIT 1")
    try db.execute(
      sql: """
        UPDATE run SET status = ?, exit_code = ?, message = ?, ended_at = ?, previous = ?, event_seq = ?,
          event_digest = ? WHERE seq = ?
        """,
      arguments: [
        status, exitCode, message, time, previous, event?["seq"] as Int64?, event?["digest"] as String?, seq,
      ])
    let digest = try recordDigest(db, seq)
    try db.execute(sql: "UPDATE run SET digest = ? WHERE seq = ?", arguments: [digest, seq])
  }

  /// The digest of a run's record as it stands in the tables.
  static func recordDigest(_ db: Database, _ seq: Int64) throws -> String {
    guard let run = try Row.fetchOne(db, cached: runColumns, [seq]) else {
      throw CatalogError(.missing, "there is no run \(seq)")
    }
    let form = try Int.fetchOne(db, sql: "SELECT record FROM run WHERE seq = ?", arguments: [seq]) ?? 1
    let id: String = run["id"]
    var record: [JSONValue] = [values(run)]
    for sql in tables { record.append(.array(try rows(db, sql, [id]).map(values))) }
    if form >= 2 {
      record.append(.array(try rows(db, eventColumns, [seq]).map(values)))
      record.append(
        .array(
          try rows(db, preimages, [id]).map { row in
            let text: String = row["preimage"]
            return .array([.string(row["key"]), .string(Digest(of: Array(text.utf8)).hexadecimal)])
          }))
    }
    return Digest(of: JSONValue.array(record)).hexadecimal
  }

  private static func rows(_ db: Database, _ sql: String, _ arguments: StatementArguments) throws -> [Row] {
    try Row.fetchAll(try db.cachedStatement(sql: sql), arguments: arguments)
  }

  private static func values(_ row: Row) -> JSONValue {
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

  private static let runColumns = """
    SELECT seq, id, pipeline, profile, declarations, arguments, overrides, program, host, actor, pid, started_at,
      ended_at, status, exit_code, message, previous FROM run WHERE seq = ?
    """

  private static let eventColumns = "SELECT record, event_seq, event_digest FROM run WHERE seq = ?"

  private static let preimages = """
    SELECT a.key, a.preimage FROM stage_run s JOIN action a ON a.key = s.action_key WHERE s.run_id = ? ORDER BY s.id
    """

  /// Columns by name: a later schema may add some.
  private static let tables = [
    """
    SELECT id, run_id, stage, action_key, status, reason, reused_from, started_at, ended_at, seconds, cpu_seconds,
      peak_kilobytes, rows_in, rows_out, remark, message FROM stage_run WHERE run_id = ? ORDER BY id
    """,
    """
    SELECT i.stage_run, i.name, i.digest FROM stage_run s JOIN stage_input i ON i.stage_run = s.id WHERE s.run_id = ?
    ORDER BY i.stage_run, i.name
    """,
    """
    SELECT o.stage_run, o.name, v.version, v.digest, v.bytes, v.row_count FROM stage_run s
    JOIN stage_output o ON o.stage_run = s.id JOIN artifact_version v ON v.id = o.version_id
    WHERE s.run_id = ? ORDER BY o.stage_run, o.name
    """,
    """
    SELECT p.channel, p.name, v.digest FROM publication p JOIN artifact_version v ON v.id = p.version_id
    WHERE p.run_id = ? ORDER BY p.name
    """,
    """
    SELECT p.stage_run, p.name, p.value FROM stage_run s JOIN parameter p ON p.stage_run = s.id WHERE s.run_id = ?
    ORDER BY p.stage_run, p.name
    """,
    """
    SELECT m.stage_run, m.name, m.value FROM stage_run s JOIN metric m ON m.stage_run = s.id WHERE s.run_id = ?
    ORDER BY m.stage_run, m.name
    """,
    """
    SELECT c.stage_run, c.id, c.subject, c.severity, c.passed, c.message FROM stage_run s
    JOIN check_result c ON c.stage_run = s.id WHERE s.run_id = ? ORDER BY c.stage_run, c.id
    """,
  ]
}

extension Row {
  fileprivate static func fetchOne(_ db: Database, cached sql: String, _ arguments: StatementArguments) throws
    -> Row?
  {
    try Row.fetchOne(try db.cachedStatement(sql: sql), arguments: arguments)
  }
}
