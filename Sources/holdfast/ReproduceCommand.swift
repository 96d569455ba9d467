import ArgumentParser
import Catalog
import Fingerprints
import Pipeline
import Staging

struct ReproduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Do a past run again from its recorded inputs and parameters, and compare every digest.",
    discussion: """
      holdfast reproduce r3
      holdfast reproduce latest --json
      holdfast reproduce r3 --restore     put what gc took away of that run back in its place

      Ends with 0 where every artifact came out with the same bytes, with 6 at the first that did not.
      Nothing of the project is changed but by --restore, which takes in only bytes of the recorded digests.
      What was erased, or collected before an erasure and may hold persons, is not restored.
      """)

  @Argument(help: "The run (r3), or latest.")
  var target: String
  @Flag(help: "Even where the code of stages is another than then.")
  var anyway = false
  @Flag(help: "Put artifacts that gc took away back, where all came out the same.")
  var restore = false
  @Flag(help: "JSON on standard output (holdfast.reproduction/v1).")
  var json = false
  @OptionGroup var work: ThreadOptions
  @OptionGroup var options: ProjectOptions

  func run() throws {
    let project = try options.project()
    let name = try ending { () throws -> String in
      guard target == "latest" else { return target }
      guard let run = try PastArtifacts(folder: project.folder).newestGoodRun() else {
        throw PipelineError(.usage, "no run has ended well yet", remedy: "`holdfast log` lists what there is")
      }
      return run.id
    }
    let replay = try ending { try RunReplay(project, run: name) }
    let changes = replay.codeChanges
    if !changes.isEmpty {
      let stages = changes.map { $0.new == nil ? "\($0.stage) (is no more)" : $0.stage }
      let words = "the code of \(stages.joined(separator: ", ")) is another than in run \(name)"
      guard anyway, changes.allSatisfy({ $0.new != nil }) else {
        throw CommandEnd(
          2, "\(words); use the program of that day, or say --anyway to see what today's makes of it")
      }
      Console.complain("note: \(words)")
    }
    var restored: [String] = []
    var withheld: [String] = []
    let verdict = try ending { () throws -> RunReplay.Verdict in
      do {
        return try replay.run(
          threads: work.threads, interruption: .listening(),
          tell: { stage, seconds in
            if !json { Console.complain("  \(stage.padded(10)) the same, in \(seconds.fixed(1)) s") }
          }, keep: { made in if restore { (restored, withheld) = try replay.restore(made) } })
      } catch let error as ParameterError {
        throw PipelineError(.usage, "the parameters recorded do not fit this program: \(error.description)")
      }
    }
    if json { Console.say(JSONText.line(document(name, verdict, changes.map(\.stage), restored, withheld))) }
    switch verdict {
    case .identical(let artifacts):
      if !json {
        Console.say("identical: \(artifacts) artifacts of run \(name) came out with the same bytes")
        if restore {
          if !restored.isEmpty { Console.say("restored: \(restored.joined(separator: ", "))") }
          if !withheld.isEmpty {
            Console.say("not restored, since an erasure concerned it: \(withheld.joined(separator: ", "))")
          }
          if restored.isEmpty, withheld.isEmpty { Console.say("nothing of it had been collected") }
        }
      }
    case .differs(let stage, let artifact, let recorded, let found):
      throw CommandEnd(
        6,
        "\(artifact) of stage \(stage) came out otherwise: \(recorded.short) is recorded, \(found.short) was made"
      )
    case .failed(let stage, let message):
      throw CommandEnd(6, "stage \(stage) did not end as it did: \(message)")
    }
  }

  private func document(
    _ run: String, _ verdict: RunReplay.Verdict, _ changed: [String], _ restored: [String],
    _ withheld: [String]
  ) -> JSONValue {
    var members: [String: JSONValue] = [
      "schema": "holdfast.reproduction/v1", "run": .string(run),
      "codeChanged": .list(changed.map { .string($0) }),
    ]
    switch verdict {
    case .identical(let artifacts):
      members["verdict"] = "identical"
      if restore {
        members["restored"] = .list(restored.map(JSONValue.string))
        members["withheld"] = .list(withheld.map(JSONValue.string))
      }
      members["artifacts"] = .number(Double(artifacts))
    case .differs(let stage, let artifact, let recorded, let found):
      members["verdict"] = "differs"
      members["stage"] = .string(stage)
      members["artifact"] = .string(artifact)
      members["recorded"] = .string(recorded.hexadecimal)
      members["found"] = .string(found.hexadecimal)
    case .failed(let stage, let message):
      members["verdict"] = "failed"
      members["stage"] = .string(stage)
      members["message"] = .string(message)
    }
    return .object(members)
  }
}
