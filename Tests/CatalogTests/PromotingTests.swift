import Fingerprints
import FoundationEssentials
import GRDB
import Testing

@testable import Catalog

private let decision = Promotion(
  alias: "champion", run: "r1", actor: "me", reason: "better calibrated", overrode: ["check skill"])

@Test func `a promotion moves the alias and says who, why, over what record and what was overridden`() throws
{
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "A")
  let members = [(name: "numbers", digest: Digest(of: Array("A".utf8)))]
  try store.promote(decision, members, contract: ["x": 1], at: noon)
  let alias = try #require(try store.alias("champion"))
  #expect(alias.run == "r1" && alias.contract == ["x": 1])
  let event = try #require(try store.events(newest: 1, kind: "alias").first)
  #expect(event.run == "r1" && event.body["actor"] == "me" && event.body["reason"] == "better calibrated")
  #expect(event.body["overrode"] == ["check skill"] && event.body["before"] == .null)
  #expect(
    event.body["record"]?.text
      == (try store.read { try String.fetchOne($0, sql: "SELECT digest FROM run WHERE id = 'r1'") }))
  #expect(try store.verify().faults.isEmpty)
}

@Test func `a refused promotion moves nothing and is recorded with its grounds`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "A")
  try store.refuse(decision, because: ["no skill"], at: noon)
  #expect(try store.alias("champion") == nil)
  let event = try #require(try store.events(newest: 1).first)
  #expect(event.kind == "promotion-refused" && event.body["because"] == ["no skill"])
}

@Test(arguments: ["DELETE FROM event WHERE seq = 2", "UPDATE event SET at = 'x' WHERE seq = 2"])
func `a decision made after the last run is anchored, so that its loss is found`(change: String) throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "A")
  try store.refuse(decision, because: ["no skill"], at: noon)
  try store.refuse(decision, because: ["still none"], at: noon)
  #expect(try store.verify().faults.isEmpty)
  try store.write {
    try $0.execute(sql: "DROP TRIGGER event_remains; DROP TRIGGER event_stays; " + change)
    // As a forger would who knows the chain.
    guard let row = try Row.fetchOne($0, sql: "SELECT * FROM event WHERE seq = 2") else { return }
    try $0.execute(
      sql: "UPDATE event SET digest = ? WHERE seq = 2",
      arguments: [
        CatalogStore.eventDigest(
          seq: 2, at: row["at"], run: row["run_id"], stage: nil, kind: row["kind"], body: row["body"],
          previous: row["previous"])
      ])
  }
  let faults = try store.verify().faults
  #expect(faults.map(\.kind) == ["anchor"] && faults.first?.subject == "event 2", "\(faults)")
}

@Test func `the checks that did not hold are known of a run that took over their result`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "A")
  #expect(try store.failedChecks(of: "r1").isEmpty)
  try store.write { try $0.execute(sql: "UPDATE check_result SET passed = 0") }
  let preimage: JSONValue = ["stage": "make", "text": "A"]
  let second = try store.beginRun(facts())
  store.recordReuse(
    second, stage: "make", key: Digest(of: preimage), preimage: preimage, of: 1, action: "reused",
    reason: "nothing changed", at: noon)
  let failed = try store.failedChecks(of: second.id)
  #expect(failed.map(\.stage) == ["make"] && failed.map(\.check.id) == ["c"])
}

@Test func `only the objects asked for are digested, the chain is looked at whole`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "A")
  try runStage(store, "BB")
  let report = try store.verify(only: [Digest(of: Array("BB".utf8))])
  #expect(report.objects == 1 && report.bytes == 2 && report.runs == 2 && report.faults.isEmpty)
}
