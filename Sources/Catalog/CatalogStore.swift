import Fingerprints
import GRDB
import Synchronization

/// Runs, artifacts and their lineage, in SQLite: what was made, from what, by which code and
/// parameters, and what is current. The one place that speaks SQL.
package final class CatalogStore: Sendable {
  /// The folder it belongs to.
  package let folder: ArtifactFolder
  let database: DatabaseQueue
  /// Kept, so that the right to write lasts as long as the writer; `nil` for a reader.
  private let lock: RunLock?
  private let writings = Atomic<Int>(0)
  /// The statuses under which objects were last known to be whole in this process: as they were when
  /// written, or when a look at them ended well.
  private let seen = Mutex<[Digest: FileStatus]>([:])

  init(_ folder: ArtifactFolder, _ database: DatabaseQueue, lock: RunLock?) {
    self.folder = folder
    self.database = database
    self.lock = lock
  }

  /// Runs `body`, turning the database's errors into ours.
  static func translating<Result>(
    _ folder: ArtifactFolder, _ body: () throws -> Result
  ) throws(CatalogError) -> Result {
    do { return try body() } catch let error as CatalogError { throw error } catch let error as DatabaseError
    {
      throw CatalogError(folder, error)
    } catch { throw CatalogError(.io, "\(folder.catalog): \(error)") }
  }

  /// Reads.
  func read<Result>(_ body: (Database) throws -> Result) throws(CatalogError) -> Result {
    try CatalogStore.translating(folder) { try database.read(body) }
  }

  /// Writes, all or nothing. What is not `lasting` survives the death of the process at once and a loss
  /// of power only with the next write that is: right for what is worth nothing without a later record.
  func write<Result>(lasting: Bool = true, _ body: (Database) throws -> Result) throws(CatalogError) -> Result
  {
    try CatalogStore.translating(folder) {
      var result: Result?
      try database.inDatabase { db in
        try db.execute(sql: lasting ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL")
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
    return try ObjectWriter(self, name: "object-\(number)")
  }

  /// Remembers for this process that the object was whole under that status.
  func saw(_ digest: Digest, _ status: FileStatus) { seen.withLock { $0[digest] = status } }

  /// The status the object was last seen whole under in this process.
  func lastSeen(_ digest: Digest) -> FileStatus? { seen.withLock { $0[digest] } }

  /// All objects seen whole in this process.
  func allSeen() -> [Digest] { seen.withLock { Array($0.keys) } }

  /// Ends the work: what the write-ahead log holds goes into the file, so that a copy is whole. Where
  /// that cannot be done (a reader at work, a full disk), the log stays and nothing is lost.
  package func close() {
    if lock != nil {
      try? database.inDatabase { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    }
    try? database.close()
  }
}
