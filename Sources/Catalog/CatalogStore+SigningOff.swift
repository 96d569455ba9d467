import Fingerprints
import GRDB

/// A decision of a person about a run.
package struct SignOff: Sendable, Equatable {
  /// The run.
  package var run: String
  /// The digest of the run's record that was decided on.
  package var runDigest: String
  /// In what capacity, such as `validator`.
  package var role: String
  /// `true` for approve, `false` for reject.
  package var approves: Bool
  /// Why.
  package var comment: String
  /// Who.
  package var actor: String
  /// When, ISO 8601 in UTC.
  package var at: String
}

extension CatalogStore {
  /// Records a decision about a run that has ended, over the digest its record has. Never changed or
  /// removed afterwards. Throws `missing` where there is no such run or it has not ended.
  @discardableResult
  package func signOff(
    run: String, role: String, approves: Bool, comment: String, actor: String, at time: String
  ) throws(CatalogError) -> SignOff {
    let made = try write { db in
      guard let digest = try String.fetchOne(db, sql: "SELECT digest FROM run WHERE id = ?", arguments: [run])
      else {
        throw CatalogError(
          .missing, "there is no run \(run) that has ended", remedy: "`holdfast log` lists them")
      }
      let decision = approves ? "approve" : "reject"
      let event = try CatalogStore.append(
        db, at: time, run: run, stage: nil, kind: "signoff",
        body: [
          "run": .string(run), "digest": .string(digest), "role": .string(role),
          "decision": .string(decision),
          "comment": .string(comment), "actor": .string(actor),
        ])
      try db.execute(
        sql: """
          INSERT INTO signoff (run_id, run_digest, role, decision, comment, actor, at, event_seq)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """, arguments: [run, digest, role, decision, comment, actor, time, event])
      return SignOff(
        run: run, runDigest: digest, role: role, approves: approves, comment: comment, actor: actor, at: time)
    }
    anchor(withEvents: true)
    return made
  }

  /// The decisions about a run, oldest first.
  package func signOffs(of run: String) throws(CatalogError) -> [SignOff] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM signoff WHERE run_id = ? ORDER BY id", arguments: [run]).map {
        row in
        SignOff(
          run: row["run_id"], runDigest: row["run_digest"], role: row["role"],
          approves: row["decision"] == "approve",
          comment: row["comment"], actor: row["actor"], at: row["at"])
      }
    }
  }
}
