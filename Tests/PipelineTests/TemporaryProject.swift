import FoundationEssentials
import Pipeline
import Staging

/// A project in a folder of its own, gone when the last reference is.
final class TemporaryProject {
  let folder: String

  static let pipeline = """
    {
      "schema": "holdfast.pipeline/v1",
      "name": "toys",
      "seed": 1,
      "sources": {
        "numbers": {
          "path": "numbers.txt",
          "columns": [{"name": "n", "type": "real", "role": "key"}]
        }
      },
      "stages": ["read", "double", "count", "add", "tell"],
      "profiles": {
        "nightly": {"stages": ["read", "double", "count", "add"], "champion": ["total"]}
      }
    }
    """

  init(pipeline: String = TemporaryProject.pipeline, registry: StageRegistry = toys) throws {
    let name = "holdfast-pipeline-\(UUID().uuidString)"
    folder = FileManager.default.temporaryDirectory.appending(path: name).path(percentEncoded: false)
    try FileManager.default.createDirectory(atPath: folder + "/stages", withIntermediateDirectories: true)
    try write("pipeline.json", pipeline)
    for stage in registry.stages {
      try write(StageFile.path(stage.declaration.id), StageFile.text(of: stage.declaration))
    }
    try write("numbers.txt", "1 2 3\n")
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func write(_ path: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: folder + "/" + path))
  }

  func read(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: folder + "/" + path)), as: UTF8.self)
  }

  func load(_ overrides: [String] = [], registry: StageRegistry = toys) throws -> Project {
    try withExtendedLifetime(self) {
      try Project.load(folder: folder, registry: registry, overrides: overrides)
    }
  }

  /// Replaces the first `old` of a file by `new`.
  func edit(_ path: String, _ old: String, _ new: String) throws {
    let text = try read(path)
    guard text.contains(old) else { throw Missing(text: old) }
    try write(path, text.replacing(old, with: new, maxReplacements: 1))
  }

  struct Missing: Error { let text: String }
}
