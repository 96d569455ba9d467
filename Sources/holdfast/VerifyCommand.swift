import ArgumentParser
import Catalog
import Fingerprints

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract:
      "Recompute the digest of every object and both chains; exit code 6 where something does not hold.")

  @Flag(help: "JSON on standard output.")
  var json = false
  @OptionGroup var options: ProjectOptions

  func run() throws {
    guard let store = try options.store() else { return }
    let report = try options.reading { () throws(CatalogError) in try store.verify() }
    if json {
      Console.say(
        JSONText.line([
          "objects": .number(Double(report.objects)), "bytes": .number(Double(report.bytes)),
          "runs": .number(Double(report.runs)), "events": .number(Double(report.events)),
          "faults": .list(
            report.faults.map {
              ["kind": .string($0.kind), "subject": .string($0.subject), "message": .string($0.message)]
            }),
        ]))
    } else {
      Console.say(
        "\(report.objects) objects (\(report.bytes.grouped) bytes), \(report.runs) runs, \(report.events) events looked at"
      )
      for fault in report.faults { Console.complain("fault: \(fault.message)") }
    }
    guard report.faults.isEmpty else {
      throw CommandEnd(
        6,
        json
          ? nil
          : "\(report.faults.count) things do not hold; `holdfast run` makes damaged artifacts anew, a changed record stays changed"
      )
    }
    if !json { Console.say("all of it holds") }
  }
}
