import Fingerprints
import FoundationEssentials
import Glibc
import Testing

// Projects made to do harm, given to the real program: refused with exit code 2 and the place, and neither the
// project nor anything beside it is written to.

private let pipeline = """
  {
    "schema": "holdfast.pipeline/v1",
    "name": "bank",
    "seed": 1,
    "sources": {
      "numbers": {"path": "numbers.csv", "columns": [
        {"name": "id", "type": "text", "role": "key"},
        {"name": "left", "type": "integer", "role": "target"}]}
    },
    "stages": ["step"],
    "profiles": {
      "nightly": {"stages": ["step"]}
    }
  }

  """

private let stage = """
  {
    "schema": "holdfast.stage/v1",
    "id": "step",
    "kind": "command",
    "purpose": "Copies.",
    "command": ["sh", "scripts/step.sh", "{in:sources.numbers}", "{out:copy}"],
    "files": ["scripts/step.sh"],
    "environment": {"LANG": "C"},
    "timeLimitSeconds": 60,
    "inputs": [{"name": "sources.numbers", "purpose": "The numbers."}],
    "outputs": [{"name": "copy", "file": "copy.csv", "format": "text/csv", "purpose": "A copy."}]
  }

  """

/// A folder with a project in `bank`, and beside it `outside`, which nobody may touch.
private final class Ground {
  let place = try? Workplace()
  var path: String { place?.path ?? "" }
  var bank: String { path + "/bank" }

  init() throws {
    let manager = FileManager.default
    for folder in ["bank/stages", "bank/scripts", "outside"] {
      try manager.createDirectory(atPath: path + "/" + folder, withIntermediateDirectories: true)
    }
    try place?.write("bank/pipeline.json", pipeline)
    try place?.write("bank/stages/step.json", stage)
    try place?.write("bank/scripts/step.sh", "cat \"$1\" > \"$2\"\n")
    try place?.write("bank/numbers.csv", "id,left\na,1\n")
    try place?.write("outside/secret.sh", "echo secret\n")
  }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(filePath: bank + "/" + name))
  }

  func link(_ name: String, to target: String) throws {
    try? FileManager.default.removeItem(atPath: bank + "/" + name)
    try FileManager.default.createSymbolicLink(atPath: bank + "/" + name, withDestinationPath: target)
  }

  /// Every file and folder below `folder` with what it holds, but for what the test's own runs print to, the
  /// lock, and what SQLite itself needs to read a database with a log.
  func contents(_ folder: String = "") throws -> [String: String] {
    var found: [String: String] = [:]
    let root = folder.isEmpty ? path : path + "/" + folder
    for name in try FileManager.default.subpathsOfDirectory(atPath: root)
    where !name.contains(".out-") && name != "bank/artifacts/.lock" && !name.hasSuffix("-shm")
      && !name.hasSuffix("-wal")
    {
      let kind = try FileManager.default.attributesOfItem(atPath: root + "/" + name)[.type]
      let isPlain = kind as? FileAttributeType == .typeRegular
      found[name] =
        isPlain
        ? Digest(of: [UInt8](try Data(contentsOf: URL(filePath: root + "/" + name)))).hexadecimal
        : "\(String(describing: kind))"
    }
    return found
  }
}

/// What stands in a file, and the place that must be said.
private struct Hostile: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let file: String
  let bytes: [UInt8]
  let line: Int

  init(_ name: String, in file: String, _ bytes: [UInt8], line: Int) {
    (testDescription, self.file, self.bytes, self.line) = (name, file, bytes, line)
  }

  init(_ name: String, _ old: String, _ new: String, line: Int) {
    self.init(
      name, in: "pipeline.json", Array(pipeline.replacing(old, with: new, maxReplacements: 1).utf8),
      line: line)
  }

  init(_ name: String, stage old: String, _ new: String, line: Int) {
    self.init(
      name, in: "stages/step.json", Array(stage.replacing(old, with: new, maxReplacements: 1).utf8),
      line: line)
  }

  init(_ name: String, check: String) {
    self.init(name, #""seed": 1,"#, #""seed": 1, "checks": {\#(check)},"#, line: 4)
  }
}

private let seed = #""seed": 1"#
private let script = #"["scripts/step.sh"]"#
private let hostiles: [Hostile] = [
  Hostile("10 MB of lists", in: "pipeline.json", [UInt8](repeating: 0x5B, count: 10 << 20), line: 1),
  Hostile("10 MB of lists", in: "stages/step.json", [UInt8](repeating: 0x5B, count: 10 << 20), line: 1),
  Hostile(
    "10 MB of objects", in: "pipeline.json", Array(String(repeating: "{\"a\":", count: 2 << 20).utf8), line: 1
  ),
  Hostile(
    "nesting below a member", seed, "\(seed), \"checks\": " + String(repeating: "[", count: 9000), line: 4),
  Hostile("a key twice", seed, #""seed": 1, "seed": 2"#, line: 4),
  Hostile("a huge number", seed, #""seed": 1e999"#, line: 4),
  Hostile("400 digits", seed, "\"seed\": " + String(repeating: "9", count: 400), line: 4),
  Hostile("a name that leads out", #""bank""#, #""../bank""#, line: 3),
  Hostile("an absolute name", #""bank""#, #""/etc/passwd""#, line: 3),
  Hostile("SQL in a name", #""bank""#, #""x'; DROP TABLE run; --""#, line: 3),
  Hostile("SQL in a source's name", #""numbers": {"#, #""n\"; DELETE FROM run; --": {"#, line: 6),
  Hostile("a source's name that leads out", #""numbers": {"#, #""../numbers": {"#, line: 6),
  Hostile("a NUL in a path", "numbers.csv", #"numbers\u0000.csv"#, line: 6),
  Hostile("a stage that leads out", #"["step"],"#, #"["../step"],"#, line: 10),
  Hostile("an absolute stage", #"["step"],"#, #"["/etc/passwd"],"#, line: 10),
  Hostile("SQL in a profile's name", #""nightly""#, #""n'; DROP TABLE head; --""#, line: 12),
  Hostile("a profile's name that leads out", #""nightly""#, #""../../nightly""#, line: 12),
  Hostile("SQL in a check's name", check: #""x'; DROP TABLE run; --": {"metric": "step.a", "atLeast": 1}"#),
  Hostile("a check's name that leads out", check: #""../x": {"metric": "step.a", "atLeast": 1}"#),
  Hostile(
    "SQL in a check's metric",
    check: #""a": {"metric": "step.a'; DROP TABLE run", "atLeast": 1, "severity": "stop"}"#),
  Hostile("a check's bound beyond numbers", check: #""a": {"metric": "step.a", "atLeast": 1e999}"#),
  Hostile(
    "a check of a table that leads out", check: #""a": {"rows": "../copy", "atLeast": 1, "severity": "stop"}"#
  ),
  Hostile("a check twice", check: #""a": {"metric": "step.a", "atLeast": 1}, "a": {}"#),
  Hostile("a file that leads out", stage: script, #"["../outside/secret.sh"]"#, line: 7),
  Hostile("a file that leads out midway", stage: script, #"["scripts/../../outside/secret.sh"]"#, line: 7),
  Hostile("an absolute file", stage: script, #"["/etc/passwd"]"#, line: 7),
  Hostile("a file with a NUL", stage: script, #"["scripts/step\u0000.sh"]"#, line: 7),
  Hostile("a program that leads out", stage: #""sh", "#, #""../outside/secret.sh", "#, line: 6),
  Hostile("a program in a subfolder that leads out", stage: #""sh", "#, #""scripts/../../x", "#, line: 6),
  Hostile("a program with a NUL", stage: #""sh", "#, #""sh\u0000", "#, line: 6),
  Hostile("an environment's name with '='", stage: #""LANG""#, #""A=B""#, line: 8),
  Hostile("an environment's name with SQL", stage: #""LANG""#, #""'; DROP TABLE run; --""#, line: 8),
  Hostile("an environment twice", stage: #""LANG": "C""#, #""LANG": "C", "LANG": "D""#, line: 8),
  Hostile("a huge time limit", stage: ": 60,", ": 1e300,", line: 9),
  Hostile(
    "an input that leads out", stage: #""name": "sources.numbers""#, #""name": "sources.../x""#, line: 10),
  Hostile("an output's name that leads out", stage: #""name": "copy""#, #""name": "../copy""#, line: 11),
  Hostile(
    "an output's name with SQL", stage: #""name": "copy""#, #""name": "c'; DROP TABLE run; --""#, line: 11),
  Hostile("an output's file that leads out", stage: "copy.csv", "../../copy.csv", line: 11),
  Hostile("an output's absolute file", stage: "copy.csv", "/tmp/copy.csv", line: 11),
  Hostile("an output's file called ..", stage: "copy.csv", "..", line: 11),
]

@Test(arguments: hostiles)
private func `a hostile declaration is refused with its place, and nothing at all is written`(
  _ hostile: Hostile
)
  throws
{
  let ground = try Ground()
  try ground.write(hostile.file, hostile.bytes)
  let before = try ground.contents()
  let ended = try Holdfast.run(["run"], in: ground.bank)
  #expect(ended.code == 2, "\(ended.code) \(ended.errors.prefix(2000))")
  let place = "--> \(hostile.file):\(hostile.line):"
  let column = ended.errors.components(separatedBy: place).dropFirst().first?.prefix { $0.isNumber }
  #expect(column?.isEmpty == false, "\(place) \(ended.errors.prefix(2000))")
  #expect(ended.errors.utf8.count < 1 << 16)
  #expect(try ground.contents() == before)
}

@Test func `what the hostile ones are made from runs`() throws {
  let ground = try Ground()
  let ended = try Holdfast.run(["run"], in: ground.bank)
  #expect(ended.code == 0, "\(ended.errors)")
}

@Test func `a link within the project that leads out is refused with its place, and not read`() throws {
  for links in [[("scripts/step.sh", "../../outside/secret.sh")], [("scripts", "../outside")]] {
    let ground = try Ground()
    if links[0].0 == "scripts" {
      try ground.place?.write("outside/step.sh", "true\n")
    }
    for (name, target) in links { try ground.link(name, to: target) }
    let before = try ground.contents()
    let ended = try Holdfast.run(["run"], in: ground.bank)
    #expect(ended.code == 2 && ended.errors.contains("--> stages/step.json:7:13"), "\(ended.errors)")
    #expect(try ground.contents() == before)
  }
  // One that stays within is a file like any other.
  let ground = try Ground()
  try ground.write("scripts/real.sh", Array("cat \"$1\" > \"$2\"\n".utf8))
  try ground.link("scripts/step.sh", to: "real.sh")
  #expect(try Holdfast.run(["run"], in: ground.bank).code == 0)
}

@Test(arguments: [
  "artifacts", "artifacts/objects", "artifacts/objects/tmp", "artifacts/latest", "artifacts/work",
  "artifacts/logs", "artifacts/quarantine", "artifacts/manifests", "artifacts/catalog.sqlite",
  "artifacts/anchors.log", "artifacts/.lock",
])
func `where a link stands in the place of what is written to, nothing is written, by any command`(
  name: String
)
  throws
{
  let ground = try Ground()
  // A project that has run, of which one folder was moved out and a link put in its place.
  #expect(try Holdfast.run(["run"], in: ground.bank).code == 0)
  let outside = ground.path + "/outside/moved"
  let place = ground.bank + "/" + name
  if FileManager.default.fileExists(atPath: place) {
    try FileManager.default.moveItem(atPath: place, toPath: outside)
  } else {
    try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
  }
  try ground.link(name, to: outside)
  let key = try #require(ground.place).key()
  let before = try ground.contents("outside")
  let signoff = ["--role", "validator", "--decision", "approve", "--comment", "x"]
  for words in [
    ["run"], ["run", "--force"], ["gc"], ["hold", "r1", "--reason", "x"], ["release", "r1", "--reason", "x"],
    ["erase", "--request", "7"], ["promote", "r1", "--reason", "x"], ["signoff", "r1"] + signoff,
  ] {
    let ended = try Holdfast.run(words, in: ground.bank)
    #expect(ended.code == 2, "\(words): \(ended.code) \(ended.errors)")
    #expect(try ground.contents("outside") == before, "\(words)")
    if words == ["run"] { #expect(ended.errors.contains("is a link"), "\(ended.errors)") }
  }
  // Signing reads the catalog and writes to manifests only.
  if ["artifacts", "artifacts/manifests"].contains(name) {
    let ended = try Holdfast.run(["sign", "--key", key], in: ground.bank)
    #expect(ended.code == 2, "\(ended.code) \(ended.errors)")
    #expect(try ground.contents("outside") == before)
  }
}

@Test func `what is no file is not waited for in the place of one`() throws {
  let ground = try Ground()
  for name in ["numbers.csv", "scripts/step.sh"] {
    let path = ground.bank + "/" + name
    let bytes = try Data(contentsOf: URL(filePath: path))
    try FileManager.default.removeItem(atPath: path)
    #expect(unsafe mkfifo(path, 0o644) == 0)
    for words in [["run"], ["run", "--dry-run"], ["status"]] {
      let ended = try Holdfast.run(words, in: ground.bank)
      #expect(ended.code == 2, "\(name) \(words): \(ended.errors)")
      #expect(ended.errors.contains(name), "\(ended.errors)")
    }
    try FileManager.default.removeItem(atPath: path)
    try bytes.write(to: URL(filePath: path))
  }
}

@Test func `a program that is not there is said with its place, by whatever looks at it`() throws {
  let ground = try Ground()
  try ground.write("stages/step.json", Array(stage.replacing("\"sh\", ", with: "\"no-such\", ").utf8))
  for words in [["run"], ["run", "--dry-run"], ["status"], ["explain", "step"]] {
    let ended = try Holdfast.run(words, in: ground.bank)
    #expect(ended.code == 2, "\(words): \(ended.code) \(ended.errors)")
    #expect(ended.errors.contains("stages/step.json:6:15"), "\(words): \(ended.errors)")
  }
  try ground.write("stages/step.json", Array(stage.utf8))
  try FileManager.default.removeItem(atPath: ground.bank + "/scripts/step.sh")
  for words in [["run"], ["run", "--dry-run"], ["status"]] {
    let ended = try Holdfast.run(words, in: ground.bank)
    #expect(ended.code == 2 && ended.errors.contains("stages/step.json:7:13"), "\(words): \(ended.errors)")
  }
}
