import Fingerprints
import FoundationEssentials
import GRDB
import Glibc
import Testing

@testable import Catalog

@Test func `what was committed is found by its key, whole`() throws {
  let temporary = TemporaryFolder()
  let (store, lock) = try openCatalog(temporary)
  try runStage(store, "one")
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
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "A")
  try runStage(store, "B")
  try runStage(store, "A")
  #expect(try store.versions(of: "numbers").map(\.version) == [1, 2])
  #expect(
    try store.history("numbers", channel: "default").map(\.short)
      == ["A", "B", "A"].map { Digest(of: Array($0.utf8)).short })
  #expect(try store.heads("default")[0].digest == Digest(of: Array("A".utf8)))
}

@Test func `a run that publishes nothing leaves what is current as it was`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "A")
  try runStage(store, "B", publishing: false)
  #expect(try store.heads("default")[0].digest == Digest(of: Array("A".utf8)))
}

@Test func `what a dead writer left is swept and its run marked as crashed`() throws {
  let temporary = TemporaryFolder()
  do {
    let (store, lock) = try openCatalog(temporary)
    let identity = try store.beginRun(facts())
    _ = try store.beginStage(
      identity, stage: "make", key: Digest(of: ["x": 1]), preimage: ["x": 1], reason: "first run", at: noon)
    _ = try temporary.file("objects/tmp/object-99", "half")
    store.close()
    lock.release()
  }
  let (store, _) = try openCatalog(temporary)
  #expect(Disk.names(store.folder.unfinished).isEmpty)
  try runStage(store, "A")
  let runs = try store.runs(newest: 10)
  #expect(runs.map(\.status) == ["succeeded", "crashed"])
  #expect(runs[1].stages.map(\.status) == ["crashed"])
  #expect(try store.verify().faults.isEmpty)
}

@Test func `a reader sees the catalog while the writer holds it`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "A")
  let reader = try #require(try CatalogStore.reading(ArtifactFolder(temporary.path)))
  #expect(try reader.runs(newest: 1).map(\.id) == ["r1"])
  try runStage(store, "B")
  #expect(try reader.runs(newest: 1).map(\.id) == ["r2"])
  #expect(try CatalogStore.reading(ArtifactFolder(temporary.path + "/none")) == nil)
}

@Test func `names that could leave the folder are not safe`() {
  for name in ["..", ".hidden", "a/b", "", "a b", "a\u{0}b", String(repeating: "a", count: 200)] {
    #expect(!ArtifactFolder.isSafe(name), "\(name)")
  }
  #expect(ArtifactFolder.isSafe("ranking.csv"))
}
