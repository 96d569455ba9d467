package import Fingerprints
import GRDB

extension CatalogStore {
  /// The newest good, skipped or blocked result under that key.
  package func result(forKey key: Digest) throws(CatalogError) -> StageResult? {
    try readApart { db in
      guard
        let row = try db.row(
          """
          SELECT * FROM stage_run WHERE action_key = ? AND status IN ('good', 'skipped', 'blocked')
          AND reused_from IS NULL ORDER BY id DESC LIMIT 1
          """, [key.hexadecimal])
      else { return nil }
      let id: Int64 = row["id"]
      var metrics: [String: Double] = [:]
      for metric in try db.rows("SELECT name, value FROM metric WHERE stage_run = ?", [id]) {
        metrics[metric["name"]] = metric["value"]
      }
      return StageResult(
        id: id, status: row["status"],
        outputs: try CatalogStore.pairs(
          db,
          sql: """
            SELECT o.name, v.digest FROM stage_output o JOIN artifact_version v ON v.id = o.version_id
            WHERE o.stage_run = ? ORDER BY o.name
            """, [id]),
        rowsIn: row["rows_in"], rowsOut: row["rows_out"], remark: row["remark"], message: row["message"],
        checks: try db.rows("SELECT * FROM check_result WHERE stage_run = ? ORDER BY id", [id]).map {
          CheckRecord(
            id: $0["id"], subject: $0["subject"], severity: $0["severity"], passed: $0["passed"],
            message: $0["message"])
        },
        metrics: metrics)
    }
  }

  private static func pairs(
    _ db: Database, sql: String, _ arguments: StatementArguments
  ) throws -> [(name: String, digest: Digest)] {
    try db.rows(sql, arguments).map { row in
      guard let digest = Digest(hexadecimal: row[1]) else {
        throw CatalogError(.corrupt, "the catalog holds something that is no digest for \(row[0] as String)")
      }
      return (row[0], digest)
    }
  }

  /// What the key of the stage's last result that counted in `channel` was made from: the newest run of
  /// the channel in which it ran, was reused or restored.
  package func lastPreimage(of stage: String, channel: String) throws(CatalogError) -> JSONValue? {
    try read { db in
      let text = try String.fetchOne(
        db,
        sql: """
          SELECT a.preimage FROM stage_run s JOIN run r ON r.id = s.run_id JOIN action a ON a.key = s.action_key
          WHERE s.stage = ? AND r.profile = ? AND s.status IN ('good', 'skipped', 'blocked', 'reused', 'restored')
          ORDER BY s.id DESC LIMIT 1
          """, arguments: [stage, channel])
      return try text.map { try JSONParser.parse(Array($0.utf8)) }
    }
  }

  /// The newest stage run in `channel` that executed: run, reason, when, and how its preimage differs is
  /// for the caller to say.
  package func lastExecution(
    of stage: String, channel: String
  ) throws(CatalogError) -> (run: String, reason: String, at: String, status: String)? {
    try read { db in
      try Row.fetchOne(
        db,
        sql: """
          SELECT s.run_id, s.reason, s.started_at, s.status FROM stage_run s JOIN run r ON r.id = s.run_id
          WHERE s.stage = ? AND r.profile = ? AND s.status IN ('good', 'blocked', 'failed', 'crashed', 'skipped')
          AND s.reused_from IS NULL
          ORDER BY s.id DESC LIMIT 1
          """, arguments: [stage, channel]
      ).map { ($0[0], $0[1], $0[2], $0[3]) }
    }
  }

  /// What the stage reported of the result it had in the newest run of `channel` that published.
  package func publishedMetrics(of stage: String, channel: String) throws(CatalogError) -> [String: Double] {
    // Of runs that have ended.
    try readApart { db in
      let rows = try db.rows(
        """
        SELECT name, value FROM metric WHERE stage_run = (
          SELECT coalesce(s.reused_from, s.id) FROM stage_run s JOIN run r ON r.id = s.run_id
          WHERE s.stage = ? AND r.profile = ? AND r.status = 'succeeded'
          AND s.status IN ('good', 'reused', 'restored')
          AND EXISTS (SELECT 1 FROM publication p WHERE p.run_id = r.id) ORDER BY s.id DESC LIMIT 1)
        """, [stage, channel])
      return Dictionary(rows.map { ($0[0], $0[1]) }, uniquingKeysWith: { first, _ in first })
    }
  }

  /// Why a check keeps that version from being read, from the newest stage run that made it or took it
  /// over; `nil` where none does.
  package func obstacle(to name: String, _ digest: Digest) throws(CatalogError) -> String? {
    try read { db in
      guard
        let row = try Row.fetchOne(
          db,
          sql: """
            SELECT s.id, s.status, coalesce(s.reused_from, s.id) AS made_by FROM stage_output o
            JOIN artifact_version v ON v.id = o.version_id
            JOIN stage_run s ON s.id = o.stage_run OR s.reused_from = o.stage_run
            WHERE v.name = ? AND v.digest = ? ORDER BY s.id DESC LIMIT 1
            """, arguments: [name, digest.hexadecimal]), row["status"] == "blocked"
      else { return nil }
      let messages = try String.fetchAll(
        db,
        sql: """
          SELECT message FROM check_result WHERE passed = 0 AND severity = 'stop' AND (stage_run = ?1
            OR (stage_run = ?2 AND id NOT LIKE 'declared:%')) ORDER BY id
          """, arguments: [row["id"] as Int64, row["made_by"] as Int64])
      return messages.isEmpty ? nil : messages.joined(separator: "; ")
    }
  }

  /// Seconds the stage took when it last executed well.
  package func lastSeconds(of stage: String) throws(CatalogError) -> Double? {
    try readApart { db in
      try db.value(
        Double.self,
        "SELECT seconds FROM stage_run WHERE stage = ? AND status = 'good' ORDER BY id DESC LIMIT 1", [stage])
    }
  }

  /// What is current in `channel`, by artifact.
  package func heads(_ channel: String) throws(CatalogError) -> [(name: String, digest: Digest)] {
    try readApart { db in
      try CatalogStore.pairs(
        db,
        sql: """
          SELECT h.name, v.digest FROM head h JOIN artifact_version v ON v.id = h.version_id
          WHERE h.channel = ? ORDER BY h.name
          """, [channel])
    }
  }

  /// The digests an artifact had in `channel`, one a run that published it, oldest first.
  package func history(_ name: String, channel: String) throws(CatalogError) -> [Digest] {
    try readApart { db in
      try CatalogStore.pairs(
        db,
        sql: """
          SELECT p.name, v.digest FROM publication p JOIN artifact_version v ON v.id = p.version_id
          JOIN run r ON r.id = p.run_id WHERE p.channel = ? AND p.name = ? ORDER BY r.seq
          """, [channel, name]
      ).map(\.digest)
    }
  }

  /// Those versions of an artifact that were collected and have not come back.
  package func collectedVersions(of name: String) throws(CatalogError) -> Set<Digest> {
    try readApart { db in
      try Set(
        String.fetchAll(
          db,
          sql: """
            SELECT v.digest FROM artifact_version v JOIN collected d ON d.digest = v.digest AND d.returned IS NULL
            WHERE v.name = ?
            """, arguments: [name]
        ).compactMap(Digest.init(hexadecimal:)))
    }
  }

  /// The set an alias names, and the contract that goes with it; `nil` where there is none.
  package func alias(
    _ name: String
  ) throws(CatalogError) -> (run: String, contract: JSONValue, members: [(name: String, digest: Digest)])? {
    try readApart { db in
      guard
        let row = try Row.fetchOne(
          db, sql: "SELECT run_id, contract FROM alias WHERE name = ?", arguments: [name])
      else { return nil }
      let contract: String = row["contract"]
      return (
        row["run_id"], try JSONParser.parse(Array(contract.utf8)),
        try CatalogStore.pairs(
          db,
          sql: """
            SELECT m.name, v.digest FROM alias_member m JOIN artifact_version v ON v.id = m.version_id
            WHERE m.alias = ? ORDER BY m.name
            """, [name])
      )
    }
  }

  /// The versions of an artifact, oldest first.
  package func versions(of name: String) throws(CatalogError) -> [VersionRecord] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT v.*, a.kind, a.stage, a.file, s.run_id FROM artifact_version v JOIN artifact a ON a.name = v.name
          JOIN stage_run s ON s.id = v.made_by WHERE v.name = ? ORDER BY v.version
          """, arguments: [name]
      ).map { row in
        guard let digest = Digest(hexadecimal: row["digest"]) else {
          throw CatalogError(.corrupt, "the catalog holds something that is no digest for \(name)")
        }
        return VersionRecord(
          name: name, version: row["version"], digest: digest, bytes: row["bytes"], rows: row["row_count"],
          kind: row["kind"], stage: row["stage"], fileName: row["file"], madeIn: row["run_id"],
          createdAt: row["created_at"])
      }
    }
  }

  /// The names of all artifacts.
  package func artifactNames() throws(CatalogError) -> [String] {
    try read { try String.fetchAll($0, sql: "SELECT name FROM artifact ORDER BY name") }
  }

  /// The newest `count` runs, newest first.
  package func runs(newest count: Int) throws(CatalogError) -> [RunSummary] {
    let newest = try read { try Int64.fetchOne($0, sql: "SELECT max(seq) FROM run") }
    guard let newest, count > 0 else { return [] }
    let oldest = try read { db in
      try Int64.fetchOne(
        db, sql: "SELECT min(seq) FROM (SELECT seq FROM run ORDER BY seq DESC LIMIT ?)", arguments: [count])
    }
    return try runs(from: oldest ?? newest, to: newest)
  }

  /// The runs of those numbers, newest first.
  func runs(from oldest: Int64, to newest: Int64) throws(CatalogError) -> [RunSummary] {
    try read { db in
      let runs = try Row.fetchAll(
        db,
        sql: """
          SELECT seq, id, profile, status, started_at, ended_at, exit_code, message FROM run
          WHERE seq BETWEEN ? AND ? ORDER BY seq DESC
          """, arguments: [oldest, newest])
      var stages: [String: [(stage: String, status: String, reason: String, seconds: Double?)]] = [:]
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT s.run_id, s.stage, s.status, s.reason, s.seconds FROM run r JOIN stage_run s ON s.run_id = r.id
          WHERE r.seq BETWEEN ? AND ? ORDER BY r.seq, s.id
          """, arguments: [oldest, newest])
      while let row = try rows.next() {
        stages[row[0], default: []].append((row[1], row[2], row[3], row[4]))
      }
      return runs.map { row in
        let id: String = row["id"]
        return RunSummary(
          seq: row["seq"], id: id, profile: row["profile"], status: row["status"],
          startedAt: row["started_at"],
          endedAt: row["ended_at"], exitCode: row["exit_code"], message: row["message"],
          stages: stages[id] ?? [])
      }
    }
  }

  /// The declarations in force in a run; `nil` where there is no such run.
  package func declarations(of run: String) throws(CatalogError) -> JSONValue? {
    try read { db in
      let text = try String.fetchOne(
        db,
        sql: """
          SELECT coalesce(d.body, r.declarations) FROM run r LEFT JOIN declaration d ON d.digest = r.declarations
          WHERE r.id = ?
          """, arguments: [run])
      return try text.map { try JSONParser.parse(Array($0.utf8)) }
    }
  }

  /// Seconds and rows read of the stage's newest good executions, newest first: what a forecast of the
  /// next one's time is made of.
  package func timings(
    of stage: String, newest count: Int
  ) throws(CatalogError) -> [(seconds: Double, rowsIn: Int?)] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT seconds, rows_in FROM stage_run WHERE stage = ? AND status = 'good' AND seconds IS NOT NULL
          ORDER BY id DESC LIMIT ?
          """, arguments: [stage, count]
      ).map { ($0[0], $0[1]) }
    }
  }
}
