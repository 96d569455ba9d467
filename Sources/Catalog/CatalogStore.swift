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
  /// Whether writes are set to outlast a loss of power; `nil` before the first.
  private let isLasting = Mutex<Bool?>(nil)
  /// Reuses to be recorded with the next write.
  private let waiting = Mutex<[ReuseRecord]>([])
  /// The statuses under which objects were last known to be whole in this process: as they were when
  /// written, or when a look at them ended well.
  private let seen = Mutex<[Digest: FileStatus]>([:])
  /// The statuses of objects that this writer found equal to the remembered ones: as long as an object has that
  /// status, the catalog need not be asked again.
  private let known = Mutex<[Digest: FileStatus]>([:])
  /// The statuses under which this process finished objects, where a later write to them is sure to show.
  private let finished = Mutex<[Digest: FileStatus]>([:])

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

  /// Reads. Reuses that wait are recorded first.
  func read<Result>(_ body: (Database) throws -> Result) throws(CatalogError) -> Result {
    if lock != nil, !waiting.withLock(\.isEmpty) { try write(lasting: false) { _ in } }
    return try readApart(body)
  }

  /// Reads what no record of a reuse has a part in: objects, executions, what is current. A reader sees one
  /// moment of the catalog; the one writer sees its own work and does without the transaction that takes.
  func readApart<Result>(_ body: (Database) throws -> Result) throws(CatalogError) -> Result {
    try CatalogStore.translating(folder) {
      lock == nil ? try database.read(body) : try database.unsafeRead(body)
    }
  }

  /// Writes, all or nothing, and the reuses that wait with it. What is not `lasting` survives the death of the
  /// process at once and a loss of power only with the next write that is: right for what is worth nothing
  /// without a later record.
  func write<Result>(lasting: Bool = true, _ body: (Database) throws -> Result) throws(CatalogError) -> Result
  {
    try CatalogStore.translating(folder) {
      var result: Result?
      try database.inDatabase { db in
        if isLasting.withLock({ $0 != lasting }) {
          try db.execute(sql: lasting ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL")
          isLasting.withLock { $0 = lasting }
        }
        let reuses = waiting.withLock { $0 }
        try db.inTransaction(.immediate) {
          for reuse in reuses { try CatalogStore.insert(db, reuse) }
          result = try body(db)
          return .commit
        }
        waiting.withLock { $0.removeFirst(reuses.count) }
      }
      guard let result else { preconditionFailure("a committed transaction has a result") }
      return result
    }
  }

  /// Lets the record of a reuse wait for the next write: it is worth nothing without that, and nine of them
  /// cost as much as one.
  func postpone(_ reuse: ReuseRecord) { waiting.withLock { $0.append(reuse) } }

  /// A writer for a new object; `staysInMemory` says that it will be read soon.
  package func makeObject(staysInMemory: Bool = true) throws(CatalogError) -> ObjectWriter {
    let number = writings.add(1, ordering: .relaxed).newValue
    return try ObjectWriter(self, name: "object-\(number)", staysInMemory: staysInMemory)
  }

  /// Remembers for this process that the object was whole under that status.
  func saw(_ digest: Digest, _ status: FileStatus) { seen.withLock { $0[digest] = status } }

  /// Remembers for this process that it made the object, digesting what it wrote, and left it in that status.
  func made(_ digest: Digest, _ status: FileStatus) { finished.withLock { $0[digest] = status } }

  /// The status in which this process left an object that it made.
  func lastMade(_ digest: Digest) -> FileStatus? { finished.withLock { $0[digest] } }

  /// Remembers for this process that the catalog remembers the object under that status.
  func knows(_ digest: Digest, _ status: FileStatus) {
    if lock != nil { known.withLock { $0[digest] = status } }
  }

  /// Lets go of it: something was done about objects.
  func forgetKnown() { known.withLock { $0.removeAll() } }

  /// The status under which the catalog was found to remember the object.
  func lastKnown(_ digest: Digest) -> FileStatus? { known.withLock { $0[digest] } }

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
