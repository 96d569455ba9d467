import Fingerprints
import FoundationEssentials
import GRDB
import Glibc
import Testing

@testable import Catalog

@Test(arguments: [
  "UPDATE run SET message = 'all well' WHERE seq = 1", "UPDATE stage_run SET rows_out = 7 WHERE id = 1",
  "UPDATE stage_input SET digest = 'x' WHERE stage_run = 1",
  "UPDATE metric SET value = 1 WHERE stage_run = 1",
  "UPDATE artifact_version SET bytes = 99 WHERE id = 1",
  "DELETE FROM check_result WHERE stage_run = 1", "UPDATE parameter SET value = '2' WHERE stage_run = 1",
])
func `a changed row breaks the chain at its run`(change: String) throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "A")
  try runStage(store, "B")
  #expect(try store.verify().faults.isEmpty)
  try store.write { try $0.execute(sql: change) }
  let faults = try store.verify().faults
  #expect(
    faults.first == IntegrityFault(kind: "run", subject: "r1", message: "the record of run r1 was changed"))
}

@Test func `events are neither changed nor removed, and a forced change is found`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  let identity = try runStage(store, "A")
  try store.setAlias(
    "champion", [(name: "numbers", digest: Digest(of: Array("A".utf8)))], contract: ["x": 1], run: identity,
    at: noon)
  #expect(throws: CatalogError.self) {
    try store.write { try $0.execute(sql: "UPDATE event SET body = '{}'") }
  }
  #expect(throws: CatalogError.self) { try store.write { try $0.execute(sql: "DELETE FROM event") } }
  let alias = try #require(try store.alias("champion"))
  #expect(alias.members.map(\.name) == ["numbers"])
  #expect(alias.contract == ["x": 1])
  try store.write {
    try $0.execute(sql: "DROP TRIGGER event_stays; UPDATE event SET body = '{}' WHERE seq = 1")
  }
  #expect(try store.verify().faults.map(\.kind) == ["event", "catalog"])
}

@Test(arguments: [
  (
    "DELETE FROM stage_input; DELETE FROM publication WHERE run_id = 'r2'", "the record of run r1 was changed"
  ),
  ("UPDATE action SET preimage = '{}' WHERE key = (SELECT min(key) FROM action)", "the record of run"),
  ("UPDATE declaration SET body = '{\"x\":1}'", "the declarations of run r1 were changed"),
  ("UPDATE head SET version_id = 1", "what is current is not what was last published: default/numbers"),
  ("DELETE FROM head", "what is current is not what was last published: default/numbers"),
  ("UPDATE alias_member SET version_id = 2", "the alias champion does not name what it was last set to"),
  ("UPDATE alias SET contract = '{\"x\":1}'", "the alias champion does not name what it was last set to"),
  (
    "INSERT INTO alias VALUES ('approved', 'r1', '{}', '')",
    "the alias approved does not name what it was last set to"
  ),
  ("DELETE FROM alias_member; DELETE FROM alias", "the alias champion does not name what it was last set to"),
  ("UPDATE object SET bytes = 7 WHERE digest = (SELECT digest FROM artifact_version WHERE id = 1)", "object"),
  (
    "DROP TRIGGER signoff_stays; UPDATE signoff SET decision = 'reject'",
    "a sign-off is not the one that was recorded: number 1"
  ),
  (
    "DROP TRIGGER signoff_remains; DELETE FROM signoff",
    "a sign-off is not the one that was recorded: number of event 2"
  ),
  ("UPDATE run SET seq = seq + 10 WHERE seq = 2", "the record of run r2 was changed"),
])
func `a change of what no record's digest covers, or covers at a distance, is found`(
  change: String, message: String
)
  throws
{
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  let first = try runStage(store, "A")
  try store.setAlias(
    "champion", [(name: "numbers", digest: Digest(of: Array("A".utf8)))], contract: [:], run: first, at: noon)
  try store.signOff(run: "r1", role: "validator", approves: true, comment: "well made", actor: "me", at: noon)
  try runStage(store, "B")
  #expect(try store.verify().faults.isEmpty)
  try store.write { db in
    try db.execute(sql: "PRAGMA defer_foreign_keys = ON")
    try db.execute(sql: change)
  }
  let faults = try store.verify().faults
  #expect(faults.contains { $0.message.hasPrefix(message) }, "\(faults)")
}

@Test func `a deleted tail and a chain made anew verify by themselves, and not against the anchors`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "A")
  try runStage(store, "B", publishing: false)
  #expect(try store.verify().anchors == 2)
  try store.write { db in
    try db.execute(
      sql: """
        PRAGMA defer_foreign_keys = ON;
        DELETE FROM stage_input WHERE stage_run = 2; DELETE FROM stage_output WHERE stage_run = 2;
        DELETE FROM parameter WHERE stage_run = 2; DELETE FROM metric WHERE stage_run = 2;
        DELETE FROM check_result WHERE stage_run = 2; DELETE FROM artifact_version WHERE made_by = 2;
        DELETE FROM stage_run WHERE id = 2; DELETE FROM run WHERE seq = 2
        """)
  }
  let faults = try store.verify().faults
  #expect(faults.map(\.message) == ["run r2 ended (\(noon)) and is not in the catalog any more"])
  // Another second run, its record in perfect order.
  try runStage(store, "C")
  #expect(
    try store.verify().faults.map(\.message) == ["run r2 ended with another record than the catalog has now"])
  unsafe unlink(store.folder.anchors)
  #expect(try store.verify().faults.isEmpty)
}

@Test func `a deleted tail of events is found by the run that ended after them`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  let identity = try store.beginRun(facts())
  try store.note("nondeterministic", run: identity.id, body: [:], at: noon)
  try store.endRun(
    identity, status: "succeeded", exitCode: 0, message: nil, channel: "default", publishing: [], at: noon)
  try store.write { try $0.execute(sql: "DROP TRIGGER event_remains; DELETE FROM event") }
  #expect(
    try store.verify().faults.map(\.message) == [
      "the events before the end of run r1 are not those it was recorded with"
    ])
}

@Test func `a line of the anchors cut short spoils neither itself nor the next`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "A")
  let path = store.folder.anchors
  var lines = try Data(contentsOf: URL(filePath: path))
  lines.append(contentsOf: Array(#"{"at":"2026"#.utf8))
  try lines.write(to: URL(filePath: path))
  try runStage(store, "B")
  #expect(try store.anchors().map(\.run) == ["r1", "r2"])
  #expect(try store.verify().faults.isEmpty)
}

@Test func `a sign-off names what was signed and is never changed`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "A")
  let made = try store.signOff(
    run: "r1", role: "validator", approves: false, comment: "no", actor: "me", at: noon)
  #expect(try store.signOffs(of: "r1") == [made])
  #expect(made.runDigest == (try store.read { try String.fetchOne($0, sql: "SELECT digest FROM run") }))
  #expect(throws: CatalogError.self) {
    try store.write { try $0.execute(sql: "UPDATE signoff SET decision = 'approve'") }
  }
  let error = #expect(throws: CatalogError.self) {
    try store.signOff(run: "r9", role: "validator", approves: true, comment: "", actor: "me", at: noon)
  }
  #expect(error?.kind == .missing)
}
