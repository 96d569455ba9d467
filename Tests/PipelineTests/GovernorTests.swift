import Catalog
import Fingerprints
import Pipeline
import Staging
import Testing

/// Runs the toys and says how it ended.
@discardableResult
private func run(_ project: TemporaryProject, _ overrides: [String] = []) throws -> RunEnd {
  Runner(
    try project.load(overrides), RunRequest(profile: "default", threads: 2), observer: Recorder(),
    interruption: Interruption()
  ).run()
}

private func promote(
  _ project: TemporaryProject, _ name: String, as alias: String = "champion", overriding: Bool = false
) throws -> Result<[String], Governor.Refusal> {
  try Governor(folder: project.folder).promote(
    name, of: try project.load(), as: alias, by: "ann", reason: "tried", overriding: overriding)
}

private func refusal(_ result: Result<[String], Governor.Refusal>) -> Governor.Refusal? {
  if case .failure(let refusal) = result { refusal } else { nil }
}

private func store(_ project: TemporaryProject) throws -> CatalogStore {
  try PastArtifacts(folder: project.folder).store
}

@Test func `the champion moves by promotion and by nothing else after the first run`() throws {
  let project = try TemporaryProject()
  try run(project)
  try run(project, ["double.factor=3"])
  #expect(try store(project).alias("champion")?.run == "r1")
  #expect(refusal(try promote(project, "r2")) == nil)
  let alias = try #require(try store(project).alias("champion"))
  #expect(alias.run == "r2" && alias.members.map(\.name) == ["size", "total", "values"])
  #expect(alias.contract["numbers"] != nil)
  #expect(try store(project).verify().faults.isEmpty)
  #expect(refusal(try promote(project, "r1", as: "fallback")) == nil)
  #expect(try store(project).alias("fallback")?.run == "r1")
}

@Test func `a run that is not there or did not succeed is refused, override or not, and it is recorded`()
  throws
{
  let project = try TemporaryProject()
  try run(project)
  try run(project, ["add.mode=fail"])
  for (name, words) in [("r9", "no run r9"), ("r2", "it is failed")] {
    let refused = try #require(refusal(try promote(project, name, overriding: true)))
    #expect(!refused.canBeOverridden && refused.grounds.count == 1)
    #expect(refused.grounds.first?.contains(words) == true, "\(refused)")
  }
  let events = try store(project).events(newest: 10, kind: "promotion-refused")
  #expect(events.map { $0.body["run"]?.text } == ["r2", "r9"])
  #expect(try store(project).alias("champion")?.run == "r1")
}

@Test func `a failed check of the model is overridden only on request, and what was overridden is kept`()
  throws
{
  let project = try TemporaryProject()
  try run(project)
  try run(project, ["add.mode=model"])
  let refused = try #require(refusal(try promote(project, "r2")))
  #expect(refused.canBeOverridden && refused.grounds.first?.contains("check told of stage add") == true)
  let overridden = try promote(project, "r2", overriding: true).get()
  #expect(overridden == refused.grounds)
  let event = try #require(try store(project).events(newest: 1, kind: "alias").first)
  #expect(event.body["overrode"]?.elements?.count == 1 && event.body["actor"] == "ann")
}

@Test func `the newest word of each role counts, and a rejection holds a promotion back`() throws {
  let project = try TemporaryProject()
  try run(project)
  let governor = Governor(folder: project.folder)
  let signed = try governor.signOff("r1", role: "validator", approves: false, comment: "leaks", by: "bob")
  #expect(signed.actor == "bob" && signed.runDigest.count == 64)
  let refused = try #require(refusal(try promote(project, "r1")))
  #expect(refused.canBeOverridden && refused.grounds == ["validator rejected run r1: leaks"])
  _ = try governor.signOff("r1", role: "validator", approves: true, comment: "mended", by: nil)
  #expect(refusal(try promote(project, "r1")) == nil)
  let error = #expect(throws: PipelineError.self) {
    try governor.signOff("r7", role: "validator", approves: true, comment: "x", by: nil)
  }
  #expect(error?.kind == .usage)
}

@Test func `a run whose artifacts are damaged is not promoted`() throws {
  let project = try TemporaryProject()
  try run(project)
  let total = try #require(try store(project).versions(of: "total").first)
  let path = ArtifactFolder(project.folder + "/artifacts").object(total.digest)
  try project.damage(path)
  let refused = try #require(refusal(try promote(project, "r1", overriding: true)))
  #expect(refused.grounds == ["not whole any more: total"])
}

@Test func `decisions need a catalog and a safe name`() throws {
  let project = try TemporaryProject()
  #expect(throws: PipelineError.self) { try promote(project, "r1") }
  try run(project)
  #expect(throws: PipelineError.self) { try promote(project, "r1", as: "../x") }
}

extension TemporaryProject {
  /// Replaces a file's bytes by others of the same number.
  fileprivate func damage(_ path: String) throws {
    try FileDamage.flip(path)
  }
}
