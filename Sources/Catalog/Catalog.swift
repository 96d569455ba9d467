import Fingerprints
import GRDB
import Synchronization

/// Runs, artifacts and their lineage, in SQLite: what was made, from what, by which code and
/// parameters, and what is current. The one place that speaks SQL.
package final class CatalogStore: Sendable {
  /// The folder it belongs to.
  package let folder: ArtifactFolder
  let database: DatabaseQueue
  private let writings = Atomic<Int>(0)

  private init(_ folder: ArtifactFolder, _ database: DatabaseQueue) {
    self.folder = folder
    self.database = database
  }

  private static func configuration() -> Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    configuration.foreignKeysEnabled = true
    return configuration
  }

  /// The catalog of `folder`, made where there is none, for the holder of its lock.
  package static func writing(_ folder: ArtifactFolder, lock: RunLock) throws(CatalogError) -> CatalogStore {
    try folder.make()
    // What an earlier run left unfinished is nobody's.
    for name in Disk.names(folder.unfinished) { Disk.removeTree(folder.unfinished + "/" + name) }
    return try translating(folder) {
      let database = try DatabaseQueue(path: folder.catalog, configuration: configuration())
      try database.inDatabase { db in
        try checkOwner(db, folder, mayBeNew: true)
        try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
        if try Int32.fetchOne(db, sql: "PRAGMA user_version") == 0 {
          try db.inTransaction(.immediate) {
            try db.execute(sql: CatalogSchema.create)
            return .commit
          }
        }
      }
      return CatalogStore(folder, database)
    }
  }

  /// The catalog of `folder` to read from while others write; `nil` where there is none yet.
  package static func reading(_ folder: ArtifactFolder) throws(CatalogError) -> CatalogStore? {
    guard try FileStatus.of(folder.catalog) != nil else { return nil }
    return try translating(folder) {
      var readOnly = configuration()
      readOnly.readonly = true
      let database: DatabaseQueue
      do {
        database = try DatabaseQueue(path: folder.catalog, configuration: readOnly)
        _ = try database.read { try Int32.fetchOne($0, sql: "PRAGMA user_version") }
        _ = try database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema") }
      } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN {
        // A folder that cannot be written has no place for a reader's notes; a checkpointed catalog
        // needs none.
        let address = "file:" + escaped(folder.catalog) + "?immutable=1"
        let fixed = try DatabaseQueue(path: address, configuration: readOnly)
        try fixed.read { try checkOwner($0, folder, mayBeNew: false) }
        return CatalogStore(folder, fixed)
      }
      try database.read { try checkOwner($0, folder, mayBeNew: false) }
      return CatalogStore(folder, database)
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

  private static func checkOwner(_ db: Database, _ folder: ArtifactFolder, mayBeNew: Bool) throws {
    let owner = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let version = try Int32.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    if owner == 0, version == 0, mayBeNew,
      try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0
    {
      return
    }
    guard owner == CatalogSchema.applicationId else {
      throw CatalogError(
        .foreign, "\(folder.catalog) is no catalog of this program (application id \(owner))",
        remedy: "move it elsewhere; it was not written to")
    }
    guard version <= CatalogSchema.version else {
      throw CatalogError(
        .newer, "\(folder.catalog) has schema \(version), this program knows \(CatalogSchema.version)",
        remedy: "use the newer program; nothing was written")
    }
  }

  /// Runs `body`, turning the database's errors into ours.
  static func translating<Result>(
    _ folder: ArtifactFolder, _ body: () throws -> Result
  ) throws(CatalogError) -> Result {
    do { return try body() } catch let error as CatalogError { throw error } catch let error as DatabaseError {
      let message = "\(folder.catalog): \(error.message ?? "\(error.resultCode)")"
      switch error.resultCode {
      case .SQLITE_BUSY, .SQLITE_LOCKED:
        throw CatalogError(.busy, message, remedy: "possibly another program has it open; try again")
      case .SQLITE_FULL: throw CatalogError(.diskFull, message, remedy: "free some space and run again; nothing was lost")
      case .SQLITE_READONLY: throw CatalogError(.readOnly, message, remedy: "give this user the right to write there")
      case .SQLITE_NOTADB, .SQLITE_CORRUPT:
        throw CatalogError(.foreign, message, remedy: "restore it from a backup, or move artifacts/ away and run anew")
      default: throw CatalogError(.io, message)
      }
    } catch { throw CatalogError(.io, "\(folder.catalog): \(error)") }
  }

  /// Reads.
  func read<Result>(_ body: (Database) throws -> Result) throws(CatalogError) -> Result {
    try CatalogStore.translating(folder) { try database.read(body) }
  }

  /// Writes, all or nothing.
  func write<Result>(_ body: (Database) throws -> Result) throws(CatalogError) -> Result {
    try CatalogStore.translating(folder) {
      var result: Result?
      try database.inDatabase { db in
        try db.inTransaction(.immediate) {
          result = try body(db)
          return .commit
        }
      }
      guard let result else { preconditionFailure("a committed transaction has a result") }
      return result
    }
  }

  /// A writer for a new object.
  package func makeObject() throws(CatalogError) -> ObjectWriter {
    let number = writings.add(1, ordering: .relaxed).newValue
    return try ObjectWriter(folder, name: "object-\(number)")
  }

  /// Ends the work: what the write-ahead log holds goes into the file, so that a copy is whole.
  package func close() {
    try? database.inDatabase { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    try? database.close()
  }
}
