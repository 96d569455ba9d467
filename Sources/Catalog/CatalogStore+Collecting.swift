package import Fingerprints
import GRDB

// Collecting has two phases under the lock. One transaction says which digests go, with an event in the
// chain; then their files are unlinked. What a crash leaves between the two, the next writer finishes. Rows
// are never deleted: what was made, from what and with which digest outlives the bytes.

extension CatalogStore {
  /// What `policy` would take away. `grace` is the time, ISO 8601, before which what no run refers to must
  /// have been made to go.
  package func plan(_ policy: RetentionPolicy, grace: String) throws(CatalogError) -> CollectionPlan {
    let (objects, kept) = try read { db in
      (try CatalogStore.presentObjects(db), try CatalogStore.kept(db, policy))
    }
    var plan = CollectionPlan()
    for object in objects {
      if kept.contains(object.digest) || object.dataClass == nil && object.madeAt >= grace {
        plan.keptObjects += 1
        plan.keptBytes += object.bytes
      } else if let digest = Digest(hexadecimal: object.digest) {
        plan.objects.append(
          CollectableObject(
            digest: digest, bytes: object.bytes, dataClass: object.dataClass ?? "unreferenced"))
      }
    }
    plan.strays = try strays(before: grace)
    return plan
  }

  /// Does what `plan` says and records it; nothing is recorded where no object goes. The number of the
  /// collection.
  @discardableResult
  package func collect(
    _ policy: RetentionPolicy, grace: String, by actor: String, at time: String
  ) throws(CatalogError) -> (plan: CollectionPlan, number: Int64?) {
    let plan = try plan(policy, grace: grace)
    var number: Int64?
    if !plan.objects.isEmpty {
      number = try record(
        "policy", plan.objects, policy: policy.document, by: actor, at: time)
    }
    try sweep()
    for stray in plan.strays { try Disk.remove(stray.path) }
    return (plan, number)
  }

  /// How the object of that digest was collected; `nil` where it was not, or was made again since.
  package func collection(of digest: Digest) throws(CatalogError) -> CollectionNotice? {
    try readApart { db in
      try db.row(
        """
        SELECT c.* FROM collected d JOIN collection c ON c.id = d.collection
        WHERE d.digest = ? AND d.returned IS NULL
        """, [digest.hexadecimal]
      ).map { row in
        let policy: String = row["policy"]
        return CollectionNotice(
          id: row["id"], isErasure: row["kind"] == "erasure",
          policy: try JSONParser.parse(Array(policy.utf8)),
          actor: row["actor"], at: row["at"])
      }
    }
  }

  /// Records that these objects are collected: the first phase.
  func record(
    _ kind: String, _ objects: [CollectableObject], policy: JSONValue, by actor: String, at time: String
  ) throws(CatalogError) -> Int64 {
    let bytes = objects.reduce(0) { $0 + $1.bytes }
    let digests = objects.map(\.digest.hexadecimal).sorted()
    let text = String(decoding: CanonicalJSON.encode(policy), as: UTF8.self)
    let id = try write { db in
      let event = try CatalogStore.append(
        db, at: time, run: nil, stage: nil, kind: kind == "policy" ? "gc" : kind,
        body: [
          "policy": policy, "objects": .number(Double(objects.count)), "bytes": .number(Double(bytes)),
          "digests": .string(CatalogStore.digest(of: digests)), "actor": .string(actor),
        ])
      try db.execute(
        sql: """
          INSERT INTO collection (kind, policy, objects, bytes, actor, at, event_seq) VALUES (?, ?, ?, ?, ?, ?, ?)
          """, arguments: [kind, text, objects.count, bytes, actor, time, event])
      let id = db.lastInsertedRowID
      for digest in digests {
        try db.execute(
          sql: "INSERT INTO collected (digest, collection) VALUES (?, ?)", arguments: [digest, id])
        // Its status proves nothing any more.
        try db.execute(sql: "UPDATE object SET changed = NULL WHERE digest = ?", arguments: [digest])
      }
      return id
    }
    forgetKnown()
    anchor(withEvents: true)
    return id
  }

  /// What the event of a collection holds of the digests collected.
  static func digest(of sorted: [String]) -> String {
    Digest(of: Array(sorted.joined(separator: "\n").utf8)).hexadecimal
  }

  /// Says that a collected object is there again.
  static func markReturned(_ db: Database, _ digest: Digest, at time: String) throws {
    guard
      let id = try db.value(
        Int64.self, "SELECT collection FROM collected WHERE digest = ? AND returned IS NULL",
        [digest.hexadecimal])
    else { return }
    let event = try append(
      db, at: time, run: nil, stage: nil, kind: "returned",
      body: ["digest": .string(digest.hexadecimal), "collection": .number(Double(id))])
    try db.execute(
      sql: "UPDATE collected SET returned = ? WHERE digest = ? AND collection = ?",
      arguments: [event, digest.hexadecimal, id])
  }

  /// An object that was not collected.
  struct PresentObject {
    var digest: String
    var bytes: Int
    /// `nil` where no run refers to it.
    var dataClass: String?
    var madeAt: String
  }

  /// All objects that were not collected, with what they hold: raw where a source is it, else the class of
  /// the artifact it is a version of, the most personal where it is of several.
  static func presentObjects(_ db: Database) throws -> [PresentObject] {
    try Row.fetchAll(
      db,
      sql: """
        WITH source(digest) AS (SELECT DISTINCT digest FROM stage_input WHERE name LIKE 'sources.%'),
        class(digest, class) AS (
          SELECT v.digest, max(a.class) FROM artifact_version v JOIN artifact a ON a.name = v.name
          WHERE a.class NOT IN ('raw-PII', 'derived-PII') GROUP BY v.digest),
        personal(digest, class) AS (
          SELECT v.digest, max(a.class) FROM artifact_version v JOIN artifact a ON a.name = v.name
          WHERE a.class IN ('raw-PII', 'derived-PII') GROUP BY v.digest)
        SELECT b.digest, b.bytes, b.created_at,
          CASE WHEN s.digest IS NOT NULL THEN 'raw-PII' ELSE coalesce(p.class, c.class) END AS class
        FROM object b LEFT JOIN source s ON s.digest = b.digest LEFT JOIN class c ON c.digest = b.digest
        LEFT JOIN personal p ON p.digest = b.digest
        WHERE NOT EXISTS (SELECT 1 FROM collected d WHERE d.digest = b.digest AND d.returned IS NULL)
        ORDER BY b.digest
        """
    ).map {
      PresentObject(
        digest: $0["digest"], bytes: $0["bytes"], dataClass: $0["class"], madeAt: $0["created_at"])
    }
  }

  /// The digests that `policy` keeps.
  static func kept(_ db: Database, _ policy: RetentionPolicy) throws -> Set<String> {
    let isUnlimited = policy.keep == nil && policy.since == nil
    let runs = """
      WITH newest AS (SELECT seq FROM run WHERE status = 'succeeded' ORDER BY seq DESC LIMIT ?1),
      kept(id) AS (
        SELECT id FROM run WHERE ?3
          OR (?1 IS NOT NULL AND seq >= CASE WHEN (SELECT count(*) FROM newest) < ?1 THEN 0
            ELSE (SELECT min(seq) FROM newest) END)
          OR (?2 IS NOT NULL AND coalesce(ended_at, started_at) >= ?2)
          OR status = 'running'
        UNION SELECT run_id FROM head UNION SELECT run_id FROM alias UNION SELECT run_id FROM signoff
        UNION SELECT run_id FROM hold WHERE released IS NULL AND run_id IS NOT NULL),
      execution(id) AS (
        SELECT DISTINCT coalesce(s.reused_from, s.id) FROM kept k JOIN stage_run s ON s.run_id = k.id)

      """
    var digests = try Set(
      String.fetchAll(
        db,
        sql: runs + """
          SELECT i.digest FROM execution x JOIN stage_input i ON i.stage_run = x.id
          UNION SELECT v.digest FROM execution x JOIN stage_output o ON o.stage_run = x.id
            JOIN artifact_version v ON v.id = o.version_id
          UNION SELECT v.digest FROM head h JOIN artifact_version v ON v.id = h.version_id
          UNION SELECT v.digest FROM kept k JOIN publication p ON p.run_id = k.id
            JOIN artifact_version v ON v.id = p.version_id
          """, arguments: [policy.keep, policy.since, isUnlimited]))
    digests.formUnion(
      try upstream(
        db,
        of: """
          SELECT v.digest FROM alias_member m JOIN artifact_version v ON v.id = m.version_id
          UNION SELECT v.digest FROM hold h JOIN artifact_version v ON v.id = h.version_id WHERE h.released IS NULL
          UNION SELECT v.digest FROM (SELECT run_id FROM alias UNION SELECT run_id FROM signoff
              UNION SELECT run_id FROM hold WHERE released IS NULL) r
            JOIN stage_run s ON s.run_id = r.run_id
            JOIN stage_output o ON o.stage_run = coalesce(s.reused_from, s.id)
            JOIN artifact_version v ON v.id = o.version_id
          """))
    return digests
  }

  /// The digests `roots` selects and all they were made of, down to the sources. What was merely set beside
  /// them (an earlier version, for comparison) is no part of it.
  static func upstream(_ db: Database, of roots: String) throws -> Set<String> {
    try Set(
      String.fetchAll(
        db,
        sql: """
          WITH RECURSIVE up(digest) AS (
            SELECT digest FROM (\(roots))
            UNION
            SELECT i.digest FROM up JOIN artifact_version v ON v.digest = up.digest
            JOIN stage_input i ON i.stage_run = v.made_by WHERE i.name NOT LIKE 'previous.%')
          SELECT digest FROM up
          """))
  }
}
