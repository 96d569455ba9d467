import Catalog
import FoundationEssentials
import Pipeline
import Testing

/// Bytes of the catalog and what lies beside it, objects and their links left out.
private func recordBytes(_ project: TemporaryProject) throws -> Int {
  try ["catalog.sqlite", "anchors.log"].reduce(0) { sum, name in
    let path = project.folder + "/artifacts/" + name
    return sum + (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0)
  }
}

@Test func `a night's record stays within its bound, with nothing to do and with one parameter changed`()
  throws
{
  let project = try TemporaryProject()
  Runner(try project.load(), RunRequest(threads: 2), observer: Recorder()).run()
  let first = try recordBytes(project)
  for _ in 0..<20 { Runner(try project.load(), RunRequest(threads: 2), observer: Recorder()).run() }
  let quiet = try recordBytes(project)
  for night in 0..<20 {
    Runner(try project.load(["double.factor=\(night + 20)"]), RunRequest(threads: 2), observer: Recorder())
      .run()
  }
  let busy = try recordBytes(project)
  print(
    "a night's record: \((quiet - first) / 20) bytes with nothing to do, \((busy - quiet) / 20) with a change"
  )
  #expect((quiet - first) / 20 < 200_000 && (busy - quiet) / 20 < 200_000)
}

@Test func `with gc every night objects stay within what is kept, whatever is made`() throws {
  let project = try TemporaryProject()
  func objectBytes() throws -> Int {
    let folder = project.folder + "/artifacts/objects"
    return try FileManager.default.subpathsOfDirectory(atPath: folder).reduce(0) { sum, path in
      let facts = try FileManager.default.attributesOfItem(atPath: folder + "/" + path)
      return sum + (facts[.type] as? FileAttributeType == .typeRegular ? facts[.size] as? Int ?? 0 : 0)
    }
  }
  let keeper = Housekeeper(folder: project.folder)
  var bytes: [Int] = []
  var made = 0
  for night in 0..<16 {
    try project.write("numbers.txt", (0..<500).map { "\($0 * 1000 + night)" }.joined(separator: " "))
    let end = Runner(try project.load(), RunRequest(threads: 2), observer: Recorder()).run()
    #expect(end.exitCode == 0)
    made += try keeper.collect(RetentionPolicy(keep: 3), by: nil).plan.bytes
    bytes.append(try objectBytes())
  }
  // Three nights and the champion's, no more; without gc there would be sixteen.
  #expect(try #require(bytes.max()) < 2 * bytes[2], "\(bytes)")
  #expect(made > 3 * bytes[2], "\(made) bytes collected, \(bytes)")
}
