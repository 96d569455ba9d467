package import Fingerprints
import GRDB

/// Which runs to list.
package struct RunFilter: Sendable {
  /// Only runs in which this stage took part.
  package var stage: String?
  /// Only runs that ended so: `succeeded`, `failed`, ….
  package var outcome: String?
  /// Only runs begun at that time or later: an ISO 8601 time or the beginning of one.
  package var since: String?
  /// Only runs begun before that time ends: `2026-01-31` takes the day in.
  package var until: String?
  /// Only runs in which this check was made, with or without `declared:`; one of the stage's own also where its result
  /// was taken over.
  package var check: String?
  /// At most so many, the newest.
  package var last: Int

  /// A filter.
  package init(
    stage: String? = nil, outcome: String? = nil, since: String? = nil, until: String? = nil,
    check: String? = nil, last: Int
  ) {
    self.check = check
    self.stage = stage
    self.outcome = outcome
    self.since = since
    self.until = until
    self.last = last
  }
}

/// What one stage made of what: a step of lineage.
package struct LineageStep: Sendable, Equatable {
  /// The stage.
  package var stage: String
  /// The run in which it executed.
  package var run: String
  /// Digest of the stage's code.
  package var code: String
  /// What it read, in order of names, with the digests of the bytes read.
  package var inputs: [Input]

  /// One thing read.
  package struct Input: Sendable, Equatable {
    /// As the stage calls it: `sources.customers`, `features`.
    package var name: String
    /// Digest of the bytes read.
    package var digest: String
    /// The version of an artifact it is; `nil` for a source.
    package var version: Int?
    /// That artifact's name.
    package var artifact: String?
  }
}

extension CatalogStore {
  /// The runs that fit, newest first.
  package func runs(_ filter: RunFilter) throws(CatalogError) -> [RunSummary] {
    let fitting = try read { db in
      try Int64.fetchAll(
        db,
        sql: """
          SELECT seq FROM run r WHERE (?1 IS NULL OR status = ?1) AND (?2 IS NULL OR started_at >= ?2)
            AND (?3 IS NULL OR substr(started_at, 1, length(?3)) <= ?3)
            AND (?4 IS NULL OR EXISTS (SELECT 1 FROM stage_run s WHERE s.run_id = r.id AND s.stage = ?4))
            AND (?6 IS NULL OR EXISTS (SELECT 1 FROM stage_run s JOIN check_result c ON c.stage_run = s.id
              OR (c.stage_run = s.reused_from AND c.id NOT LIKE 'declared:%')
              WHERE s.run_id = r.id AND (c.id = ?6 OR c.id = 'declared:' || ?6)))
          ORDER BY seq DESC LIMIT ?5
          """,
        arguments: [
          filter.outcome, filter.since, filter.until, filter.stage, max(0, filter.last), filter.check,
        ])
    }
    guard let newest = fitting.first, let oldest = fitting.last else { return [] }
    let wanted = Set(fitting)
    return try runs(from: oldest, to: newest).filter { wanted.contains($0.seq) }
  }

  /// How that version of an artifact was made first; `nil` where it was not made by a stage.
  package func step(making name: String, _ digest: Digest) throws(CatalogError) -> LineageStep? {
    try read { db in
      guard
        let row = try Row.fetchOne(
          db,
          sql: """
            SELECT s.id, s.stage, s.run_id, json_extract(a.preimage, '$.code') AS code FROM artifact_version v
            JOIN stage_run s ON s.id = v.made_by JOIN action a ON a.key = s.action_key
            WHERE v.name = ? AND v.digest = ?
            """, arguments: [name, digest.hexadecimal])
      else { return nil }
      let inputs = try Row.fetchAll(
        db,
        sql: """
          SELECT i.name, i.digest, v.version, v.name AS artifact FROM stage_input i
          LEFT JOIN artifact_version v ON v.digest = i.digest AND v.name = CASE
            WHEN i.name LIKE 'champion.%' THEN substr(i.name, 10)
            WHEN i.name LIKE 'previous.%' THEN substr(i.name, 10) ELSE i.name END
          WHERE i.stage_run = ? ORDER BY i.name
          """, arguments: [row["id"] as Int64])
      return LineageStep(
        stage: row["stage"], run: row["run_id"], code: row["code"] ?? "",
        inputs: inputs.map {
          LineageStep.Input(
            name: $0["name"], digest: $0["digest"], version: $0["version"], artifact: $0["artifact"])
        })
    }
  }

  /// The numbers stages left in each of the newest runs of `profile` (any, for `nil`), those of results taken
  /// over included, oldest run first; only of the stages given, where any is.
  package func metrics(
    last count: Int, stage: String?, profile: String?
  ) throws(CatalogError) -> [(run: String, startedAt: String, stage: String, name: String, value: Double)] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          WITH newest AS (SELECT seq, id, started_at FROM run WHERE ended_at IS NOT NULL
            AND (?2 IS NULL OR profile = ?2) AND EXISTS (SELECT 1 FROM stage_run s JOIN metric m
              ON m.stage_run = coalesce(s.reused_from, s.id) WHERE s.run_id = run.id AND (?3 IS NULL OR s.stage = ?3))
            ORDER BY seq DESC LIMIT ?1)
          SELECT r.id, r.started_at, s.stage, m.name, m.value FROM newest r JOIN stage_run s ON s.run_id = r.id
          JOIN metric m ON m.stage_run = coalesce(s.reused_from, s.id) WHERE ?3 IS NULL OR s.stage = ?3
          ORDER BY r.seq, s.id, m.name
          """, arguments: [max(0, count), profile, stage]
      ).map { ($0[0], $0[1], $0[2], $0[3], $0[4]) }
    }
  }
}
