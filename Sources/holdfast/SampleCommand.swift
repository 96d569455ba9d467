import ArgumentParser
import Glibc
import Simulating

struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample", abstract: "Write a file of synthetic bank customers with a known truth.")

  @Option(help: "How many customers.")
  var customers = 10_000
  @Option(help: "Chooses among the possible files; the same number and seed give the same bytes.")
  var seed: UInt64 = 1
  @Option(
    name: [.short, .long], help: ArgumentHelp("Where to write; standard output if absent.", valueName: "FILE")
  )
  var output: String?
  @Option(
    help: ArgumentHelp(
      "Where to write the truth: churn probability, value, effect of an offer, state of the balance.",
      valueName: "FILE"))
  var truth: String?
  @OptionGroup var options: ProjectOptions

  func validate() throws {
    guard customers >= 1, customers <= 900_000_000 else {
      throw ValidationError("--customers takes 1 to 900000000")
    }
  }

  func run() throws {
    let folder = try options.folder()
    let file = try output.map { try NewFile(path(folder, $0)) }
    let beside = try truth.map { try NewFile(path(folder, $0)) }
    try SampleWriter(customers: customers, seed: seed).write { bytes, truth in
      if let file { try file.write(bytes) } else { Console.write(bytes) }
      try beside?.write(truth)
    }
    try file?.finish()
    try beside?.finish()
    if let output { Console.complain("wrote \(customers.grouped) customers to \(output)") }
  }

  private func path(_ folder: String, _ path: String) -> String {
    path.hasPrefix("/") ? path : folder + "/" + path
  }
}
