import GRDB

/// A check as it was made in a run.
package struct RunCheck: Sendable, Equatable {
  /// The run.
  package var run: String
  /// The stage whose result it judged.
  package var stage: String
  /// What came of it.
  package var check: CheckRecord
}

extension CatalogStore {
  /// The checks made in those runs, in the order of runs, stages and names: a stage's own, those of results
  /// taken over included, and the declared ones as they were made in that run. Only those called `name` where
  /// given, with or without `declared:`.
  package func checks(of runs: [String], called name: String? = nil) throws(CatalogError) -> [RunCheck] {
    try read { db in
      try runs.flatMap { run in
        try Row.fetchAll(
          db,
          sql: """
            SELECT s.run_id, s.stage, c.* FROM stage_run s JOIN check_result c ON c.stage_run = s.id
              OR (c.stage_run = s.reused_from AND c.id NOT LIKE 'declared:%')
            WHERE s.run_id = ?1 AND (?2 IS NULL OR c.id = ?2 OR c.id = 'declared:' || ?2) ORDER BY s.id, c.id
            """, arguments: [run, name]
        ).map {
          RunCheck(
            run: $0["run_id"], stage: $0["stage"],
            check: CheckRecord(
              id: $0["id"], subject: $0["subject"], severity: $0["severity"], passed: $0["passed"],
              message: $0["message"]))
        }
      }
    }
  }
}
