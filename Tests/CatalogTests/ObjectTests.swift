import Fingerprints
import FoundationEssentials
import GRDB
import Glibc
import Testing

@testable import Catalog

@Test func `an object abandoned midway leaves nothing to believe`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  do {
    let object = try store.makeObject()
    try object.write(Array("half".utf8))
  }
  #expect(Disk.names(store.folder.unfinished).isEmpty)
  #expect(try store.condition(of: Digest(of: Array("half".utf8)), isWriter: true, at: noon) == .missing)
}

@Test func `flipped bytes are noticed though size and time of change are set back`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "precious")
  let digest = Digest(of: Array("precious".utf8))
  usleep(30_000)
  #expect(try store.condition(of: digest, isWriter: true, at: noon) == .good)
  let path = store.folder.object(digest)
  var before = stat()
  unsafe stat(path, &before)
  unsafe chmod(path, 0o644)
  try Data("Precious".utf8).write(to: URL(filePath: path))
  var times = [before.st_atim, before.st_mtim]
  unsafe utimensat(AT_FDCWD, path, &times, 0)
  #expect(try store.verify().faults.map(\.kind) == ["object"])
  #expect(try store.condition(of: digest, isWriter: true, at: noon) == .corrupt)
  #expect(try store.condition(of: digest, isWriter: true, at: noon) == .missing)
  #expect(Disk.names(store.folder.quarantine).count == 1)
  // The same stage makes it anew.
  try runStage(store, "precious")
  #expect(try store.condition(of: digest, isWriter: true, at: noon) == .good)
}

@Test func `touching a source changes nothing, changing it does`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  let path = try temporary.file("in.csv", "a,b\n1,2\n")
  let first = try store.source(path, keeping: true, isWriter: true, at: noon)
  #expect(first == Digest(of: Array("a,b\n1,2\n".utf8)))
  #expect(try store.condition(of: first, isWriter: true, at: noon) == .good)
  unsafe utimensat(AT_FDCWD, path, nil, 0)
  #expect(try store.source(path, keeping: true, isWriter: true, at: noon) == first)
  try Data("a,b\n1,3\n".utf8).write(to: URL(filePath: path))
  #expect(try store.source(path, keeping: true, isWriter: true, at: noon) != first)
  let error = #expect(throws: CatalogError.self) {
    try store.source(temporary.path + "/none.csv", keeping: true, isWriter: true, at: noon)
  }
  #expect(error?.kind == .missing)
}

@Test func `a damaged object is replaced when a stage makes the same bytes again`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "precious")
  let digest = Digest(of: Array("precious".utf8))
  let path = store.folder.object(digest)
  try tamper(path, "Precious")
  // Nobody has looked at it since: what lies there has the right size and is not believed.
  try runStage(store, "precious")
  #expect(try store.condition(of: digest, isWriter: true, at: noon) == .good)
  #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
  #expect(try store.verify().faults.isEmpty)
}

@Test func `after a good run every output and source is known by its status alone`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  let path = try temporary.file("in.csv", "a,b\n1,2\n")
  let source = try store.source(path, keeping: true, isWriter: true, at: noon)
  try runStage(store, "precious")
  #expect(try store.statusIfKnownWhole(source) != nil)
  #expect(try store.statusIfKnownWhole(Digest(of: Array("precious".utf8))) != nil)
}

@Test func `bytes flipped right after they were written are noticed`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  for round in 0..<20 {
    let text = "precious \(round)"
    let identity = try store.beginRun(facts())
    let preimage: JSONValue = ["text": .string(text)]
    let id = try store.beginStage(
      identity, stage: "make", key: Digest(of: preimage), preimage: preimage, reason: "first run", at: noon)
    let digest = try put(store, text)
    var commit = StageCommit(status: "good", seconds: 1, at: noon)
    commit.outputs = [output(digest, text)]
    try store.commit(id, commit)
    _ = try store.condition(of: digest, isWriter: true, at: noon)
    try tamper(store.folder.object(digest), "Precious \(round)")
    #expect(try store.condition(of: digest, isWriter: true, at: noon) == .corrupt)
    try store.endRun(
      identity, status: "failed", exitCode: 6, message: nil, channel: "default", publishing: [], at: noon)
  }
}

@Test func `what this process wrote some time ago is believed by its status, until somebody writes to it`()
  throws
{
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  let digest = Digest(of: Array("precious".utf8))
  func finishing(after microseconds: UInt32) throws -> (digest: Digest, status: FileStatus) {
    let object = try store.makeObject()
    try object.write(Array("precious".utf8))
    usleep(microseconds)
    return try object.finish()
  }
  let status = try finishing(after: 30_000).status
  #expect(store.lastMade(digest) == status)
  #expect(try store.condition(of: digest, isWriter: true, at: noon) == .good)
  try tamper(store.folder.object(digest), "Precious")
  #expect(try store.condition(of: digest, isWriter: true, at: noon) == .corrupt)
  // Written a moment ago, by us or by somebody else in the same moment: only its bytes can tell.
  let young = try finishing(after: 0).status
  if young.ageOfContents < FileStatus.settlingTime { #expect(store.lastMade(digest) != young) }
}

@Test
func `a large object is waited for until its status can be believed, whether it stays in memory or not`()
  throws
{
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  for stays in [true, false] {
    let piece = [UInt8](repeating: stays ? 7 : 8, count: 1 << 20)
    let object = try store.makeObject(staysInMemory: stays)
    for _ in 0..<20 { try object.write(piece) }
    let (digest, status) = try object.finish()
    #expect(status.size == 20 << 20 && store.lastMade(digest) == status)
    #expect(digest == Digest(of: [UInt8](repeating: stays ? 7 : 8, count: 20 << 20)))
    #expect(try Digest(of: [UInt8](Data(contentsOf: URL(filePath: store.folder.object(digest))))) == digest)
  }
}

@Test func `a link in an object's place is not followed`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "precious")
  let digest = Digest(of: Array("precious".utf8))
  let path = store.folder.object(digest)
  let elsewhere = try temporary.file("elsewhere", "precious")
  unsafe unlink(path)
  unsafe symlink(elsewhere, path)
  #expect(try store.verify().faults.map(\.message) == ["object \(digest.short) is no plain file"])
  #expect(try store.condition(of: digest, isWriter: true, at: noon) == .corrupt)
  #expect(try store.condition(of: digest, isWriter: true, at: noon) == .missing)
  #expect(try store.events(newest: 1).map(\.kind) == ["corrupt"])
}

@Test func `an input changed while a stage reads it makes its result worthless`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "input")
  let input = Digest(of: Array("input".utf8))
  let identity = try store.beginRun(facts())
  let preimage: JSONValue = ["reads": "input"]
  let id = try store.beginStage(
    identity, stage: "read", key: Digest(of: preimage), preimage: preimage, reason: "first run", at: noon)
  #expect(try store.condition(of: input, isWriter: true, at: noon) == .good)
  try tamper(store.folder.object(input), "Input")
  var commit = StageCommit(status: "good", seconds: 1, at: noon)
  commit.inputs = [(name: "numbers", digest: input)]
  let error = #expect(throws: CatalogError.self) { try store.commit(id, commit) }
  #expect(error?.kind == .corrupt)
  #expect(try store.result(forKey: Digest(of: preimage)) == nil)
  // A backup that only touches it does no harm.
  try runStage(store, "input")
  #expect(try store.condition(of: input, isWriter: true, at: noon) == .good)
  unsafe utimensat(AT_FDCWD, store.folder.object(input), nil, 0)
  let second = try store.beginRun(facts())
  let again = try store.beginStage(
    second, stage: "read", key: Digest(of: preimage), preimage: preimage, reason: "again", at: noon)
  try store.commit(again, commit)
  #expect(try store.result(forKey: Digest(of: preimage))?.status == "good")
}

@Test func `nothing becomes current that is not whole when the run ends`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "A")
  let identity = try store.beginRun(facts())
  let id = try store.beginStage(
    identity, stage: "make", key: Digest(of: ["x": 1]), preimage: ["x": 1], reason: "first run", at: noon)
  let digest = try put(store, "B")
  var commit = StageCommit(status: "good", seconds: 1, at: noon)
  commit.outputs = [output(digest, "B")]
  try store.commit(id, commit)
  try tamper(store.folder.object(digest), "C")
  func end(_ status: String, _ published: [(name: String, digest: Digest)]) throws {
    try store.endRun(
      identity, status: status, exitCode: 0, message: nil, channel: "default", publishing: published, at: noon
    )
  }
  let error = #expect(throws: CatalogError.self) { try end("succeeded", [(name: "numbers", digest: digest)]) }
  #expect(error?.kind == .corrupt)
  try end("failed", [])
  #expect(try store.heads("default").map(\.digest) == [Digest(of: Array("A".utf8))])
}

@Test func `a result is not recorded without its object`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  let identity = try store.beginRun(facts())
  let id = try store.beginStage(
    identity, stage: "make", key: Digest(of: ["x": 1]), preimage: ["x": 1], reason: "first run", at: noon)
  var commit = StageCommit(status: "good", seconds: 1, at: noon)
  commit.outputs = [output(Digest(of: Array("never written".utf8)), "never written")]
  let error = #expect(throws: CatalogError.self) { try store.commit(id, commit) }
  #expect(error?.kind == .missing)
  #expect(try store.versions(of: "numbers").isEmpty)
}

@Test func `a full disk is said and leaves nothing behind`() throws {
  let descriptor = unsafe Glibc.open("/dev/full", O_WRONLY)
  defer { close(descriptor) }
  let error = #expect(throws: CatalogError.self) {
    try unsafe [UInt8](repeating: 1, count: 10).withUnsafeBytes {
      try unsafe Disk.writeAll(descriptor, $0, "x")
    }
  }
  #expect(error?.kind == .diskFull)
  // The same for the catalog: the transaction is undone, and what was known stays known.
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "A")
  let identity = try store.beginRun(facts())
  let id = try store.beginStage(
    identity, stage: "make", key: Digest(of: ["x": 1]), preimage: ["x": 1], reason: "first run", at: noon)
  let digest = try put(store, "B")
  try store.database.inDatabase { db in
    let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
    try db.execute(sql: "PRAGMA max_page_count = \(pages)")
  }
  var commit = StageCommit(status: "good", seconds: 1, at: noon)
  commit.outputs = [output(digest, "B")]
  commit.parameters = ["long": .string(String(repeating: "x", count: 100_000))]
  let full = #expect(throws: CatalogError.self) { try store.commit(id, commit) }
  #expect(full?.kind == .diskFull)
  #expect(try store.result(forKey: Digest(of: ["x": 1])) == nil)
  #expect(try store.heads("default")[0].digest == Digest(of: Array("A".utf8)))
  #expect(try store.verify().faults.isEmpty)
}

@Test func `a source of the same size is digested, and copied only where it differs`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  let path = try temporary.file("in.csv", "a,b\n1,2\n")
  usleep(30_000)
  let first = try store.source(path, keeping: true, isWriter: true, at: noon)
  usleep(30_000)
  #expect(try store.condition(of: first, isWriter: true, at: noon) == .good)
  let before = try #require(try FileStatus.of(store.folder.object(first)))
  unsafe utimensat(AT_FDCWD, path, nil, 0)
  #expect(try store.source(path, keeping: true, isWriter: true, at: noon) == first)
  #expect(try FileStatus.of(store.folder.object(first)) == before)
  // A source of which only the digest is kept has no object.
  let other = try temporary.file("other.csv", "c\n")
  let digest = try store.source(other, keeping: false, isWriter: true, at: noon)
  #expect(try store.condition(of: digest, isWriter: true, at: noon) == .missing)
}

/// Writes other bytes of the same length and sets the time of change back.
private func tamper(_ path: String, _ text: String) throws {
  var before = stat()
  unsafe stat(path, &before)
  unsafe chmod(path, 0o644)
  try Data(text.utf8).write(to: URL(filePath: path))
  var times = [before.st_atim, before.st_mtim]
  unsafe utimensat(AT_FDCWD, path, &times, 0)
  unsafe chmod(path, 0o444)
}
