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
