import ArgumentParser
import Catalog
import Fingerprints
import Pipeline

extension Hold.Kind: ExpressibleByArgument {}

struct HoldCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hold",
    abstract: "Keep a run or a version, with all it was made of, until it is released; lists holds.",
    discussion: """
      holdfast hold r12 --kind legal --reason "case 2026/17"
      holdfast hold model@3 --kind audit --reason "yearly review"
      holdfast hold                       the holds in force

      gc keeps what is held. An erasure overrides every hold but a legal one.
      """)

  @Argument(help: ArgumentHelp("A run (r12), or NAME or NAME@VERSION.", valueName: "TARGET"))
  var target: String?
  @Option(help: "legal, audit or other.")
  var kind: Hold.Kind = .other
  @Option(help: "Why.")
  var reason: String = ""
  @Option(help: "Who; the user where not given.")
  var by: String?
  @Flag(help: "JSON on standard output, an object a line.")
  var json = false
  @OptionGroup var options: ProjectOptions

  func validate() throws {
    if target != nil, reason.allSatisfy(\.isWhitespace) {
      throw ValidationError("--reason is missing; whoever is to release the hold will want to know")
    }
  }

  func run() throws {
    let housekeeper = Housekeeper(folder: try options.folder())
    let holds = try ending {
      guard let target else { return try housekeeper.holds() }
      return [try housekeeper.hold(target, kind, reason: reason, by: by)]
    }
    if holds.isEmpty, !json { Console.complain("nothing is held") }
    for hold in holds {
      Console.say(
        json
          ? JSONText.line(hold.document)
          : "hold \(hold.id)  \(hold.target)  \(hold.kind.rawValue)  \(hold.at)  \(hold.actor): \(hold.reason)"
      )
    }
  }
}

extension Hold {
  /// The hold for programs.
  var document: JSONValue {
    [
      "id": .number(Double(id)), "target": .string(target), "kind": .string(kind.rawValue),
      "reason": .string(reason), "actor": .string(actor), "at": .string(at),
    ]
  }
}

struct ReleaseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "release", abstract: "Release what is held under a name, or the hold of a number.",
    discussion: "holdfast release r12 --reason \"case closed\"")

  @Argument(help: ArgumentHelp("As it was held, or the hold's number.", valueName: "TARGET"))
  var target: String
  @Option(help: "Why.")
  var reason: String
  @Option(help: "Who; the user where not given.")
  var by: String?
  @Flag(help: "JSON on standard output, an object a hold.")
  var json = false
  @OptionGroup var options: ProjectOptions

  func validate() throws {
    if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason is empty") }
  }

  func run() throws {
    let folder = try options.folder()
    for hold in try ending({ try Housekeeper(folder: folder).release(target, reason: reason, by: by) }) {
      Console.say(
        json
          ? JSONText.line(hold.document)
          : "released hold \(hold.id) on \(hold.target) (\(hold.kind.rawValue): \(hold.reason))")
    }
  }
}
