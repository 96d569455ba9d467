import Fingerprints
import GRDB

extension CatalogStore {
  /// Places a hold on a run (`r3`) or a version (`model@2`): nothing it refers to is collected while it
  /// lasts. Throws `missing` where there is no such thing.
  @discardableResult
  package func hold(
    _ target: String, _ kind: Hold.Kind, reason: String, by actor: String, at time: String
  ) throws(CatalogError) -> Hold {
    let made = try write { db in
      let run = try String.fetchOne(db, sql: "SELECT id FROM run WHERE id = ?", arguments: [target])
      let parts = target.split(separator: "@", maxSplits: 1).map(String.init)
      var version: Int64?
      if run == nil, parts.count == 2, let number = Int(parts[1]) {
        version = try Int64.fetchOne(
          db, sql: "SELECT id FROM artifact_version WHERE name = ? AND version = ?",
          arguments: [parts[0], number])
      }
      guard run != nil || version != nil else {
        throw CatalogError(
          .missing, "there is no run or version \"\(target)\"",
          remedy: "name a run (r3, see `holdfast log`) or a version (model@2)")
      }
      let event = try CatalogStore.append(
        db, at: time, run: run, stage: nil, kind: "hold",
        body: [
          "target": .string(target), "kind": .string(kind.rawValue), "reason": .string(reason),
          "actor": .string(actor),
        ])
      try db.execute(
        sql: """
          INSERT INTO hold (target, run_id, version_id, kind, reason, actor, at, event_seq)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """, arguments: [target, run, version, kind.rawValue, reason, actor, time, event])
      return Hold(
        id: db.lastInsertedRowID, target: target, kind: kind, reason: reason, actor: actor, at: time)
    }
    anchor(withEvents: true)
    return made
  }

  /// Releases the holds on `target`, or the one of that number. Throws `missing` where there is none.
  package func release(
    _ target: String, reason: String, by actor: String, at time: String
  ) throws(CatalogError) -> [Hold] {
    let released = try write { db in
      let found = try CatalogStore.holds(db).filter { $0.target == target || String($0.id) == target }
      guard !found.isEmpty else {
        throw CatalogError(
          .missing, "nothing is held under \"\(target)\"", remedy: "`holdfast hold` lists the holds")
      }
      for hold in found {
        let event = try CatalogStore.append(
          db, at: time, run: nil, stage: nil, kind: "release",
          body: [
            "hold": .number(Double(hold.id)), "target": .string(hold.target), "reason": .string(reason),
            "actor": .string(actor),
          ])
        try db.execute(sql: "UPDATE hold SET released = ? WHERE id = ?", arguments: [event, hold.id])
      }
      return found
    }
    anchor(withEvents: true)
    return released
  }

  /// The holds in force, oldest first.
  package func holds() throws(CatalogError) -> [Hold] { try read { try CatalogStore.holds($0) } }

  static func holds(_ db: Database) throws -> [Hold] {
    try Row.fetchAll(db, sql: "SELECT * FROM hold WHERE released IS NULL ORDER BY id").map {
      Hold(
        id: $0["id"], target: $0["target"], kind: Hold.Kind(rawValue: $0["kind"]) ?? .other,
        reason: $0["reason"], actor: $0["actor"], at: $0["at"])
    }
  }
}
