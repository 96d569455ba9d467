import Fingerprints
import FoundationEssentials
import Testing

@Test func `a past run comes out with the same bytes, whatever became of the project since`() throws {
  let place = try Workplace.sample(1500)
  #expect(try Holdfast.run(["run", "--set", "rank.saveRate=.4"], in: place.path).code == 0)
  // The file and the parameters are others by now.
  var lines = try place.read("customers.csv").split(separator: "\n").map(String.init)
  lines.removeLast(200)
  try place.write("customers.csv", lines.joined(separator: "\n") + "\n")
  #expect(try Holdfast.run(["run"], in: place.path).code == 0)
  let before = try place.digests()
  for run in ["r1", "r2"] {
    let again = try Holdfast.run(["reproduce", run, "--json"], in: place.path)
    #expect(again.code == 0, "\(again.errors)")
    #expect(again.objects.first?["verdict"] == "identical")
    #expect(again.objects.first?["artifacts"] == 20)
  }
  #expect(try place.digests() == before)
  // Nothing is left behind, and nothing of it is in the catalog.
  let left = try FileManager.default.contentsOfDirectory(atPath: place.path).filter { $0.contains("replay") }
  #expect(left.isEmpty)
  #expect(try Holdfast.run(["log", "--json"], in: place.path).objects.count == 2)
  #expect(try Holdfast.run(["reproduce", "r9"], in: place.path).code == 2)
}

@Test func `a nightly run is reproduced by the champion it was scored by`() throws {
  let place = try Workplace.sample(1500)
  #expect(try Holdfast.run(["run"], in: place.path).code == 0)
  let rows = try place.read("customers.csv").split(separator: "\n").map { line in
    line.prefix(upTo: line.lastIndex(of: ",") ?? line.endIndex)
  }
  try place.write("today.csv", rows.prefix(601).joined(separator: "\n") + "\n")
  let nightly = try Holdfast.run(
    ["run", "--profile", "nightly", "--set", "sources.customers.path=today.csv"], in: place.path)
  #expect(nightly.code == 0, "\(nightly.errors)")
  try FileManager.default.removeItem(atPath: place.path + "/today.csv")
  let again = try Holdfast.run(["reproduce", "latest"], in: place.path)
  #expect(again.code == 0, "\(again.errors)")
  #expect(again.output.contains("identical"))
}

@Test func `a source that was not kept and is no longer there is refused in words`() throws {
  let place = try Workplace.sample(1500)
  let text = try place.read("pipeline.json")
  try place.write("pipeline.json", text.replacing("\"keep\": \"bytes\"", with: "\"keep\": \"digest\""))
  #expect(try Holdfast.run(["run"], in: place.path).code == 0)
  #expect(try Holdfast.run(["reproduce", "r1"], in: place.path).code == 0)
  try place.write("customers.csv", try place.read("customers.csv") + "\n")
  let refused = try Holdfast.run(["reproduce", "r1"], in: place.path)
  #expect(refused.code == 2)
  #expect(refused.errors.contains("was not kept"))
}
