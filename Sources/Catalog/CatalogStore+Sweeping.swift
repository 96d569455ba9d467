import Fingerprints
import GRDB
import Glibc

extension CatalogStore {
  /// Whether a collection was recorded whose files may still be there.
  package func isSweepPending() throws(CatalogError) -> Bool {
    try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM collection WHERE swept = 0") ?? 0 } > 0
  }

  /// Unlinks what recorded collections left lying: the second phase, theirs or that of one that died in it.
  /// Copies of erased objects in quarantine go too.
  func sweep() throws(CatalogError) {
    let pending = try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT d.digest, c.kind FROM collection c JOIN collected d ON d.collection = c.id
          WHERE c.swept = 0 AND d.returned IS NULL ORDER BY d.digest
          """
      ).compactMap { row in
        Digest(hexadecimal: row["digest"]).map { (digest: $0, isErasure: row["kind"] == "erasure") }
      }
    }
    guard try isSweepPending() else { return }
    let damaged = Disk.names(folder.quarantine)
    var shelves: Set<String> = []
    for (digest, isErasure) in pending {
      if try Disk.remove(folder.object(digest)) { shelves.insert(folder.shelf(digest)) }
      for name in damaged where isErasure && name.hasPrefix(digest.short + "-") {
        try Disk.remove(folder.quarantine + "/" + name)
      }
    }
    for shelf in shelves.sorted() { try Disk.syncFolder(shelf) }
    try write { db in try db.execute(sql: "UPDATE collection SET swept = 1 WHERE swept = 0") }
  }

  /// Files in the object folder that no record refers to and that were written before `grace`, and those
  /// whose object was collected before and not recorded again: left by writers that died.
  func strays(before grace: String) throws(CatalogError) -> [(path: String, bytes: Int)] {
    let (known, collected) = try read { db in
      (
        try Set(String.fetchAll(db, sql: "SELECT digest FROM object")),
        try Set(String.fetchAll(db, sql: "SELECT digest FROM collected WHERE returned IS NULL"))
      )
    }
    var found: [(path: String, bytes: Int)] = []
    for shelf in Disk.names(folder.objects) where shelf.utf8.count == 2 {
      for name in Disk.names(folder.objects + "/" + shelf) {
        let path = "\(folder.objects)/\(shelf)/\(name)"
        guard Digest(hexadecimal: name) != nil, Disk.kind(path) == .plain,
          let status = try FileStatus.of(path)
        else { continue }
        let isForgotten = !known.contains(name) && status.modifiedAt < grace
        if isForgotten || collected.contains(name) { found.append((path, Int(status.size))) }
      }
    }
    return found
  }
}

extension FileStatus {
  /// The last change of contents, ISO 8601 in UTC with milliseconds.
  var modifiedAt: String {
    var seconds = time_t(modified / 1_000_000_000)
    var parts = unsafe tm()
    unsafe gmtime_r(&seconds, &parts)
    let fields = unsafe [
      parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
    ]
    let texts = fields.map { $0 < 10 ? "0\($0)" : String($0) }
    let thousandths = String(1000 + Int(modified / 1_000_000) % 1000).dropFirst()
    return "\(texts[0...2].joined(separator: "-"))T\(texts[3...5].joined(separator: ":")).\(thousandths)Z"
  }
}
