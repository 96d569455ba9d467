import Fingerprints
import FoundationEssentials
import Testing

private let allStages = [
  "clean", "evaluate", "ingest", "rank", "report", "resample", "score", "segment", "train",
]

@Test func `a run makes everything, a second nothing, and each change only what it must`() throws {
  let place = try Workplace.sample()
  let cold = try Holdfast.run(["run", "--json"], in: place.path)
  #expect(cold.code == 0, "\(cold.errors)\(cold.output)")
  #expect(cold.ran == allStages)
  #expect(cold.objects.last?["event"] == "run")
  #expect(cold.objects.last?["outcome"] == "succeeded")
  #expect(cold.objects.last?["exitCode"] == 0)
  let first = try place.digests()

  let again = try Holdfast.run(["run", "--json"], in: place.path)
  #expect(again.ran == [])
  #expect(Set(again.actions.values) == ["reused"])

  let parameter = try Holdfast.run(["run", "--json", "--set", "rank.saveRate=.3"], in: place.path)
  #expect(parameter.ran == ["rank", "report"])
  #expect(try place.digests() != first)

  let back = try Holdfast.run(["run", "--json"], in: place.path)
  #expect(back.ran == [])
  #expect(back.actions["rank"] == "restored")
  #expect(try place.digests() == first)

  // Touched, not changed.
  let file = place.path + "/customers.csv"
  try FileManager.default.setAttributes([.modificationDate: Date.now], ofItemAtPath: file)
  #expect(try Holdfast.run(["run", "--json"], in: place.path).ran == [])

  // One balance.
  var lines = try place.read("customers.csv").split(separator: "\n").map(String.init)
  let row = try #require(lines.indices.dropFirst().first { lines[$0].contains(",Yes,1") })
  lines[row] = lines[row].replacing(",Yes,1", with: ",Yes,2", maxReplacements: 1)
  try place.write("customers.csv", lines.joined(separator: "\n") + "\n")
  let changed = try Holdfast.run(["run", "--json"], in: place.path)
  #expect(changed.code == 0)
  #expect(changed.ran.contains("ingest"))
  #expect(changed.ran.contains("train"))
  #expect(try Holdfast.run(["verify"], in: place.path).code == 0)
}

@Test func `one thread and two make the same bytes`() throws {
  let one = try Workplace.sample(1500)
  let two = try Workplace.sample(1500)
  #expect(try Holdfast.run(["run", "--threads", "1"], in: one.path).code == 0)
  #expect(try Holdfast.run(["run", "--threads", "2"], in: two.path).code == 0)
  let first = try one.digests()
  #expect(first.count >= 18)
  #expect(first == (try two.digests()))
}

@Test func `only leaves what is current as it was`() throws {
  let place = try Workplace.sample(1500)
  #expect(try Holdfast.run(["run"], in: place.path).code == 0)
  let before = try place.digests()
  let only = try Holdfast.run(
    ["run", "--only", "rank", "--set", "rank.saveRate=.4", "--json"], in: place.path)
  #expect(only.ran == ["rank"])
  #expect(try place.digests() == before)
}

@Test func `the nightly profile scores new customers by the champion and trains nothing`() throws {
  let place = try Workplace.sample(2000)
  let early = try Holdfast.run(["run", "--profile", "nightly"], in: place.path)
  #expect(early.code == 2)
  #expect(early.errors.contains("champion"))
  #expect(try Holdfast.run(["run"], in: place.path).code == 0)
  // A new day's extract without the outcome.
  let rows = try place.read("customers.csv").split(separator: "\n").map { line in
    line.prefix(upTo: line.lastIndex(of: ",") ?? line.endIndex)
  }
  try place.write("today.csv", rows.prefix(801).joined(separator: "\n") + "\n")
  let nightly = try Holdfast.run(
    ["run", "--profile", "nightly", "--json", "--set", "sources.customers.path=today.csv"], in: place.path)
  #expect(nightly.code == 0, "\(nightly.errors)\(nightly.output)")
  #expect(nightly.actions["train"] == nil)
  #expect(nightly.actions["evaluate"] == "skipped")
  #expect(nightly.ran.contains("rank"))
  // One customer, one number: in the nightly run and by the command.
  let scored = try Holdfast.run(["score", "today.csv", "--json"], in: place.path)
  #expect(scored.code == 0, "\(scored.errors)")
  let shown = try Holdfast.run(["show", "predictions", "--rows", "100000", "--json"], in: place.path)
  var numbers: [String: JSONValue] = [:]
  for object in shown.objects { numbers[object["key"]?.text ?? ""] = object["probability"] }
  #expect(scored.objects.count > 700)
  for object in scored.objects { #expect(numbers[object["key"]?.text ?? "?"] == object["probability"]) }
}

@Test func `the pipeline comes near to the best that can be known`() throws {
  let place = try Workplace.sample(6000)
  #expect(try Holdfast.run(["run"], in: place.path).code == 0)
  let metrics = try JSONParser.parse(Array(place.read("artifacts/latest/evaluate/metrics.json").utf8))
  let found = try #require(metrics["outOfFold"]?["logLoss"]?.double)
  var truth: [String: Double] = [:]
  for line in try place.read("truth.csv").split(separator: "\n").dropFirst() {
    let fields = line.split(separator: ",", omittingEmptySubsequences: false)
    truth[String(fields[0])] = Double(fields[1])
  }
  var best = 0.0
  var count = 0
  var seen: Set<String> = []
  for line in try place.read("customers.csv").split(separator: "\n").dropFirst() {
    let key = String(line.prefix { $0 != "," })
    guard let p = truth[key], seen.insert(key).inserted else { continue }
    // The log-loss the truth itself has: −ln of the probability of what happened.
    let chance = line.hasSuffix(",1") ? p : 1 - p
    best -= naturalLogarithm(chance)
    count += 1
  }
  best /= Double(count)
  #expect(found < best + 0.035, "found \(found), best \(best)")
  #expect(found > best - 0.01)
}

/// ln x by halving and the series of artanh; exact enough to compare means.
private func naturalLogarithm(_ x: Double) -> Double {
  var exponent = 0.0
  var m = x
  while m < 0.7 {
    m *= 2
    exponent -= 1
  }
  let t = (m - 1) / (m + 1)
  var sum = 0.0
  var power = t
  for place in stride(from: 1.0, to: 60, by: 2) {
    sum += power / place
    power *= t * t
  }
  return 2 * sum + exponent * 0.6931471805599453
}
