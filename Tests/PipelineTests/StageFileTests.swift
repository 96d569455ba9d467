import Fingerprints
import Pipeline
import Staging
import Testing

@Test func `a stage's file reads back as its declaration`() throws {
  let text = StageFile.text(of: DoubleStage.declaration)
  let document = try JSONParser.parse(Array(text.utf8))
  #expect(document["schema"] == "holdfast.stage/v1")
  #expect(document["parameters"]?["limit"]?["range"] == .array([0, nil]))
  #expect(
    text.contains(
      "\"factor\": {\n      \"type\": \"number\",\n      \"range\": [0, 100],\n      \"default\": 2,"))
  let project = try TemporaryProject()
  let loaded = try Project.load(folder: project.folder, registry: toys)
  #expect(loaded.stage("double") == DoubleStage.declaration)
}

@Test func `a file's defaults and narrower ranges are in force`() throws {
  let project = try TemporaryProject()
  try project.edit("stages/double.json", "[0, 100]", "[0, 10]")
  try project.edit("stages/double.json", "\"default\": 2", "\"default\": 3")
  let loaded = try Project.load(folder: project.folder, registry: toys)
  #expect(
    try loaded.parameters(of: #require(loaded.stage("double")), profile: loaded.profile("default")).number(
      "factor") == 3)
  #expect(throws: DeclarationErrors.self) {
    try Project.load(folder: project.folder, registry: toys, overrides: ["double.factor=11"])
  }
}

@Test func `a comment is passed over anywhere`() throws {
  let project = try TemporaryProject()
  try project.edit("pipeline.json", #""seed": 1"#, #""comment": "why", "seed": 1"#)
  try project.edit("pipeline.json", #""role": "key""#, #""role": "key", "comment": ["the", "key"]"#)
  try project.edit("stages/double.json", #""kind": "module""#, #""kind": "module", "comment": "x""#)
  _ = try Project.load(folder: project.folder, registry: toys)
}
