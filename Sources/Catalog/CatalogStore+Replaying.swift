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
    try verifyCollections(db, &report)
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
    (
      "collection", "a collection was recorded and is not there: event",
      """
      SELECT CAST(e.seq AS TEXT) FROM event e WHERE e.kind IN ('gc', 'erasure')
        AND NOT EXISTS (SELECT 1 FROM collection c WHERE c.event_seq = e.seq)
      """
    ),
    (
      "collected", "what came back after a collection is not what was recorded:",
      """
      SELECT substr(d.digest, 1, 12) FROM collected d LEFT JOIN event e ON e.seq = d.returned AND e.kind = 'returned'
      WHERE d.returned IS NOT NULL AND (e.body IS NULL OR json_extract(e.body, '$.digest') <> d.digest
        OR json_extract(e.body, '$.collection') <> d.collection)
      UNION ALL
      SELECT substr(json_extract(e.body, '$.digest'), 1, 12) FROM event e WHERE e.kind = 'returned'
        AND NOT EXISTS (SELECT 1 FROM collected d WHERE d.returned = e.seq)
      """
    ),
    (
      "hold", "a hold is not the one that was recorded: number",
      """
      SELECT CAST(h.id AS TEXT) FROM hold h LEFT JOIN event e ON e.seq = h.event_seq AND e.kind = 'hold'
      LEFT JOIN event r ON r.seq = h.released AND r.kind = 'release'
      WHERE e.body IS NULL OR e.at <> h.at OR json_extract(e.body, '$.target') <> h.target
        OR json_extract(e.body, '$.kind') <> h.kind OR json_extract(e.body, '$.reason') <> h.reason
        OR json_extract(e.body, '$.actor') <> h.actor
        OR h.released IS NOT NULL AND json_extract(r.body, '$.hold') IS NOT h.id
      UNION ALL
      SELECT 'of event ' || e.seq FROM event e WHERE e.kind = 'hold'
        AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.event_seq = e.seq)
      UNION ALL
      SELECT 'of event ' || e.seq FROM event e WHERE e.kind = 'release'
        AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.released = e.seq)
      """
    ),
  ]

  /// A collection took away exactly the digests its event says: else a loss could pass for policy.
  private static func verifyCollections(_ db: Database, _ report: inout IntegrityReport) throws {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT c.*, e.kind AS said, e.at AS said_at, e.body FROM collection c LEFT JOIN event e ON e.seq = c.event_seq
        ORDER BY c.id
        """)
    for row in rows {
      let id: Int64 = row["id"]
      let digests = try String.fetchAll(
        db, sql: "SELECT digest FROM collected WHERE collection = ? ORDER BY digest", arguments: [id])
      let policy: String = row["policy"]
      let bytes: Int64 = row["bytes"]
      let actor: String = row["actor"]
      let count: Int = row["objects"]
      let (kind, at): (String, String) = (row["kind"], row["at"])
      let (said, saidAt, body): (String?, String?, String?) = (row["said"], row["said_at"], row["body"])
      let expected: JSONValue = [
        "policy": (try? JSONParser.parse(Array(policy.utf8))) ?? .null, "objects": .number(Double(count)),
        "bytes": .number(Double(bytes)), "digests": .string(digest(of: digests)), "actor": .string(actor),
      ]
      let isSaid = said == (kind == "erasure" ? "erasure" : "gc") && saidAt == at
      guard
        !isSaid || count != digests.count || body.map({ Array($0.utf8) }) != CanonicalJSON.encode(expected)
      else { continue }
      report.faults.append(
        IntegrityFault(
          kind: "catalog", subject: "collection", message: "collection \(id) is not the one that was recorded"
        ))
    }
  }

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
