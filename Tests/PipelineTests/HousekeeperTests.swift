import Catalog
import Fingerprints
import FoundationEssentials
import Glibc
import Testing

@testable import Pipeline

@discardableResult
private func run(_ project: TemporaryProject, _ overrides: [String] = [], profile: String = "default") throws
  -> Recorder
{
  let recorder = Recorder()
  let end = Runner(
    try project.load(overrides), RunRequest(profile: profile, threads: 2), observer: recorder
  ).run()
  #expect(end.exitCode == 0, "\(end)")
  return recorder
}

private func collect(_ project: TemporaryProject, keep: Int) throws -> CollectionPlan {
  try Housekeeper(folder: project.folder).collect(RetentionPolicy(keep: keep), by: "me").plan
}

private func faults(_ project: TemporaryProject) throws -> [IntegrityFault] {
  try PastArtifacts(folder: project.folder).store.verify().faults
}

@Test func `what was collected is never taken for a result: it is made again, and is the same`() throws {
  let project = try TemporaryProject()
  // Each of ten, then back to the first: the champion's set is the first run's and stays.
  for factor in 2...5 { try run(project, ["double.factor=\(factor)"]) }
  let before = try PastArtifacts(folder: project.folder).run("r2").output("doubled")
  let gone = try collect(project, keep: 1)
  #expect(gone.objects.contains { $0.digest == before })
  // A look before the run says the same.
  let forecast = try Forecaster(project.load(["double.factor=3"])).forecast(profile: "default")
  #expect(forecast.first { $0.stage == "double" }?.reason == "output doubled was collected")
  let recorder = try run(project, ["double.factor=3"])
  let double = try #require(recorder.stages.first { $0.stage == "double" })
  #expect(double.action == .ran && double.reason == "output doubled was collected")
  #expect(double.reasonCodes == ["outputCollected:doubled"])
  #expect(!recorder.executed.contains("read") && !recorder.executed.contains("count"))
  #expect(try PastArtifacts(folder: project.folder).run("r5").output("doubled") == before)
  #expect(try faults(project).isEmpty)
  // Nothing is left to do.
  #expect(try run(project, ["double.factor=3"]).executed.isEmpty)
}

@Test func `a second gc finds nothing, and what is current is never touched by any rule`() throws {
  let project = try TemporaryProject()
  for factor in 2...6 { try run(project, ["double.factor=\(factor)"]) }
  try run(project, profile: "nightly")
  _ = try collect(project, keep: 1)
  #expect(try collect(project, keep: 1).objects.isEmpty)
  // Both profiles go on where they were.
  #expect(try run(project, ["double.factor=6"]).executed.isEmpty)
  #expect(try run(project, profile: "nightly").executed.isEmpty)
  #expect(try faults(project).isEmpty)
}

@Test func `to show or export a collected version says when it went, by which gc, and how to make it again`()
  throws
{
  let project = try TemporaryProject()
  for factor in 2...4 { try run(project, ["double.factor=\(factor)"]) }
  _ = try collect(project, keep: 1)
  let reader = try ArtifactReader(folder: project.folder)
  let version = try reader.version("doubled@2")
  for ask in [
    { _ = try reader.preview(version) }, { try reader.export(version, to: project.folder + "/out") },
  ] as [() throws -> Void] {
    let error = #expect(throws: PipelineError.self) { try ask() }
    #expect(error?.exitCode == 2)
    #expect(error?.message.contains("version 2 of \"doubled\"") == true, "\(String(describing: error))")
    #expect(error?.message.contains("by gc number 1 (keep 1), asked for by me; its record stays") == true)
    #expect(error?.remedy?.contains("holdfast reproduce r2") == true)
  }
  let error = #expect(throws: PipelineError.self) {
    try PastArtifacts(folder: project.folder).table("doubled", version.digest)
  }
  #expect(error?.exitCode == 2 && error?.message.contains("by gc number 1") == true)
  // And so it is: with the source still there the run comes out the same.
  #expect(
    try RunReplay(project.load(), run: "r2").run(threads: 2, interruption: Interruption()) { _, _ in }
      == .identical(artifacts: 6))
}

@Test func `a run whose source was collected is reproduced once the file of that day lies there again`()
  throws
{
  let project = try TemporaryProject()
  for numbers in ["1 2 3", "4 5 6", "7 8 9"] {
    try project.write("numbers.txt", numbers)
    try run(project)
  }
  #expect(try collect(project, keep: 1).objects.contains { $0.dataClass == "raw-PII" })
  func replay() throws -> RunReplay.Verdict {
    try RunReplay(project.load(), run: "r2").run(threads: 2, interruption: Interruption()) { _, _ in }
  }
  let error = #expect(throws: PipelineError.self) { try replay() }
  #expect(
    error?.message.contains("was collected on") == true && error?.exitCode == 2,
    "\(String(describing: error))")
  #expect(error?.remedy?.contains("lay the file of that day in its place") == true)
  try project.write("numbers.txt", "4 5 6")
  #expect(try replay() == .identical(artifacts: 6))
}

@Test func `an erased version is not shown, not made again and not set beside today's`() throws {
  let project = try TemporaryProject()
  let housekeeper = Housekeeper(folder: project.folder)
  try project.write("numbers.txt", "1 2 3")
  try run(project)
  #expect(throws: PipelineError.self) { try housekeeper.erase(request: "DSR-1", by: "me") }
  try project.write("numbers.txt", "1 2")
  try run(project)
  let plan = try housekeeper.erase(request: "DSR-1", by: "me")
  #expect(plan.run == "r2" && plan.objects.allSatisfy { $0.dataClass.hasSuffix("PII") })
  #expect(try faults(project).isEmpty)
  // What is current is whole, and the champion is a model: it scores on.
  #expect(try run(project).executed.isEmpty)
  try run(project, profile: "nightly")
  #expect(try faults(project).isEmpty)
  let error = #expect(throws: PipelineError.self) {
    try RunReplay(project.load(), run: "r1").run(threads: 2, interruption: Interruption()) { _, _ in }
  }
  #expect(error?.message.contains("erased on") == true && error?.message.contains("request DSR-1") == true)
  #expect(error?.remedy?.contains("cannot be made again") == true)
  let reader = try ArtifactReader(folder: project.folder)
  let shown = #expect(throws: PipelineError.self) { try reader.preview(reader.version("values@1")) }
  #expect(shown?.message.contains("under request DSR-1") == true && shown?.exitCode == 2)
}

/// A project from whose source a number was taken out between two runs.
private func projectToErase() throws -> TemporaryProject {
  let project = try TemporaryProject()
  for numbers in ["1 2 3", "1 2"] {
    try project.write("numbers.txt", numbers)
    try run(project)
  }
  return project
}

@Test func `an erasure takes what processes that died left, and what programs printed; what lives stays`()
  throws
{
  let project = try projectToErase()
  let housekeeper = Housekeeper(folder: project.folder)
  let alive = ".holdfast-replay-r1-\(getpid())"
  // No process has the highest number there can be.
  // And a number that is taken again: a replay that lives holds its lock.
  let again = ".holdfast-replay-r2-\(getpid())/artifacts"
  let dead = [
    ".holdfast-replay-r1-4194305/artifacts/objects", "artifacts/work/step-abcdef/outputs", "artifacts/logs",
    again,
  ]
  try FileManager.default.createDirectory(
    atPath: project.folder + "/" + again, withIntermediateDirectories: true)
  try project.write(again + "/.lock", "")
  for path in dead + [alive] {
    try FileManager.default.createDirectory(
      atPath: project.folder + "/" + path, withIntermediateDirectories: true)
    try project.write(path + "/person", "3")
  }
  func isThere(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: project.folder + "/" + path + "/person")
  }
  // A refusal leaves it where it is.
  let hold = try housekeeper.hold("doubled@1", .legal, reason: "case 9", by: "me")
  #expect(throws: PipelineError.self) { try housekeeper.erase(request: "DSR-3", by: "me") }
  #expect(dead.allSatisfy(isThere))
  _ = try housekeeper.release(String(hold.id), reason: "closed", by: "me")
  _ = try housekeeper.erase(request: "DSR-3", by: "me")
  #expect(!dead.contains(where: isThere))
  #expect(isThere(alive))
  #expect(housekeeper.leftovers().isEmpty)
  #expect(try faults(project).isEmpty)
}

/// Folders one within another, the innermost further down than a path can say: not to be removed by their path, by
/// root neither.
private struct Abyss {
  private var folders: [Int32] = []
  private static let name = String(repeating: "d", count: 200)

  init(in place: String) {
    var path = place
    for _ in 0..<25 {
      let folder = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      folders.append(folder)
      path = "/proc/self/fd/\(folder)/\(Abyss.name)"
      #expect(unsafe mkdir(path, 0o755) == 0)
    }
  }

  func remove() {
    for folder in folders.reversed() {
      unsafe rmdir("/proc/self/fd/\(folder)/\(Abyss.name)")
      close(folder)
    }
  }
}

@Test(arguments: ["artifacts/logs", "artifacts/work", ".holdfast-replay-r1-4194305"])
func `an erasure that cannot remove all that was left says what stays, and is recorded`(place: String)
  throws
{
  let project = try projectToErase()
  let housekeeper = Housekeeper(folder: project.folder)
  let path = project.folder + "/" + place
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  let abyss = Abyss(in: path)
  let error = #expect(throws: PipelineError.self) { try housekeeper.erase(request: "DSR-4", by: "me") }
  #expect(error?.exitCode == 1, "\(String(describing: error))")
  #expect(error?.message.contains("erased, but \(place) cannot be removed") == true)
  #expect(error?.remedy == "remove it by hand; the erasure is recorded under request DSR-4")
  let store = try PastArtifacts(folder: project.folder).store
  #expect(try store.events(newest: 1).map(\.kind) == ["erasure"])
  let reader = try ArtifactReader(folder: project.folder)
  #expect(throws: PipelineError.self) { try reader.preview(reader.version("values@1")) }
  #expect(try faults(project).isEmpty)
  // Once it can be removed, the same request ends well.
  abyss.remove()
  #expect(try housekeeper.erase(request: "DSR-4", by: "me").objects.isEmpty)
  #expect(!FileManager.default.fileExists(atPath: path))
}

@Test func `a legal hold refuses an erasure with an exit code of its own; other holds give way`() throws {
  let project = try TemporaryProject()
  let housekeeper = Housekeeper(folder: project.folder)
  for numbers in ["1 2 3", "1 2"] {
    try project.write("numbers.txt", numbers)
    try run(project)
  }
  #expect(try housekeeper.hold("r1", .audit, reason: "review", by: "me").target == "r1")
  #expect(try housekeeper.hold("total", .legal, reason: "case 7", by: "me").target == "total@2")
  // What is held came of today's source: nothing of it is to go.
  #expect(try housekeeper.planErasure().objects.count > 2)
  #expect(try housekeeper.hold("doubled@1", .legal, reason: "case 8", by: "me").id == 3)
  let error = #expect(throws: PipelineError.self) { try housekeeper.erase(request: "DSR-2", by: "me") }
  #expect(error?.exitCode == 7 && error?.message == "a legal hold keeps doubled@1 (case 8)")
  #expect(try housekeeper.release("3", reason: "closed", by: "me").count == 1)
  #expect(try housekeeper.erase(request: "DSR-2", by: "me").objects.count > 2)
}

@Test func `a request is named by its number, never by a person`() {
  for good in ["DSR-2026-0117", "4711", "case/7.b_1"] { #expect(Housekeeper.isRequestName(good), "\(good)") }
  for bad in [
    "", "Jane Doe", "jane", "jane1@bank.com", "Łódź 7", String(repeating: "7", count: 65), "1'; --",
  ] {
    #expect(!Housekeeper.isRequestName(bad), "\(bad)")
  }
}

@Test func `housekeeping before the first run is refused and makes nothing`() throws {
  let project = try TemporaryProject()
  let housekeeper = Housekeeper(folder: project.folder)
  for ask in [
    { _ = try housekeeper.look(RetentionPolicy()) },
    { _ = try housekeeper.collect(RetentionPolicy(), by: nil) },
    { _ = try housekeeper.erase(request: "1", by: nil) }, { _ = try housekeeper.planErasure() },
    { _ = try housekeeper.hold("r1", .other, reason: "why", by: nil) },
    { _ = try housekeeper.release("r1", reason: "why", by: nil) },
  ] as [() throws -> Void] {
    let error = #expect(throws: PipelineError.self) { try ask() }
    #expect(error?.exitCode == 2)
  }
  #expect(try housekeeper.holds().isEmpty)
  #expect(!FileManager.default.fileExists(atPath: project.folder + "/artifacts/catalog.sqlite"))
}
