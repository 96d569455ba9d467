import Fingerprints
import GRDB
import Glibc

/// A line of `anchors.log`: what the chain's newest record was when a run ended. A chain alone does not
/// show that its tail is missing or that all of it was made anew; an anchor does, and more so the further
/// away a copy of it is kept.
struct Anchor: Sendable, Equatable {
  var seq: Int64
  var run: String
  var digest: String
  var at: String

  /// The line, newline included.
  var line: [UInt8] {
    CanonicalJSON.encode([
      "seq": .number(Double(seq)), "run": .string(run), "digest": .string(digest), "at": .string(at),
    ]) + [0x0A]
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
  }
}

extension CatalogStore {
  /// Appends the newest record's digest. A line that cannot be written (a full disk) is left out: the
  /// run is recorded all the same, and the next line covers it.
  func anchor() {
    let newest = try? read { db in
      try Row.fetchOne(
        db,
        sql: "SELECT seq, id, digest, ended_at FROM run WHERE digest IS NOT NULL ORDER BY seq DESC LIMIT 1")
    }
    guard let newest else { return }
    let anchor = Anchor(
      seq: newest["seq"], run: newest["id"], digest: newest["digest"], at: newest["ended_at"] ?? "")
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
