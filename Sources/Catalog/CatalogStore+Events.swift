package import Fingerprints
import GRDB

extension CatalogStore {
  /// What the first event follows.
  static let firstEvent = Digest(of: Array("holdfast.events/v1".utf8)).hexadecimal

  /// Appends an event to the chain, each holding the digest of the one before it; its number.
  @discardableResult
  static func append(
    _ db: Database, at time: String, run: String?, stage: String?, kind: String, body: JSONValue
  ) throws -> Int64 {
    let last = try Row.fetchOne(db, sql: "SELECT seq, digest FROM event ORDER BY seq DESC LIMIT 1")
    let previous: String = last?["digest"] ?? firstEvent
    let seq = (last?["seq"] as Int64? ?? 0) + 1
    let text = String(decoding: CanonicalJSON.encode(body), as: UTF8.self)
    let digest = eventDigest(
      seq: seq, at: time, run: run, stage: stage, kind: kind, body: text, previous: previous)
    try db.execute(
      sql:
        "INSERT INTO event (seq, at, run_id, stage, kind, body, previous, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      arguments: [seq, time, run, stage, kind, text, previous, digest])
    return seq
  }

  static func eventDigest(
    seq: Int64, at time: String, run: String?, stage: String?, kind: String, body: String, previous: String
  ) -> String {
    Digest(
      of: [
        "seq": .number(Double(seq)), "at": .string(time), "run": run.map { .string($0) } ?? .null,
        "stage": stage.map { .string($0) } ?? .null, "kind": .string(kind), "body": .string(body),
        "previous": .string(previous),
      ]
    ).hexadecimal
  }

  /// Records that something happened outside a stage.
  package func note(_ kind: String, run: String?, body: JSONValue, at time: String) throws(CatalogError) {
    try write { db in _ = try CatalogStore.append(db, at: time, run: run, stage: nil, kind: kind, body: body)
    }
  }
}

/// Something that happened outside a stage's record.
package struct EventRecord: Sendable, Equatable {
  /// Its number, from 1.
  package var seq: Int64
  /// When, ISO 8601 in UTC.
  package var at: String
  /// The run, where it belongs to one.
  package var run: String?
  /// What kind: `crashed`, `corrupt`, `nondeterministic`, `alias`, `signoff`, …
  package var kind: String
  /// What there is to know of it.
  package var body: JSONValue
}

extension CatalogStore {
  /// The newest `count` events, newest first; with `kind`, of that kind.
  package func events(newest count: Int, kind: String? = nil) throws(CatalogError) -> [EventRecord] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM event WHERE ?1 IS NULL OR kind = ?1 ORDER BY seq DESC LIMIT ?2",
        arguments: [kind, count]
      ).map { row in
        let body: String = row["body"]
        return EventRecord(
          seq: row["seq"], at: row["at"], run: row["run_id"], kind: row["kind"],
          body: try JSONParser.parse(Array(body.utf8)))
      }
    }
  }
}
