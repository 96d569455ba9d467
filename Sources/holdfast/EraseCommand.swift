import ArgumentParser
import Catalog
import Fingerprints
import Pipeline

struct EraseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase",
    abstract: "Take away every older version that holds persons' data, on a request that is recorded.",
    discussion: """
      1. take the customer out of the source     2. holdfast run
      3. holdfast erase --request DSR-2026-0117 --dry-run, then without --dry-run

      What goes: sources and artifacts that hold persons' data (classes raw-PII and derived-PII in stages/) of
      all runs before the newest that read the sources, and pages made beside such a version; what programs
      printed, and what dead processes left. Models and figures over many stay. Overrides every hold but a
      legal one (exit code 7, recorded). Ends with 1 where something cannot be removed, and names it. The record
      names the request, never the person. Copies outside artifacts/ (exports, backups) are yours to remove.
      """)

  @Option(help: "Number of the request: letters, digits, '.', '_', '-', '/'.")
  var request: String
  @Flag(help: "Only say what would go.")
  var dryRun = false
  @Option(help: "Who erases; the user where not given.")
  var by: String?
  @Flag(help: "JSON on standard output.")
  var json = false
  @OptionGroup var options: ProjectOptions

  func run() throws {
    let housekeeper = Housekeeper(folder: try options.folder())
    let plan = try ending {
      try dryRun ? housekeeper.planErasure() : housekeeper.erase(request: request, by: by)
    }
    let classes = CollectedClasses(plan.objects)
    let bytes = plan.objects.reduce(0) { $0 + $1.bytes }
    if json {
      Console.say(
        JSONText.line([
          "dryRun": .bool(dryRun), "request": .string(request), "from": .string(plan.run),
          "objects": .number(Double(plan.objects.count)), "bytes": .number(Double(bytes)),
          "classes": classes.json,
        ]))
      return
    }
    for line in classes.lines { Console.say(line) }
    Console.say(
      "\(plan.objects.count.grouped) objects \(dryRun ? "would be erased" : "erased") under request \(request), \(bytes.grouped) bytes; runs from \(plan.run) on stay"
    )
  }
}
