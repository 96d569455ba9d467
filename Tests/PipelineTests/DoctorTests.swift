import Catalog
import Fingerprints
import FoundationEssentials
import Glibc
import Testing

@testable import Pipeline

private func ranProject() throws -> TemporaryProject {
  let project = try TemporaryProject()
  _ = Runner(
    try project.load(), RunRequest(profile: "default", threads: 2), observer: Recorder(),
    interruption: Interruption()
  ).run()
  return project
}

@Test func `a project that is well is found so, thing by thing`() throws {
  let project = try ranProject()
  let found = try Doctor(project.load()).look(isThorough: true)
  #expect(
    found.map(\.subject) == ["source numbers", "folder", "catalog", "disk", "lock", "leftovers", "records"])
  #expect(found.filter { !$0.isWell && $0.subject != "disk" }.isEmpty, "\(found)")
  #expect(try Doctor(TemporaryProject().load()).look(isThorough: true).last?.subject == "catalog")
}

@Test func `a folder that may not be written is found, with what to do`() throws {
  let project = try TemporaryProject()
  #expect(Runner(try project.load(), RunRequest(threads: 1), observer: Recorder()).run().exitCode == 0)
  func finding() throws -> Diagnosis? {
    try Doctor(project.load()).look(isThorough: false).first { $0.subject == "folder" }
  }
  #expect(try finding()?.isWell == true)
  let work = project.folder + "/artifacts/work"
  try FileManager.default.createSymbolicLink(atPath: work, withDestinationPath: "/tmp")
  let linked = try finding()
  #expect(linked?.isWell == false && linked?.finding.contains("is a link") == true && linked?.remedy != nil)
  try FileManager.default.removeItem(atPath: work)
  // The superuser may write everywhere.
  guard getuid() != 0 else { return }
  let artifacts = project.folder + "/artifacts"
  try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: artifacts)
  defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: artifacts) }
  let closed = try finding()
  #expect(closed?.isWell == false && closed?.remedy?.contains("let this user write there") == true)
}

@Test func `a source that is gone and a damaged object are found, each with a remedy`() throws {
  let project = try ranProject()
  let total = try #require(try PastArtifacts(folder: project.folder).store.versions(of: "total").first)
  try FileDamage.flip(ArtifactFolder(project.folder + "/artifacts").object(total.digest))
  let found = try Doctor(project.load(["sources.numbers.path=gone.txt"])).look(isThorough: true)
  let amiss = found.filter { !$0.isWell && $0.subject != "disk" }
  #expect(amiss.map(\.subject) == ["source numbers", "records"])
  #expect(amiss.allSatisfy { $0.remedy != nil })
  #expect(try Doctor(project.load()).look(isThorough: false).allSatisfy { $0.subject != "records" })
}

private func amiss(_ project: TemporaryProject) throws -> [Diagnosis] {
  try Doctor(project.load()).look(isThorough: true).filter { !$0.isWell && $0.subject != "disk" }
}

@Test func `a run that died and a run at work are told apart by the lock`() throws {
  let project = try ranProject()
  let folder = ArtifactFolder(project.folder + "/artifacts")
  let lock = try RunLock.take(folder, waiting: 0, holder: "test")
  let store = try CatalogStore.writing(folder, lock: lock)
  _ = try store.beginRun(
    RunFacts(
      pipeline: "toys", profile: "default", declarations: [:], arguments: [], overrides: [], program: [:],
      host: "here", actor: "me", pid: 1, at: "2026-01-31T12:00:00.000Z"))
  let atWork = try Doctor(project.load()).look(isThorough: false).first { $0.subject == "lock" }
  #expect(atWork?.isWell == true && atWork?.finding == "a run is at work")
  store.close()
  lock.release()
  let dead = try #require(try amiss(project).first)
  #expect(dead.subject == "lock" && dead.finding.contains("r2 died") && dead.remedy?.contains("run") == true)
}

@Test func `a catalog that is damaged, newer or another program's is a finding with a remedy`() throws {
  let damages: [(String, (inout [UInt8]) -> Void)] = [
    ("malformed", { for place in 4096..<min($0.count, 40_960) { $0[place] = 0xA5 } }),
    ("schema 99", { $0.replaceSubrange(60..<64, with: [0, 0, 0, 99]) }),
    ("no catalog of this program", { $0.replaceSubrange(68..<72, with: [1, 2, 3, 4]) }),
    ("not a database", { $0 = Array("a letter, by no means a database; ".utf8) + $0.map { _ in 0x20 } }),
  ]
  for (words, damage) in damages {
    let project = try ranProject()
    let path = project.folder + "/artifacts/catalog.sqlite"
    var bytes = Array(try Data(contentsOf: URL(filePath: path)))
    damage(&bytes)
    try Data(bytes).write(to: URL(filePath: path))
    let found = try amiss(project)
    #expect(found.count == 1 && found[0].subject == "catalog", "\(words): \(found)")
    #expect(found.first?.finding.contains(words) == true && found.first?.remedy != nil, "\(found)")
    #expect(Array(try Data(contentsOf: URL(filePath: path))) == bytes, "\(words): written to")
  }
}

@Test func `room is asked for by the largest object`() {
  #expect(Doctor.roomNeeded(largestObject: 0) == 100 << 20)
  #expect(Doctor.roomNeeded(largestObject: 1 << 30) == 4 << 30)
}

@Test func `what dead processes left is found and taken away, what lives is left alone`() throws {
  let project = try ranProject()
  let manager = FileManager.default
  let alive = ".holdfast-replay-r1-\(ProcessInfo.processInfo.processIdentifier)"
  // No process has the highest number there can be.
  for path in [".holdfast-replay-r1-4194305/objects", alive, "artifacts/work/r7/train"] {
    try manager.createDirectory(atPath: project.folder + "/" + path, withIntermediateDirectories: true)
  }
  try project.write("artifacts/work/r7/train/half.csv", "half")
  try project.write(alive + "/kept", "kept")
  let stray = ArtifactFolder(project.folder + "/artifacts").object(Digest(of: Array("x".utf8)))
  try manager.createDirectory(
    atPath: String(stray.prefix(upTo: stray.lastIndex(of: "/")!)), withIntermediateDirectories: true)
  try Data("x".utf8).write(to: URL(filePath: stray))
  try manager.setAttributes([.modificationDate: Date.now - 90_000], ofItemAtPath: stray)
  let found = try #require(try amiss(project).first)
  #expect(found.subject == "leftovers" && found.finding.contains("2 scratch folders"), "\(found)")
  #expect(
    found.finding.contains("1 files without a record") && found.finding.hasSuffix(": 5 bytes"), "\(found)")
  #expect(found.remedy == "`holdfast gc` removes them")
  let housekeeper = Housekeeper(folder: project.folder)
  #expect(try housekeeper.collect(RetentionPolicy(), by: nil).leftovers.map(\.path).count == 2)
  #expect(try amiss(project).isEmpty)
  #expect(manager.fileExists(atPath: project.folder + "/" + alive + "/kept"))
  #expect(!manager.fileExists(atPath: stray))
}
