import Catalog
import Pipeline
import Testing

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
  #expect(found.map(\.subject) == ["source numbers", "catalog", "disk", "lock", "records"])
  #expect(found.filter { !$0.isWell && $0.subject != "disk" }.isEmpty, "\(found)")
  #expect(try Doctor(TemporaryProject().load()).look(isThorough: true).last?.subject == "catalog")
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
