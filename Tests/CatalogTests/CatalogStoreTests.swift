import Fingerprints
import FoundationEssentials
import GRDB
import Glibc
import Testing

@testable import Catalog

private let noon = "2026-01-31T12:00:00.000Z"

private func facts(_ profile: String = "default") -> RunFacts {
  RunFacts(
    pipeline: "test", profile: profile, declarations: [:], arguments: ["holdfast", "run"], overrides: [],
    program: [:], host: "host", actor: "me", pid: 1, at: noon)
}

private func open(_ temporary: TemporaryFolder) throws -> (CatalogStore, RunLock) {
  let folder = ArtifactFolder(temporary.path)
  let lock = try RunLock.take(folder, waiting: 0, holder: "test")
  return (try CatalogStore.writing(folder, lock: lock), lock)
}

private func put(_ store: CatalogStore, _ text: String) throws -> Digest {
  let object = try store.makeObject()
  try object.write(Array(text.utf8))
  return try object.finish().digest
}

private func output(_ digest: Digest, _ text: String) -> OutputRecord {
  OutputRecord(
    name: "numbers", kind: "file", format: "numbers/v1", fileName: "numbers.txt", digest: digest, bytes: text.utf8.count,
    rows: nil, columns: nil)
}

/// Runs one stage that writes `text` under a key made from it, and publishes.
@discardableResult
private func run(_ store: CatalogStore, _ text: String, publishing: Bool = true) throws -> RunIdentity {
  let identity = try store.beginRun(facts())
  let preimage: JSONValue = ["stage": "make", "text": .string(text)]
  let id = try store.beginStage(
    identity, stage: "make", key: Digest(of: preimage), preimage: preimage, reason: "first run", at: noon)
  let digest = try put(store, text)
  var commit = StageCommit(status: "good", seconds: 1.5, at: noon)
  commit.outputs = [output(digest, text)]
  commit.inputs = [(name: "sources.in", digest: Digest(of: Array("in".utf8)))]
  commit.parameters = ["a": 1]
  commit.metrics = ["m": 0.5]
  commit.checks = [CheckRecord(id: "c", subject: "data", severity: "warn", passed: true, message: "fine")]
  try store.commit(id, commit)
  try store.endRun(
    identity, status: "succeeded", exitCode: 0, message: nil, channel: "default",
    publishing: publishing ? [(name: "numbers", digest: digest)] : [], at: noon)
  return identity
}

@Test func `what was committed is found by its key, whole`() throws {
  let temporary = TemporaryFolder()
  let (store, lock) = try open(temporary)
  try run(store, "one")
  let preimage: JSONValue = ["stage": "make", "text": "one"]
  let result = try #require(try store.result(forKey: Digest(of: preimage)))
  #expect(result.status == "good")
  #expect(result.outputs.map(\.digest) == [Digest(of: Array("one".utf8))])
  #expect(result.checks.count == 1)
  #expect(try store.lastPreimage(of: "make", channel: "default") == preimage)
  #expect(try store.lastSeconds(of: "make") == 1.5)
  #expect(try store.heads("default").map(\.name) == ["numbers"])
  lock.release()
}

@Test func `the same content is the same version`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try open(temporary)
  try run(store, "A")
  try run(store, "B")
  try run(store, "A")
  #expect(try store.versions(of: "numbers").map(\.version) == [1, 2])
  #expect(try store.history("numbers", channel: "default").map(\.short) == ["A", "B", "A"].map { Digest(of: Array($0.utf8)).short })
  #expect(try store.heads("default")[0].digest == Digest(of: Array("A".utf8)))
}

@Test func `a run that publishes nothing leaves what is current as it was`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try open(temporary)
  try run(store, "A")
  try run(store, "B", publishing: false)
  #expect(try store.heads("default")[0].digest == Digest(of: Array("A".utf8)))
}

@Test func `an object abandoned midway leaves nothing to believe`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try open(temporary)
  do {
    let object = try store.makeObject()
    try object.write(Array("half".utf8))
  }
  #expect(Disk.names(store.folder.unfinished).isEmpty)
  #expect(try store.condition(of: Digest(of: Array("half".utf8)), isWriter: true, at: noon) == .missing)
}

@Test func `what a dead writer left is swept and its run marked as crashed`() throws {
  let temporary = TemporaryFolder()
  do {
    let (store, lock) = try open(temporary)
    let identity = try store.beginRun(facts())
    _ = try store.beginStage(
      identity, stage: "make", key: Digest(of: ["x": 1]), preimage: ["x": 1], reason: "first run", at: noon)
    _ = try temporary.file("objects/tmp/object-99", "half")
    store.close()
    lock.release()
  }
  let (store, _) = try open(temporary)
  #expect(Disk.names(store.folder.unfinished).isEmpty)
  try run(store, "A")
  let runs = try store.runs(newest: 10)
  #expect(runs.map(\.status) == ["succeeded", "crashed"])
  #expect(runs[1].stages.map(\.status) == ["crashed"])
  #expect(try store.verify().faults.isEmpty)
}

@Test func `flipped bytes are noticed though size and time of change are set back`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try open(temporary)
  try run(store, "precious")
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
  try run(store, "precious")
  #expect(try store.condition(of: digest, isWriter: true, at: noon) == .good)
}

@Test func `touching a source changes nothing, changing it does`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try open(temporary)
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

@Test func `the lock is held by one and says by whom`() throws {
  let temporary = TemporaryFolder()
  let folder = ArtifactFolder(temporary.path)
  let lock = try RunLock.take(folder, waiting: 0, holder: "process 7 since noon")
  let error = #expect(throws: CatalogError.self) { try RunLock.take(folder, waiting: 0.05, holder: "other") }
  #expect(error?.kind == .locked)
  #expect(error?.message.contains("process 7 since noon") == true)
  lock.release()
  _ = try RunLock.take(folder, waiting: 0, holder: "other")
}

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
    let (store, lock) = try open(temporary)
    try store.write { try $0.execute(sql: "PRAGMA user_version = 99") }
    store.close()
    lock.release()
  }
  let error = #expect(throws: CatalogError.self) { try CatalogStore.reading(ArtifactFolder(temporary.path)) }
  #expect(error?.kind == .newer)
  #expect(error?.message.contains("99") == true)
  #expect(error?.message.contains("knows 1") == true)
}

@Test(arguments: [
  "UPDATE run SET message = 'all well' WHERE seq = 1", "UPDATE stage_run SET rows_out = 7 WHERE id = 1",
  "UPDATE stage_input SET digest = 'x' WHERE stage_run = 1", "UPDATE metric SET value = 1 WHERE stage_run = 1",
  "UPDATE artifact_version SET bytes = 99 WHERE id = 1",
  "DELETE FROM check_result WHERE stage_run = 1", "UPDATE parameter SET value = '2' WHERE stage_run = 1",
])
func `a changed row breaks the chain at its run`(change: String) throws {
  let temporary = TemporaryFolder()
  let (store, _) = try open(temporary)
  try run(store, "A")
  try run(store, "B")
  #expect(try store.verify().faults.isEmpty)
  try store.write { try $0.execute(sql: change) }
  let faults = try store.verify().faults
  #expect(faults.first == IntegrityFault(kind: "run", subject: "r1", message: "the record of run r1 was changed"))
}

@Test func `events are neither changed nor removed, and a forced change is found`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try open(temporary)
  let identity = try run(store, "A")
  try store.setAlias(
    "champion", [(name: "numbers", digest: Digest(of: Array("A".utf8)))], contract: ["x": 1], run: identity, at: noon)
  #expect(throws: CatalogError.self) { try store.write { try $0.execute(sql: "UPDATE event SET body = '{}'") } }
  #expect(throws: CatalogError.self) { try store.write { try $0.execute(sql: "DELETE FROM event") } }
  let alias = try #require(try store.alias("champion"))
  #expect(alias.members.map(\.name) == ["numbers"])
  #expect(alias.contract == ["x": 1])
  try store.write { try $0.execute(sql: "DROP TRIGGER event_stays; UPDATE event SET body = '{}' WHERE seq = 1") }
  #expect(try store.verify().faults.map(\.kind) == ["event"])
}

@Test func `a reader sees the catalog while the writer holds it`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try open(temporary)
  try run(store, "A")
  let reader = try #require(try CatalogStore.reading(ArtifactFolder(temporary.path)))
  #expect(try reader.runs(newest: 1).map(\.id) == ["r1"])
  try run(store, "B")
  #expect(try reader.runs(newest: 1).map(\.id) == ["r2"])
  #expect(try CatalogStore.reading(ArtifactFolder(temporary.path + "/none")) == nil)
}

@Test func `names that could leave the folder are not safe`() {
  for name in ["..", ".hidden", "a/b", "", "a b", "a\u{0}b", String(repeating: "a", count: 200)] {
    #expect(!ArtifactFolder.isSafe(name), "\(name)")
  }
  #expect(ArtifactFolder.isSafe("ranking.csv"))
}
