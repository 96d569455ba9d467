import ArgumentParser
import Catalog
import Fingerprints

struct LogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "List past runs with what became of each stage, newest first.",
    discussion: """
      holdfast log --stage train --outcome failed --since 2026-01 --until 2026-03-31 --last 5
      holdfast log --checks                what every check said
      holdfast log --check skillAuc        one check, run by run
      """)

  @Option(name: [.customShort("n"), .long, .customLong("number")], help: "How many, the newest.")
  var last = 20
  @Option(help: "Only runs in which this stage took part.")
  var stage: String?
  @Option(help: "Only runs that ended so: \(LogCommand.outcomes.joined(separator: ", ")).")
  var outcome: String?
  @Option(help: "Only runs begun then or later: a date or time in UTC, or the beginning of one.")
  var since: String?
  @Option(help: "Only runs begun until then, the day or month given included.")
  var until: String?
  @Option(
    help: ArgumentHelp("Only runs in which this check was made; says what came of it.", valueName: "ID"))
  var check: String?
  @Flag(help: "What came of the checks of each run.")
  var checks = false
  @Flag(help: "One JSON object a line.")
  var json = false
  @OptionGroup var options: ProjectOptions

  private static let outcomes = [
    "running", "succeeded", "failed", "refused", "blocked", "interrupted", "crashed",
  ]

  func validate() throws {
    if let outcome, !LogCommand.outcomes.contains(outcome) {
      throw ValidationError(
        "no run ends \"\(outcome)\"; there are \(LogCommand.outcomes.joined(separator: ", "))")
    }
    for (option, text) in [("--since", since), ("--until", until)] {
      guard let text else { continue }
      guard text.utf8.count >= 4, text.prefix(4).allSatisfy(\.isNumber),
        text.allSatisfy({ $0.isNumber || "-:.TZ".contains($0) })
      else { throw ValidationError("\(option) takes a date such as 2026-01-31, or the beginning of one") }
    }
  }

  func run() throws {
    guard let store = try options.store() else { return }
    let filter = RunFilter(
      stage: stage, outcome: outcome, since: since, until: until, check: check, last: last)
    let runs = try options.reading { () throws(CatalogError) in try store.runs(filter) }
    let made =
      checks || check != nil
      ? try options.reading { () throws(CatalogError) in try store.checks(of: runs.map(\.id), called: check) }
      : []
    for run in runs {
      let made = made.filter { $0.run == run.id }
      if json {
        var members: [String: JSONValue] = [
          "run": .string(run.id), "profile": .string(run.profile), "status": .string(run.status),
          "startedAt": .string(run.startedAt), "endedAt": run.endedAt.map { .string($0) } ?? .null,
          "exitCode": run.exitCode.map { .number(Double($0)) } ?? .null,
          "message": run.message.map { .string($0) } ?? .null,
          "stages": .list(
            run.stages.map {
              [
                "stage": .string($0.stage), "status": .string($0.status), "reason": .string($0.reason),
                "seconds": $0.seconds.map { .number($0) } ?? .null,
              ]
            }),
        ]
        if checks || check != nil { members["checks"] = .list(made.map(LogCommand.document)) }
        Console.say(JSONText.line(.object(members)))
        continue
      }
      var counts: [(String, Int)] = []
      for stage in run.stages {
        let word = stage.status == "good" ? "ran" : stage.status
        if let place = counts.firstIndex(where: { $0.0 == word }) {
          counts[place].1 += 1
        } else {
          counts.append((word, 1))
        }
      }
      let summary = counts.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
      Console.say(
        "\(run.id.padded(6)) \(run.startedAt)  \(run.profile.padded(8))  \(run.status.padded(11))  \(summary)\(run.message.map { "  " + $0 } ?? "")"
      )
      for made in made {
        Console.say(
          "       \(made.check.passed ? "holds" : made.check.severity == "stop" ? "stops" : "warns")  \(made.stage)  \(made.check.id): \(made.check.message)"
        )
      }
    }
  }

  private static func document(_ made: RunCheck) -> JSONValue {
    [
      "stage": .string(made.stage), "id": .string(made.check.id), "subject": .string(made.check.subject),
      "severity": .string(made.check.severity), "passed": .bool(made.check.passed),
      "message": .string(made.check.message),
    ]
  }
}

extension ProjectOptions {
  /// The catalog of the project, to read; `nil`, and said, where nothing ever ran.
  func store() throws -> CatalogStore? {
    let folder = ArtifactFolder(try folder() + "/artifacts")
    let store = try reading { () throws(CatalogError) in try CatalogStore.reading(folder) }
    if store == nil { Console.complain("nothing has run here yet; start with: holdfast run -C \(directory)") }
    return store
  }

  /// Turns the catalog's faults into the command's end.
  func reading<Result>(_ body: () throws(CatalogError) -> Result) throws -> Result {
    do throws(CatalogError) { return try body() } catch {
      let code: Int32 =
        switch error.kind {
        case .corrupt, .chainBroken: 6
        case .foreign, .newer, .older, .link: 2
        default: 1
        }
      throw CommandEnd(code, error.description)
    }
  }
}
