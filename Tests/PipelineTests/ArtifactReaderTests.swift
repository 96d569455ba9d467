import Catalog
import Fingerprints
import FoundationEssentials
import Pipeline
import Staging
import Tabular
import Testing

private func project() throws -> TemporaryProject {
  let project = try TemporaryProject()
  for factor in ["double.factor=2", "double.factor=3"] {
    let end = Runner(try project.load([factor]), RunRequest(threads: 2), observer: Recorder()).run()
    #expect(end.exitCode == 0)
  }
  return project
}

@Test func `a version is named by number, alias, digest or what is current`() throws {
  let project = try project()
  let reader = try ArtifactReader(folder: project.folder)
  #expect(try reader.version("total").version == 2)
  #expect(try reader.version("total@1").version == 1)
  #expect(try reader.version("total@champion").version == 1, "the first run named the champion")
  let digest = try reader.version("total@1").digest.short
  #expect(try reader.version("total@" + digest).version == 1)
  for (wrong, says) in [
    ("totel", #"did you mean "total""#), ("total@9", "it has 1 to 2"), ("total@", "it has"),
  ] {
    let error = #expect(throws: PipelineError.self) { try reader.version(wrong) }
    #expect(error?.exitCode == 2 && error?.description.contains(says) == true, "\(error?.description ?? "")")
  }
}

@Test func `documents, tables and files are shown and exported`() throws {
  let project = try project()
  let reader = try ArtifactReader(folder: project.folder)
  guard case .document(let total) = try reader.preview(reader.version("total@1")) else {
    Issue.record("a document is shown as one")
    return
  }
  #expect(total == ["schema": "toy.total/v1", "total": 12])
  guard case .table(let head, let rows) = try reader.preview(reader.version("doubled"), rows: 2) else {
    Issue.record("a table is shown as one")
    return
  }
  #expect(rows == 3 && head.rowCount == 2)
  #expect(try head.numbers("doubled") == [3, 6])
  try reader.export(reader.version("note@1"), to: project.folder + "/out.csv")
  #expect(try project.read("out.csv") == "total\n12.0\n")
}

@Test func `a damaged version is neither shown nor exported`() throws {
  let project = try project()
  try project.flipObject(of: "total")
  let reader = try ArtifactReader(folder: project.folder)
  let version = try reader.version("total")
  let error = #expect(throws: PipelineError.self) { try reader.preview(version) }
  #expect(error?.exitCode == 6)
  #expect(throws: PipelineError.self) { try reader.export(version, to: project.folder + "/out.json") }
  #expect(!FileManager.default.fileExists(atPath: project.folder + "/out.json"))
}

@Test func `where nothing ran there is nothing to read`() throws {
  let project = try TemporaryProject()
  let error = #expect(throws: PipelineError.self) { try ArtifactReader(folder: project.folder) }
  #expect(error?.exitCode == 2 && error?.description.contains("holdfast run") == true)
}
