import Fingerprints
import FoundationEssentials
import Glibc
import Testing

@testable import Catalog

/// Does a run step by step, calling `step` wherever the process might die.
private func steps(_ store: CatalogStore, _ text: String, _ step: (String) throws -> Void) throws {
  try step("before")
  let identity = try store.beginRun(facts())
  try step("the run began")
  let preimage: JSONValue = ["stage": "make", "text": .string(text)]
  let id = try store.beginStage(
    identity, stage: "make", key: Digest(of: preimage), preimage: preimage, reason: "first run", at: noon)
  try step("the stage began")
  let object = try store.makeObject()
  try step("the object was made")
  try object.write(Array(text.utf8.prefix(3)))
  try step("the object was half written")
  try object.write(Array(text.utf8.dropFirst(3)))
  let digest = try object.finish().digest
  try step("the object lies in its place")
  var commit = StageCommit(status: "good", seconds: 1, at: noon)
  commit.outputs = [output(digest, text)]
  try store.commit(id, commit)
  try step("the stage was recorded")
  try store.endRun(
    identity, status: "succeeded", exitCode: 0, message: nil, channel: "default",
    publishing: [(name: "numbers", digest: digest)], at: noon)
  try step("the run was recorded")
  store.close()
  try step("the catalog was closed")
}

/// The files as they are: what a process that dies now leaves to the next.
private func copy(_ from: String, _ to: String) throws {
  for name in Disk.names(from) where name != ".lock" && !name.hasSuffix("-shm") {
    switch Disk.kind(from + "/" + name) {
    case .folder:
      try Disk.makeFolder(to + "/" + name)
      try copy(from + "/" + name, to + "/" + name)
    default: try Data(contentsOf: URL(filePath: from + "/" + name)).write(to: URL(filePath: to + "/" + name))
    }
  }
}

@Test func `wherever a run dies, what was current stays whole and the next run ends as if nothing had been`()
  throws
{
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "yesterday")
  let yesterday = Digest(of: Array("yesterday".utf8))
  let today = Digest(of: Array("today".utf8))
  var deaths = 0
  try steps(store, "today") { place in
    deaths += 1
    let left = TemporaryFolder()
    try copy(temporary.path, left.path)
    let reader = try #require(try CatalogStore.reading(ArtifactFolder(left.path)))
    let isDone = place == "the run was recorded" || place == "the catalog was closed"
    #expect(try reader.heads("default").map(\.digest) == [isDone ? today : yesterday], "\(place)")
    #expect(try reader.verify().faults == [], "\(place)")
    reader.close()
    let (next, _) = try openCatalog(left)
    #expect(Disk.names(next.folder.unfinished) == [], "\(place)")
    let recorded = try next.result(forKey: Digest(of: ["stage": "make", "text": "today"]))
    #expect((recorded != nil) == (isDone || place == "the stage was recorded"), "\(place)")
    try runStage(next, "today")
    #expect(try next.heads("default").map(\.digest) == [today], "\(place)")
    #expect(try next.versions(of: "numbers").map(\.digest) == [yesterday, today], "\(place)")
    #expect(try next.verify().faults == [], "\(place)")
    #expect(
      try next.runs(newest: 10).allSatisfy { $0.status == "succeeded" || $0.status == "crashed" }, "\(place)")
  }
  #expect(deaths == 9)
}

@Test func `a catalog that dies while it is made is made by the next`() throws {
  // SQLite's own log is what is left of a transaction that was not finished: the file, and no log.
  let temporary = TemporaryFolder()
  do {
    let (store, lock) = try openCatalog(temporary)
    let left = TemporaryFolder()
    try Data(contentsOf: URL(filePath: store.folder.catalog)).write(
      to: URL(filePath: left.path + "/catalog.sqlite"))
    #expect(try CatalogStore.reading(ArtifactFolder(left.path)) == nil)
    let (next, _) = try openCatalog(left)
    try runStage(next, "A")
    #expect(try next.verify().faults.isEmpty)
    store.close()
    lock.release()
  }
}
