import ArgumentParser
import Assembly
import Clientele
import FoundationEssentials
import Onboarding
import Pipeline
import Staging

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Make a project for your own file: pipeline.json and stages/, ready to run.",
    discussion: """
      holdfast init bank --data customers.csv
      holdfast init bank --data customers.csv --id USERID --id city --target churn
      holdfast init bank --data customers.csv --encoding windows-1251
      """)

  @Argument(help: ArgumentHelp("Folder of the project; made where there is none.", valueName: "DIR"))
  var folder: String
  @Option(help: ArgumentHelp("The customers' file.", valueName: "FILE.csv"))
  var data: String
  @Option(
    name: .customLong("id"), parsing: .singleValue,
    help: ArgumentHelp("Column that identifies a customer; several with --id A,B.", valueName: "COL"))
  var key: [String] = []
  @Option(help: ArgumentHelp("Column that says who left.", valueName: "COL"))
  var target: String?
  @Option(help: "utf-8, windows-1251 or latin-1; never guessed.")
  var encoding: String?
  @Option(help: ", ; | or tab; sniffed if not given.")
  var delimiter: String?
  @Option(help: ". or , in numbers; sniffed if not given.")
  var decimal: String?
  @Flag(help: "Replace a pipeline.json and stages/ that are there.")
  var force = false
  @OptionGroup var options: ProjectOptions

  func run() throws {
    let here = try options.folder()
    let file = InitCommand.path(data, in: here)
    let target = InitCommand.path(folder, in: here)
    var isFolder = false
    guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), !isFolder else {
      throw CommandEnd(2, "there is no file \"\(data)\"; give the customers' file with --data")
    }
    guard force || !FileManager.default.fileExists(atPath: target + "/pipeline.json") else {
      throw CommandEnd(
        2, "\(folder)/pipeline.json is there already; take another folder, or replace it with --force")
    }
    let bytes: [UInt8]
    do { bytes = [UInt8](try Data(contentsOf: URL(filePath: file))) } catch {
      throw CommandEnd(2, "\(data) cannot be read: \(error)")
    }
    let source = file.hasPrefix(target + "/") ? String(file.dropFirst(target.count + 1)) : file
    let request = OnboardingRequest(
      fileName: URL(filePath: file).lastPathComponent, sourcePath: source,
      key: key.flatMap { $0.split(separator: ",").map(String.init) }, target: self.target,
      dialect: DialectContract(delimiter: delimiter, encoding: encoding, decimal: decimal))
    let proposal: Proposal
    // Bytes have no padding, so viewing them raw is safe.
    do {
      proposal = try Proposal(unsafe bytes.span.bytes, request, threads: RunRequest.availableThreads)
    } catch {
      throw CommandEnd(2, error.description)
    }
    try write(proposal, to: target)
    Console.say(
      "made \(folder): \(proposal.rows.grouped) customers, \(proposal.contract.columns.count) columns; key \(proposal.key.joined(separator: " + ")), target \(proposal.target ?? "none (this project only scores)")"
    )
    for note in proposal.notes { Console.say("  - \(note)") }
    Console.say("next: holdfast run -C \(folder)")
  }

  private func write(_ proposal: Proposal, to target: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: target + "/stages", withIntermediateDirectories: true)
    } catch { throw CommandEnd(1, "\(folder) cannot be made: \(error)") }
    for stage in Assembly.stages {
      let file = try NewFile(target + "/" + StageFile.path(stage.declaration.id))
      try file.write(Array(StageFile.text(of: stage.declaration).utf8))
      try file.finish()
    }
    let file = try NewFile(target + "/pipeline.json")
    try file.write(Array(proposal.pipelineText.utf8))
    try file.finish()
  }

  private static func path(_ path: String, in folder: String) -> String {
    URL(filePath: path.hasPrefix("/") ? path : folder + "/" + path).standardizedFileURL.path
  }
}
