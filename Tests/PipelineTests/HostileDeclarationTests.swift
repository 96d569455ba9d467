import FoundationEssentials
import Pipeline
import Staging
import Testing

/// What stands in pipeline.json, or in the place of one of its members, and the mistake that must be said.
private struct Hostile: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let bytes: [UInt8]
  let code: DiagnosticCode
  let line: Int

  init(_ name: String, _ bytes: [UInt8], _ code: DiagnosticCode, line: Int = 1) {
    testDescription = name
    self.bytes = bytes
    self.code = code
    self.line = line
  }

  init(_ name: String, _ text: String, _ code: DiagnosticCode, line: Int = 1) {
    self.init(name, Array(text.utf8), code, line: line)
  }

  /// The toys' pipeline with one text in the place of another.
  init(_ name: String, _ old: String, _ new: String, _ code: DiagnosticCode, line: Int) {
    self.init(name, TemporaryProject.pipeline.replacing(old, with: new, maxReplacements: 1), code, line: line)
  }
}

private let seed = #""seed": 1"#
private let whole: [Hostile] = [
  Hostile("empty", "", .notJSON),
  Hostile("spaces only", "  \n  ", .notJSON, line: 2),
  Hostile("a list", "[]", .wrongKind),
  Hostile("a text", "\"x\"", .wrongKind),
  Hostile("null", "null", .wrongKind),
  Hostile("10 MB of open lists", [UInt8](repeating: UInt8(ascii: "["), count: 10 << 20), .notJSON),
  Hostile("10 MB of nested objects", String(repeating: "{\"a\":", count: 2 << 20), .notJSON),
  Hostile("invalid UTF-8", Array("{\"name\": \"".utf8) + [0xC3, 0x28] + Array("\"}".utf8), .notJSON),
  Hostile("a lone surrogate", #"{"name": "\ud800"}"#, .notJSON),
  Hostile("NUL between values", Array("{".utf8) + [0] + Array("}".utf8), .notJSON),
  Hostile("a control character in a text", Array("{\"name\": \"a".utf8) + [1] + Array("\"}".utf8), .notJSON),
  Hostile("text after the end", TemporaryProject.pipeline + "}", .notJSON, line: 15),
  Hostile("a key twice", seed, #""seed": 1, "seed": 2"#, .notJSON, line: 4),
  Hostile("1e999", seed, #""seed": 1e999"#, .notJSON, line: 4),
  Hostile("400 digits", seed, "\"seed\": " + String(repeating: "9", count: 400), .notJSON, line: 4),
  Hostile("beyond whole numbers", seed, #""seed": 1e300"#, .valueNotAllowed, line: 4),
]
private let members: [Hostile] = [
  Hostile("a name that leads out", #""toys""#, #""../toys""#, .badName, line: 3),
  Hostile("an absolute name", #""toys""#, #""/etc/passwd""#, .badName, line: 3),
  Hostile("SQL in a name", #""toys""#, #""x'; DROP TABLE run; --""#, .badName, line: 3),
  Hostile("a NUL in a name", #""toys""#, #""to\u0000ys""#, .badName, line: 3),
  Hostile(
    "5 MB of name", #""toys""#, "\"" + String(repeating: "a", count: 5 << 20) + "\"", .badName, line: 3),
  Hostile("a source that leads out", #""numbers": {"#, #""../numbers": {"#, .badName, line: 6),
  Hostile("SQL in a source's name", #""numbers": {"#, #""n\"; DELETE FROM run": {"#, .badName, line: 6),
  Hostile("a NUL in a path", "numbers.txt", #"numbers\u0000.txt"#, .badPath, line: 7),
  Hostile("an empty path", "numbers.txt", "", .badPath, line: 7),
  Hostile("a stage that leads out", #""read", "double""#, #""../read", "double""#, .unknownStage, line: 11),
  Hostile("SQL in a profile's name", #""nightly": {"#, #""n'; DROP TABLE head; --": {"#, .badName, line: 13),
  Hostile(
    "a check that leads out", seed, seed + #", "checks": {"../x": {"rows": "doubled"}}"#, .badName, line: 4),
]

private func mistakes(_ bytes: [UInt8]) throws -> [Diagnostic] {
  let project = try TemporaryProject()
  try Data(bytes).write(to: URL(filePath: project.folder + "/pipeline.json"))
  do throws(DeclarationErrors) {
    _ = try Project.load(folder: project.folder, registry: toys)
    return []
  } catch {
    return error.diagnostics
  }
}

@Test(arguments: whole + members)
private func `a hostile pipeline_json is refused with the place, in bounded time and text`(_ hostile: Hostile)
  throws
{
  let begun = ContinuousClock.now
  let found = try mistakes(hostile.bytes)
  #expect(ContinuousClock.now - begun < .seconds(60))
  #expect(found.contains { $0.code == hostile.code && $0.line == hostile.line && $0.column >= 1 }, "\(found)")
  #expect(found.allSatisfy { $0.text.utf8.count < 4096 && !$0.text.utf8.contains(0) })
}

@Test func `a declaration file beyond 16 MB is not read`() throws {
  let found = try mistakes([UInt8](repeating: UInt8(ascii: " "), count: (16 << 20) + 1))
  #expect(found.map(\.code) == [.unreadableFile])
}

/// A check as declared, and what is wrong with it.
private let checks: [(text: String, code: DiagnosticCode)] = [
  (#"{"rows": "doubled", "atLeast": 1}"#, .missingKey),
  (#"{"severity": "stop", "atLeast": 1}"#, .missingKey),
  (#"{"rows": "doubled", "severity": "stop"}"#, .missingKey),
  (#"{"rows": "doubled", "metric": "double.factor", "atLeast": 1, "severity": "stop"}"#, .contradiction),
  (#"{"rows": "doubled", "atLeast": 2, "atMost": 1, "severity": "stop"}"#, .contradiction),
  (#"{"rows": "total", "atLeast": 2, "severity": "stop"}"#, .contradiction),
  (#"{"rows": "duobled", "atLeast": 2, "severity": "stop"}"#, .unknownArtifact),
  (#"{"metric": "duoble.factor", "atLeast": 2, "severity": "stop"}"#, .unknownStage),
  (#"{"metric": "factor", "atLeast": 2, "severity": "stop"}"#, .valueNotAllowed),
  (#"{"rows": "doubled", "fallAtMost": -1, "severity": "stop"}"#, .valueNotAllowed),
  (#"{"rows": "doubled", "atLeast": "2", "severity": "stop"}"#, .wrongKind),
  (#"{"rows": "doubled", "atLeast": 2, "severity": "fatal"}"#, .valueNotAllowed),
  (#"{"rows": "doubled", "atleast": 2, "atMost": 3, "severity": "stop"}"#, .unknownKey),
  (#"{"columns": {"value": "float"}, "of": "doubled", "severity": "stop"}"#, .valueNotAllowed),
  (#"{"columns": {"value": "real"}, "severity": "stop"}"#, .missingKey),
  (#"{"columns": {"value": "real"}, "of": "doubled", "atMost": 1, "severity": "stop"}"#, .contradiction),
]

@Test(arguments: checks.indices)
func `a check that cannot be made is refused with its place`(_ index: Int) throws {
  let (text, code) = checks[index]
  let found = try mistakes(
    Array(TemporaryProject.pipeline.replacing(seed, with: seed + ", \"checks\": {\"c\": \(text)}").utf8))
  #expect(found.map(\.code) == [code], "\(text): \(found.map(\.text))")
  #expect(found.first?.line == 4)
}

@Test func `what a check says names stage, check, value, bound, place and remedy; its rows are kept`() throws
{
  let project = try TemporaryProject()
  try project.set(check: "few", #"{"rows": "doubled", "atLeast": 4, "severity": "stop"}"#)
  let recorder = Recorder()
  let end = Runner(try project.load(), RunRequest(threads: 1), observer: recorder).run()
  #expect(end.exitCode == 3 && end.outcome == .blocked)
  let line = try project.read("pipeline.json").split(separator: "\n", omittingEmptySubsequences: false)
    .firstIndex { $0.contains("\"few\"") }
  let message = end.message ?? ""
  for word in [
    "stage double", "\"few\"", "is 3", "atLeast 4", "pipeline.json:\((line ?? -2) + 1):", "run again",
  ] {
    #expect(message.contains(word), "\(word): \(message)")
  }
  let check = try #require(recorder.stages.first { $0.stage == "double" }?.checks.first)
  #expect(check.observed == 3 && check.severity == .stop && !check.passed && check.declaredAt != nil)
  // Kept for inspection, and said to be blocked.
  let reader = try ArtifactReader(folder: project.folder)
  let version = try reader.version("doubled")
  #expect(try reader.obstacle(to: version)?.contains("\"few\"") == true)
  #expect(try reader.obstacle(to: reader.version("values")) == nil)
  try project.set(check: "few", "")
  #expect(Runner(try project.load(), RunRequest(threads: 1), observer: Recorder()).run().exitCode == 0)
  #expect(try reader.obstacle(to: version) == nil)
}
