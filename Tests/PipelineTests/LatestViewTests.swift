import FoundationEssentials
import Glibc
import Pipeline
import Testing

private func run(_ project: TemporaryProject, _ overrides: [String] = []) throws -> RunEnd {
  Runner(try project.load(overrides), RunRequest(threads: 2), observer: Recorder()).run()
}

private func inode(_ path: String) throws -> UInt64 {
  var facts = stat()
  try #require(unsafe lstat(path, &facts) == 0, "\(path) is not there")
  return UInt64(facts.st_ino)
}

@Test func `what changed comes into latest as one folder, what did not leaves the folder in its place`()
  throws
{
  let project = try TemporaryProject()
  let latest = project.folder + "/artifacts/latest"
  #expect(try run(project).exitCode == 0)
  let first = try inode(latest)
  #expect(try run(project).exitCode == 0)
  #expect(try inode(latest) == first)
  try project.write("numbers.txt", "1 2 4\n")
  #expect(try run(project).exitCode == 0)
  #expect(try inode(latest) != first)
  #expect(try project.read("artifacts/latest/tell/index.html") == "Hello 14.0 was 12.0")
  #expect(!FileManager.default.fileExists(atPath: latest + ".new"))
}

@Test func `what others put into latest is still there after a change`() throws {
  let project = try TemporaryProject()
  #expect(try run(project).exitCode == 0)
  try project.write("artifacts/latest/README", "mine")
  try project.write("artifacts/latest/add/notes.txt", "mine too")
  try FileManager.default.createSymbolicLink(
    atPath: project.folder + "/artifacts/latest/shortcut", withDestinationPath: "add/note.csv")
  try project.write("numbers.txt", "1 2 4\n")
  #expect(try run(project).exitCode == 0)
  #expect(try project.read("artifacts/latest/README") == "mine")
  #expect(try project.read("artifacts/latest/add/notes.txt") == "mine too")
  #expect(try project.read("artifacts/latest/shortcut") == "total\n14.0\n")
  // A folder of somebody's own cannot be in two places: the files go into their places one by one.
  try FileManager.default.createDirectory(
    atPath: project.folder + "/artifacts/latest/add/deep", withIntermediateDirectories: false)
  try project.write("artifacts/latest/add/deep/x", "deep")
  try project.write("numbers.txt", "1 2 5\n")
  #expect(try run(project).exitCode == 0)
  #expect(try project.read("artifacts/latest/add/deep/x") == "deep")
  #expect(try project.read("artifacts/latest/add/note.csv") == "total\n16.0\n")
  #expect(try project.read("artifacts/latest/tell/index.html") == "Hello 16.0 was 14.0")
}

@Test func `what a dead run left beside latest is removed by the next, links as links`() throws {
  let (project, elsewhere) = (try TemporaryProject(), try TemporaryProject())
  #expect(try run(project).exitCode == 0)
  let artifacts = project.folder + "/artifacts"
  for folder in [artifacts + "/latest.new", artifacts + "/objects/tmp"] {
    try FileManager.default.createDirectory(atPath: folder + "/add", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/add/away", withDestinationPath: elsewhere.folder)
  }
  #expect(try run(project).exitCode == 0)
  #expect(!FileManager.default.fileExists(atPath: artifacts + "/latest.new"))
  #expect(!FileManager.default.fileExists(atPath: artifacts + "/objects/tmp/add"))
  #expect(FileManager.default.fileExists(atPath: elsewhere.folder + "/pipeline.json"))
}
