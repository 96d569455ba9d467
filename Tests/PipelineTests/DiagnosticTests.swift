import Fingerprints
import Pipeline
import Staging
import Testing

/// One mistake: in which file, what is put in the place of what, and what is said where.
private struct Mistake: Sendable, CustomTestStringConvertible {
  let code: DiagnosticCode
  let file: String
  let old: String
  let new: String
  let place: String
  let says: String
  var testDescription: String { "\(code.rawValue) \(new.prefix(40))" }
  init(_ code: DiagnosticCode, _ file: String, _ old: String, _ new: String, _ place: String, _ says: String)
  {
    (self.code, self.file, self.old, self.new, self.place, self.says) = (code, file, old, new, place, says)
  }
}

private let pipeline = "pipeline.json"
private let key = #"{"name": "n", "type": "real", "role": "key"}"#
private let mistakes: [Mistake] = [
  Mistake(.notJSON, pipeline, #""seed": 1,"#, #""seed": 1,,"#, "pipeline.json:4:13", "double quotes"),
  Mistake(.notJSON, pipeline, #""seed": 1,"#, #""seed": 1, "seed": 2,"#, "pipeline.json:4:14", "twice"),
  Mistake(.notJSON, pipeline, #""seed": 1,"#, #""seed": 1e999,"#, "pipeline.json:4:11", "too large"),
  Mistake(
    .notJSON, pipeline, #""seed": 1,"#, #""seed": "# + String(repeating: "[", count: 100_000),
    "pipeline.json:4:75",
    "levels of nesting"),
  Mistake(.wrongSchema, pipeline, "pipeline/v1", "pipeline/v9", "pipeline.json:2:13", "holdfast.pipeline/v9"),
  Mistake(
    .wrongSchema, "stages/add.json", "stage/v1", "stage/v0", "stages/add.json:2:13", "holdfast.stage/v0"),
  Mistake(.wrongKind, pipeline, #""seed": 1"#, #""seed": "one""#, "pipeline.json:4:11", "text found"),
  Mistake(.missingKey, pipeline, #""seed": 1,"#, "", "pipeline.json:1:1", #"lacks "seed""#),
  Mistake(.badName, pipeline, #""toys""#, #""toys'; DROP TABLE run;--""#, "pipeline.json:3:11", "DROP"),
  Mistake(.badName, pipeline, #""numbers": {"#, #""../numbers": {"#, "pipeline.json:6:5", "../numbers"),
  Mistake(.badPath, pipeline, #""numbers.txt""#, #""""#, "pipeline.json:7:15", "path"),
  Mistake(
    .badPath, "stages/add.json", #""note.csv""#, #""../../note.csv""#, "stages/add.json:38:15", "leaves"),
  Mistake(.badPath, "stages/add.json", #""note.csv""#, #""/etc/passwd""#, "stages/add.json:38:15", "leaves"),
  Mistake(.valueNotAllowed, pipeline, #""seed": 1"#, #""seed": 1e300"#, "pipeline.json:4:11", "whole number"),
  Mistake(.valueNotAllowed, pipeline, #""type": "real""#, #""type": "reel""#, "pipeline.json:8:41", "real"),
  Mistake(
    .valueNotAllowed, pipeline, #""profiles": {"#,
    #""parameters": {"double": {"factor": 101}}, "profiles": {"#,
    "pipeline.json:12:39", "double.factor: 101.0 is out of range"),
  Mistake(
    .valueNotAllowed, "stages/double.json", #""default": 2"#, #""default": 200"#, "stages/double.json:28:18",
    "out of range"),
  Mistake(
    .valueNotAllowed, "stages/add.json", #""module""#, #""command""#, "stages/add.json:4:11", "kind of stage"),
  Mistake(.repeated, pipeline, key, key + ", " + key, "pipeline.json:8:74", "twice"),
  Mistake(
    .repeated, pipeline, #""read", "double""#, #""read", "read", "double""#, "pipeline.json:11:22", "twice"),
  Mistake(
    .unknownStage, pipeline, #""read", "double""#, #""raed", "double""#, "pipeline.json:11:14",
    #"did you mean "read""#),
  Mistake(
    .unknownStage, pipeline, #"{"stages": ["read","#, #"{"stages": ["reed","#, "pipeline.json:13:28",
    #"did you mean "read""#),
  Mistake(
    .unknownParameter, pipeline, #""profiles": {"#,
    #""parameters": {"double": {"facter": 3}}, "profiles": {"#,
    "pipeline.json:12:29", #"did you mean "factor""#),
  Mistake(
    .unknownParameter, "stages/double.json", #""factor":"#, #""faktor":"#, "stages/double.json:25:5",
    #"did you mean "factor""#),
  Mistake(
    .unknownKey, pipeline, #""seed""#, #""sead": 3, "seed""#, "pipeline.json:4:3", #"did you mean "seed""#),
  Mistake(
    .unknownKey, pipeline, #""role": "key"}"#, #""role": "key", "minimun": 3}"#, "pipeline.json:8:64",
    #"did you mean "minimum""#),
  Mistake(
    .unknownColumn, pipeline, #""role": "key"}"#,
    #""role": "key", "structuralZero": {"enabled": true, "when": [{"column": "m", "isOneOf": ["0"]}]}}"#,
    "pipeline.json:8:120", #"no column "m""#),
  Mistake(
    .unknownArtifact, pipeline, #""read", "double", "count", "add", "tell"]"#, #""read", "double", "add"]"#,
    "stages/add.json:14:15", #"stage "count" makes it"#),
  Mistake(
    .unknownArtifact, pipeline, #""champion": ["total"]"#, #""champion": ["totel"]"#, "pipeline.json:13:76",
    #"did you mean "total""#),
  Mistake(
    .unknownArtifact, pipeline, #"{"stages": ["read", "double", "count", "add"]"#,
    #"{"stages": ["read", "double", "add"]"#, "pipeline.json:13:46", #"without "count""#),
  Mistake(
    .unknownArtifact, pipeline, #""numbers": {"#, #""nombres": {"#, "stages/read.json:8:15",
    #"source "numbers""#),
  Mistake(
    .disagreesWithStage, "stages/add.json", #""name": "size""#, #""name": "sise""#, "stages/add.json:14:15",
    #"did you mean "size""#),
  Mistake(
    .disagreesWithStage, "stages/double.json", #""type": "number""#, #""type": "integer""#,
    "stages/double.json:26:15", #"is of type "number""#),
  Mistake(
    .disagreesWithStage, "stages/double.json", #""derived-PII""#, #""metric""#, "stages/double.json:20:16",
    #"write "derived-PII""#),
  Mistake(
    .disagreesWithStage, "stages/double.json", "[0, 100]", "[0, 1000]", "stages/double.json:27:16", "narrower"
  ),
  Mistake(
    .disagreesWithStage, "stages/double.json", #""optional": false"#, #""optional": true"#,
    "stages/double.json:9:19", "needs"),
  Mistake(
    .contradiction, pipeline, #""role": "key""#, #""role": "feature""#, "pipeline.json:8:18", "no key column"),
  Mistake(
    .contradiction, pipeline, key,
    key
      + #", {"name": "a", "type": "real", "role": "target"}, {"name": "b", "type": "real", "role": "target"}"#,
    "pipeline.json:8:152", "target already"),
  Mistake(
    .contradiction, pipeline, #""role": "key""#, #""role": "key", "minimum": 2, "maximum": 1"#,
    "pipeline.json:8:75",
    "above the largest"),
  Mistake(
    .parametersTogether, pipeline, #""profiles": {"#,
    #""parameters": {"double": {"factor": 13}}, "profiles": {"#,
    "pipeline.json:12:39", "more than one round"),
]

@Test(arguments: mistakes)
private func `a mistake is said with its place`(mistake: Mistake) throws {
  let project = try TemporaryProject()
  try project.edit(mistake.file, mistake.old, mistake.new)
  let errors = #expect(throws: DeclarationErrors.self) {
    try Project.load(folder: project.folder, registry: toys)
  }
  let found = try #require(errors).diagnostics
  let fitting = found.filter {
    $0.code == mistake.code && $0.text.contains("--> \(mistake.place)\n") && $0.text.contains(mistake.says)
  }
  #expect(fitting.count == 1, "\(errors?.description ?? "")")
}

@Test func `a project without mistakes loads`() throws {
  let project = try TemporaryProject().load()
  #expect(project.stages == toyStages.map { $0.declaration })
  #expect(project.pipeline.profiles.map(\.name) == ["default", "nightly"])
}

@Test func `a mistake looks as a compiler prints it`() throws {
  let project = try TemporaryProject()
  try project.edit(
    "stages/double.json", #"    "factor": {"#, #"    "round": 6,"# + "\n" + #"    "factor": {"#)
  let errors = #expect(throws: DeclarationErrors.self) { try project.load() }
  #expect(
    errors?.description == """
      error[C011]: stage "double" has no parameter "round"
         --> stages/double.json:25:5
          |
       25 |     "round": 6,
          |     ^^^^^^^ did you mean "rounds"?
          = help: it has factor, rounds, label, limit, mode

      1 error in the declarations; nothing was run
      """)
  #expect(
    errors?.diagnostics.first?.json
      == [
        "code": "C011", "severity": "error", "message": #"stage "double" has no parameter "round""#,
        "file": "stages/double.json", "line": 25, "column": 5, "endColumn": 12,
        "hint": #"did you mean "rounds"?"#, "help": "it has factor, rounds, label, limit, mode",
      ])
}

@Test func `mistakes of all files are said at once`() throws {
  let project = try TemporaryProject()
  try project.edit("pipeline.json", #""seed": 1"#, #""seed": "one", "sead": 2"#)
  try project.edit("stages/add.json", #""module""#, #""modul""#)
  try project.edit("stages/read.json", #""id": "read""#, #""id": "reed""#)
  let errors = #expect(throws: DeclarationErrors.self) {
    try Project.load(folder: project.folder, registry: toys)
  }
  #expect(
    errors?.diagnostics.map { "\($0.file):\($0.line) \($0.code.rawValue)" } == [
      "pipeline.json:4 C004", "pipeline.json:4 C012", "stages/read.json:3 C017", "stages/add.json:4 C008",
    ])
}

@Test func `a missing file is said with how to make it`() throws {
  let errors = #expect(throws: DeclarationErrors.self) {
    try Project.load(folder: "/nonexistent", registry: toys)
  }
  #expect(errors?.diagnostics.first?.code == .unreadableFile)
  #expect(errors?.description.contains("holdfast init") == true)
}

@Test func `a circle of stages is shown as one`() throws {
  let circle = StageRegistry(
    [ReadStage.self, LoopStage.self, BackStage.self], codeDigests: ["read": "", "loop": "", "back": ""])
  let project = try TemporaryProject(
    pipeline: TemporaryProject.pipeline.replacing(
      #""read", "double", "count", "add", "tell""#, with: #""read", "loop", "back""#
    )
    .replacing(
      #""nightly": {"stages": ["read", "double", "count", "add"], "champion": ["total"]}"#, with: ""),
    registry: circle)
  let errors = #expect(throws: DeclarationErrors.self) {
    try Project.load(folder: project.folder, registry: circle)
  }
  #expect(errors?.diagnostics.map(\.code) == [.cycle])
  #expect(errors?.description.contains("loop → back → loop") == true, "\(errors?.description ?? "")")
  #expect(errors?.description.contains("--> stages/back.json:8:15") == true)
}

@Test func `two makers of one artifact are refused`() throws {
  let twins = StageRegistry(
    toyStages + [TwinStage.self], codeDigests: toys.codeDigests.merging(["twin": ""]) { $1 })
  let project = try TemporaryProject(
    pipeline: TemporaryProject.pipeline.replacing(#""add", "tell"]"#, with: #""add", "tell", "twin"]"#),
    registry: twins)
  let errors = #expect(throws: DeclarationErrors.self) {
    try Project.load(folder: project.folder, registry: twins)
  }
  #expect(errors?.diagnostics.map(\.code) == [.twoProducers])
  #expect(errors?.description.contains("--> stages/twin.json:14:3") == true, "\(errors?.description ?? "")")
}

@Test func `a hostile line is shown without its control characters, cut to a window`() throws {
  let project = try TemporaryProject()
  try project.edit(
    "pipeline.json", #""seed": 1"#,
    String(repeating: " ", count: 5_000) + "\"\\u001b[31m\u{202E}\": 1, \"seed\": 1")
  let errors = #expect(throws: DeclarationErrors.self) {
    try Project.load(folder: project.folder, registry: toys)
  }
  let first = try #require(errors?.diagnostics.first)
  #expect(first.column == 5_003)
  #expect(first.sourceLine.count <= 110)
  #expect(!first.text.unicodeScalars.contains("\u{1B}") && !first.text.unicodeScalars.contains("\u{202E}"))
}

@Test func `every code has an explanation and is tested by a place`() {
  #expect(DiagnosticCode.allCases.allSatisfy { $0.explanation.hasSuffix(".") })
  #expect(Set(DiagnosticCode.allCases.map(\.rawValue)).count == DiagnosticCode.allCases.count)
}

struct LoopStage: Stage {
  static let declaration = StageDeclaration(
    id: "loop", purpose: "Loops.", codeVersion: 1, module: "Toys",
    inputs: [InputDeclaration("there", purpose: "Around.")],
    outputs: [OutputDeclaration("here", .document, format: "toy.here/v1", purpose: "Around.")])
  init(parameters: ParameterValues) {}
  func run(_ inputs: Inputs, _ outputs: Outputs, _ context: StageContext) throws -> StageSummary {
    StageSummary()
  }
}

struct BackStage: Stage {
  static let declaration = StageDeclaration(
    id: "back", purpose: "Loops.", codeVersion: 1, module: "Toys",
    inputs: [InputDeclaration("here", purpose: "Around.")],
    outputs: [OutputDeclaration("there", .document, format: "toy.there/v1", purpose: "Around.")])
  init(parameters: ParameterValues) {}
  func run(_ inputs: Inputs, _ outputs: Outputs, _ context: StageContext) throws -> StageSummary {
    StageSummary()
  }
}

struct TwinStage: Stage {
  static let declaration = StageDeclaration(
    id: "twin", purpose: "Counts as well.", codeVersion: 1, module: "Toys",
    inputs: [InputDeclaration("values", purpose: "Numbers.")],
    outputs: [OutputDeclaration("size", .document, format: "toy.size/v1", purpose: "How many.")])
  init(parameters: ParameterValues) {}
  func run(_ inputs: Inputs, _ outputs: Outputs, _ context: StageContext) throws -> StageSummary {
    StageSummary()
  }
}
