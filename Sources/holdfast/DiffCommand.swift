import ArgumentParser
import Comparing
import Markup
import Numerics
import Pipeline

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Say what differs between two runs, or two versions of an artifact, and why.",
    discussion: """
      holdfast diff r3 r5                  two runs: inputs, parameters, code, metrics, model, ranking
      holdfast diff r3 latest              a run and the newest good one
      holdfast diff ranking@2 ranking@5    two versions of an artifact
      holdfast diff r3 r5 --html diff.html

      A customer's move has a cause: customers and features (data), the model, or the assumptions of rank.
      Each is swapped for the new one in every order and the places it moves the customer by are averaged,
      so that the parts make up the move.
      """)

  @Argument(help: "A run (r3), NAME@VERSION, or latest.")
  var old: String
  @Argument(help: "Compared with it.")
  var new: String
  @Option(help: "How many customers that moved, entered or left to show, each with its cause.")
  var movers = 100
  @Flag(help: "JSON on standard output (holdfast.diff/v1).")
  var json = false
  @Option(help: ArgumentHelp("Also write a page.", valueName: "FILE.html"))
  var html: String?
  @Flag(help: "End with 1 where something differs.")
  var exitCode = false
  @OptionGroup var work: ThreadOptions
  @OptionGroup var options: ProjectOptions

  func validate() throws {
    guard movers >= 0, movers <= 10_000 else { throw ValidationError("--movers takes 0 to 10000") }
  }

  func run() throws {
    let folder = try options.folder()
    let found: Comparison = try ending {
      try VersionComparer(folder: folder, movers: movers, crew: Crew(threads: work.threads)).compare(old, new)
    }
    if json {
      Console.say(JSONText.line(found.json))
    } else {
      for line in found.lines(movers: movers) { Console.say(line) }
    }
    if let html {
      let file = try NewFile(html.hasPrefix("/") ? html : folder + "/" + html)
      try file.write(ComparisonPage.html(found, movers: movers).bytes)
      try file.finish()
      Console.complain("page: \(html)")
    }
    if exitCode, !found.isSame { throw CommandEnd(1) }
  }
}
