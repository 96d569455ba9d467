import ArgumentParser
import Fingerprints
import Numerics
import Pipeline
import Staging

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say why a stage would run or not: each component of its key, old and new.")

  @Argument(help: "The stage.")
  var stage: String
  @Option(help: "The profile of pipeline.json.")
  var profile = "default"
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("As if this were set for the run.", valueName: "a.b=v"))
  var overrides: [String] = []
  @Flag(help: "JSON on standard output.")
  var json = false
  @Flag(help: "Show what is unchanged too.")
  var all = false
  @OptionGroup var options: ProjectOptions

  func run() throws {
    let project = try options.project(overrides)
    let found = try ending { try Forecaster(project).explain(stage, profile: profile) }
    let data = try ending {
      try InputDifference.find(
        found.components, folder: project.folder, crew: Crew(threads: RunRequest.availableThreads))
    }
    if json {
      var document = found.json.members ?? [:]
      document["data"] = .list(data.map(\.json))
      Console.say(JSONText.line(.object(document)))
      return
    }
    Console.say("\(stage): \(found.forecast.prospect.rawValue): \(found.forecast.reason)")
    if let made = found.madeBy {
      Console.say("its current result was made by run \(made.run): \(made.reason)")
    }
    for check in found.forecast.checks where all || !check.passed {
      Console.say(
        "  check \(check.id)  \(check.passed ? "holds" : "fails (\(check.severity.rawValue))"): \(check.message)"
      )
    }
    let width = found.components.map(\.name.count).max() ?? 0
    for component in found.components where all || component.isChanged {
      let old = component.old ?? "–"
      let new = component.new ?? "not known before the stages above have run"
      Console.say("  \(component.name.padded(width))  \(component.isChanged ? "\(old) → \(new)" : old)")
    }
    for difference in data { for line in difference.lines { Console.say("  " + line) } }
    if !all {
      let same = found.components.filter { !$0.isChanged }.count
      if same > 0 { Console.say("  \(same) other components of its key are unchanged (--all shows them)") }
    }
  }
}
