import Clientele
import Fingerprints
import Pipeline
import Staging
import Testing

private func load(_ overrides: String...) throws -> Project {
  try TemporaryProject().load(overrides)
}

private func parameters(_ stage: String, _ overrides: String...) throws -> ParameterValues {
  let project = try TemporaryProject().load(overrides)
  return try project.parameters(of: #require(project.stage(stage)), profile: project.profile("default"))
}

@Test func `an override sets a parameter from what people write`() throws {
  #expect(try parameters("double", "double.factor=.3").number("factor") == 0.3)
  #expect(try parameters("double", "double.factor=3").number("factor") == 3)
  #expect(try parameters("double", "double.label=12").text("label") == "12")
  #expect(try parameters("double", #"double.label="a b""#).text("label") == "a b")
  #expect(try parameters("double", "double.limit=null").number("limit") == nil)
  #expect(try parameters("double", "double.mode=skip").text("mode") == "skip")
}

@Test func `an override sets a member of pipeline json`() throws {
  #expect(
    try load("sources.numbers.path=/elsewhere/2026-01-01.txt").source("numbers")?.path
      == "/elsewhere/2026-01-01.txt")
  #expect(
    try load("sources.numbers.dialect.delimiter=;").source("numbers")?.contract.dialect.delimiter == ";")
  #expect(try load("sources.numbers.columns.n.minimum=1").source("numbers")?.contract.columns[0].minimum == 1)
  #expect(try load("seed=7").pipeline.seed == 7)
  #expect(try load("name=true").pipeline.name == "true")
  #expect(try load("seed=7").overrides == ["seed=7"])
}

private let wrong: [(option: String, code: DiagnosticCode, column: Int, says: String)] = [
  ("seed", .badOverride, 1, "PLACE=VALUE"),
  ("=3", .badOverride, 1, "PLACE=VALUE"),
  ("duble.factor=3", .badOverride, 1, #"did you mean "double""#),
  ("double.facter=3", .unknownParameter, 8, #"did you mean "factor""#),
  ("double.factor=300", .valueNotAllowed, 15, "out of range"),
  ("double.factor=much", .valueNotAllowed, 15, "text found"),
  ("double.factor=13", .parametersTogether, 15, "more than one round"),
  ("sources.nombers.path=x", .badOverride, 9, #"did you mean "numbers""#),
  ("sources.numbers.pth=x", .unknownKey, 1, #"did you mean "path""#),
  ("sources.numbers.keep=all", .valueNotAllowed, 22, "none of bytes, digest"),
  ("sources.numbers.columns.m.role=key", .badOverride, 25, "nothing at"),
  ("seed=1.5", .valueNotAllowed, 6, "whole number"),
]

@Test(arguments: wrong.indices)
func `a wrong override is said at its place in the option`(index: Int) throws {
  let (option, code, column, says) = wrong[index]
  let errors = #expect(throws: DeclarationErrors.self) { try load(option) }
  let first = try #require(errors?.diagnostics.first)
  #expect(first.code == code && first.file == "--set" && first.column == column, "\(first.text)")
  #expect(first.text.contains(says), "\(first.text)")
}

@Test func `an unknown profile is refused`() throws {
  let errors = #expect(throws: DeclarationErrors.self) { try load().profile("nightley") }
  #expect(errors?.diagnostics.first?.code == .unknownProfile)
  #expect(errors?.description.contains(#"did you mean "nightly""#) == true)
}
