import Fingerprints
import FoundationEssentials
import Testing

// Files that are unusual or partly bad: the run goes on, says so, and loses nothing.

/// One way to spoil a good file of 800 customers.
private struct Dirt: CustomTestStringConvertible, Sendable {
  var testDescription: String
  /// Makes the bytes of the spoilt file from the lines of a good one.
  var spoil: @Sendable ([String]) -> [UInt8]
  /// Further arguments of `init`.
  var options: [String] = []
  /// Words that `init` must print.
  var said: [String] = []
  /// How many rows end in rejects.
  var rejected = 0
}

private let dirt = [
  Dirt(testDescription: "CR line ends", spoil: { Array($0.joined(separator: "\r").utf8) }),
  Dirt(
    testDescription: "byte order mark and CRLF",
    spoil: { [0xEF, 0xBB, 0xBF] + Array($0.joined(separator: "\r\n").utf8) }),
  Dirt(
    testDescription: "decimal commas between semicolons",
    spoil: { lines in
      let text = lines.map { $0.replacing(",", with: ";").replacing(".", with: ",") }
      return Array(text.joined(separator: "\n").utf8)
    }, said: ["decimal comma"]),
  Dirt(
    testDescription: "Cyrillic in windows-1251",
    spoil: { lines in
      // "Омск" and "Уфа".
      Array(
        lines.joined(separator: "\n").replacing("Northport", with: "#").replacing("Eastvale", with: "@").utf8
      )
      .flatMap { byte -> [UInt8] in
        switch byte {
        case UInt8(ascii: "#"): [0xCE, 0xEC, 0xF1, 0xEA]
        case UInt8(ascii: "@"): [0xD3, 0xF4, 0xE0]
        case 0x80...: []
        default: [byte]
        }
      }
    }, options: ["--encoding", "windows-1251"]),
  Dirt(
    testDescription: "the header a second time",
    spoil: { Array(($0[...3] + [$0[0]] + $0[4...]).joined(separator: "\n").utf8) }, said: ["rejected"],
    rejected: 1),
  Dirt(
    testDescription: "a ragged row, a NUL, a byte that is no UTF-8, no key, a key a spreadsheet rounded",
    spoil: { lines in
      var rows = lines.map { Array($0.utf8) }
      rows[5] += Array(",more".utf8)
      rows[6][12] = 0
      rows[7][12] = 0xFF
      rows[8].removeFirst(8)
      rows[9].replaceSubrange(..<8, with: Array("1.5E+07".utf8))
      return Array(rows.joined(separator: [UInt8(ascii: "\n")]))
    }, said: ["rejected", "scientific"], rejected: 5),
]

@Test(arguments: dirt)
private func `a dirty file is read, and what cannot be taken is kept`(_ dirt: Dirt) throws {
  let place = try Workplace.sample(800)
  let lines = try place.read("customers.csv").split(separator: "\n").map(String.init)
  let file = URL(filePath: place.path + "/customers.csv")
  try Data(dirt.spoil(lines)).write(to: file)
  let made = try Holdfast.run(
    ["init", ".", "--data", "customers.csv", "--force"] + dirt.options, in: place.path)
  #expect(made.code == 0, "\(made.errors)")
  for word in dirt.said { #expect(made.output.contains(word), "\(made.output)") }
  let ran = try Holdfast.run(["run"], in: place.path)
  #expect(ran.code == 0, "\(ran.errors)")
  let intake = try JSONParser.parse(Array(place.read("artifacts/latest/ingest/intake.json").utf8))
  #expect(intake["rowsRejected"] == .number(Double(dirt.rejected)))
  #expect(intake["rowsRead"]?.double ?? 0 >= Double(lines.count - 1))
}

@Test func `too many rejected rows stop the run, exit code 3`() throws {
  let place = try Workplace.sample(800)
  #expect(try Holdfast.run(["run"], in: place.path).code == 0)
  let before = try place.digests()
  let lines = try place.read("customers.csv").split(separator: "\n").enumerated().map { row, line in
    row > 0 && row % 10 == 0 ? line + ",more" : String(line)
  }
  try place.write("customers.csv", lines.joined(separator: "\n") + "\n")
  let stopped = try Holdfast.run(["run"], in: place.path)
  #expect(stopped.code == 3, "\(stopped.errors)")
  #expect((stopped.output + stopped.errors).contains("customers.csv:11:"))
  #expect(try place.digests() == before)
}

@Test(arguments: ["0", "many", "gone"])
func `a target that cannot be learnt stops the run, exit code 3, and says what to do`(values: String) throws {
  let place = try Workplace.sample(800)
  let lines = try place.read("customers.csv").split(separator: "\n").enumerated().map { row, line in
    let end = line.lastIndex(of: ",") ?? line.endIndex
    if values == "gone" { return String(line[..<end]) }
    return row == 0 ? String(line) : line[..<end] + "," + (values == "many" ? String(row % 3) : values)
  }
  try place.write("customers.csv", lines.joined(separator: "\n") + "\n")
  // As declared before the file changed, and as a new project would be proposed.
  let declared = try Holdfast.run(["run"], in: place.path)
  #expect(declared.code == 3, "\(declared.output)\(declared.errors)")
  let made = try Holdfast.run(["init", ".", "--data", "customers.csv", "--force"], in: place.path)
  #expect(made.code == 0, "\(made.errors)")
  #expect(made.output.contains("--target"))
  #expect(made.output.contains("key customerId, "), "a target is no part of a key: \(made.output)")
  let proposed = try Holdfast.run(["run"], in: place.path)
  #expect(proposed.code == 3, "\(proposed.output)\(proposed.errors)")
  #expect((proposed.output + proposed.errors).contains("--profile nightly"))
}

@Test func `a category never seen is scored, and counted`() throws {
  let place = try Workplace.sample(1500)
  #expect(try Holdfast.run(["run"], in: place.path).code == 0)
  let text = try place.read("customers.csv").replacing("Northport", with: "Atlantis")
  try place.write("new.csv", text)
  let scored = try Holdfast.run(["score", "new.csv"], in: place.path)
  #expect(scored.code == 0, "\(scored.errors)")
  #expect(scored.errors.contains("city"), "\(scored.errors)")
}

@Test func `a disk that is full ends the run and leaves what was good`() throws {
  let place = try Workplace.sample(3000)
  #expect(try Holdfast.run(["run"], in: place.path).code == 0)
  let before = try place.digests()
  // No file may grow beyond 100 blocks, and the signal that says so is ignored: writes fail.
  let full = try Holdfast.run(
    ["run", "--force"], in: place.path, after: "trap '' XFSZ; ulimit -f 100")
  #expect(full.code == 1, "\(full.code) \(full.errors)")
  #expect(try place.digests() == before)
  #expect(try Holdfast.run(["verify"], in: place.path).code == 0)
  #expect(try Holdfast.run(["run"], in: place.path).code == 0)
}
