import Fingerprints
import FoundationEssentials
import GRDB
import Glibc
import Testing

@testable import Catalog

/// Long before anything the tests make, and long after.
private let past = "2000-01-01T00:00:00.000Z"
private let future = "2100-01-01T00:00:00.000Z"

private func digest(_ text: String) -> Digest { Digest(of: Array(text.utf8)) }

private func isThere(_ store: CatalogStore, _ text: String) -> Bool {
  Disk.kind(store.folder.object(digest(text))) == .plain
}

@Test func `gc keeps the newest runs and what is current, named, signed off or held; the rest goes`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  for text in ["A", "B", "C", "D", "E", "F", "G"] { try runStage(store, text) }
  try store.signOff(run: "r1", role: "validator", approves: true, comment: "fine", actor: "me", at: noon)
  try store.hold("numbers@2", .audit, reason: "review", by: "me", at: noon)
  try store.promote(
    Promotion(alias: "champion", run: "r3", actor: "me", reason: "good", overrode: []),
    [("numbers", digest("C"))], contract: [:], at: noon)
  try store.hold("r4", .other, reason: "to look at", by: "me", at: noon)
  let before = try store.plan(RetentionPolicy(keep: 2), grace: past)
  #expect(before.objects.map(\.digest) == [digest("E")] && before.bytes == 1 && before.keptObjects == 6)
  #expect(isThere(store, "E"), "a plan changes nothing")
  let (plan, number) = try store.collect(RetentionPolicy(keep: 2), grace: past, by: "me", at: noon)
  #expect(plan == before && number == 1)
  #expect(["A", "B", "C", "D", "F", "G"].allSatisfy { isThere(store, $0) } && !isThere(store, "E"))
  let report = try store.verify()
  #expect(report.faults.isEmpty && report.collected == 1 && report.erased == 0 && report.objects == 6)
  // The records stay, and say what became of the bytes.
  #expect(try store.versions(of: "numbers").count == 7)
  let notice = try #require(try store.collection(of: digest("E")))
  #expect(notice.words == "collected on \(noon) by gc number 1 (keep 2), asked for by me")
  #expect(
    try store.read { try String.fetchAll($0, sql: "SELECT state FROM versions ORDER BY version") }
      == ["kept", "kept", "kept", "kept", "collected", "kept", "kept"])
  #expect(try store.condition(of: digest("E"), isWriter: true, at: noon) == .collected)
  // Released, it goes with the next.
  #expect(try store.release("r4", reason: "looked", by: "me", at: noon).map(\.target) == ["r4"])
  #expect(
    try store.collect(RetentionPolicy(keep: 2), grace: past, by: "me", at: noon).plan.objects.map(\.digest)
      == [digest("D")])
  #expect(try store.verify().faults.isEmpty)
  // Nothing more to do is nothing to record.
  let events = try store.events(newest: 100).count
  #expect(try store.collect(RetentionPolicy(keep: 2), grace: past, by: "me", at: noon).number == nil)
  #expect(try store.events(newest: 100).count == events)
}

@Test func `age keeps runs as well, and without a rule no run gives anything up`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  for text in ["A", "B", "C"] { try runStage(store, text) }
  #expect(try store.plan(RetentionPolicy(), grace: future).objects.isEmpty)
  #expect(try store.plan(RetentionPolicy(since: past), grace: future).objects.isEmpty)
  #expect(try store.plan(RetentionPolicy(keep: 9), grace: future).objects.isEmpty)
  #expect(try store.plan(RetentionPolicy(since: future), grace: past).objects.count == 2)
  #expect(try store.plan(RetentionPolicy(keep: 2, since: future), grace: past).objects.count == 1)
  // A failed run younger than the oldest kept one keeps what it made: the next run goes on from there.
  let identity = try store.beginRun(facts())
  let id = try store.beginStage(
    identity, stage: "make", key: digest("k"), preimage: [:], reason: "first run", at: noon)
  var commit = StageCommit(status: "good", seconds: 1, at: noon)
  commit.outputs = [output(try put(store, "D"), "D")]
  try store.commit(id, commit)
  try store.endRun(
    identity, status: "failed", exitCode: 1, message: "no", channel: "default", publishing: [], at: noon)
  #expect(
    Set(try store.plan(RetentionPolicy(keep: 1), grace: past).objects.map(\.digest))
      == [digest("A"), digest("B")])
}

/// A run of two stages: `features` of a source kept as an object, `model` of the features.
@discardableResult
private func runTwo(
  _ store: CatalogStore, _ temporary: TemporaryFolder, _ text: String, beside earlier: String? = nil
) throws -> RunIdentity {
  let path = try temporary.file("source.csv", "source \(text)")
  let source = try store.source(path, keeping: true, isWriter: true, at: noon)
  let identity = try store.beginRun(facts())
  func stage(
    _ stage: String, _ name: String, _ bytes: String, _ dataClass: String,
    _ inputs: [(name: String, digest: Digest)]
  ) throws -> Digest {
    let preimage: JSONValue = ["stage": .string(stage), "text": .string(bytes + (earlier ?? ""))]
    let id = try store.beginStage(
      identity, stage: stage, key: Digest(of: preimage), preimage: preimage, reason: "first run", at: noon)
    let made = try put(store, bytes)
    var commit = StageCommit(status: "good", seconds: 1, at: noon)
    commit.inputs = inputs
    commit.outputs = [
      OutputRecord(
        name: name, kind: "file", format: "x/v1", fileName: name, digest: made, bytes: bytes.utf8.count,
        rows: nil,
        columns: nil, dataClass: dataClass)
    ]
    try store.commit(id, commit)
    return made
  }
  let features = try stage("clean", "features", "features \(text)", "derived-PII", [("sources.in", source)])
  let model = try stage("train", "model", "model \(text)", "model", [("features", features)])
  var published = [(name: "features", digest: features), (name: "model", digest: model)]
  var shown = [(name: "features", digest: features)]
  if let earlier { shown.append(("previous.features", digest("features \(earlier)"))) }
  published.append(("page", try stage("tell", "page", "page \(text)", "derived-PII", shown)))
  try store.endRun(
    identity, status: "succeeded", exitCode: 0, message: nil, channel: "default", publishing: published,
    at: noon)
  return identity
}

@Test func `a champion keeps all it was made of, down to the source`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  for text in ["1", "2", "3"] { try runTwo(store, temporary, text) }
  try store.promote(
    Promotion(alias: "champion", run: "r1", actor: "me", reason: "good", overrode: []),
    [("model", digest("model 1"))], contract: [:], at: noon)
  try store.collect(RetentionPolicy(keep: 1), grace: past, by: "me", at: noon)
  #expect(["source 1", "features 1", "model 1", "source 3", "features 3"].allSatisfy { isThere(store, $0) })
  #expect(["source 2", "features 2", "model 2"].allSatisfy { !isThere(store, $0) })
  // A hold on a version keeps the same.
  try store.hold("features@3", .legal, reason: "case", by: "me", at: noon)
  for text in ["4", "5"] { try runTwo(store, temporary, text) }
  try store.collect(RetentionPolicy(keep: 1), grace: past, by: "me", at: noon)
  #expect(["source 3", "features 3"].allSatisfy { isThere(store, $0) } && !isThere(store, "model 3"))
  #expect(try store.verify().faults.isEmpty)
}

@Test func `a collection that dies between record and unlink is finished by the next writer`() throws {
  let temporary = TemporaryFolder()
  do {
    let (store, lock) = try openCatalog(temporary)
    for text in ["A", "B"] { try runStage(store, text) }
    let plan = try store.plan(RetentionPolicy(keep: 1), grace: past)
    _ = try store.record("policy", plan.objects, policy: [:], by: "me", at: noon)
    // As it is on the disk when the process dies here: nothing is unlinked, nothing counts either.
    #expect(isThere(store, "A"))
    #expect(try store.isSweepPending())
    #expect(try store.condition(of: digest("A"), isWriter: true, at: noon) == .collected)
    #expect(try store.verify().faults.isEmpty)
    store.close()
    lock.release()
  }
  let (store, _) = try openCatalog(temporary)
  #expect(!isThere(store, "A"))
  #expect(try !store.isSweepPending() && store.verify().faults.isEmpty)
}

@Test func `the same bytes made again count again, and can be collected again`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  for text in ["A", "B"] { try runStage(store, text) }
  try store.collect(RetentionPolicy(keep: 1), grace: past, by: "me", at: noon)
  #expect(!isThere(store, "A"))
  try runStage(store, "A")
  #expect(try store.condition(of: digest("A"), isWriter: true, at: noon) == .good)
  #expect(try store.collection(of: digest("A")) == nil)
  #expect(try store.versions(of: "numbers").count == 2)
  #expect(try store.events(newest: 1).map(\.kind) == ["returned"])
  try runStage(store, "C")
  #expect(
    try store.collect(RetentionPolicy(keep: 1), grace: past, by: "me", at: noon).plan.objects.count == 2)
  #expect(try store.verify().faults.isEmpty)
  #expect(
    try store.read { try Int.fetchAll($0, sql: "SELECT returned FROM collections ORDER BY id") } == [1, 0])
}

@Test(arguments: [
  (
    "a loss passed off as policy",
    "INSERT INTO collected (digest, collection) SELECT digest, 1 FROM object WHERE digest NOT IN (SELECT digest FROM collected)",
    "collection 1"
  ),
  (
    "a collection's policy", "DROP TRIGGER collection_stays; UPDATE collection SET policy = '{}'",
    "collection 1"
  ),
  (
    "a collection's row",
    "PRAGMA foreign_keys = OFF; DROP TRIGGER collection_remains; DROP TRIGGER collected_remains; DELETE FROM collected; DELETE FROM collection",
    "is not there"
  ),
  ("a return that never was", "UPDATE collected SET returned = 1", "came back"),
  ("a hold's reason", "DROP TRIGGER hold_stays; UPDATE hold SET reason = 'other'", "hold is not"),
  ("a hold's release", "UPDATE hold SET released = 1", "hold is not"),
  ("a hold's row", "DROP TRIGGER hold_remains; DELETE FROM hold", "hold is not"),
])
func `what was collected and held cannot be changed unseen`(what: String, sql: String, says: String) throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  for text in ["A", "B"] { try runStage(store, text) }
  try store.hold("r2", .audit, reason: "review", by: "me", at: noon)
  try store.collect(RetentionPolicy(keep: 1), grace: past, by: "me", at: noon)
  #expect(try store.verify().faults.isEmpty)
  try store.database.inDatabase { try $0.execute(sql: sql) }
  let faults = try store.verify().faults
  #expect(faults.contains { $0.message.contains(says) }, "\(what): \(faults)")
}

@Test func `holds and collections are neither changed nor removed`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  for text in ["A", "B"] { try runStage(store, text) }
  try store.hold("r2", .audit, reason: "review", by: "me", at: noon)
  try store.collect(RetentionPolicy(keep: 1), grace: past, by: "me", at: noon)
  for sql in [
    "DELETE FROM collection", "DELETE FROM collected", "DELETE FROM hold", "UPDATE hold SET reason = ''",
    "UPDATE collection SET actor = ''",
  ] {
    #expect(throws: CatalogError.self, "\(sql)") { try store.write { try $0.execute(sql: sql) } }
  }
}

@Test func `files without a record go once they are old enough`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "A")
  _ = try put(store, "nobody's")
  #expect(try store.plan(RetentionPolicy(), grace: past).strays.isEmpty)
  #expect(try store.plan(RetentionPolicy(), grace: future).strays.map(\.bytes) == [8])
  #expect(try store.collect(RetentionPolicy(), grace: future, by: "me", at: noon).number == nil)
  #expect(!isThere(store, "nobody's") && isThere(store, "A"))
  // An object that was recorded and that no run refers to.
  _ = try store.source(temporary.file("in.csv", "unused"), keeping: true, isWriter: true, at: noon)
  #expect(try store.plan(RetentionPolicy(), grace: past).objects.isEmpty)
  let plan = try store.collect(RetentionPolicy(), grace: future, by: "me", at: noon).plan
  #expect(plan.objects.map(\.dataClass) == ["unreferenced"] && !isThere(store, "unused"))
  #expect(try store.verify().faults.isEmpty)
}

@Test func `an erasure takes away all earlier versions that hold persons, and names the request only`() throws
{
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  #expect(try store.planErasure() == .failure(ErasureRefusalError(.nothingRan)))
  try runTwo(store, temporary, "1")
  #expect(try store.planErasure() == .failure(ErasureRefusalError(.sourcesUnchanged(run: "r1"))))
  try store.promote(
    Promotion(alias: "champion", run: "r1", actor: "me", reason: "good", overrode: []),
    [("model", digest("model 1"))], contract: [:], at: noon)
  try store.hold("r1", .audit, reason: "review", by: "me", at: noon)
  // The second run sets the first one's features beside its own: its page holds the person too.
  try runTwo(store, temporary, "2", beside: "1")
  try Disk.makeFolder(store.folder.quarantine)
  _ = try temporary.file("quarantine/\(digest("features 1").short)-other", "damaged copy")
  _ = try temporary.file("quarantine/\(digest("model 1").short)-other", "damaged copy")
  let planned = try store.planErasure().get()
  #expect(planned.run == "r2" && planned.objects.count == 4)
  #expect(try store.erase(request: "DSR-1", by: "me", at: noon) == .success(planned))
  #expect(["source 1", "features 1", "page 1", "page 2"].allSatisfy { !isThere(store, $0) })
  #expect(["source 2", "features 2", "model 1", "model 2"].allSatisfy { isThere(store, $0) })
  #expect(Disk.names(store.folder.quarantine) == ["\(digest("model 1").short)-other"])
  let report = try store.verify()
  #expect(report.faults.isEmpty && report.erased == 4 && report.collected == 0)
  let event = try #require(try store.events(newest: 1).first)
  #expect(event.kind == "erasure" && event.body["policy"] == ["from": "r2", "request": "DSR-1"])
  #expect(
    try store.collection(of: digest("features 1"))?.words == "erased on \(noon) under request DSR-1 by me")
  #expect(try store.collectedVersions(of: "features") == [digest("features 1")])
  // A second request finds everything gone, and is recorded as well.
  #expect(try store.erase(request: "DSR-2", by: "me", at: noon).get().objects.isEmpty)
  #expect(try store.events(newest: 1).first?.body["policy"]?["request"] == "DSR-2")
}

@Test func `what gc took before an erasure comes back only where it holds no persons`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  for text in ["1", "2"] { try runTwo(store, temporary, text) }
  func restore(_ texts: [String]) throws -> (restored: [Digest], withheld: [Digest]) {
    try store.restore(texts.map { (digest: digest($0), path: try temporary.file($0, $0)) }, at: noon)
  }
  try store.collect(RetentionPolicy(keep: 1), grace: past, by: "me", at: noon)
  let all = ["source 1", "features 1", "model 1", "page 1"]
  #expect(all.allSatisfy { !isThere(store, $0) })
  #expect(try restore(["page 1"]).restored == [digest("page 1")], "no erasure yet")
  let erased = try store.erase(request: "DSR-1", by: "me", at: noon).get()
  #expect(erased.objects.map(\.digest) == [digest("page 1")])
  let (restored, withheld) = try restore(all)
  #expect(restored == [digest("model 1")])
  #expect(withheld == [digest("source 1"), digest("features 1"), digest("page 1")])
  #expect(all.filter { isThere(store, $0) } == ["model 1"])
  // What a later gc takes no erasure has to do with.
  for text in ["3", "4"] { try runTwo(store, temporary, text) }
  try store.collect(RetentionPolicy(keep: 1), grace: past, by: "me", at: noon)
  #expect(try restore(["features 3"]).restored == [digest("features 3")])
  #expect(try store.verify().faults.isEmpty)
}

@Test func `a legal hold refuses an erasure, and the refusal is recorded`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  for text in ["1", "2"] { try runTwo(store, temporary, text) }
  // What the model was made of is held with it.
  let hold = try store.hold("model@1", .legal, reason: "case 7", by: "counsel", at: noon)
  #expect(
    try store.erase(request: "DSR-1", by: "me", at: noon) == .failure(ErasureRefusalError(.held([hold]))))
  #expect(["source 1", "features 1", "page 1"].allSatisfy { isThere(store, $0) })
  #expect(try store.events(newest: 1).map(\.kind) == ["erasure-refused"])
  #expect(try store.release(String(hold.id), reason: "closed", by: "counsel", at: noon) == [hold])
  #expect(try store.holds().isEmpty)
  #expect(try store.erase(request: "DSR-1", by: "me", at: noon).get().objects.count == 3)
  #expect(try store.verify().faults.isEmpty)
}

@Test func `only what is there can be held, and only what is held released`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "A")
  for target in ["r9", "numbers@9", "numbers@x", "nothing", ""] {
    let error = #expect(throws: CatalogError.self) {
      try store.hold(target, .other, reason: "why", by: "me", at: noon)
    }
    #expect(error?.kind == .missing, "\(target)")
  }
  let error = #expect(throws: CatalogError.self) {
    try store.release("r1", reason: "why", by: "me", at: noon)
  }
  #expect(error?.kind == .missing)
  #expect(try store.events(newest: 9).isEmpty, "nothing of it is recorded")
}
