import Fingerprints
import FoundationEssentials
import Pipeline
import Staging

/// A project in a folder of its own, gone when the last reference is.
final class TemporaryProject {
  let folder: String

  static let nightly =
    #""nightly": {"stages": ["read", "double", "count", "add"], "champion": ["total"]}"#

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

  /// Sets a parameter in pipeline.json, or takes it out.
  func set(parameter: String, _ value: String?) throws {
    let names = parameter.split(separator: ".").map(String.init)
    var document = try JSONParser.parse(Array(read("pipeline.json").utf8)).members ?? [:]
    var parameters = document["parameters"]?.members ?? [:]
    var stage = parameters[names[0]]?.members ?? [:]
    stage[names[1]] = value.map { (try? JSONParser.parse(Array($0.utf8))) ?? .string($0) }
    parameters[names[0]] = .object(stage)
    document["parameters"] = .object(parameters)
    try write("pipeline.json", String(decoding: CanonicalJSON.pretty(.object(document)), as: UTF8.self))
  }

  /// Declares a check in pipeline.json, or takes it out.
  func set(check name: String, _ declaration: String) throws {
    var document = try JSONParser.parse(Array(read("pipeline.json").utf8)).members ?? [:]
    var checks = document["checks"]?.members ?? [:]
    checks.removeValue(forKey: name)
    if !declaration.isEmpty { checks[name] = try JSONParser.parse(Array(declaration.utf8)) }
    document["checks"] = .object(checks)
    try write("pipeline.json", String(decoding: CanonicalJSON.pretty(.object(document)), as: UTF8.self))
  }

  /// A new modification time, the same bytes.
  func touch(_ path: String) throws {
    let url = URL(filePath: folder + "/" + path)
    try FileManager.default.setAttributes(
      [.modificationDate: Date.now + 60], ofItemAtPath: url.path(percentEncoded: false))
  }

  /// The object an artifact's link in `latest` points to.
  private func object(of artifact: String) throws -> String {
    let facts = try JSONParser.parse(Array(read("artifacts/latest/run.json").utf8))
    let link = folder + "/artifacts/latest/" + (facts["artifacts"]?[artifact]?["file"]?.text ?? "")
    return URL(filePath: link).resolvingSymlinksInPath().path(percentEncoded: false)
  }

  /// Removes the newest object of an artifact.
  func deleteObject(of artifact: String) throws {
    try FileManager.default.removeItem(atPath: object(of: artifact))
  }

  /// Flips a byte in the middle of the newest object of an artifact and puts its times back.
  func flipObject(of artifact: String) throws {
    let path = try object(of: artifact)
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    var bytes = Array(try Data(contentsOf: URL(filePath: path)))
    bytes[bytes.count / 2] ^= 1
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    try Data(bytes).write(to: URL(filePath: path))
    if let date = attributes[.modificationDate] {
      try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
    }
    if let mode = attributes[.posixPermissions] {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
  }
}
