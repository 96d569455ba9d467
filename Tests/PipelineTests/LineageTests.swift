import Catalog
import Fingerprints
import Pipeline
import Testing

private func ranProject(_ runs: [[String]] = [[]]) throws -> TemporaryProject {
  let project = try TemporaryProject()
  for overrides in runs {
    _ = Runner(
      try project.load(overrides), RunRequest(profile: "default", threads: 2), observer: Recorder(),
      interruption: Interruption()
    ).run()
  }
  return project
}

@Test func `lineage goes down to the source's digest, and a branch that comes again is told once`() throws {
  let project = try ranProject()
  let lineage = try Lineage(of: "total", folder: project.folder)
  #expect(lineage.stage == "add" && lineage.inputs.map(\.name) == ["doubled", "size"])
  let source = try #require(lineage.inputs.first?.inputs.first?.inputs.first)
  #expect(source.name == "sources.numbers" && source.version == nil && source.stage == nil)
  #expect(source.digest == Digest(of: Array(try project.read("numbers.txt").utf8)).hexadecimal)
  #expect(lineage.inputs.last?.inputs.first?.isRepeated == true)
  #expect(lineage.lines.count == 6 && lineage.lines.last?.hasSuffix("(as above)") == true)
  #expect(lineage.dot.split(separator: "\n").filter { $0.contains("->") }.count == 5)
}

@Test func `lineage tells OpenLineage events, a stage each, with a run's id that stays the same`() throws {
  let project = try ranProject()
  let events = try Lineage(of: "total", folder: project.folder).openLineage(namespace: "bank") { _ in "then" }
  #expect(events.compactMap { $0["job"]?["name"]?.text } == ["read", "double", "count", "add"])
  #expect(events.last?["inputs"]?.elements?.compactMap { $0["name"]?.text } == ["doubled", "size"])
  #expect(events.first?["inputs"]?.elements?.compactMap { $0["name"]?.text } == ["sources.numbers"])
  let ids = events.compactMap { $0["run"]?["runId"]?.text }
  #expect(Set(ids).count == 4 && ids.allSatisfy { $0.utf8.count == 36 })
  let again = try Lineage(of: "total", folder: project.folder).openLineage(namespace: "bank") { _ in "then" }
  #expect(again == events)
}

@Test func `runs are found by stage, outcome, time and number`() throws {
  let project = try ranProject([[], ["add.mode=fail"], ["double.factor=3"]])
  let store = try PastArtifacts(folder: project.folder).store
  #expect(try store.runs(RunFilter(last: 2)).map(\.id) == ["r3", "r2"])
  #expect(try store.runs(RunFilter(outcome: "failed", last: 9)).map(\.id) == ["r2"])
  #expect(try store.runs(RunFilter(stage: "none", last: 9)).isEmpty)
  let day = String(try #require(try store.runs(newest: 1).first).startedAt.prefix(10))
  #expect(try store.runs(RunFilter(since: day, until: day, last: 9)).count == 3)
  #expect(try store.runs(RunFilter(until: "1999", last: 9)).isEmpty)
  #expect(try store.runs(RunFilter(since: "9999", last: 9)).isEmpty)
  #expect(try store.runs(newest: 2).map(\.id) == ["r3", "r2"])
}

@Test func `a stage's numbers are known of every run, those of results taken over included`() throws {
  let project = try ranProject([[], [], ["double.factor=3"]])
  let store = try PastArtifacts(folder: project.folder).store
  let values = try store.metrics(last: 2, stage: "double", profile: nil)
  #expect(values.map(\.run) == ["r2", "r3"] && values.map(\.value) == [2, 3])
  #expect(try store.metrics(last: 9, stage: "none", profile: nil).isEmpty)
}
