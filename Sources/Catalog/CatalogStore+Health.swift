import GRDB
import Glibc

/// How a catalog and the place it lies in are.
package struct CatalogHealth: Sendable, Equatable {
  /// Version of SQLite in this program.
  package var sqliteVersion: String
  /// What SQLite's own check complains of; none where all is well.
  package var complaints: [String]
  /// Bytes free for this user on the disk.
  package var freeBytes: Int
  /// Bytes of the largest object.
  package var largestObject: Int
  /// Runs recorded as running.
  package var running: [String]
  /// Sources the catalog knows, with whether they can be read.
  package var sources: [(path: String, isReadable: Bool)]

  package static func == (left: CatalogHealth, right: CatalogHealth) -> Bool {
    left.sqliteVersion == right.sqliteVersion && left.complaints == right.complaints
      && left.running == right.running
  }
}

extension CatalogStore {
  /// Asks SQLite, the disk and the sources how they are. Writes nothing.
  package func health() throws(CatalogError) -> CatalogHealth {
    var disk = statvfs()
    guard unsafe statvfs(folder.path, &disk) == 0 else { throw .system("\(folder.path) cannot be looked at") }
    let free = Int(clamping: UInt64(disk.f_bavail) * UInt64(disk.f_frsize))
    return try read { db in
      CatalogHealth(
        sqliteVersion: try String.fetchOne(db, sql: "SELECT sqlite_version()") ?? "",
        complaints: try String.fetchAll(db, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" },
        freeBytes: free,
        largestObject: try Int.fetchOne(db, sql: "SELECT coalesce(max(bytes), 0) FROM object") ?? 0,
        running: try String.fetchAll(db, sql: "SELECT id FROM run WHERE status = 'running' ORDER BY seq"),
        sources: try String.fetchAll(db, sql: "SELECT path FROM source_file ORDER BY path").map { path in
          (path, unsafe access(path, R_OK) == 0)
        })
    }
  }
}

extension RunLock {
  /// Whether a process holds the lock of `folder` now. Takes nothing and writes nothing.
  package static func isHeld(_ folder: ArtifactFolder) -> Bool {
    let descriptor = unsafe open(folder.lock, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { return errno == EWOULDBLOCK }
    flock(descriptor, LOCK_UN)
    return false
  }
}
