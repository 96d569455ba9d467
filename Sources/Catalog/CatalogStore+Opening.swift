package import Fingerprints
import GRDB
import Glibc

extension CatalogStore {
  private static func configuration(readonly: Bool) -> Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    configuration.foreignKeysEnabled = true
    configuration.readonly = readonly
    return configuration
  }

  /// The catalog of `folder`, made where there is none and brought to today's schema where it is older,
  /// for the holder of its lock. Throws `foreign` and `newer` before anything is written.
  package static func writing(_ folder: ArtifactFolder, lock: RunLock) throws(CatalogError) -> CatalogStore {
    precondition(lock.folder == folder, "a catalog is written under its own folder's lock")
    try folder.refuseLinks()
    return try translating(folder) {
      try refuseOthers(folder)
      try folder.make()
      // What an earlier run left unfinished is nobody's.
      for name in Disk.names(folder.unfinished) { Disk.removeTree(folder.unfinished + "/" + name) }
      let database = try DatabaseQueue(path: folder.catalog, configuration: configuration(readonly: false))
      try database.inDatabase { db in
        try checkOwner(db, folder, forWriting: true)
        // First of all and in the file itself, not only its log: whose it is.
        if try Int32.fetchOne(db, sql: "PRAGMA application_id") == 0 {
          try db.execute(sql: "PRAGMA application_id = \(CatalogSchema.applicationId)")
        }
        try db.execute(sql: "PRAGMA journal_mode = WAL")
        if try Int32.fetchOne(db, sql: "PRAGMA user_version") != CatalogSchema.version {
          try db.execute(sql: "PRAGMA synchronous = FULL")
          try db.inTransaction(.immediate) {
            try CatalogSchema.bringUp(db)
            return .commit
          }
        }
      }
      let store = CatalogStore(folder, database, lock: lock)
      // A collection that died between its two phases is finished. Where that cannot be (a file that may not
      // be removed), the next gc says so; it is no reason not to run.
      try? store.sweep()
      return store
    }
  }

  /// The catalog of `folder` to read from while others write; `nil` where there is none yet. Never
  /// writes to it.
  package static func reading(_ folder: ArtifactFolder) throws(CatalogError) -> CatalogStore? {
    guard let status = try FileStatus.of(folder.catalog), status.size > 0 else { return nil }
    return try translating(folder) {
      let database: DatabaseQueue
      do {
        database = try DatabaseQueue(path: folder.catalog, configuration: configuration(readonly: true))
        _ = try database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema") }
      } catch let error as DatabaseError
        where error.resultCode == .SQLITE_CANTOPEN || error.resultCode == .SQLITE_READONLY
      {
        // A folder that cannot be written has no place for a reader's notes; a checkpointed catalog
        // needs none.
        if let log = try FileStatus.of(folder.catalog + "-wal"), log.size > 0 {
          throw CatalogError(
            .readOnly, "the last run left a log beside \(folder.catalog) that cannot be read without writing",
            remedy: "let a user who may write there run `holdfast status` once, or copy the folder")
        }
        let address = "file:" + escaped(folder.catalog) + "?immutable=1"
        let fixed = try DatabaseQueue(path: address, configuration: configuration(readonly: true))
        return try read(folder, fixed)
      }
      return try read(folder, database)
    }
  }

  private static func read(_ folder: ArtifactFolder, _ database: DatabaseQueue) throws -> CatalogStore? {
    let isEmpty = try database.read { db in
      try checkOwner(db, folder, forWriting: false)
      return try Int32.fetchOne(db, sql: "PRAGMA user_version") == 0
    }
    return isEmpty ? nil : CatalogStore(folder, database, lock: nil)
  }

  /// Appends an event without the lock: for what a run that may not begin has to say. Does nothing where
  /// there is no catalog yet, or one of another schema.
  package static func note(
    in folder: ArtifactFolder, _ kind: String, body: JSONValue, at time: String
  ) throws(CatalogError) {
    guard Disk.kind(folder.catalog) == .plain else { return }
    try translating(folder) {
      guard try DatabaseHeader.of(folder.catalog) == .ours else { return }
      let database = try DatabaseQueue(path: folder.catalog, configuration: configuration(readonly: false))
      let isCurrent = try database.read {
        try Int32.fetchOne($0, sql: "PRAGMA user_version") == CatalogSchema.version
      }
      if isCurrent {
        try CatalogStore(folder, database, lock: nil).note(kind, run: nil, body: body, at: time)
      }
      try database.close()
    }
  }

  private static func escaped(_ path: String) -> String {
    var result = ""
    for scalar in path.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "?": result += "%3f"
      case "#": result += "%23"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Opening another program's database for writing may already write to it (its log is put in order),
  /// so that whatever the header does not show to be ours is first opened for reading only.
  private static func refuseOthers(_ folder: ArtifactFolder) throws {
    switch try DatabaseHeader.of(folder.catalog) {
    case .absent, .ours: return
    case .other:
      let database = try DatabaseQueue(path: folder.catalog, configuration: configuration(readonly: true))
      try database.read { try checkOwner($0, folder, forWriting: true) }
      try database.close()
    }
  }

  private static func checkOwner(_ db: Database, _ folder: ArtifactFolder, forWriting: Bool) throws {
    let owner = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let version = try Int32.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    if owner == 0, version == 0, try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0 {
      return
    }
    guard owner == CatalogSchema.applicationId else {
      throw CatalogError(
        .foreign,
        "\(folder.catalog) is no catalog of this program (application id \(owner), ours is \(CatalogSchema.applicationId))",
        remedy: "move it elsewhere; it was not written to")
    }
    guard version <= CatalogSchema.version else {
      throw CatalogError(
        .newer, "\(folder.catalog) has schema \(version), this program knows \(CatalogSchema.version)",
        remedy: "use the newer program; nothing was written")
    }
    guard forWriting || version == CatalogSchema.version || version == 0 else {
      throw CatalogError(
        .older, "\(folder.catalog) has schema \(version), this program reads \(CatalogSchema.version)",
        remedy: "the next `holdfast run` brings it up to date; of a read-only one, make a copy for that")
    }
  }
}

/// What the first hundred bytes of a database say of it, without opening it.
private enum DatabaseHeader {
  /// No file, or an empty one.
  case absent
  /// A catalog, not newer than this program.
  case ours
  /// Anything else: to be looked at more closely.
  case other

  static func of(_ path: String) throws(CatalogError) -> DatabaseHeader {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return .absent }
      throw .system("\(path) cannot be opened")
    }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 100)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
    guard count != 0 else { return .absent }
    func number(_ offset: Int) -> UInt32 { bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) } }
    guard count == 100, bytes.starts(with: "SQLite format 3\0".utf8),
      number(68) == UInt32(bitPattern: CatalogSchema.applicationId),
      number(60) <= UInt32(bitPattern: CatalogSchema.version)
    else { return .other }
    return .ours
  }
}
