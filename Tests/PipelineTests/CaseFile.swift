import Fingerprints
import FoundationEssentials
import Pipeline
import Staging
import Testing

/// A case: a list of acts on a project of toy stages and, after each run, what became of every stage
/// and why. The format is told in Cases/README.md.
struct CaseFile {
  struct Step {
    var line: Int
    var words: [String]
    var rest: String
    var expected: [String] = []
  }
  let name: String
  var steps: [Step] = []

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")

  static var names: [String] {
    let files =
      (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
    return files.filter { $0.hasSuffix(".case") }.sorted()
  }

  init(_ name: String) throws {
    self.name = name
    let text = String(decoding: try Data(contentsOf: CaseFile.folder.appending(path: name)), as: UTF8.self)
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let words = line.split(separator: " ").map(String.init)
      guard let first = words.first, !first.hasPrefix("#") else { continue }
      if line.hasPrefix(" ") {
        steps[steps.count - 1].expected.append(words.joined(separator: " "))
      } else {
        let rest = words.count > 1 ? String(line.drop { $0 != " " }.dropFirst()) : ""
        steps.append(Step(line: index + 1, words: words, rest: rest))
      }
    }
  }
}

/// Carries out a case.
final class CaseRunner {
  private let project: TemporaryProject
  private var codes = toys.codeDigests

  init() throws { project = try TemporaryProject() }

  private var registry: StageRegistry { StageRegistry(toyStages, codeDigests: codes) }

  func perform(_ step: CaseFile.Step, in name: String) throws {
    let arguments = Array(step.words.dropFirst())
    switch step.words[0] {
    case "run": try run(arguments, step, name)
    case "forecast": try forecast(arguments, step, name)
    case "parameter": try project.set(parameter: arguments[0], arguments.count > 1 ? arguments[1] : nil)
    case "check": try project.set(check: arguments[0], arguments.dropFirst().joined(separator: " "))
    case "write":
      try project.write(arguments[0], arguments.dropFirst().joined(separator: " ") + "\n")
    case "command": try CommandSample.add(to: project)
    case "replace": try project.edit(arguments[0], arguments[1], arguments[2])
    case "touch": try project.touch(arguments[0])
    case "code": codes[arguments[0]] = arguments[1]
    case "delete": try project.deleteObject(of: arguments[0])
    case "flip": try project.flipObject(of: arguments[0])
    case "file":
      let text = try project.read(arguments[0])
      #expect([text] == step.expected.map { $0 }, "\(name):\(step.line)")
    default: Issue.record("\(name):\(step.line): no such act: \(step.words[0])")
    }
  }

  private func options(_ arguments: [String]) throws -> (RunRequest, [String]) {
    var request = RunRequest(threads: 2)
    var overrides: [String] = []
    var words = arguments[...]
    while let word = words.popFirst() {
      switch word {
      case "--only": request.selection.scope = .only
      case "--from": request.selection.scope = .from
      case "--to": request.selection.scope = .to
      case "--force": request.selection.force = true
      case "--profile": request.profile = words.popFirst() ?? ""
      case "--threads": request.threads = words.popFirst().flatMap { Int($0) } ?? 1
      case "--set": overrides.append(words.popFirst() ?? "")
      default: request.selection.stages.append(word)
      }
    }
    return (request, overrides)
  }

  private func run(_ arguments: [String], _ step: CaseFile.Step, _ name: String) throws {
    let (request, overrides) = try options(arguments)
    let recorder = Recorder()
    let loaded = try project.load(overrides, registry: registry)
    let end = Runner(loaded, request, observer: recorder).run()
    let order = loaded.stages.map(\.id)
    let stages = recorder.stages.sorted {
      (order.firstIndex(of: $0.stage) ?? 0) < (order.firstIndex(of: $1.stage) ?? 0)
    }
    var found = stages.map { "\($0.stage) \($0.action.rawValue) \($0.reasonCodes.joined(separator: " "))" }
    for stage in stages {
      for check in stage.checks where !check.passed && check.severity == .warn {
        found.append("warned \(stage.stage) \(check.id)")
      }
    }
    if end.exitCode != 0 { found.append("exit \(end.exitCode) \(end.outcome.rawValue)") }
    #expect(found == step.expected, "\(name):\(step.line) \(end.message ?? "")")
  }

  private func forecast(_ arguments: [String], _ step: CaseFile.Step, _ name: String) throws {
    let (request, overrides) = try options(arguments)
    let forecasts = try Forecaster(project.load(overrides, registry: registry))
      .forecast(profile: request.profile, selection: request.selection)
    let found = forecasts.map {
      "\($0.stage) \($0.prospect.rawValue) \($0.reasonCodes.joined(separator: " "))"
    }
    #expect(found == step.expected, "\(name):\(step.line)")
  }
}

@Test(arguments: CaseFile.names)
func `the case goes as written`(name: String) throws {
  let file = try CaseFile(name)
  let runner = try CaseRunner()
  for step in file.steps { try runner.perform(step, in: name) }
}

@Test func `there are cases`() { #expect(CaseFile.names.count >= 15) }
