import ArgumentParser
import Glibc

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

      Exit codes: 0 good, 1 a stage failed, 2 usage or configuration, 3 a data check stopped the run,
      4 a model check stopped it, 5 another run holds the lock, 6 integrity, 130 interrupted, 143 terminated.
      """,
    version: "holdfast 0.1.0",
    subcommands: [
      InitCommand.self, SampleCommand.self, RunCommand.self, StatusCommand.self, ExplainCommand.self,
      LogCommand.self, ShowCommand.self, ExportCommand.self, ScoreCommand.self, VerifyCommand.self,
    ])

  /// Usage mistakes end with 2, as all mistakes of usage and configuration do.
  static func main() {
    do {
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
