import Fingerprints
import GRDB

extension CatalogStore {
  /// Compares the tables that follow from others with what they follow from: no record's digest covers
  /// them.
  static func verifyWhatFollows(_ db: Database, _ report: inout IntegrityReport) throws {
    for (table, message, sql) in consequences {
      for subject in try String.fetchAll(db, sql: sql) {
        report.faults.append(
          IntegrityFault(kind: "catalog", subject: table, message: "\(message) \(subject)"))
      }
    }
    try verifyAliases(db, &report)
    for row in try Row.fetchAll(db, sql: "PRAGMA foreign_key_check") {
      let table: String = row[0] ?? ""
      report.faults.append(
        IntegrityFault(
          kind: "catalog", subject: table, message: "a row of \(table) refers to one that is not there"))
    }
    for line in try String.fetchAll(db, sql: "PRAGMA quick_check(5)") where line != "ok" {
      report.faults.append(IntegrityFault(kind: "catalog", subject: "database", message: line))
    }
  }

  private static let consequences: [(table: String, message: String, sql: String)] = [
    (
      "head", "what is current is not what was last published:",
      """
      SELECT p.channel || '/' || p.name FROM publication p JOIN run r ON r.id = p.run_id
      LEFT JOIN head h ON h.channel = p.channel AND h.name = p.name
      WHERE r.seq = (SELECT max(q.seq) FROM publication o JOIN run q ON q.id = o.run_id
                     WHERE o.channel = p.channel AND o.name = p.name)
        AND (h.version_id IS NOT p.version_id OR h.run_id IS NOT p.run_id)
      UNION ALL
      SELECT h.channel || '/' || h.name FROM head h WHERE NOT EXISTS
        (SELECT 1 FROM publication p WHERE p.channel = h.channel AND p.name = h.name)
      """
    ),
    (
      "stage_run", "a result was taken over that was not good or has another key: stage run",
      """
      SELECT CAST(s.id AS TEXT) FROM stage_run s JOIN stage_run t ON t.id = s.reused_from
      WHERE t.action_key <> s.action_key OR t.status NOT IN ('good', 'skipped', 'blocked')
      """
    ),
    (
      "artifact_version", "a version has other bytes than its object:",
      """
      SELECT v.name || '@' || v.version FROM artifact_version v JOIN object b ON b.digest = v.digest
      WHERE b.bytes <> v.bytes
      """
    ),
    (
      "signoff", "a sign-off is not the one that was recorded: number",
      """
      SELECT CAST(s.id AS TEXT) FROM signoff s LEFT JOIN event e ON e.seq = s.event_seq AND e.kind = 'signoff'
      WHERE e.body IS NULL OR e.at <> s.at OR json_extract(e.body, '$.actor') <> s.actor
        OR json_extract(e.body, '$.comment') <> s.comment OR json_extract(e.body, '$.decision') <> s.decision
        OR json_extract(e.body, '$.role') <> s.role OR json_extract(e.body, '$.run') <> s.run_id
        OR json_extract(e.body, '$.digest') <> s.run_digest
      UNION ALL
      SELECT 'of event ' || e.seq FROM event e WHERE e.kind = 'signoff'
        AND NOT EXISTS (SELECT 1 FROM signoff s WHERE s.event_seq = e.seq)
      """
    ),
  ]

  /// An alias names what its last event says.
  private static func verifyAliases(_ db: Database, _ report: inout IntegrityReport) throws {
    var said: [String: JSONValue] = [:]
    for body in try String.fetchAll(db, sql: "SELECT body FROM event WHERE kind = 'alias' ORDER BY seq") {
      guard let document = try? JSONParser.parse(Array(body.utf8)), let alias = document["alias"]?.text else {
        continue
      }
      said[alias] = document["members"] ?? .object([:])
    }
    var named: [String: [String: JSONValue]] = [:]
    for alias in try String.fetchAll(db, sql: "SELECT name FROM alias") { named[alias] = [:] }
    let members = try Row.fetchAll(
      db,
      sql: """
        SELECT m.alias, m.name, v.digest FROM alias_member m JOIN artifact_version v ON v.id = m.version_id
        """)
    for row in members { named[row["alias"], default: [:]][row["name"]] = .string(row["digest"]) }
    for alias in Set(said.keys).union(named.keys).sorted()
    where named[alias].map(JSONValue.object) != said[alias] {
      report.faults.append(
        IntegrityFault(
          kind: "catalog", subject: "alias",
          message: "the alias \(alias) does not name what it was last set to"))
    }
  }
}
