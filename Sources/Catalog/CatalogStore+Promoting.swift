package import Fingerprints
import GRDB

/// A decision of a person to let an alias name a run's artifacts.
package struct Promotion: Sendable, Equatable {
  /// The alias: `champion`.
  package var alias: String
  /// The run.
  package var run: String
  /// Who.
  package var actor: String
  /// Why.
  package var reason: String
  /// What spoke against it and was overridden; none where nothing did.
  package var overrode: [String]

  /// A promotion.
  package init(alias: String, run: String, actor: String, reason: String, overrode: [String]) {
    self.alias = alias
    self.run = run
    self.actor = actor
    self.reason = reason
    self.overrode = overrode
  }
}

extension CatalogStore {
  /// Lets an alias name a run's artifacts, as one, and records who did so and why, with the set it named
  /// before and the digest of the run's record. The event is anchored at once.
  package func promote(
    _ promotion: Promotion, _ members: [(name: String, digest: Digest)], contract: JSONValue, at time: String
  ) throws(CatalogError) {
    let run = promotion.run
    let body = try write { db in
      guard let digest = try String.fetchOne(db, sql: "SELECT digest FROM run WHERE id = ?", arguments: [run])
      else { throw CatalogError(.missing, "there is no run \(run) that has ended") }
      let before = try String.fetchOne(
        db, sql: "SELECT run_id FROM alias WHERE name = ?", arguments: [promotion.alias])
      return [
        "actor": .string(promotion.actor), "reason": .string(promotion.reason),
        "overrode": .list(promotion.overrode.map(JSONValue.string)), "record": .string(digest),
        "before": before.map(JSONValue.string) ?? .null,
      ] as [String: JSONValue]
    }
    try setAlias(promotion.alias, members, contract: contract, run: run, saying: body, at: time)
    anchor(withEvents: true)
  }

  /// Records that a promotion was asked for and refused.
  package func refuse(_ promotion: Promotion, because grounds: [String], at time: String) throws(CatalogError)
  {
    try note(
      "promotion-refused", run: nil,
      body: [
        "alias": .string(promotion.alias), "run": .string(promotion.run), "actor": .string(promotion.actor),
        "reason": .string(promotion.reason), "because": .list(grounds.map(JSONValue.string)),
      ], at: time)
    anchor(withEvents: true)
  }

  /// The checks of a run that did not hold, those of results it took over included, in order of stages. What
  /// declared checks (`declared:…`) said when such a result was made does not count: they were made anew.
  package func failedChecks(of run: String) throws(CatalogError) -> [(stage: String, check: CheckRecord)] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT s.stage, c.* FROM stage_run s JOIN check_result c
          ON c.stage_run = s.id OR (c.stage_run = s.reused_from AND c.id NOT LIKE 'declared:%')
          WHERE s.run_id = ? AND c.passed = 0 ORDER BY s.id, c.id
          """, arguments: [run]
      ).map {
        (
          $0["stage"],
          CheckRecord(
            id: $0["id"], subject: $0["subject"], severity: $0["severity"], passed: false,
            message: $0["message"])
        )
      }
    }
  }
}
