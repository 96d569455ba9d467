import ArgumentParser
import Catalog
import Fingerprints
import Pipeline

struct LineageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lineage", abstract: "Show what an artifact was made of, down to the sources' digests.",
    discussion: """
      holdfast lineage ranking                  a tree
      holdfast lineage model@3 --dot | dot -Tsvg
      holdfast lineage ranking --openlineage    a run event a line, for a lineage server
      """)

  @Argument(help: "NAME or NAME@VERSION.")
  var artifact: String
  @Flag(help: "A graph in the language of Graphviz.")
  var dot = false
  @Flag(help: "OpenLineage run events, one a line.")
  var openlineage = false
  @Flag(help: "JSON on standard output.")
  var json = false
  @OptionGroup var options: ProjectOptions

  func run() throws {
    let folder = try options.folder()
    let lineage = try ending { try Lineage(of: artifact, folder: folder) }
    if dot { return Console.say(lineage.dot) }
    if json { return Console.say(JSONText.line(lineage.json)) }
    guard openlineage else {
      for line in lineage.lines { Console.say(line) }
      return
    }
    guard let store = try options.store() else { return }
    let runs = try options.reading { () throws(CatalogError) in try store.runs(newest: Int.max) }
    let times = Dictionary(
      runs.map { ($0.id, $0.endedAt ?? $0.startedAt) }, uniquingKeysWith: { first, _ in first })
    for event in lineage.openLineage(namespace: "holdfast", at: { times[$0] ?? "" }) {
      Console.say(JSONText.line(event))
    }
  }
}

struct MetricsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics", abstract: "Show how the numbers of past runs went, oldest to newest.")

  @Option(name: [.customShort("n"), .long], help: "Of how many runs, the newest.")
  var last = 10
  @Option(help: "Of which stage.")
  var stage = "evaluate"
  @Option(help: "Of which profile; all where not given.")
  var profile: String?
  @Flag(help: "One JSON object a line.")
  var json = false
  @OptionGroup var options: ProjectOptions

  func run() throws {
    guard let store = try options.store() else { return }
    let values = try options.reading { () throws(CatalogError) in
      try store.metrics(last: last, stage: stage, profile: profile)
    }
    guard !values.isEmpty else {
      return Console.complain("no run holds numbers of stage \"\(stage)\"; `holdfast log` lists the runs")
    }
    if json {
      for value in values {
        Console.say(
          JSONText.line([
            "run": .string(value.run), "startedAt": .string(value.startedAt), "stage": .string(value.stage),
            "name": .string(value.name), "value": .number(value.value),
          ]))
      }
      return
    }
    var runs: [String] = []
    for value in values where runs.last != value.run { runs.append(value.run) }
    let names = Set(values.map(\.name)).sorted()
    let width = names.map(\.count).max() ?? 0
    Console.say("\("".padded(width))  \(runs.map { $0.aligned(10) }.joined())      change")
    for name in names {
      let found = runs.map { run in values.first { $0.run == run && $0.name == name }?.value }
      let cells = found.map { ($0.map { Self.short($0) } ?? "").aligned(10) }.joined()
      let known = found.compactMap { $0 }
      var change = ""
      if let newest = known.last, let before = known.dropLast().last, newest != before {
        change = (newest > before ? "+" : "") + Self.short(newest - before)
      }
      Console.say("\(name.padded(width))  \(cells)  \(change.aligned(10))")
    }
  }

  private static func short(_ value: Double) -> String {
    value.magnitude >= 1000 ? value.fixed(0) : value.fixed(4)
  }
}
