import Fingerprints
import FoundationEssentials
import GRDB
import Glibc
import Testing

@testable import Catalog

@Test func `a database of another program is refused and left as it is`() throws {
  let temporary = TemporaryFolder()
  let folder = ArtifactFolder(temporary.path)
  let other = try DatabaseQueue(path: folder.catalog)
  try other.write { try $0.execute(sql: "CREATE TABLE theirs (x)") }
  try other.close()
  let before = try Data(contentsOf: URL(filePath: folder.catalog))
  let lock = try RunLock.take(folder, waiting: 0, holder: "test")
  #expect(throws: CatalogError.self) { try CatalogStore.writing(folder, lock: lock) }
  #expect(throws: CatalogError.self) { try CatalogStore.reading(folder) }
  #expect(try Data(contentsOf: URL(filePath: folder.catalog)) == before)
}

@Test func `a catalog of a newer program is refused with both numbers`() throws {
  let temporary = TemporaryFolder()
  do {
    let (store, lock) = try openCatalog(temporary)
    try store.write { try $0.execute(sql: "PRAGMA user_version = 99") }
    store.close()
    lock.release()
  }
  let error = #expect(throws: CatalogError.self) { try CatalogStore.reading(ArtifactFolder(temporary.path)) }
  #expect(error?.kind == .newer)
  #expect(error?.message.contains("99") == true)
  #expect(error?.message.contains("knows \(CatalogSchema.version)") == true)
}

@Test func `another program's database with a log of its own is left as it is`() throws {
  let temporary = TemporaryFolder()
  let folder = ArtifactFolder(temporary.path)
  let other = try DatabaseQueue(path: folder.catalog)
  try other.inDatabase { db in
    try db.execute(sql: "PRAGMA journal_mode = WAL; CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)")
  }
  let before = try [folder.catalog, folder.catalog + "-wal"].map { try Data(contentsOf: URL(filePath: $0)) }
  let lock = try RunLock.take(folder, waiting: 0, holder: "test")
  let error = #expect(throws: CatalogError.self) { try CatalogStore.writing(folder, lock: lock) }
  #expect(error?.kind == .foreign)
  #expect(
    try [folder.catalog, folder.catalog + "-wal"].map { try Data(contentsOf: URL(filePath: $0)) } == before)
  #expect(Disk.kind(folder.objects) == .nothing)
  try other.close()
}

@Test func `a file that is no database is refused and left as it is`() throws {
  let temporary = TemporaryFolder()
  let folder = ArtifactFolder(temporary.path)
  let path = try temporary.file("catalog.sqlite", String(repeating: "no database ", count: 1000))
  let before = try Data(contentsOf: URL(filePath: path))
  let lock = try RunLock.take(folder, waiting: 0, holder: "test")
  let error = #expect(throws: CatalogError.self) { try CatalogStore.writing(folder, lock: lock) }
  #expect(error?.kind == .foreign)
  #expect(try Data(contentsOf: URL(filePath: path)) == before)
}

@Test func `an empty file is no catalog yet, and becomes one`() throws {
  let temporary = TemporaryFolder()
  _ = try temporary.file("catalog.sqlite", "")
  #expect(try CatalogStore.reading(ArtifactFolder(temporary.path)) == nil)
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "A")
  #expect(try store.verify().faults.isEmpty)
}

@Test func `a writer that died between naming the file and making its tables does no harm`() throws {
  let temporary = TemporaryFolder()
  let folder = ArtifactFolder(temporary.path)
  let half = try DatabaseQueue(path: folder.catalog)
  try half.inDatabase { db in try db.execute(sql: "PRAGMA application_id = \(CatalogSchema.applicationId)") }
  try half.close()
  #expect(try CatalogStore.reading(folder) == nil)
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "A")
  #expect(try store.runs(newest: 1).count == 1)
}

@Test(arguments: [1, 2])
func `a catalog of an older schema is brought up to date whole, by a writer only`(schema: Int) throws {
  let temporary = TemporaryFolder()
  let folder = ArtifactFolder(temporary.path)
  let golden = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Golden/catalog-v\(schema)")
  let old = try DatabaseQueue(path: folder.catalog)
  try old.inDatabase { db in
    for name in ["schema.sql", "rows.sql"] {
      try db.execute(sql: String(contentsOf: golden.appending(path: name), encoding: .utf8))
    }
  }
  try old.close()
  let error = #expect(throws: CatalogError.self) { try CatalogStore.reading(folder) }
  #expect(error?.kind == .older)
  #expect(error?.message.contains("has schema \(schema), this program reads 3") == true)
  let (store, lock) = try openCatalog(temporary)
  // The old records keep the digests they were given, and new ones follow them.
  try runStage(store, "B")
  #expect(try store.runs(newest: 5).map(\.id) == (1...schema + 1).reversed().map { "r\($0)" })
  let faults = try store.verify().faults
  #expect(faults.map(\.message) == ["object \(Digest(of: Array("A".utf8)).short) is missing"])
  #expect(try store.declarations(of: "r1") == [:])
  #expect(try store.signOffs(of: "r1").map(\.comment) == (schema < 2 ? [] : ["fine"]))
  let fresh = TemporaryFolder()
  let (new, _) = try openCatalog(fresh)
  func shape(_ store: CatalogStore) throws -> [String] {
    try store.read { db in
      let tables = try String.fetchAll(
        db,
        sql:
          "SELECT type || ' ' || name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name")
      let columns = try Row.fetchAll(
        db,
        sql: """
          SELECT t.name, c.* FROM sqlite_schema t, pragma_table_xinfo(t.name) c WHERE t.type IN ('table', 'view')
          ORDER BY t.name, c.cid
          """)
      return tables + columns.map { "\($0)" }
    }
  }
  #expect(try shape(store) == shape(new))
  store.close()
  lock.release()
  #expect(try CatalogStore.reading(folder)?.runs(newest: 1).map(\.id) == ["r\(schema + 1)"])
}

@Test func `a folder that cannot be written can be read and verified`() throws {
  let temporary = TemporaryFolder()
  let folder = ArtifactFolder(temporary.path)
  do {
    let (store, lock) = try openCatalog(temporary)
    try runStage(store, "A")
    store.close()
    lock.release()
  }
  #expect(Disk.kind(folder.catalog + "-wal") == .nothing)
  guard ReadOnly.set(folder.path, true) else {
    return print("no folder can be made read-only here: not tested")
  }
  defer { _ = ReadOnly.set(folder.path, false) }
  let reader = try #require(try CatalogStore.reading(folder))
  #expect(try reader.runs(newest: 1).map(\.id) == ["r1"])
  #expect(try reader.verify().faults.isEmpty)
  #expect(Disk.names(folder.path) == [".lock", "anchors.log", "catalog.sqlite", "objects"])
}

@Test func `a read-only folder with a log left in it is not read past that log`() throws {
  let temporary = TemporaryFolder()
  let folder = ArtifactFolder(temporary.path)
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "A")
  let copy = TemporaryFolder()
  for name in ["catalog.sqlite", "catalog.sqlite-wal"] {
    try Data(contentsOf: URL(filePath: folder.path + "/" + name)).write(
      to: URL(filePath: copy.path + "/" + name))
  }
  guard ReadOnly.set(copy.path, true) else {
    return print("no folder can be made read-only here: not tested")
  }
  defer { _ = ReadOnly.set(copy.path, false) }
  let error = #expect(throws: CatalogError.self) { try CatalogStore.reading(ArtifactFolder(copy.path)) }
  #expect(error?.kind == .readOnly)
}

@Test func `a catalog or folder that is a link is not written through`() throws {
  let temporary = TemporaryFolder()
  let elsewhere = TemporaryFolder()
  for name in ["catalog.sqlite", "objects"] {
    let folder = ArtifactFolder(temporary.path + "/" + name + "-test")
    let lock = try RunLock.take(folder, waiting: 0, holder: "test")
    unsafe symlink(elsewhere.path + "/" + name, folder.path + "/" + name)
    #expect(throws: CatalogError.self) { try CatalogStore.writing(folder, lock: lock) }
  }
  #expect(Disk.names(elsewhere.path).isEmpty)
}

@Test func `a run that may not begin leaves a note without the lock`() throws {
  let temporary = TemporaryFolder()
  let folder = ArtifactFolder(temporary.path)
  try CatalogStore.note(in: folder, "skipped", body: [:], at: noon)
  #expect(Disk.kind(folder.catalog) == .nothing)
  let (store, _) = try openCatalog(temporary)
  let identity = try store.beginRun(facts())
  try CatalogStore.note(in: folder, "skipped", body: ["holder": "process 7"], at: noon)
  try store.endRun(
    identity, status: "succeeded", exitCode: 0, message: nil, channel: "default", publishing: [], at: noon)
  #expect(try store.events(newest: 5).map(\.kind) == ["skipped"])
  #expect(try store.verify().faults.isEmpty)
}

/// A folder nothing can be made in, for root too.
private enum ReadOnly {
  static func set(_ path: String, _ isSet: Bool) -> Bool {
    guard getuid() == 0 else { return unsafe chmod(path, isSet ? 0o555 : 0o755) == 0 }
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY)
    defer { close(descriptor) }
    // FS_IOC_SETFLAGS, FS_IMMUTABLE_FL
    var flags: Int32 = isSet ? 0x10 : 0
    return unsafe ioctl(descriptor, 0x4008_6602, &flags) == 0
  }
}
