import FoundationEssentials
import Testing

private func project(_ change: (Workplace) throws -> Void) throws -> (Workplace, Ended) {
  let place = try Workplace.sample(600)
  try change(place)
  return (place, try Holdfast.run(["run"], in: place.path))
}

private let header =
  "customerId,surname,score,city,gender,age,tenure,deposit,balance,products,creditCard,activeMember,salary,churned\n"

/// What the file is, the exit code, and what the message must say.
private let files: [(name: String, text: String, code: Int32, words: [String])] = [
  ("empty", "", 3, ["customers.csv:1:1", "empty"]),
  ("header only", header, 3, ["customers.csv:2:1", "no row"]),
  ("repeated header name", "a,b,a\n1,2,3\n", 3, ["customers.csv:1:5", "\"a\"", "twice"]),
  (
    "quote never closed", header + "1,\"x,600,N,F,40,1,Yes,1,1,1,1,1,0\n", 3,
    ["customers.csv:2:3", "never closed"]
  ),
  ("column gone", "customerId,surname\n1,x\n", 2, ["customers.csv:1:1", "no column"]),
]

@Test(arguments: files.indices)
func `a file that cannot be used ends by kind, with place and remedy, and leaves what was good`(place: Int)
  throws
{
  let (name, text, code, words) = files[place]
  let work = try Workplace.sample(600)
  #expect(try Holdfast.run(["run"], in: work.path).code == 0)
  let before = try work.digests()
  try work.write("customers.csv", text)
  let ended = try Holdfast.run(["run"], in: work.path)
  #expect(ended.code == code, "\(name): \(ended.errors)")
  for word in words { #expect(ended.errors.contains(word), "\(name): \(ended.errors)") }
  #expect(try work.digests() == before)
}

@Test func `a missing file names the file and the place to mend`() throws {
  let (place, ended) = try project { try FileManager.default.removeItem(atPath: $0.path + "/customers.csv") }
  #expect(ended.code == 2, "\(ended.errors)")
  #expect(ended.errors.contains("customers.csv"))
  #expect(!FileManager.default.fileExists(atPath: place.path + "/artifacts/latest/rank"))
}

@Test func `every mistake in the declarations is reported at once with line and column`() throws {
  let (_, ended) = try project { place in
    var text = try place.read("pipeline.json")
    text = text.replacing("\"seed\"", with: "\"sead\"").replacing(
      "\"rank\": {", with: "\"rnak\": {", maxReplacements: 1)
    try place.write("pipeline.json", text)
  }
  #expect(ended.code == 2)
  #expect(ended.errors.contains("sead"))
  #expect(ended.errors.contains("did you mean"))
  #expect(ended.errors.contains("--> pipeline.json:"))
}

@Test(arguments: [
  (["run", "trian"], "train"), (["run", "--set", "rank.saveRat=.3"], "saveRate"),
  (["run", "--set", "rank.saveRate=7"], "out of range"),
  (["run", "--if-locked", "maybe"], "if-locked"), (["run", "--only", "rank", "--from", "rank"], "one of"),
  (["run", "--profile", "nihgtly"], "nightly"), (["show", "rankign"], "ranking"), (["bogus"], "\"bogus\""),
  (["scroe"], "score"),
])
func `what was not meant is answered with what was, exit code 2`(arguments: [String], word: String) throws {
  let place = try Workplace.sample(600)
  if arguments[0] == "show" { #expect(try Holdfast.run(["run"], in: place.path).code == 0) }
  let ended = try Holdfast.run(arguments, in: place.path)
  #expect(ended.code == 2, "\(ended.errors)")
  #expect(ended.errors.contains(word), "\(ended.errors)")
}

@Test func `duplicate keys that nothing resolves stop the run and say what to declare`() throws {
  let (_, ended) = try project { place in
    var lines = try place.read("customers.csv").split(separator: "\n").map(String.init)
    let fields = lines[1].split(separator: ",", omittingEmptySubsequences: false)
    lines.append(
      ([fields[0], "Other"] + fields.dropFirst(2)).joined(separator: ",").replacing(",1\n", with: ",0\n"))
    lines[lines.count - 1] = String(lines[lines.count - 1].dropLast()) + (lines[1].hasSuffix("1") ? "0" : "1")
    try place.write("customers.csv", lines.joined(separator: "\n") + "\n")
  }
  #expect(ended.code == 3, "\(ended.errors)")
  #expect(ended.errors.contains("key"))
}

@Test func `a second run at the same time is turned away or waits, as asked`() throws {
  let place = try Workplace.sample(600)
  #expect(try Holdfast.run(["run"], in: place.path).code == 0)
  // The lock is a lock on a file; holding it is what another run does.
  let held = try LockHolder(place.path + "/artifacts/.lock")
  let refused = try Holdfast.run(["run"], in: place.path)
  #expect(refused.code == 5, "\(refused.errors)")
  #expect(try Holdfast.run(["run", "--if-locked", "skip"], in: place.path).code == 0)
  #expect(try Holdfast.run(["run", "--if-locked", "wait=0.2"], in: place.path).code == 5)
  held.release()
  #expect(try Holdfast.run(["run", "--if-locked", "wait=5"], in: place.path).code == 0)
}

@Test func `thirty customers and a column of nothing are no reason to give up`() throws {
  let place = try Workplace()
  #expect(
    try Holdfast.run(["sample", "--customers", "30", "--seed", "5", "--output", "small.csv"], in: place.path)
      .code == 0)
  let lines = try place.read("small.csv").split(separator: "\n").enumerated().map { number, line in
    number == 0 ? "nothing," + line : "," + line
  }
  try place.write("small.csv", lines.joined(separator: "\n") + "\n")
  let made = try Holdfast.run(["init", ".", "--data", "small.csv"], in: place.path)
  #expect(made.code == 0, "\(made.errors)")
  let run = try Holdfast.run(["run"], in: place.path)
  #expect(run.code == 0, "\(run.errors)")
}

@Test func `damage to an artifact is noticed, exit code 6, and mended by the next run`() throws {
  let place = try Workplace.sample(600)
  #expect(try Holdfast.run(["run"], in: place.path).code == 0)
  let before = try place.digests()
  let file = place.path + "/artifacts/latest/train/model.json"
  var bytes = try Data(contentsOf: URL(filePath: file))
  bytes[bytes.count / 2] ^= 1
  let object = URL(filePath: file).resolvingSymlinksInPath()
  try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: object.path)
  try bytes.write(to: object)
  let verified = try Holdfast.run(["verify"], in: place.path)
  #expect(verified.code == 6, "\(verified.errors)")
  let mended = try Holdfast.run(["run", "--json"], in: place.path)
  #expect(mended.code == 0, "\(mended.errors)")
  #expect(mended.ran == ["train"])
  #expect(try place.digests() == before)
  #expect(try Holdfast.run(["verify"], in: place.path).code == 0)
}
