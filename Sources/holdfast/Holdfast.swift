import ArgumentParser
import Glibc
import Tabular

/// The command line: one file a subcommand.
@main
struct Holdfast: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "holdfast",
    abstract: "Which customers are about to leave, what acting on each is worth, and how we know.",
    discussion: """
      First steps:
        holdfast init bank --data customers.csv     a project for your file
        holdfast run -C bank                        run what must run
        holdfast explain train -C bank              why a stage ran, or would

      Exit codes:
        0 good                     4 a model check stopped the run
        1 a stage failed           5 another run holds the lock
        2 usage or configuration   6 integrity
        3 a data check stopped it  7 a legal hold forbids it
        130 interrupted, 143 terminated
      """,
    version: "holdfast 0.1.0",
    subcommands: [
      InitCommand.self, SampleCommand.self, RunCommand.self, StatusCommand.self, ExplainCommand.self,
      LogCommand.self, ShowCommand.self, ExportCommand.self, ScoreCommand.self, VerifyCommand.self,
      DiffCommand.self, CustomerCommand.self, ReproduceCommand.self,
      PromoteCommand.self, SignoffCommand.self, SignCommand.self, ManifestCommand.self, KeygenCommand.self,
      LineageCommand.self, MetricsCommand.self, DoctorCommand.self,
      GcCommand.self, HoldCommand.self, ReleaseCommand.self, EraseCommand.self,
    ])

  /// Usage mistakes end with 2, as all mistakes of usage and configuration do.
  static func main() {
    do {
      try complainOfUnknownCommand()
      var command = try parseAsRoot()
      try command.run()
    } catch let end as CommandEnd {
      if let message = end.message { Console.complain(message) }
      Glibc.exit(end.exitCode)
    } catch {
      let code = exitCode(for: error)
      if code.isSuccess {
        Console.say(fullMessage(for: error))
        Glibc.exit(0)
      }
      let isUsage = code == .validationFailure || error is ValidationError
      Console.complain(isUsage ? fullMessage(for: error) : "error: \(error)")
      Glibc.exit(isUsage ? 2 : 1)
    }
  }

  /// The parser takes a word that is no command for an argument and complains of what follows it.
  private static func complainOfUnknownCommand() throws {
    let known = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-"), !known.contains(word)
    else {
      return
    }
    let hint = NearestName.hint(word, among: known) ?? "the commands are \(known.joined(separator: ", "))"
    throw CommandEnd(2, "there is no command \"\(word)\"; \(hint)")
  }
}

/// How a command ends that does not end well.
struct CommandEnd: Error {
  var exitCode: Int32
  /// Printed on standard error; `nil` where all is said.
  var message: String?

  init(_ exitCode: Int32, _ message: String? = nil) {
    self.exitCode = exitCode
    self.message = message.map { $0.hasPrefix("error") ? $0 : "error: " + $0 }
  }
}
