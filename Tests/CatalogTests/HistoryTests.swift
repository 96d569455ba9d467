import Fingerprints
import GRDB
import Glibc
import Testing

@testable import Catalog

/// Records a night on which five stages are reused and nothing is made.
private func quietNight(_ store: CatalogStore, _ facts: RunFacts, of earlier: Int64, _ preimage: JSONValue)
  throws
{
  let identity = try store.beginRun(facts)
  for _ in 0..<5 {
    store.recordReuse(
      identity, stage: "make", key: Digest(of: preimage), preimage: preimage, of: earlier, action: "reused",
      reason: "nothing changed", at: noon)
  }
  try store.endRun(
    identity, status: "succeeded", exitCode: 0, message: nil, channel: "default",
    publishing: [(name: "numbers", digest: Digest(of: Array("A".utf8)))], at: noon)
}

@Test func `two hundred nights are listed at once and cost little room each`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "A")
  let preimage: JSONValue = ["stage": "make", "text": "A"]
  var facts = facts()
  // As long as the declarations of a real pipeline.
  facts.declarations = ["text": .string(String(repeating: "declared ", count: 4000))]
  let start = ContinuousClock.now
  for _ in 0..<200 { try quietNight(store, facts, of: 1, preimage) }
  let recording = ContinuousClock.now - start
  let asked = ContinuousClock.now
  #expect(try store.runs(newest: 10_000).count == 201)
  let listing = ContinuousClock.now - asked
  let again = ContinuousClock.now
  #expect(try store.verify().faults.isEmpty)
  let verifying = ContinuousClock.now - again
  store.close()
  let bytes = try #require(try FileStatus.of(store.folder.catalog)).size
  print(
    "200 quiet nights: recorded \(recording), listed \(listing), verified \(verifying), \(bytes / 200) bytes each"
  )
  #expect(bytes < 5_000 * 200)
  #expect(listing < .milliseconds(500))
}

@Test func `the seconds a stage took before are known, newest first`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "A")
  try runStage(store, "B")
  #expect(try store.timings(of: "make", newest: 5).map(\.seconds) == [1.5, 1.5])
  #expect(try store.timings(of: "none", newest: 5).isEmpty)
  #expect(try store.declarations(of: "r1") == [:])
  #expect(try store.declarations(of: "r9") == nil)
}

@Test func `opening a catalog and asking for a result takes next to no time`() throws {
  let temporary = TemporaryFolder()
  do {
    let (store, lock) = try openCatalog(temporary)
    for number in 0..<20 { try runStage(store, "text \(number)") }
    store.close()
    lock.release()
  }
  var best = Duration.seconds(1)
  for _ in 0..<5 {
    let start = ContinuousClock.now
    let (store, lock) = try openCatalog(temporary)
    for number in 0..<20 {
      let result = try store.result(forKey: Digest(of: ["stage": "make", "text": .string("text \(number)")]))
      for output in result?.outputs ?? [] {
        #expect(try store.condition(of: output.digest, isWriter: true, at: noon) == .good)
      }
    }
    store.close()
    lock.release()
    best = min(best, ContinuousClock.now - start)
  }
  print("opened, 20 results looked up and their objects looked at, closed: \(best)")
  #expect(best < .milliseconds(200))
}

@Test
func `reuses are recorded with the next write, seen by every read, and refused once a run was taken over`()
  throws
{
  let temporary = TemporaryFolder()
  let (store, lock) = try openCatalog(temporary)
  try runStage(store, "A")
  let preimage: JSONValue = ["stage": "make", "text": "A"]
  func reuse(_ store: CatalogStore, _ run: RunIdentity) {
    store.recordReuse(
      run, stage: "make", key: Digest(of: preimage), preimage: preimage, of: 1, action: "reused",
      reason: "nothing changed", at: noon)
  }
  let second = try store.beginRun(facts())
  reuse(store, second)
  let reader = try #require(try CatalogStore.reading(store.folder))
  #expect(try reader.runs(newest: 1)[0].stages.isEmpty)
  #expect(try store.runs(newest: 1)[0].stages.map(\.status) == ["reused"])
  #expect(try reader.runs(newest: 1)[0].stages.map(\.status) == ["reused"])
  // A write that fails takes nothing with it.
  reuse(store, second)
  #expect(throws: CatalogError.self) {
    try store.write { _ in throw CatalogError(.io, "a fault") }
  }
  #expect(try reader.runs(newest: 1)[0].stages.count == 1)
  try store.endRun(
    second, status: "succeeded", exitCode: 0, message: nil, channel: "default", publishing: [], at: noon)
  #expect(try reader.runs(newest: 1)[0].stages.count == 2)
  let third = try store.beginRun(facts())
  reuse(store, third)
  // Another run marks this one as crashed.
  let other = try CatalogStore.writing(store.folder, lock: lock)
  let fourth = try other.beginRun(facts())
  #expect(throws: CatalogError.self) {
    try store.endRun(
      third, status: "succeeded", exitCode: 0, message: nil, channel: "default", publishing: [], at: noon)
  }
  try other.endRun(
    fourth, status: "succeeded", exitCode: 0, message: nil, channel: "default", publishing: [], at: noon)
  #expect(try other.verify().faults.isEmpty)
}

@Test func `a run is listed by a declared check that it made, and by a stage's own though reused`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  func reuse(_ text: String, of earlier: Int64, _ checks: [CheckRecord] = []) throws {
    let run = try store.beginRun(facts())
    let preimage: JSONValue = ["stage": "make", "text": .string(text)]
    store.recordReuse(
      run, stage: "make", key: Digest(of: preimage), preimage: preimage, of: earlier, action: "reused",
      reason: "nothing changed", checks: checks, at: noon)
    try store.endRun(
      run, status: "succeeded", exitCode: 0, message: nil, channel: "default", publishing: [], at: noon)
  }
  try runStage(store, "A")
  let declared = "declared:enough"
  try store.write { try $0.execute(sql: "UPDATE check_result SET id = ?", arguments: [declared]) }
  // The check was taken out, and put in again.
  try reuse("A", of: 1)
  try reuse(
    "A", of: 1, [CheckRecord(id: declared, subject: "data", severity: "warn", passed: true, message: "fine")])
  try runStage(store, "B")
  try reuse("B", of: 4)
  for name in ["enough", declared] {
    let runs = try store.runs(RunFilter(check: name, last: 9)).map(\.id)
    #expect(runs == ["r3", "r1"])
    #expect(try store.checks(of: ["r1", "r2", "r3"], called: name).map(\.run) == ["r1", "r3"])
  }
  #expect(try store.runs(RunFilter(check: "c", last: 9)).map(\.id) == ["r5", "r4"])
}
