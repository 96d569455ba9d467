package import Fingerprints
import GRDB

extension CatalogStore {
  /// Appends an event to the chain: each holds the digest of the one before it.
  static func append(
    _ db: Database, at time: String, run: String?, stage: String?, kind: String, body: JSONValue
  ) throws {
    let last = try Row.fetchOne(db, sql: "SELECT seq, digest FROM event ORDER BY seq DESC LIMIT 1")
    let previous: String = last?["digest"] ?? Digest(of: Array("holdfast.events/v1".utf8)).hexadecimal
    let seq = (last?["seq"] as Int64? ?? 0) + 1
    let text = String(decoding: CanonicalJSON.encode(body), as: UTF8.self)
    let digest = eventDigest(seq: seq, at: time, run: run, stage: stage, kind: kind, body: text, previous: previous)
    try db.execute(
      sql: "INSERT INTO event (seq, at, run_id, stage, kind, body, previous, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      arguments: [seq, time, run, stage, kind, text, previous, digest])
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
    try write { db in try CatalogStore.append(db, at: time, run: run, stage: nil, kind: kind, body: body) }
  }
}
