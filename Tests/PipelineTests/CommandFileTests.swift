import Pipeline
import Testing

/// An edit of `stages/step.json`, and the mistake that must be said with its line.
private struct WrongCommand: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let old: String
  let new: String
  let code: DiagnosticCode
  let line: Int

  init(_ name: String, _ old: String, _ new: String, _ code: DiagnosticCode, line: Int) {
    (testDescription, self.old, self.new, self.code, self.line) = (name, old, new, code, line)
  }
}

private let wrongs = [
  WrongCommand("another kind", #""command","#, #""module","#, .valueNotAllowed, line: 4),
  WrongCommand("another id", #""id": "step""#, #""id": "stop""#, .disagreesWithStage, line: 3),
  WrongCommand("no program", CommandSample.command, "[]", .valueNotAllowed, line: 6),
  WrongCommand("a shell's line", CommandSample.command, #""sh -c true""#, .wrongKind, line: 6),
  WrongCommand("an unknown input", "{in:values}", "{in:valeus}", .unknownArtifact, line: 6),
  WrongCommand("an unknown output", "{out:extra}", "{out:more}", .unknownArtifact, line: 6),
  WrongCommand("a placeholder as program", #"["sh","#, #"["{in:values}","#, .valueNotAllowed, line: 6),
  WrongCommand("an undeclared program of the project", #"["sh","#, #"["bin/tool","#, .badPath, line: 6),
  WrongCommand("a NUL in an argument", "{in:values}", #"a\u0000b"#, .valueNotAllowed, line: 6),
  WrongCommand("a file that leads out", #"["scripts/step.sh"]"#, #"["../step.sh"]"#, .badPath, line: 7),
  WrongCommand("an absolute file", #"["scripts/step.sh"]"#, #"["/etc/passwd"]"#, .badPath, line: 7),
  WrongCommand("a variable with a sign", #""LANG""#, #""LA=NG""#, .badName, line: 8),
  WrongCommand("a variable that is no text", #""C""#, "1", .wrongKind, line: 8),
  WrongCommand("no time", ": 60", ": 0", .valueNotAllowed, line: 9),
  WrongCommand(
    "an input nobody makes", #""name": "values""#, #""name": "nothing""#, .unknownArtifact, line: 10),
  WrongCommand("a name that leads out", #""name": "extra""#, #""name": "../extra""#, .badName, line: 12),
  WrongCommand("an output's file that leads out", "extra.csv", "../extra.csv", .badPath, line: 12),
  WrongCommand("a table", #""file": "#, #""kind": "table", "file": "#, .valueNotAllowed, line: 12),
  WrongCommand(
    "an output of another stage", #""name": "extra""#, #""name": "total""#, .twoProducers, line: 11),
  WrongCommand("no class there is", "metric", "secret", .valueNotAllowed, line: 12),
  WrongCommand("an unknown key", #""files""#, #""flies""#, .unknownKey, line: 7),
]

@Test(arguments: wrongs)
private func `a mistake in a command's file is said with its place`(_ wrong: WrongCommand) throws {
  let project = try projectWithCommand(CommandSample.script, [(wrong.old, wrong.new)])
  let error = try #require(throws: DeclarationErrors.self) { try project.load() }
  #expect(
    error.diagnostics.contains {
      $0.code == wrong.code && $0.file == "stages/step.json" && $0.line == wrong.line
    },
    "\(error)")
}

@Test func `a stage that is neither built in nor has a file is unknown`() throws {
  let project = try projectWithCommand()
  try project.edit("pipeline.json", #""step"]"#, #""stop"]"#)
  let error = try #require(throws: DeclarationErrors.self) { try project.load() }
  #expect(error.diagnostics.map(\.code) == [.unknownStage])
}

@Test func `a stage that is built in cannot read what a program makes`() throws {
  let project = try projectWithCommand(
    CommandSample.script, [(#""name": "extra""#, #""name": "size""#), ("{out:extra}", "{out:size}")])
  try project.edit("pipeline.json", #""count", "add", "tell", "step"],"#, #""add", "tell", "step"],"#)
  try project.edit(
    "pipeline.json", #""read", "double", "count", "add"], "#, #""read", "double", "step", "add"], "#)
  let error = try #require(throws: DeclarationErrors.self) { try project.load() }
  #expect(
    error.diagnostics.contains { $0.code == .contradiction && $0.file == "stages/step.json" }, "\(error)")
}

@Test func `a command has no parameters to set`() throws {
  let project = try projectWithCommand()
  let error = try #require(throws: DeclarationErrors.self) { try project.load(["step.speed=3"]) }
  #expect(error.diagnostics.map(\.code) == [.unknownParameter])
}
