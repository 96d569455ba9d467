import Catalog
import Fingerprints
import FoundationEssentials
import Glibc
import Staging
import Synchronization
import Testing

@testable import Pipeline

private func run(
  _ project: TemporaryProject, _ overrides: [String] = [], registry: StageRegistry = toys, threads: Int = 2,
  profile: String = "default", interruption: Interruption = Interruption()
) throws -> (end: RunEnd, recorder: Recorder) {
  let recorder = Recorder()
  let request = RunRequest(profile: profile, threads: threads)
  let loaded = try project.load(overrides, registry: registry)
  let end = Runner(loaded, request, observer: recorder, interruption: interruption).run()
  return (end, recorder)
}

private func digests(_ project: TemporaryProject) throws -> JSONValue {
  try #require(JSONParser.parse(Array(project.read("artifacts/latest/run.json").utf8))["artifacts"])
}

@Test func `any number of threads makes the same artifacts`() throws {
  let (one, two) = (try TemporaryProject(), try TemporaryProject())
  #expect(try run(one, threads: 1).end.exitCode == 0)
  #expect(try run(two, threads: 2).end.exitCode == 0)
  #expect(try digests(one) == digests(two))
}

@Test func `stages that read much together do not execute at once`() {
  #expect(RunSession.fits(reading: 2 << 30, beside: []))
  #expect(RunSession.fits(reading: 200 << 20, beside: [300 << 20]))
  #expect(!RunSession.fits(reading: 300 << 20, beside: [300 << 20]))
}

@Test func `a run tells its start, every stage and its end`() throws {
  let project = try TemporaryProject()
  let (end, recorder) = try run(project)
  let lines = recorder.all.compactMap(\.json)
  #expect(lines.first?["event"] == "start")
  #expect(
    lines.last?["event"] == "run" && lines.last?["outcome"] == "succeeded" && lines.last?["exitCode"] == 0)
  #expect(lines.filter { $0["event"] == "stage" }.count == 5)
  let add = try #require(lines.first { $0["stage"] == "add" })
  #expect(add["action"] == "ran" && add["remark"] == "total 12.0" && add["rowsIn"] == 3)
  #expect(end.counts == [.ran: 5])
  let again = try run(project).recorder.all.compactMap(\.json)
  #expect(
    again.first { $0["stage"] == "add" }?["remark"] == "total 12.0",
    "a reused result keeps what was said of it")
}

@Test func `latest holds a link for every artifact, a copy of a page, and the facts of the run`() throws {
  let project = try TemporaryProject()
  _ = try run(project)
  let link = try FileManager.default.destinationOfSymbolicLink(
    atPath: project.folder + "/artifacts/latest/add/note.csv")
  #expect(link.hasPrefix("../../objects/"))
  // A browser goes by the name of the file a link leads to.
  #expect(throws: (any Error).self) {
    try FileManager.default.destinationOfSymbolicLink(
      atPath: project.folder + "/artifacts/latest/tell/index.html")
  }
  #expect(try project.read("artifacts/latest/tell/index.html") == "Hello 12.0")
  #expect(try project.read("artifacts/latest/add/note.csv") == "total\n12.0\n")
}

@Test func `a run that is asked to stop ends with the signal's code and leaves what is current`() throws {
  let project = try TemporaryProject()
  _ = try run(project)
  let before = try digests(project)
  for (signal, code) in [(Int32(2), Int32(130)), (15, 143)] {
    let interruption = Interruption()
    interruption.request(signal)
    let (end, _) = try run(project, ["double.factor=7"], interruption: interruption)
    #expect(end.exitCode == code && end.outcome == .interrupted)
  }
  #expect(try digests(project) == before)
  #expect(try run(project).end.exitCode == 0)
}

@Test func `a missing source is refused with its place`() throws {
  let project = try TemporaryProject()
  let (end, recorder) = try run(project, ["sources.numbers.path=gone.txt"])
  #expect(end.exitCode == 2 && end.outcome == .refused)
  #expect(end.message?.contains("gone.txt") == true, "\(end.message ?? "")")
  #expect(recorder.executed.isEmpty)
}

@Test func `an unknown stage is refused with what was meant`() throws {
  let project = try TemporaryProject()
  let end = Runner(
    try project.load(), RunRequest(selection: RunSelection(["duble"]), threads: 1), observer: Recorder()
  ).run()
  #expect(end.exitCode == 2 && end.message?.contains(#"did you mean "double""#) == true)
}

@Test func `a stage sees the columns it declares and no others`() throws {
  let project = try TemporaryProject()
  let greedy = StageRegistry(
    [ReadStage.self, DoubleStage.self, GreedyStage.self],
    codeDigests: ["read": "a", "double": "b", "greedy": "c"])
  try project.write("stages/greedy.json", StageFile.text(of: GreedyStage.declaration))
  try project.edit(
    "pipeline.json", #""read", "double", "count", "add", "tell"]"#, #""read", "double", "greedy"]"#)
  try project.edit(
    "pipeline.json", TemporaryProject.nightly, "")
  let (end, _) = try run(project, registry: greedy)
  #expect(
    end.exitCode == 1 && end.message?.contains(#"column "value" of "doubled""#) == true,
    "\(end.message ?? "")")
}

@Test func `an explanation shows every component and what changed`() throws {
  let project = try TemporaryProject()
  _ = try run(project)
  let forecaster = Forecaster(try project.load(["double.factor=2.5"]))
  let explanation = try forecaster.explain("double")
  #expect(explanation.forecast.prospect == .certain)
  #expect(explanation.changes.map(\.text) == ["parameter double.factor 2 → 2.5"])
  #expect(explanation.oldKey != explanation.newKey)
  #expect(explanation.components.filter(\.isChanged).map(\.name) == ["parameter factor"])
  #expect(
    Set(explanation.components.map(\.name)).isSuperset(of: [
      "code", "codeVersion", "seed", "input values", "parameter label", "output doubled",
    ]))
  let unchanged = try Forecaster(project.load()).explain("double")
  #expect(
    unchanged.changes.isEmpty && unchanged.oldKey == unchanged.newKey
      && unchanged.forecast.prospect == .current)
}

@Test func `what a person writes of a contract is in the key only as far as a stage is handed it`() throws {
  let project = try TemporaryProject()
  _ = try run(project)
  // read is handed types only: a range is no reason to run.
  let (_, ranged) = try run(project, ["sources.numbers.columns.n.minimum=0"])
  #expect(ranged.executed == [])
  let (_, typed) = try run(project, ["sources.numbers.columns.n.type=integer"])
  #expect(typed.executed == ["read"])
  #expect(typed.stages.first?.reason == "contract numbers/columns/n/type real → integer")
}

@Test func `the seed is in the key of the stages that draw`() throws {
  let project = try TemporaryProject()
  _ = try run(project)
  #expect(try run(project, ["seed=2"]).recorder.executed == ["double"])
}

struct GreedyStage: Stage {
  static let declaration = StageDeclaration(
    id: "greedy", purpose: "Wants more.", codeVersion: 1, module: "Toys",
    inputs: [InputDeclaration("doubled", columns: ["doubled"], purpose: "Numbers.")],
    outputs: [OutputDeclaration("more", .document, format: "toy.more/v1", purpose: "More.")])
  init(parameters: ParameterValues) {}
  func run(_ inputs: Inputs, _ outputs: Outputs, _ context: StageContext) throws -> StageSummary {
    _ = try inputs.table("doubled", columns: ["value"])
    return StageSummary()
  }
}

/// Makes other bytes every time.
struct FickleStage: Stage {
  static let calls = Atomic<Int>(0)
  static let declaration = StageDeclaration(
    id: "fickle", purpose: "Never the same.", codeVersion: 1, module: "Toys",
    inputs: [InputDeclaration("values", purpose: "Numbers.")],
    outputs: [OutputDeclaration("whim", .document, format: "toy.whim/v1", purpose: "Anything.")])
  init(parameters: ParameterValues) {}
  func run(_ inputs: Inputs, _ outputs: Outputs, _ context: StageContext) throws -> StageSummary {
    try outputs.document("whim", Size(size: FickleStage.calls.add(1, ordering: .relaxed).newValue))
    return StageSummary()
  }
}

@Test func `other bytes under the same key fail the stage and leave the earlier result`() throws {
  let project = try TemporaryProject()
  let fickle = StageRegistry([ReadStage.self, FickleStage.self], codeDigests: ["read": "a", "fickle": "b"])
  try project.write("stages/fickle.json", StageFile.text(of: FickleStage.declaration))
  try project.edit("pipeline.json", #""read", "double", "count", "add", "tell"]"#, #""read", "fickle"]"#)
  try project.edit(
    "pipeline.json", TemporaryProject.nightly, "")
  #expect(try run(project, registry: fickle).end.exitCode == 0)
  let before = try digests(project)
  let recorder = Recorder()
  let request = RunRequest(selection: RunSelection(force: true), threads: 1)
  let end = Runner(try project.load(registry: fickle), request, observer: recorder).run()
  #expect(
    end.exitCode == 1 && end.message?.contains("other bytes than before") == true, "\(end.message ?? "")")
  #expect(try digests(project) == before)
  #expect(try run(project, registry: fickle).recorder.executed == [])
}

@Test func `a second run at the same time is refused, waits, or is called good`() throws {
  let project = try TemporaryProject()
  let lock = try RunLock.take(ArtifactFolder(project.folder + "/artifacts"), waiting: 0, holder: "the test")
  func run(_ policy: LockPolicy) throws -> RunEnd {
    Runner(try project.load(), RunRequest(threads: 1, ifLocked: policy), observer: Recorder()).run()
  }
  let refused = try run(.fail)
  #expect(refused.exitCode == 5 && refused.outcome == .refused)
  #expect(refused.message?.contains("the test") == true)
  #expect(try run(.wait(seconds: 0.1)).exitCode == 5)
  #expect(try run(.skip).exitCode == 0)
  lock.release()
  #expect(try run(.fail).exitCode == 0)
}

@Test func `a run that ends well leaves a catalog that verifies`() throws {
  let project = try TemporaryProject()
  _ = try run(project)
  _ = try run(project, ["add.mode=fail"])
  _ = try run(project, ["double.factor=5"])
  let store = try #require(try CatalogStore.reading(ArtifactFolder(project.folder + "/artifacts")))
  let report = try store.verify()
  #expect(report.faults == [] && report.runs == 3 && report.objects > 5)
}

@Test func `a nightly run follows the columns the champion was trained on, and says so`() throws {
  let project = try TemporaryProject()
  _ = try run(project)
  let (end, recorder) = try run(project, ["sources.numbers.columns.n.type=integer"], profile: "nightly")
  #expect(end.exitCode == 0)
  #expect(recorder.executed == ["add"], "the type in force is the champion's, so read has nothing to do")
  let notes = recorder.all.compactMap { if case .noted(let text) = $0 { text } else { nil } }
  #expect(notes.contains { $0.contains("champion was trained on") })
}

/// Takes its time.
struct SlowStage: Stage {
  static let declaration = StageDeclaration(
    id: "slow", purpose: "Takes its time.", codeVersion: 1, module: "Toys",
    inputs: [InputDeclaration("values", purpose: "Numbers.")],
    outputs: [OutputDeclaration("late", .document, format: "toy.late/v1", purpose: "At last.")])
  init(parameters: ParameterValues) {}
  func run(_ inputs: Inputs, _ outputs: Outputs, _ context: StageContext) throws -> StageSummary {
    for step in 0..<30 {
      context.progress(StageProgress("waiting", done: step, total: 30))
      usleep(100_000)
    }
    try outputs.document("late", Size(size: 1))
    return StageSummary()
  }
}

@Test func `a stage that goes on does not keep a run that is asked to stop`() throws {
  let project = try TemporaryProject()
  let slow = StageRegistry([ReadStage.self, SlowStage.self], codeDigests: ["read": "a", "slow": "b"])
  try project.write("stages/slow.json", StageFile.text(of: SlowStage.declaration))
  try project.edit("pipeline.json", #""read", "double", "count", "add", "tell"]"#, #""read", "slow"]"#)
  try project.edit("pipeline.json", TemporaryProject.nightly, "")
  let interruption = Interruption()
  let recorder = Interrupter(interruption)
  let start = ContinuousClock.now
  let end = Runner(
    try project.load(registry: slow), RunRequest(threads: 1), observer: recorder, interruption: interruption
  ).run()
  #expect(end.exitCode == 143 && end.outcome == .interrupted)
  #expect(ContinuousClock.now - start < .seconds(2.5), "three seconds of work were left where they were")
  let again = try run(project, registry: slow)
  #expect(again.end.exitCode == 0 && again.recorder.executed == ["slow"], "what was done is not done again")
}

/// Asks the run to stop at the first report of progress.
private final class Interrupter: RunObserver {
  let interruption: Interruption
  init(_ interruption: Interruption) { self.interruption = interruption }
  func receive(_ event: RunEvent) {
    if case .stageAdvanced(let advance) = event, advance.stage == "slow" { interruption.request(15) }
  }
}

@Test func `what a skipped stage does not make is taken from the champion`() throws {
  let project = try TemporaryProject()
  try project.edit(
    "pipeline.json", TemporaryProject.nightly,
    #""unlabelled": {"stages": ["read", "double", "count", "add", "tell"], "champion": ["size"]}"#)
  #expect(try run(project).end.exitCode == 0)
  let (end, recorder) = try run(project, ["count.mode=skip"], profile: "unlabelled")
  #expect(end.exitCode == 0)
  #expect(
    recorder.stages.map { "\($0.stage) \($0.action.rawValue)" }.sorted() == [
      "add restored", "count skipped", "double restored", "read restored", "tell restored",
    ])
}

@Test func `a link in the place of a folder of latest is not followed`() throws {
  let project = try TemporaryProject()
  _ = try run(project)
  let elsewhere = try TemporaryProject()
  try FileManager.default.removeItem(atPath: project.folder + "/artifacts/latest/add")
  try FileManager.default.createSymbolicLink(
    atPath: project.folder + "/artifacts/latest/add", withDestinationPath: elsewhere.folder)
  let (end, _) = try run(project)
  #expect(end.exitCode == 1 && end.message?.contains("in the way") == true, "\(end.message ?? "")")
  #expect(!FileManager.default.fileExists(atPath: elsewhere.folder + "/total.json"))
}
