import ArgumentParser
import Catalog
import Fingerprints
import Numerics
import Pipeline

struct CustomerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "customer",
    abstract:
      "Replay one customer: as read, repaired, scored, explained, valued and ranked, and what is new.",
    discussion: """
      holdfast customer 15634602
      holdfast customer 15634602 --run r3
      holdfast customer 15634602 --json        one document, holdfast.customer/v1
      """)

  @Argument(help: "The customer's key.")
  var key: String
  @Option(name: .customLong("run"), help: "The run; the newest good one if none is given.")
  var chosen: String?
  @Option(help: "The run to compare with; the one before it of the same profile if none is given.")
  var before: String?
  @Flag(help: "JSON on standard output.")
  var json = false
  @OptionGroup var options: ProjectOptions

  func run() throws {
    let folder = try options.folder()
    let (now, then): (CustomerStory, CustomerStory?) = try ending {
      let past = try PastArtifacts(folder: folder)
      guard let found = try chosen.map({ try past.run($0) }) ?? past.newestGoodRun(publishing: "ranking")
      else {
        throw PipelineError(.usage, "no run has ended well yet", remedy: "start with: holdfast run")
      }
      let earlier =
        try before.map { try past.run($0) }
        ?? past.newestGoodRun(profile: found.profile, publishing: "ranking", before: found.id)
      let grounds = try CustomerGrounds(past, [found] + (earlier.map { [$0] } ?? []))
      let stories: [Result<CustomerStory, any Error>]
      if let earlier, CustomerStory.tables(of: earlier) != CustomerStory.tables(of: found) {
        // Little of one serves the other: both at once.
        stories = Crew(threads: 2).map(2) { place in
          Result { try CustomerStory(past, place == 0 ? found : earlier, key: key, grounds) }
        }
      } else {
        let now = try CustomerStory(past, found, key: key, grounds)
        stories =
          [.success(now)]
          + (earlier.map { run in
            [Result { try CustomerStory(past, run, key: key, grounds, beside: now) }]
          } ?? [])
      }
      let now = try stories[0].get()
      guard now.isKnown else {
        throw PipelineError(
          .usage, "run \(found.id) knows no customer of that key",
          remedy: "keys are compared letter by letter, as the file has them")
      }
      return (now, try stories.count == 2 ? stories[1].get() : nil)
    }
    if json {
      Console.say(JSONText.line(now.json(key: key, before: then)))
      return
    }
    for line in CustomerWords.lines(key, now, then) { Console.say(line) }
  }
}
