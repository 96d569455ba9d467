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
