package import Fingerprints
import GRDB

/// A stage as it was in a past run: what its result depended on and what it was. For a result taken over, of
/// the execution that made it.
package struct PastStage: Sendable {
  /// The stage.
  package var stage: String
  /// What became of it in that run: `good`, `reused`, `restored`, `skipped`, ….
  package var status: String
  /// What its key was made of.
  package var preimage: JSONValue
  /// Digests of the bytes read, by input.
  package var inputs: [String: Digest]
  /// Digests of what was made, by artifact, in order of names.
  package var outputs: [(name: String, digest: Digest)]
  /// Numbers to follow.
  package var metrics: [String: Double]
  /// What was checked, in order of names.
  package var checks: [CheckRecord]
}

/// A run of the past with its stages in the order they ended.
package struct PastRun: Sendable {
  /// Its name: `r3`.
  package var id: String
  /// Its profile.
  package var profile: String
  /// How it ended.
  package var status: String
  /// When it began.
  package var startedAt: String
  /// Who began it.
  package var actor: String
  /// Its stages.
  package var stages: [PastStage]

  /// The stage of that name.
  package func stage(_ name: String) -> PastStage? { stages.first { $0.stage == name } }

  /// What it made or took over under that name.
  package func output(_ name: String) -> Digest? {
    stages.lazy.flatMap(\.outputs).first { $0.name == name }?.digest
  }
}

extension CatalogStore {
  /// The run of that name; `nil` where there is none.
  package func pastRun(_ id: String) throws(CatalogError) -> PastRun? {
    try read { db in
      guard
        let run = try Row.fetchOne(
          db, sql: "SELECT id, profile, status, started_at, actor FROM run WHERE id = ?", arguments: [id])
      else { return nil }
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT s.stage, s.status, coalesce(s.reused_from, s.id) AS made_by, a.preimage
          FROM stage_run s JOIN action a ON a.key = s.action_key WHERE s.run_id = ? ORDER BY s.id
          """, arguments: [id])
      return PastRun(
        id: run["id"], profile: run["profile"], status: run["status"], startedAt: run["started_at"],
        actor: run["actor"],
        stages: try rows.map { try CatalogStore.pastStage(db, $0) })
    }
  }

  /// The run and the stage that first made that version; `nil` where there is no such version.
  package func maker(
    of name: String, _ digest: Digest
  ) throws(CatalogError) -> (run: String, stage: PastStage)? {
    try read { db in
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT s.run_id, s.stage, s.status, s.id AS made_by, a.preimage FROM artifact_version v
          JOIN stage_run s ON s.id = v.made_by JOIN action a ON a.key = s.action_key
          WHERE v.name = ? AND v.digest = ?
          """, arguments: [name, digest.hexadecimal])
      return try row.map { ($0["run_id"], try CatalogStore.pastStage(db, $0)) }
    }
  }

  /// The newest run of `profile` (any, for `nil`) that succeeded and published `artifact` (whatever, for `nil`),
  /// before the run `id` where one is given.
  package func newestGoodRun(
    profile: String?, publishing artifact: String?, before id: String?
  ) throws(CatalogError) -> String? {
    try read { db in
      try String.fetchOne(
        db,
        sql: """
          SELECT id FROM run WHERE status = 'succeeded' AND (?1 IS NULL OR profile = ?1)
          AND (?2 IS NULL OR EXISTS (SELECT 1 FROM publication p WHERE p.run_id = run.id AND p.name = ?2))
          AND (?3 IS NULL OR seq < (SELECT seq FROM run WHERE id = ?3)) ORDER BY seq DESC LIMIT 1
          """, arguments: [profile, artifact, id])
    }
  }

  private static func pastStage(_ db: Database, _ row: Row) throws -> PastStage {
    let id: Int64 = row["made_by"]
    let preimage: String = row["preimage"]
    func digests(_ sql: String) throws -> [(name: String, digest: Digest)] {
      try Row.fetchAll(db, sql: sql, arguments: [id]).map { row in
        guard let digest = Digest(hexadecimal: row[1]) else {
          throw CatalogError(
            .corrupt, "the catalog holds something that is no digest for \(row[0] as String)")
        }
        return (row[0], digest)
      }
    }
    var metrics: [String: Double] = [:]
    for metric in try Row.fetchAll(
      db, sql: "SELECT name, value FROM metric WHERE stage_run = ?", arguments: [id])
    {
      metrics[metric["name"]] = metric["value"]
    }
    let inputs = try digests("SELECT name, digest FROM stage_input WHERE stage_run = ? ORDER BY name")
    return PastStage(
      stage: row["stage"], status: row["status"], preimage: try JSONParser.parse(Array(preimage.utf8)),
      inputs: Dictionary(inputs.map { ($0.name, $0.digest) }, uniquingKeysWith: { first, _ in first }),
      outputs: try digests(
        """
        SELECT o.name, v.digest FROM stage_output o JOIN artifact_version v ON v.id = o.version_id
        WHERE o.stage_run = ? ORDER BY o.name
        """), metrics: metrics,
      checks: try Row.fetchAll(
        db, sql: "SELECT * FROM check_result WHERE stage_run = ? ORDER BY id", arguments: [id]
      ).map {
        CheckRecord(
          id: $0["id"], subject: $0["subject"], severity: $0["severity"], passed: $0["passed"],
          message: $0["message"])
      })
  }
}
