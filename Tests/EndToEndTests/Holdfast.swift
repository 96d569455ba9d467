import Fingerprints
import FoundationEssentials
import Glibc

/// What a command printed and how it ended.
struct Ended {
  var code: Int32
  var output: String
  var errors: String

  /// The JSON objects printed, a line each.
  var objects: [JSONValue] {
    output.split(separator: "\n").compactMap { try? JSONParser.parse(Array($0.utf8)) }
  }

  /// What became of each stage of a `run --json`.
  var actions: [String: String] {
    var actions: [String: String] = [:]
    for object in objects where object["event"] == "stage" {
      if let stage = object["stage"]?.text { actions[stage] = object["action"]?.text }
    }
    return actions
  }

  /// The stages that executed.
  var ran: [String] { actions.filter { $0.value == "ran" }.keys.sorted() }
}

/// The built program, beside the tests' own.
enum Holdfast {
  static let binary: String = {
    // The tests' program lies in the build folder, and so does ours.
    var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    for _ in 0..<6 {
      let candidate = folder.appending(path: "holdfast").path
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
      folder = folder.deletingLastPathComponent()
    }
    return "holdfast"
  }()

  /// The project's root.
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// A real table beside the project, `nil` where there is none.
  static func data(_ path: String) -> String? {
    let file = root.deletingLastPathComponent().appending(path: "shared/data/" + path).path
    if FileManager.default.fileExists(atPath: file) { return file }
    print("skipped: ../shared/data/\(path) is not there")
    return nil
  }

  /// A program that was started and not yet waited for.
  struct Started {
    var process: pid_t
    fileprivate var out: String
    fileprivate var err: String

    /// Waits for its end.
    func wait() throws -> Ended {
      var status: Int32 = 0
      while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
      let ended = Ended(
        code: status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F), output: try text(out),
        errors: try text(err))
      unsafe unlink(out)
      unsafe unlink(err)
      return ended
    }
  }

  /// Runs the program with `arguments` in `folder` and waits; after the words `shell` of a shell, where given.
  static func run(_ arguments: [String], in folder: String, after shell: String? = nil) throws -> Ended {
    try start(arguments, in: folder, after: shell).wait()
  }

  /// Starts the program likewise.
  static func start(_ arguments: [String], in folder: String, after shell: String? = nil) throws -> Started {
    let out = folder + "/.out-\(UUID().uuidString)"
    let err = out + "-errors"
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, err, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    let program = shell == nil ? binary : "/bin/sh"
    let words =
      (shell.map { ["/bin/sh", "-c", $0 + "; exec \"$0\" \"$@\"", binary] } ?? [binary]) + arguments + [
        "-C", folder,
      ]
    var pointers: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) } + [nil]
    defer { unsafe pointers.forEach { unsafe free($0) } }
    var pid: pid_t = 0
    let code = unsafe posix_spawn(&pid, program, &actions, nil, &pointers, environ)
    guard code == 0 else { throw Complaint("\(binary) cannot be started (\(code)); build the tests first") }
    return Started(process: pid, out: out, err: err)
  }

  static func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
  }
}

struct Complaint: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A folder that goes with the test.
final class Workplace {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "holdfast-e2e-" + UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path + "/" + name))
  }

  func read(_ name: String) throws -> String { try Holdfast.text(path + "/" + name) }

  /// The file of a new key to sign with; that to verify with lies beside it, its name ending with `.pub`.
  func key() throws -> String {
    let key = SigningKey()
    try write("key.pem", key.pem)
    try write("key.pem.pub", key.publicKey.pem)
    return path + "/key.pem"
  }

  /// A project on `customers` sample customers, made here.
  static func sample(_ customers: Int = 3000, seed: Int = 1) throws -> Workplace {
    let place = try Workplace()
    let sampled = try Holdfast.run(
      [
        "sample", "--customers", String(customers), "--seed", String(seed), "--output", "customers.csv",
        "--truth", "truth.csv",
      ],
      in: place.path)
    guard sampled.code == 0 else { throw Complaint(sampled.errors) }
    let made = try Holdfast.run(["init", ".", "--data", "customers.csv"], in: place.path)
    guard made.code == 0 else { throw Complaint(made.errors) }
    // One learner: what most of these tests are about does not depend on how many there are.
    let text = try place.read("pipeline.json")
    try place.write(
      "pipeline.json",
      text.replacing(
        "\"parameters\": {", with: "\"parameters\": {\n    \"train\": {\"learners\": [\"boosting\"]},"))
    return place
  }

  /// Digests of everything under `latest`, by path, run facts left out.
  func digests() throws -> [String: String] {
    var digests: [String: String] = [:]
    let latest = path + "/artifacts/latest"
    for stage in try FileManager.default.contentsOfDirectory(atPath: latest) where !stage.hasSuffix(".json") {
      for file in try FileManager.default.contentsOfDirectory(atPath: latest + "/" + stage) {
        let bytes = try Data(contentsOf: URL(filePath: latest + "/" + stage + "/" + file))
        digests[stage + "/" + file] = Digest(of: [UInt8](bytes)).hexadecimal
      }
    }
    return digests
  }

  /// A project on one row whose only stage is `sh step.sh INPUT OUTPUT`, the same for the profile `nightly`: for
  /// what does not depend on what runs. The script finds the folder's path in `AT`.
  static func small(_ script: String = "cat \"$1\" > \"$2\"\n") throws -> Workplace {
    let place = try Workplace()
    try FileManager.default.createDirectory(atPath: place.path + "/stages", withIntermediateDirectories: true)
    try place.write("numbers.csv", "id,left\na,1\n")
    try place.write("step.sh", script)
    try place.write(
      "pipeline.json",
      """
      {"schema": "holdfast.pipeline/v1", "name": "bank", "seed": 1, "sources": {"numbers": {"path": "numbers.csv",
      "columns": [{"name": "id", "type": "text", "role": "key"}, {"name": "left", "type": "integer", "role": "target"}]}},
      "stages": ["step"], "profiles": {"nightly": {"stages": ["step"]}}}
      """)
    try place.write(
      "stages/step.json",
      """
      {"schema": "holdfast.stage/v1", "id": "step", "kind": "command", "purpose": "Copies.", "files": ["step.sh"],
      "command": ["sh", "step.sh", "{in:sources.numbers}", "{out:copy}"], "environment": {"AT": "\(place.path)"},
      "inputs": [{"name": "sources.numbers"}], "outputs": [{"name": "copy", "file": "copy.csv", "format": "text/csv"}]}
      """)
    return place
  }
}
