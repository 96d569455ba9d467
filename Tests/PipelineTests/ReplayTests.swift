import Catalog
import Fingerprints
import Pipeline
import Staging
import Tabular
import Testing

/// `double` as another program makes it: one more each.
private struct OtherDouble: Stage {
  static let declaration = DoubleStage.declaration
  init(parameters: ParameterValues) {}
  func run(_ inputs: Inputs, _ outputs: Outputs, _ context: StageContext) throws -> StageSummary {
    let values = try inputs.document("values", as: Values.self).values
    try outputs.table(
      "doubled",
      Table([
        ("value", .real(RealColumn(values))), ("doubled", .real(RealColumn(values.map { 2 * $0 + 1 }))),
      ]))
    return StageSummary()
  }
}

private let digests = ["read": "aa", "double": "another", "count": "cc", "add": "dd", "tell": "ee"]
private let otherCode = StageRegistry(toyStages, codeDigests: digests)
private let otherResult = StageRegistry(
  toyStages.map { $0.declaration.id == "double" ? OtherDouble.self : $0 }, codeDigests: digests)
private let withoutTell = StageRegistry(
  toyStages.filter { $0.declaration.id != "tell" }, codeDigests: digests)

private func ranOnce() throws -> TemporaryProject {
  let project = try TemporaryProject()
  _ = Runner(
    try project.load(), RunRequest(profile: "default", threads: 2), observer: Recorder(),
    interruption: Interruption()
  ).run()
  return project
}

private func replayed(
  _ project: TemporaryProject, _ registry: StageRegistry
) throws -> (replay: RunReplay, verdict: RunReplay.Verdict, told: [String]) {
  let replay = try RunReplay(try project.load(registry: registry), run: "r1")
  var told: [String] = []
  let verdict = try replay.run(threads: 2, interruption: Interruption()) { stage, _ in told.append(stage) }
  return (replay, verdict, told)
}

@Test func `a stage whose code is another is named, and may all the same make the same bytes`() throws {
  let (replay, verdict, told) = try replayed(ranOnce(), otherCode)
  #expect(replay.codeChanges.map(\.stage) == ["double"])
  #expect(replay.codeChanges.map(\.old) == ["bb"] && replay.codeChanges.map(\.new) == ["another"])
  #expect(verdict == .identical(artifacts: 6))
  #expect(told == replay.stages && told.count == 5)
}

@Test func `the first artifact that comes out otherwise is named, and nothing after it is made`() throws {
  let project = try ranOnce()
  let (replay, verdict, told) = try replayed(project, otherResult)
  guard case .differs(let stage, let artifact, let recorded, let found) = verdict else {
    Issue.record("\(verdict)")
    return
  }
  #expect(stage == "double" && artifact == "doubled" && recorded != found)
  #expect(recorded == (try PastArtifacts(folder: project.folder).run("r1").output("doubled")))
  // Those before it in the run came out the same; add and tell, which rest on it, were not begun.
  #expect(told.allSatisfy { $0 == "read" || $0 == "count" })
  #expect(replay.stages.contains("tell"))
}

@Test func `a stage that is no more is said to be none`() throws {
  let project = try ranOnce()
  let text = try project.read("pipeline.json")
  try project.write("pipeline.json", text.replacing(", \"tell\"]", with: "]"))
  let replay = try RunReplay(try project.load(registry: withoutTell), run: "r1")
  let gone = replay.codeChanges.filter { $0.new == nil }
  #expect(gone.map(\.stage) == ["tell"])
}
