import Fingerprints
import GRDB
import Glibc

/// A line of `anchors.log`: what the chain's newest record was when a run ended. A chain alone does not
/// show that its tail is missing or that all of it was made anew; an anchor does, and more so the further
/// away a copy of it is kept.
struct Anchor: Sendable {
  var seq: Int64
  var run: String
  var digest: String
  var at: String
  /// The newest event, where the line was written for its sake: no run's record covers it yet.
  var event: (seq: Int64, digest: String)?

  /// The line, newline included.
  var line: [UInt8] {
    var members: [String: JSONValue] = [
      "seq": .number(Double(seq)), "run": .string(run), "digest": .string(digest), "at": .string(at),
    ]
    if let event {
      members["event"] = .number(Double(event.seq))
      members["eventDigest"] = .string(event.digest)
    }
    return CanonicalJSON.encode(.object(members)) + [0x0A]
  }

  init(seq: Int64, run: String, digest: String, at: String) {
    self.seq = seq
    self.run = run
    self.digest = digest
    self.at = at
  }

  init?(_ line: some Sequence<UInt8>) {
    guard let document = try? JSONParser.parse(Array(line)), let seq = document["seq"]?.integer,
      let run = document["run"]?.text, let digest = document["digest"]?.text, let at = document["at"]?.text
    else { return nil }
    self.init(seq: Int64(seq), run: run, digest: digest, at: at)
    if let seq = document["event"]?.integer, let digest = document["eventDigest"]?.text {
      event = (Int64(seq), digest)
    }
  }
}

extension CatalogStore {
  /// Appends the newest record's digest. A line that cannot be written (a full disk) is left out: the
  /// run is recorded all the same, and the next line covers it. With `withEvents` the line holds the newest
  /// event too, so that a decision recorded after a run's end is anchored as well.
  func anchor(withEvents: Bool = false) {
    let newest = try? read { db in
      try Row.fetchOne(
        db,
        sql: "SELECT seq, id, digest, ended_at FROM run WHERE digest IS NOT NULL ORDER BY seq DESC LIMIT 1")
    }
    guard let newest else { return }
    var anchor = Anchor(
      seq: newest["seq"], run: newest["id"], digest: newest["digest"], at: newest["ended_at"] ?? "")
    if withEvents {
      let event = try? read { db in
        try Row.fetchOne(db, sql: "SELECT seq, digest FROM event ORDER BY seq DESC LIMIT 1")
      }
      if let event { anchor.event = (event["seq"], event["digest"]) }
    }
    let descriptor = unsafe open(
      folder.anchors, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { return }
    defer { Glibc.close(descriptor) }
    var bytes = anchor.line
    // A line cut short by a full disk ends here.
    if let status = try? FileStatus.of(descriptor: descriptor, folder.anchors), status.size > 0 {
      var last: UInt8 = 0
      if unsafe pread(descriptor, &last, 1, Int(status.size) - 1) == 1, last != 0x0A {
        bytes.insert(0x0A, at: 0)
      }
    }
    _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
  }

  /// The anchors beside the catalog; lines that are none are passed over.
  func anchors() throws(CatalogError) -> [Anchor] {
    guard Disk.kind(folder.anchors) == .plain else { return [] }
    var bytes: [UInt8] = []
    let descriptor = unsafe open(folder.anchors, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw .system("\(folder.anchors) cannot be opened") }
    defer { Glibc.close(descriptor) }
    try unsafe Disk.read(descriptor, folder.anchors) { (piece) throws(CatalogError) in
      unsafe bytes.append(contentsOf: piece)
    }
    return bytes.split(separator: 0x0A).compactMap(Anchor.init)
  }
}
