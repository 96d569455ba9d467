import ArgumentParser
import Catalog
import Fingerprints
import Pipeline

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Recompute digests, both chains and the anchors; exit code 6 where something does not hold.",
    discussion: """
      holdfast verify                              everything
      holdfast verify r12                          the objects of a run, and the chains
      holdfast verify model@3                      one version of an artifact, and the chains
      holdfast verify --public-key audit.pem.pub   besides: what was signed (see `holdfast sign`)
      """)

  @Argument(
    help: ArgumentHelp("A run, or NAME or NAME@VERSION; everything where not given.", valueName: "WHAT"))
  var subject: String?
  @Flag(help: "Everything: the default.")
  var all = false
  @Option(help: ArgumentHelp("Check signed manifests with that key.", valueName: "FILE"))
  var publicKey: String?
  @Option(help: ArgumentHelp("The signed manifests are copies in DIR.", valueName: "DIR"))
  var manifests: String?
  @Flag(help: "JSON on standard output.")
  var json = false
  @OptionGroup var options: ProjectOptions

  func validate() throws {
    if all, subject != nil { throw ValidationError("give --all or one thing to verify, not both") }
    if manifests != nil, publicKey == nil { throw ValidationError("--manifests needs --public-key FILE") }
  }

  func run() throws {
    let key = try publicKey.map { try KeyFile.verifying($0) }
    guard let store = try options.store() else { return }
    let digests = try subject.map { try wanted($0, store) }
    var report = try options.reading { () throws(CatalogError) in try store.verify(only: digests) }
    var signed: SignedRuns.Report?
    if let key {
      let folder = try options.folder()
      let found = try ending { try SignedRuns(folder: folder).verify(key, copies: manifests) }
      report.faults += found.faults.map {
        IntegrityFault(kind: "signature", subject: "manifests", message: $0)
      }
      signed = found
    }
    if json {
      var members: [String: JSONValue] = [
        "objects": .number(Double(report.objects)), "bytes": .number(Double(report.bytes)),
        "runs": .number(Double(report.runs)), "events": .number(Double(report.events)),
        "anchors": .number(Double(report.anchors)), "collected": .number(Double(report.collected)),
        "erased": .number(Double(report.erased)),
        "faults": .list(
          report.faults.map {
            ["kind": .string($0.kind), "subject": .string($0.subject), "message": .string($0.message)]
          }),
      ]
      if let signed {
        members["signed"] = .list(signed.good.map(JSONValue.string))
        members["unsigned"] = .list(signed.unsigned.map(JSONValue.string))
      }
      Console.say(JSONText.line(.object(members)))
    } else {
      Console.say(
        "\(report.objects) objects (\(report.bytes.grouped) bytes), \(report.runs) runs, \(report.events) events, \(report.anchors) anchors looked at"
      )
      if report.collected + report.erased > 0 {
        Console.say(
          "\(report.collected) objects were collected by policy, \(report.erased) erased on request: recorded, no loss"
        )
      }
      if let signed {
        Console.say(
          "\(signed.good.count) runs are as they were signed, \(signed.unsigned.count) are not signed")
      }
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

  /// The objects of a run, made or read, or of one version.
  private func wanted(_ subject: String, _ store: CatalogStore) throws -> Set<Digest> {
    let run = try options.reading { () throws(CatalogError) in try store.pastRun(subject) }
    if let run {
      return Set(run.stages.flatMap { $0.outputs.map(\.digest) + $0.inputs.values })
    }
    let folder = try options.folder()
    return [try ending { try ArtifactReader(folder: folder).version(subject) }.digest]
  }
}
