import FoundationEssentials

/// A stage `step` that is a command, for a project of toys.
enum CommandSample {
  static let command = #"["sh", "scripts/step.sh", "{in:values}", "{out:extra}"]"#
  static let script = "cat \"$1\" > \"$2\"\n"
  static let file = """
    {
      "schema": "holdfast.stage/v1",
      "id": "step",
      "kind": "command",
      "purpose": "Copies the numbers.",
      "command": \(command),
      "files": ["scripts/step.sh"],
      "environment": {"LANG": "C"},
      "timeLimitSeconds": 60,
      "inputs": [{"name": "values", "purpose": "The numbers."}],
      "outputs": [
        {"name": "extra", "file": "extra.csv", "format": "text/csv", "class": "metric", "purpose": "A copy."}
      ]
    }
    """

  /// Adds it at the end of the project's stages.
  static func add(to project: TemporaryProject) throws {
    try FileManager.default.createDirectory(
      atPath: project.folder + "/scripts", withIntermediateDirectories: true)
    try project.write("scripts/step.sh", script)
    try project.write("stages/step.json", file)
    try project.edit("pipeline.json", #""add", "tell"],"#, #""add", "tell", "step"],"#)
  }
}
