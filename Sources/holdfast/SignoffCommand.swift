import ArgumentParser
import Catalog
import Fingerprints
import Pipeline

struct SignoffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "signoff",
    abstract: "Record a person's decision about a run, over the digest of its record.",
    discussion: """
      holdfast signoff r12 --role validator --decision approve --comment "challenged on 2025 data"

      Never changed or removed afterwards; a later sign-off of the same role counts instead. `holdfast promote`
      refuses a run whose newest word of some role is reject.
      """)

  enum Decision: String, ExpressibleByArgument, CaseIterable { case approve, reject }

  @Argument(help: ArgumentHelp("The run, as `holdfast log` names it.", valueName: "RUN"))
  var name: String
  @Option(help: "In what capacity, such as validator.")
  var role: String
  @Option(help: "approve or reject.")
  var decision: Decision
  @Option(help: "Why.")
  var comment: String
  @Option(help: "Who; the user where not given.")
  var by: String?
  @Flag(help: "JSON on standard output.")
  var json = false
  @OptionGroup var options: ProjectOptions

  func validate() throws {
    for (option, text) in [("--role", role), ("--comment", comment)] where text.allSatisfy(\.isWhitespace) {
      throw ValidationError("\(option) is empty; an auditor will want to know")
    }
  }

  func run() throws {
    let folder = try options.folder()
    let made = try ending {
      try Governor(folder: folder).signOff(
        name, role: role, approves: decision == .approve, comment: comment, by: by)
    }
    if json {
      Console.say(
        JSONText.line([
          "run": .string(made.run), "record": .string(made.runDigest), "role": .string(made.role),
          "decision": .string(decision.rawValue), "comment": .string(made.comment),
          "actor": .string(made.actor), "at": .string(made.at),
        ]))
    } else {
      Console.say(
        "\(made.role) \(made.actor) \(made.approves ? "approves" : "rejects") run \(made.run), record \(made.runDigest.prefix(12))"
      )
    }
  }
}
