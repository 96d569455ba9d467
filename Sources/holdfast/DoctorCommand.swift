import ArgumentParser
import Fingerprints
import Pipeline

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Look at all a run needs: sources, catalog, disk, lock, digests; a remedy for what is amiss.",
    discussion: "Writes nothing. Exit code 0 where all is well, else 1.")

  @Flag(help: "Leave the digests of all objects and the chains out: quick with many artifacts.")
  var quick = false
  @Flag(help: "One JSON object a line.")
  var json = false
  @OptionGroup var options: ProjectOptions

  func run() throws {
    let project = try options.project()
    let found = try ending { try Doctor(project).look(isThorough: !quick) }
    for item in found {
      if json {
        Console.say(
          JSONText.line([
            "subject": .string(item.subject), "well": .bool(item.isWell), "finding": .string(item.finding),
            "remedy": item.remedy.map { .string($0) } ?? .null,
          ]))
      } else {
        Console.say("\(item.isWell ? "well " : "amiss")  \(item.subject): \(item.finding)")
        if let remedy = item.remedy { Console.say("       remedy: \(remedy)") }
      }
    }
    if found.contains(where: { !$0.isWell }) { throw CommandEnd(1) }
  }
}
