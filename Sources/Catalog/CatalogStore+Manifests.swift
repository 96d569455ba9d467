package import Fingerprints
import GRDB

/// What a run's manifest is made of, as recorded.
package struct RunFile: Sendable {
  /// The run's own columns.
  package var id: String
  /// The pipeline's name.
  package var pipeline: String
  /// The profile.
  package var profile: String
  /// How it ended.
  package var status: String
  /// When it began.
  package var startedAt: String
  /// When it ended.
  package var endedAt: String
  /// SHA-256 of its record.
  package var record: String
  /// SHA-256 of the record before it.
  package var previous: String
  /// SHA-256 of the declarations in force.
  package var declarations: String
  /// Version and digest of the program.
  package var program: JSONValue
  /// Values set for this run alone.
  package var overrides: JSONValue
  /// What it made or took over: artifact and digest, in order of names.
  package var outputs: [(name: String, digest: String)]
  /// The bytes it read that no stage of it made, by name.
  package var inputs: [(name: String, digest: String)]
  /// Its stages: name, what became of it, the key of its result and the digest of its code.
  package var stages: [(stage: String, status: String, key: String, code: String)]
}

extension CatalogStore {
  /// What the manifest of an ended run is made of; `nil` where there is none of that name.
  package func runFile(_ id: String) throws(CatalogError) -> RunFile? {
    try read { db in
      guard
        let run = try Row.fetchOne(
          db, sql: "SELECT * FROM run WHERE id = ? AND digest IS NOT NULL", arguments: [id])
      else { return nil }
      let stages = try Row.fetchAll(
        db,
        sql: """
          SELECT s.stage, s.status, s.action_key, json_extract(a.preimage, '$.code') AS code FROM stage_run s
          JOIN action a ON a.key = s.action_key WHERE s.run_id = ? ORDER BY s.id
          """, arguments: [id])
      func pairs(_ sql: String) throws -> [(name: String, digest: String)] {
        try Row.fetchAll(db, sql: sql, arguments: [id]).map { ($0[0], $0[1]) }
      }
      let program: String = run["program"]
      let overrides: String = run["overrides"]
      return RunFile(
        id: id, pipeline: run["pipeline"], profile: run["profile"], status: run["status"],
        startedAt: run["started_at"], endedAt: run["ended_at"], record: run["digest"],
        previous: run["previous"], declarations: run["declarations"],
        program: try JSONParser.parse(Array(program.utf8)),
        overrides: try JSONParser.parse(Array(overrides.utf8)),
        outputs: try pairs(
          """
          SELECT DISTINCT o.name, v.digest FROM stage_run s JOIN stage_output o
          ON o.stage_run = coalesce(s.reused_from, s.id) JOIN artifact_version v ON v.id = o.version_id
          WHERE s.run_id = ? ORDER BY o.name, v.digest
          """),
        inputs: try pairs(
          """
          SELECT DISTINCT i.name, i.digest FROM stage_run s JOIN stage_input i
          ON i.stage_run = coalesce(s.reused_from, s.id) WHERE s.run_id = ? AND i.name LIKE '%.%'
          ORDER BY i.name, i.digest
          """),
        stages: stages.map { ($0["stage"], $0["status"], $0["action_key"], $0["code"] ?? "") })
    }
  }

  /// The names of all ended runs, oldest first.
  package func endedRuns() throws(CatalogError) -> [String] {
    try read { try String.fetchAll($0, sql: "SELECT id FROM run WHERE digest IS NOT NULL ORDER BY seq") }
  }
}
