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
      WITH newest AS (
        SELECT p.channel, p.name, p.version_id, p.run_id, max(r.seq) FROM publication p JOIN run r ON r.id = p.run_id
        GROUP BY p.channel, p.name)
      SELECT n.channel || '/' || n.name FROM newest n LEFT JOIN head h ON h.channel = n.channel AND h.name = n.name
      WHERE h.version_id IS NOT n.version_id OR h.run_id IS NOT n.run_id
      UNION ALL
      SELECT h.channel || '/' || h.name FROM head h WHERE NOT EXISTS
        (SELECT 1 FROM newest n WHERE n.channel = h.channel AND n.name = h.name)
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

  /// An alias names what its last event says, with the contract whose digest that event holds.
  private static func verifyAliases(_ db: Database, _ report: inout IntegrityReport) throws {
    var said: [String: JSONValue] = [:]
    for body in try String.fetchAll(db, sql: "SELECT body FROM event WHERE kind = 'alias' ORDER BY seq") {
      guard let document = try? JSONParser.parse(Array(body.utf8)), let alias = document["alias"]?.text else {
        continue
      }
      said[alias] = document
    }
    var members: [String: [String: JSONValue]] = [:]
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT m.alias, m.name, v.digest FROM alias_member m JOIN artifact_version v ON v.id = m.version_id
        """)
    for row in rows { members[row["alias"], default: [:]][row["name"]] = .string(row["digest"]) }
    var aliases = Set(said.keys).union(members.keys)
    var holding: Set<String> = []
    for row in try Row.fetchAll(db, sql: "SELECT name, contract FROM alias") {
      let name: String = row["name"]
      let contract: String = row["contract"]
      aliases.insert(name)
      guard let event = said[name], event["members"] == .object(members[name] ?? [:]) else { continue }
      // Events of the first schema do not hold the contract.
      if let digest = event["contract"]?.text, digest != Digest(of: Array(contract.utf8)).hexadecimal {
        continue
      }
      holding.insert(name)
    }
    for alias in aliases.subtracting(holding).sorted() {
      report.faults.append(
        IntegrityFault(
          kind: "catalog", subject: "alias",
          message: "the alias \(alias) does not name what it was last set to"))
    }
  }
}
