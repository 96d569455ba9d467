import ArgumentParser
import Catalog
import Fingerprints
import Pipeline

struct GcCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc",
    abstract: "Take away the bytes of old versions that nothing kept refers to, and what dead runs left.",
    discussion: """
      holdfast gc --keep 30 --dry-run             what would go, by what it holds; nothing is changed
      holdfast gc --keep 30                       keep the last 30 good runs
      holdfast gc --keep 30 --older-than 90       and whatever is younger than 90 days
      holdfast gc                                 only what no run refers to and dead processes left

      Always kept: what is current in every profile, what aliases such as champion name, signed-off and held
      runs, each with all it was made of. Records are never removed: digest, lineage and metrics of a collected
      version stay, `show` says when it was collected, and `reproduce` makes it again where its sources are
      still there.
      """)

  @Option(help: "Keep every run from the N-th newest good one on.")
  var keep: Int?
  @Option(help: ArgumentHelp("Keep every run younger than DAYS.", valueName: "DAYS"))
  var olderThan: Int?
  @Flag(help: "Only say what would go.")
  var dryRun = false
  @Option(help: "Who asks for it; the user where not given.")
  var by: String?
  @Flag(help: "JSON on standard output.")
  var json = false
  @OptionGroup var options: ProjectOptions

  func validate() throws {
    if let keep, keep < 1 { throw ValidationError("--keep takes 1 or more: what is current is always kept") }
    if let olderThan, olderThan < 0 || olderThan > 36_500 {
      throw ValidationError("--older-than takes days, 0 to 36500")
    }
  }

  func run() throws {
    let folder = try options.folder()
    let policy = Housekeeper.policy(keep: keep, olderThanDays: olderThan)
    let housekeeper = Housekeeper(folder: folder)
    let (plan, number, left) = try ending { () throws -> (CollectionPlan, Int64?, [Housekeeper.Leftover]) in
      guard dryRun else { return try housekeeper.collect(policy, by: by) }
      let (plan, left) = try housekeeper.look(policy)
      return (plan, nil, left)
    }
    let classes = CollectedClasses(plan.objects)
    let leftBytes = left.reduce(plan.strayBytes) { $0 + $1.bytes }
    let leftCount = left.count + plan.strays.count
    if json {
      Console.say(
        JSONText.line([
          "dryRun": .bool(dryRun), "collection": number.map { .number(Double($0)) } ?? .null,
          "objects": .number(Double(plan.objects.count)), "bytes": .number(Double(plan.bytes)),
          "keptObjects": .number(Double(plan.keptObjects)), "keptBytes": .number(Double(plan.keptBytes)),
          "leftovers": .number(Double(leftCount)), "leftoverBytes": .number(Double(leftBytes)),
          "classes": classes.json,
        ]))
      return
    }
    for line in classes.lines { Console.say(line) }
    let verb = dryRun ? "would go" : "collected"
    Console.say("\(plan.objects.count.grouped) objects \(verb), \(plan.bytes.grouped) bytes")
    if leftCount > 0 {
      Console.say(
        "\(leftCount.grouped) leftovers \(dryRun ? "would go" : "removed"), \(leftBytes.grouped) bytes")
    }
    Console.say("\(plan.keptObjects.grouped) objects stay, \(plan.keptBytes.grouped) bytes")
    if let number { Console.say("recorded as collection \(number)") }
  }
}

/// Objects counted by what they hold.
struct CollectedClasses {
  private var counts: [(name: String, objects: Int, bytes: Int)] = []

  init(_ objects: [CollectableObject]) {
    for object in objects {
      if let place = counts.firstIndex(where: { $0.name == object.dataClass }) {
        counts[place].objects += 1
        counts[place].bytes += object.bytes
      } else {
        counts.append((object.dataClass, 1, object.bytes))
      }
    }
    counts.sort { $0.name < $1.name }
  }

  var lines: [String] {
    counts.map {
      "  \($0.name.padded(12)) \($0.objects.grouped.aligned(8)) objects \($0.bytes.grouped.aligned(16)) bytes"
    }
  }

  var json: JSONValue {
    .object(
      Dictionary(
        counts.map {
          (
            $0.name,
            ["objects": .number(Double($0.objects)), "bytes": .number(Double($0.bytes))] as JSONValue
          )
        }, uniquingKeysWith: { first, _ in first }))
  }
}
