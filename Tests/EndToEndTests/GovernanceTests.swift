import Fingerprints
import FoundationEssentials
import Testing

@Test func `a model is signed off, promoted, signed and verified, and what is wrong has its exit code`()
  throws
{
  let place = try Workplace.sample(1000)
  let folder = place.path
  #expect(try Holdfast.run(["run"], in: folder).code == 0)
  // Refusals: a run that is not there is 2; a rejection is 4, and gives way to an override with a reason.
  #expect(try Holdfast.run(["promote", "r9"], in: folder).code == 2)
  let words = ["--role", "validator", "--comment", "looked at"]
  #expect(try Holdfast.run(["signoff", "r1", "--decision", "reject"] + words, in: folder).code == 0)
  let refused = try Holdfast.run(["promote", "r1"], in: folder)
  #expect(refused.code == 4 && refused.errors.contains("validator rejected run r1"), "\(refused.errors)")
  #expect(try Holdfast.run(["promote", "r1", "--override"], in: folder).code == 2)
  #expect(try Holdfast.run(["promote", "r1", "--override", "--reason", "a drill"], in: folder).code == 0)
  #expect(try Holdfast.run(["signoff", "r1", "--decision", "maybe"] + words, in: folder).code == 2)
  // Signatures.
  let key = folder + "/audit.pem"
  #expect(try Holdfast.run(["verify"], in: folder).code == 0)
  for (path, text) in [(key, SigningKey().pem)] { try Data(text.utf8).write(to: URL(filePath: path)) }
  let pub = folder + "/audit.pub"
  let pem = try SigningKey(pem: try place.read("audit.pem")).publicKey.pem
  try place.write("audit.pub", pem)
  #expect(try Holdfast.run(["sign", "--key", key], in: folder).output.contains("signed r1"))
  let verified = try Holdfast.run(["verify", "--public-key", pub, "--json"], in: folder)
  #expect(verified.code == 0 && verified.objects.first?["signed"] == ["r1"], "\(verified.errors)")
  #expect(try Holdfast.run(["verify", "--public-key", key], in: folder).code == 2)
  for subject in ["r1", "model"] { #expect(try Holdfast.run(["verify", subject], in: folder).code == 0) }
  let name = try #require(
    try FileManager.default.contentsOfDirectory(atPath: folder + "/artifacts/manifests").first)
  let text = try place.read("artifacts/manifests/" + name)
  try place.write("artifacts/manifests/" + name, text.replacing("\"payload\":\"ey", with: "\"payload\":\"fy"))
  #expect(try Holdfast.run(["verify", "--public-key", pub], in: folder).code == 6)
}

@Test func `what a check said is found run by run, and of what it blocks`() throws {
  let place = try Workplace.sample(300)
  let text = try place.read("pipeline.json")
  let check = { (bound: Int) in
    text.replacing(
      "\"stages\": [\"ingest\"",
      with:
        "\"checks\": {\"enough\": {\"rows\": \"features\", \"atLeast\": \(bound), \"severity\": \"stop\"}}, \"stages\": [\"ingest\"",
      maxReplacements: 1)
  }
  try place.write("pipeline.json", check(10))
  #expect(try Holdfast.run(["run", "--to", "clean"], in: place.path).code == 0)
  try place.write("pipeline.json", check(100_000))
  #expect(try Holdfast.run(["run", "--to", "clean"], in: place.path).code == 3)
  let runs = try Holdfast.run(["log", "--check", "enough", "--json"], in: place.path).objects
  #expect(runs.map { $0["run"] } == ["r2", "r1"])
  #expect(runs.map { $0["checks"]?.elements?.map { $0["passed"] } } == [[false], [true]])
  #expect(runs.allSatisfy { $0["checks"]?.elements?.first?["id"] == "declared:enough" })
  let said = try Holdfast.run(["log", "--check", "declared:enough"], in: place.path).output
  #expect(said.contains("stops  clean  declared:enough") && said.contains("holds  clean  declared:enough"))
  #expect(try Holdfast.run(["log", "--check", "nonesuch", "--json"], in: place.path).objects.isEmpty)
  let all = try Holdfast.run(["log", "--checks", "--json"], in: place.path).objects
  #expect(all.count == 2 && all.allSatisfy { ($0["checks"]?.elements?.count ?? 0) >= 1 })
  let about = try Holdfast.run(["show", "features@1", "--about", "--json"], in: place.path).objects.first
  #expect(about?["blocked"]?.text?.contains("atLeast 100000") == true, "\(String(describing: about))")
  // Taken out again, it is not made: a run without it is not listed by it.
  try place.write("pipeline.json", text)
  #expect(try Holdfast.run(["run", "--to", "clean"], in: place.path).code == 0)
  let without = try Holdfast.run(["log", "--check", "enough", "--json"], in: place.path).objects
  #expect(without.map { $0["run"] } == ["r2", "r1"])
}

@Test func `the past is listed by stage, outcome and date, drawn as a tree and followed as a trend`() throws {
  let place = try Workplace.sample(1000)
  let folder = place.path
  #expect(try Holdfast.run(["run"], in: folder).code == 0)
  #expect(try Holdfast.run(["run"], in: folder).code == 0)
  let log = try Holdfast.run(["log", "--json", "--stage", "train", "--last", "1"], in: folder)
  #expect(log.objects.map { $0["run"]?.text } == ["r2"])
  #expect(try Holdfast.run(["log", "--outcome", "failed"], in: folder).output.isEmpty)
  #expect(try Holdfast.run(["log", "--outcome", "well"], in: folder).code == 2)
  #expect(try Holdfast.run(["log", "--since", "yesterday"], in: folder).code == 2)
  #expect(try Holdfast.run(["lineage", "ranking"], in: folder).output.contains("sources.customers"))
  #expect(try Holdfast.run(["lineage", "ranking", "--dot"], in: folder).output.hasPrefix("digraph"))
  let events = try Holdfast.run(["lineage", "ranking", "--openlineage"], in: folder).objects
  #expect(
    events.last?["job"]?["name"] == "rank" && events.allSatisfy { $0["eventTime"]?.text?.isEmpty == false })
  let metrics = try Holdfast.run(["metrics", "--json"], in: folder).objects
  #expect(Set(metrics.compactMap { $0["run"]?.text }) == ["r1", "r2"])
  let manifest = try Holdfast.run(["manifest", "r1"], in: folder)
  #expect(manifest.code == 0 && manifest.output.contains("https://slsa.dev/provenance/v1"))
}
