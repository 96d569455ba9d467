import Fingerprints
import FoundationEssentials
import Glibc
import Testing

// The README's example of a stage that is a program of somebody else's, in Python.

private let script = """
  import csv, sys

  source, target = sys.argv[1:]
  counts = {}
  with open(source, newline="", encoding="utf-8") as rows:
      for row in csv.DictReader(rows):
          for name, value in row.items():
              counts[name] = counts.get(name, 0) + (value == "")
  with open(target, "w", newline="", encoding="utf-8") as out:
      writer = csv.writer(out, lineterminator="\\n")
      writer.writerow(["column", "empty"])
      writer.writerows(sorted(counts.items()))

  """

private let declaration = """
  {
    "schema": "holdfast.stage/v1",
    "id": "gaps",
    "kind": "command",
    "purpose": "Counts the empty cells of each column.",
    "version": 1,
    "command": ["python3", "scripts/gaps.py", "{in:sources.customers}", "{out:gaps}"],
    "files": ["scripts/gaps.py"],
    "environment": {"LANG": "C.UTF-8"},
    "timeLimitSeconds": 600,
    "inputs": [{"name": "sources.customers", "purpose": "The customers as they came."}],
    "outputs": [
      {"name": "gaps", "file": "gaps.csv", "format": "text/csv", "class": "metric", "purpose": "Empty cells."}
    ]
  }

  """

/// Whether that process runs: one that ended and waits to be reaped does not.
private func isRunning(_ process: Int32) -> Bool {
  guard let text = try? Holdfast.text("/proc/\(process)/stat") else { return false }
  let state = text.split(separator: ")").last?.split(separator: " ").first
  return state != "Z" && state != "X"
}

@Test func `the program of a runner that is killed ends within a second with all it has started`() throws {
  // The first time it waits, with a child, both of which hear no request to end; the second time it is quick.
  let place = try Workplace.small(
    """
    trap '' TERM HUP INT PIPE
    if mkdir "$AT/once" 2> /dev/null; then sleep 60 & echo "$$ $!" > "$AT/pids"; wait; fi
    cat "$1" > "$2"

    """)
  let started = try Holdfast.start(["run"], in: place.path)
  var pids: [Int32] = []
  for _ in 0..<1000 where pids.count < 2 {
    usleep(10_000)
    pids = ((try? place.read("pids")) ?? "").split { $0.isWhitespace }.compactMap { Int32($0) }
  }
  try #require(pids.count == 2 && pids.allSatisfy(isRunning))
  #expect(kill(started.process, SIGKILL) == 0)
  let end = ContinuousClock.now + .seconds(1)
  while pids.contains(where: isRunning), ContinuousClock.now < end { usleep(5_000) }
  #expect(!pids.contains(where: isRunning))
  #expect(try started.wait().code == 128 + SIGKILL)
  let next = try Holdfast.run(["run", "--json"], in: place.path)
  #expect(next.code == 0 && next.ran == ["step"], "\(next.errors)")
  #expect(try place.read("artifacts/latest/step/copy.csv") == "id,left\na,1\n")
  #expect(try Holdfast.run(["verify"], in: place.path).code == 0)
  #expect(try FileManager.default.contentsOfDirectory(atPath: place.path + "/artifacts/work").isEmpty)
}

@Test func `an orphan that works on beside the next run spoils nothing`() throws {
  // Out of its group, and so out of the watchman's reach: it writes its output when the next run is long done.
  let place = try Workplace.small(
    """
    if mkdir "$AT/once" 2> /dev/null; then
      echo half > "$2"
      setsid sh -c 'exec 2> /dev/null 3> "$1"; echo $$ > "$AT/pids"; sleep .7; echo spoilt >&3
        echo spoilt > "$1"; echo more > ../outputs/more.csv; touch "$AT/done"' sh "$2" &
      wait
    fi
    cat "$1" > "$2"

    """)
  let started = try Holdfast.start(["run"], in: place.path)
  var orphan: Int32?
  for _ in 0..<1000 where orphan == nil {
    usleep(10_000)
    orphan = ((try? place.read("pids")) ?? "").split { $0.isWhitespace }.first.flatMap { Int32($0) }
  }
  let pid = try #require(orphan)
  #expect(kill(started.process, SIGKILL) == 0)
  _ = try started.wait()
  let next = try Holdfast.run(["run", "--json"], in: place.path)
  #expect(next.code == 0 && next.ran == ["step"], "\(next.errors)")
  for _ in 0..<500 where isRunning(pid) { usleep(10_000) }
  #expect(FileManager.default.fileExists(atPath: place.path + "/done"))
  #expect(try place.read("artifacts/latest/step/copy.csv") == "id,left\na,1\n")
  #expect(try Holdfast.run(["verify"], in: place.path).code == 0)
  #expect(try Holdfast.run(["run", "--json"], in: place.path).actions == ["step": "reused"])
}

/// Whether there is a Python to run.
private func hasPython() -> Bool {
  let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
  if folders.contains(where: { FileManager.default.isExecutableFile(atPath: $0 + "/python3") }) {
    return true
  }
  print("skipped: there is no python3")
  return false
}

@Test func `a step in Python is run, reused, explained, shown and reproduced like any stage`() throws {
  guard hasPython() else { return }
  let place = try Workplace.sample(300)
  try FileManager.default.createDirectory(atPath: place.path + "/scripts", withIntermediateDirectories: true)
  try place.write("scripts/gaps.py", script)
  try place.write("stages/gaps.json", declaration)
  let pipeline = try place.read("pipeline.json")
  try place.write(
    "pipeline.json",
    pipeline.replacing(#""stages": ["ingest""#, with: #""stages": ["gaps", "ingest""#, maxReplacements: 1))
  let first = try Holdfast.run(["run", "gaps", "--json"], in: place.path)
  #expect(first.code == 0 && first.ran == ["gaps"], "\(first.output) \(first.errors)")
  let table = try place.read("artifacts/latest/gaps/gaps.csv")
  #expect(table.hasPrefix("column,empty\n") && table.split(separator: "\n").count > 5)

  #expect(try Holdfast.run(["run", "gaps", "--json"], in: place.path).actions == ["gaps": "reused"])
  let again = try Holdfast.run(["reproduce", "r1", "--json"], in: place.path)
  #expect(again.code == 0 && again.objects.first?["verdict"] == "identical", "\(again.errors)")
  #expect(try Holdfast.run(["lineage", "gaps"], in: place.path).output.contains("customers"))
  #expect(try Holdfast.run(["show", "gaps"], in: place.path).code == 0)

  try place.write("scripts/gaps.py", "# another\n" + script)
  let why = try Holdfast.run(["explain", "gaps"], in: place.path)
  #expect(why.code == 0 && why.output.contains("file scripts/gaps.py"), "\(why.output) \(why.errors)")
  #expect(try Holdfast.run(["reproduce", "r1"], in: place.path).code == 2)
  #expect(try Holdfast.run(["run", "gaps", "--json"], in: place.path).ran == ["gaps"])

  try place.write("scripts/gaps.py", "raise SystemExit('no such column')\n")
  let failed = try Holdfast.run(["run", "gaps"], in: place.path)
  #expect(failed.code == 1, "\(failed.errors)")
  let words = failed.output + failed.errors
  #expect(words.contains("python3 ended with code 1") && words.contains("no such column"), "\(words)")
}
