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

/// Replaces one text by another of its length everywhere in a project's catalog; says whether it stood there.
private func forge(_ place: Workplace, _ old: String, _ new: String) throws -> Bool {
  let file = URL(filePath: place.path + "/artifacts/catalog.sqlite")
  var bytes = [UInt8](try Data(contentsOf: file))
  let (wanted, other) = (Array(old.utf8), Array(new.utf8))
  var found = false
  var start = 0
  while start + wanted.count <= bytes.count {
    if bytes[start] == wanted[0], bytes[start..<(start + wanted.count)].elementsEqual(wanted) {
      bytes.replaceSubrange(start..<(start + wanted.count), with: other)
      found = true
      start += wanted.count
    } else {
      start += 1
    }
  }
  if found { try Data(bytes).write(to: file) }
  return found
}

/// A digest like `digest`, and yet another.
private func another(_ digest: String) -> String { (digest.hasPrefix("0") ? "1" : "0") + digest.dropFirst() }

@Test func `code that is another is refused with 2, said with --anyway, and another result ends with 6`()
  throws
{
  let place = try Workplace.sample(1000)
  #expect(try Holdfast.run(["run"], in: place.path).code == 0)
  // As if another program had made the run: another digest of a stage's code stands in its record. A record may be
  // split between two pages of the file; then another stage's is taken.
  let forged = try ["rank", "evaluate", "score", "clean"].first { stage in
    let told = try Holdfast.run(["explain", stage, "--json"], in: place.path).objects.first
    let code = told?["components"]?.elements?.first { $0["name"] == "code" }?["old"]?.text
    return try code.map { try forge(place, $0, another($0)) } ?? false
  }
  let stage = try #require(forged)
  let refused = try Holdfast.run(["reproduce", "r1"], in: place.path)
  #expect(refused.code == 2)
  #expect(refused.errors.contains("the code of \(stage)") && refused.errors.contains("--anyway"))
  let anyway = try Holdfast.run(["reproduce", "r1", "--anyway", "--json"], in: place.path)
  #expect(anyway.code == 0, "\(anyway.errors)")
  #expect(anyway.objects.first?["codeChanged"]?.elements?.compactMap(\.text) == [stage])
  #expect(anyway.objects.first?["verdict"] == "identical")
  // As if the gate had been another then.
  let gate = Digest(of: Array(try place.read("artifacts/latest/evaluate/gate.json").utf8)).hexadecimal
  #expect(try forge(place, gate, another(gate)))
  let differs = try Holdfast.run(["reproduce", "r1", "--anyway", "--json"], in: place.path)
  #expect(differs.code == 6)
  #expect(differs.objects.first?["verdict"] == "differs" && differs.objects.first?["artifact"] == "gate")
  #expect(differs.objects.first?["found"]?.text == gate)
  #expect(differs.errors.contains("gate of stage evaluate came out otherwise"), "\(differs.errors)")
}

@Test func `a run whose file was moved is reproduced from where the project says it lies now`() throws {
  let place = try Workplace.sample(1000)
  let text = try place.read("pipeline.json").replacing("\"keep\": \"bytes\"", with: "\"keep\": \"digest\"")
  try place.write("pipeline.json", text)
  #expect(try Holdfast.run(["run"], in: place.path).code == 0)
  try FileManager.default.createDirectory(atPath: place.path + "/old", withIntermediateDirectories: true)
  try FileManager.default.moveItem(
    atPath: place.path + "/customers.csv", toPath: place.path + "/old/customers.csv")
  #expect(try Holdfast.run(["reproduce", "r1"], in: place.path).code == 2)
  try place.write("pipeline.json", text.replacing("\"customers.csv\"", with: "\"old/customers.csv\""))
  let again = try Holdfast.run(["reproduce", "r1"], in: place.path)
  #expect(again.code == 0, "\(again.errors)")
}
