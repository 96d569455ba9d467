import FoundationEssentials
import Testing

/// What shows that the runner does something.
private enum Evidence {
  /// A story under `Cases`.
  case story(String)
  /// A test of that name, in a file of the tests.
  case test(String, in: String)
  /// A cell of scripts/matrix, tried with the real program.
  case cell(String)
}

// The runner's behaviours, each with what shows it. A behaviour without evidence, or evidence that is gone, fails.
private let behaviours: [(behaviour: String, evidence: [Evidence])] = [
  ("nothing changed: nothing runs", [.story("nothing-changed"), .cell("nothing changed")]),
  ("a touched file: nothing runs", [.story("touched"), .cell("the source touched")]),
  ("one parameter: its stage and what depends on it", [.story("one-parameter")]),
  (
    "a parameter put back: nothing runs, restored",
    [.story("parameter-put-back"), .cell("the parameter put back")]
  ),
  ("an output that is the same: nothing below runs", [.story("early-cutoff")]),
  ("an intermediate deleted: made again", [.story("deleted-object"), .cell("its object deleted as well")]),
  ("other code: its stage and below", [.story("changed-code")]),
  ("an input file changed: all that read it", [.story("changed-source"), .cell("other customers")]),
  ("--force", [.story("forced")]),
  ("--only", [.story("only"), .story("only-without-inputs")]),
  ("--from, --to", [.story("from-and-to")]),
  ("--dry-run", [.story("dry-run")]),
  ("a stage and what it needs", [.story("one-stage")]),
  (
    "a command stage",
    [
      .story("command"),
      .test(
        "a step in Python is run, reused, explained, shown and reproduced like any stage",
        in: "EndToEndTests/CommandStageTests"),
    ]
  ),
  (
    "a program is in the key",
    [.test("another program under the same name runs the stage again", in: "PipelineTests/CommandTests")]
  ),
  (
    "a program's time limit",
    [
      .test(
        "at its time limit a program ends with all it has started, even if it will not",
        in: "PipelineTests/CommandTests")
    ]
  ),
  ("a check that warns", [.story("gate-warns")]),
  ("a check that stops", [.story("gate-stops"), .story("blocked")]),
  ("a check of change, of columns", [.story("gate-change"), .story("gate-columns")]),
  (
    "a stage that fails, is skipped, refuses the data",
    [.story("failing"), .story("skipped"), .story("data-refused")]
  ),
  ("explain", [.test("an explanation shows every component and what changed", in: "PipelineTests/RunTests")]),
  (
    "kill -9 at any instant, the runner alone",
    [
      .test(
        "killed at a call, the runner leaves what is whole, and the next run ends as if nothing had been",
        in: "EndToEndTests/WorldTests"),
      .test(
        "wherever a run dies, what was current stays whole and the next run ends as if nothing had been",
        in: "CatalogTests/CrashTests"),
    ]
  ),
  ("kill -9 of the whole tree", [.cell("{name} killed: verify, the next run, its stages, its result")]),
  (
    "a child left as an orphan ends with its runner",
    [
      .test(
        "the program of a runner that is killed ends within a second with all it has started",
        in: "EndToEndTests/CommandStageTests")
    ]
  ),
  (
    "an orphan that works on",
    [
      .test(
        "an orphan that works on beside the next run spoils nothing", in: "EndToEndTests/CommandStageTests")
    ]
  ),
  (
    "two runs at once",
    [
      .test(
        "a second run at the same time is refused, waits, or is called good", in: "PipelineTests/RunTests")
    ]
  ),
  (
    "five runs at once, same and different profiles",
    [
      .test(
        "of five runs at once on an empty folder one executes, and all end well where they wait",
        in: "EndToEndTests/WorldTests"),
      .test(
        "of five runs at once that do not wait, each ends well or is turned away by name",
        in: "EndToEndTests/WorldTests"),
      .cell("4 of two profiles"),
    ]
  ),
  (
    "a full disk",
    [
      .test("a disk that is full ends the run and leaves what was good", in: "EndToEndTests/DirtyFileTests"),
      .test("a full disk is said and leaves nothing behind", in: "CatalogTests/ObjectTests"),
      .cell("a full disk in {name}"),
    ]
  ),
  (
    "a read-only folder",
    [
      .test("a folder that cannot be written can be read and verified", in: "CatalogTests/OpeningTests"),
      .cell("a read-only folder: the run says so, reading goes on"),
    ]
  ),
  (
    "a writer that dies holding the lock",
    [
      .test(
        "a lock held by another process is refused, and free the moment that process is killed",
        in: "CatalogTests/RunLockTests"),
      .cell("a writer that stands still, then dies holding the lock"),
    ]
  ),
  (
    "the clock set back",
    [
      .test(
        "a clock set back by a year changes nothing but the times recorded", in: "EndToEndTests/WorldTests"),
      .cell("the clock set back by 400 days and put right"),
    ]
  ),
  (
    "a catalog of an older version",
    [
      .test(
        "a catalog of an older schema is brought up to date whole, by a writer only",
        in: "CatalogTests/OpeningTests"),
      .cell("a catalog of the first schema"),
    ]
  ),
  (
    "a catalog of a newer version, of another program",
    [
      .test("a catalog of a newer program is refused with both numbers", in: "CatalogTests/OpeningTests"),
      .test(
        "a catalog that is not ours is never written, by any command", in: "EndToEndTests/HousekeepingTests"),
      .cell("a newer program"), .cell("another program"),
    ]
  ),
  (
    "SQLite busy",
    [
      .test(
        "a catalog that another program keeps busy for a moment is waited for", in: "CatalogTests/BusyTests"),
      .test(
        "a catalog that is kept busy for long is said to be, nothing is recorded, and reading goes on",
        in: "CatalogTests/BusyTests"),
      .cell("another program keeps SQLite busy for 1 s"),
    ]
  ),
  (
    "a flipped byte, size, mode and time restored",
    [
      .story("flipped-byte"), .cell("4 bytes of an intermediate, {name}"),
    ]
  ),
  (
    "hostile declarations",
    [
      .test(
        "a hostile declaration is refused with its place, and nothing at all is written",
        in: "EndToEndTests/HostileProjectTests"),
      .test(
        "where a link stands in the place of what is written to, nothing is written, by any command",
        in: "EndToEndTests/HostileProjectTests"),
    ]
  ),
]

private let tests = CaseFile.folder.deletingLastPathComponent().deletingLastPathComponent()

private func text(_ path: String) throws -> String {
  String(decoding: try Data(contentsOf: tests.appending(path: path)), as: UTF8.self)
}

@Test(arguments: behaviours.indices)
func `every behaviour of the runner is shown by a case or a test`(_ index: Int) throws {
  let (behaviour, evidence) = behaviours[index]
  #expect(!evidence.isEmpty, "\(behaviour)")
  for one in evidence {
    switch one {
    case .story(let name): #expect(CaseFile.names.contains(name + ".case"), "\(behaviour): \(name)")
    case .test(let name, let file):
      #expect(
        try text(file + ".swift").contains("func `\(name)`("), "\(behaviour): \(file) has no test \(name)")
    case .cell(let words):
      #expect(try text("../scripts/matrix.py").contains(words), "\(behaviour): no cell \(words)")
    }
  }
}

@Test func `every case shows a behaviour that is listed`() throws {
  var listed = Set(["champion.case", "one-run-only.case"])
  for (_, evidence) in behaviours {
    for case .story(let name) in evidence { listed.insert(name + ".case") }
  }
  #expect(listed == Set(CaseFile.names))
}
