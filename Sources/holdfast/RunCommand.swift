import ArgumentParser
import Pipeline

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run the stages that must run, and say why.",
    discussion: """
      holdfast run                     everything
      holdfast run rank                rank and whatever it needs
      holdfast run --only rank         rank alone; what is below becomes stale and latest does not move
      holdfast run --from train        train and everything below
      holdfast run --set rank.saveRate=.3
      holdfast run --profile nightly --set sources.customers.path=today.csv
      """)

  @Argument(help: "Stages to run, with whatever they need; all if none is given.")
  var stages: [String] = []
  @Flag(help: "The stages named alone, on their current inputs.")
  var only = false
  @Option(help: ArgumentHelp("This stage and all below it.", valueName: "stage"))
  var from: String?
  @Option(help: ArgumentHelp("All stages up to this one.", valueName: "stage"))
  var to: String?
  @Flag(help: "Run the stages named even if nothing changed.")
  var force = false
  @Flag(name: [.customShort("n"), .long], help: "Say what would run, and why; run nothing.")
  var dryRun = false
  @Flag(help: "One JSON object a line on standard output.")
  var json = false
  @Option(help: "The profile of pipeline.json to run.")
  var profile = "default"
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "A parameter or a value of pipeline.json for this run only, such as rank.saveRate=.3; recorded.",
      valueName: "a.b=v"))
  var overrides: [String] = []
  @Option(help: "Threads a stage may use, of two at a time; results never depend on it.")
  var threads: Int = RunRequest.availableThreads
  @Option(
    help: ArgumentHelp(
      "If another run holds the lock: fail, wait, wait=SECONDS or skip.", valueName: "policy"))
  var ifLocked = "fail"
  @OptionGroup var options: ProjectOptions

  func validate() throws {
    try ThreadOptions.check(threads)
    guard [only, from != nil, to != nil].filter({ $0 }).count <= 1 else {
      throw ValidationError("give one of --only, --from and --to")
    }
    if from != nil || to != nil, !stages.isEmpty {
      throw ValidationError("--from and --to name their stage themselves")
    }
    if only, stages.isEmpty { throw ValidationError("--only needs the name of a stage") }
    _ = try lockPolicy()
  }

  func run() throws {
    let project = try options.project(overrides)
    let selection: RunSelection =
      if let from {
        RunSelection([from], scope: .from, force: force)
      } else if let to {
        RunSelection([to], scope: .to, force: force)
      } else {
        RunSelection(stages, scope: only ? .only : .needed, force: force)
      }
    let request = RunRequest(
      profile: profile, selection: selection, threads: threads, ifLocked: try lockPolicy(),
      arguments: CommandLine.arguments)
    if dryRun {
      try printForecast(project, request)
      return
    }
    LargePageStart.consider(project)
    let observer: any RunObserver = json ? JSONLines() : RunPrinter()
    let end = Runner(project, request, observer: observer, interruption: .listening()).run()
    if end.exitCode == 0, !json, end.outcome == .succeeded { try RunEnding.say(project, profile: profile) }
    guard end.exitCode == 0 else { throw CommandEnd(end.exitCode) }
  }

  private func lockPolicy() throws -> LockPolicy {
    switch ifLocked {
    case "fail": return .fail
    case "skip": return .skip
    case "wait": return .wait(seconds: nil)
    default:
      guard ifLocked.hasPrefix("wait="), let seconds = Double(ifLocked.dropFirst(5)), seconds >= 0 else {
        throw ValidationError("--if-locked takes fail, wait, wait=SECONDS or skip")
      }
      return .wait(seconds: seconds)
    }
  }
}
