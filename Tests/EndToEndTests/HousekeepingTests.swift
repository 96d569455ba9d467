import Fingerprints
import FoundationEssentials
import Testing

@Test func `old versions are listed, collected, erased and held, each with its words and exit code`() throws {
  let place = try Workplace.sample(1000)
  let folder = place.path
  func holdfast(_ words: String...) throws -> Ended { try Holdfast.run(words, in: folder) }
  #expect(try holdfast("gc", "--keep", "1").code == 2, "nothing has run yet")
  #expect(try holdfast("run").code == 0)
  // A customer is taken out of the source, twice: three runs on three files.
  for count in [1, 2] {
    var lines = try place.read("customers.csv").split(separator: "\n").map(String.init)
    lines.remove(at: 10 * count)
    try place.write("customers.csv", lines.joined(separator: "\n") + "\n")
    #expect(try holdfast("run").code == 0)
  }
  // What gc would take lies between the champion's run and the newest, and is only listed.
  let listed = try #require(try holdfast("gc", "--keep", "1", "--dry-run", "--json").objects.first)
  let (count, bytes) = (try #require(listed["objects"]?.integer), try #require(listed["bytes"]?.integer))
  #expect(count > 5 && bytes > 50_000 && listed["dryRun"] == true)
  #expect(listed["classes"]?["raw-PII"]?["objects"]?.integer ?? 0 > 0)
  #expect(try holdfast("show", "features@2").code == 0, "a list changes nothing")
  let said = try holdfast("gc", "--keep", "1", "--dry-run").output
  #expect(said.contains("raw-PII") && said.contains("\(count) objects would go"), "\(said)")
  #expect(try holdfast("gc", "--keep", "0").code == 2)
  #expect(try holdfast("gc", "--older-than", "-1").code == 2)
  #expect(try holdfast("gc", "--older-than", "30", "--json").objects.first?["objects"] == 0)
  // It goes: digests and lineage stay, the bytes do not, and every command that wants them says so.
  let gone = try holdfast("gc", "--keep", "1")
  #expect(gone.code == 0 && gone.output.contains("recorded as collection 1"), "\(gone.errors)")
  for words in [
    ["show", "features@2"], ["export", "features@2", "out.arrow"], ["customer", "anyone", "--run", "r2"],
    ["diff", "features@2", "features@3"], ["diff", "r2", "r3"], ["reproduce", "r2"],
  ] {
    let asked = try Holdfast.run(words, in: folder)
    #expect(asked.code == 2, "\(words): \(asked.output)\(asked.errors)")
    #expect(asked.errors.contains("by gc number 1 (keep 1)"), "\(words): \(asked.errors)")
  }
  #expect(try holdfast("lineage", "features@2").output.contains("sources.customers"))
  let about = try holdfast("show", "features@2", "--about", "--json").objects.first
  #expect(about?["collected"]?.text?.contains("by gc number 1 (keep 1)") == true)
  let verified = try holdfast("verify")
  #expect(verified.code == 0, "\(verified.errors)")
  #expect(verified.output.contains("\(count) objects were collected by policy, 0 erased on request"))
  #expect(try holdfast("verify", "--json").objects.first?["collected"]?.integer == count)
  // Today's set is whole: nothing runs.
  #expect(try holdfast("run", "--json").ran.isEmpty)
  // Holds, and an erasure that gives way to a legal one.
  #expect(try holdfast("hold", "r1").code == 2, "a hold needs a reason")
  #expect(try holdfast("hold", "r9", "--reason", "case").code == 2)
  #expect(try holdfast("hold", "r1", "--kind", "vague", "--reason", "case").code == 2)
  #expect(try holdfast("hold", "r1", "--kind", "legal", "--reason", "case 7").code == 0)
  #expect(try holdfast("hold", "--json").objects.map { $0["target"] } == ["r1"])
  #expect(try holdfast("erase", "--request", "Jane Doe").code == 2)
  let refused = try holdfast("erase", "--request", "DSR-7")
  #expect(refused.code == 7 && refused.errors.contains("a legal hold keeps r1 (case 7)"), "\(refused.errors)")
  #expect(try holdfast("release", "r2", "--reason", "x").code == 2)
  #expect(try holdfast("release", "r1", "--reason", "closed").code == 0)
  #expect(try holdfast("hold").errors.contains("nothing is held"))
  #expect(FileManager.default.fileExists(atPath: folder + "/artifacts/latest/report/index.html"))
  let erased = try holdfast("erase", "--request", "DSR-7", "--json")
  #expect(erased.code == 0, "\(erased.errors)")
  #expect(erased.objects.first?["from"] == "r4" && erased.objects.first?["classes"]?["model"] == nil)
  // The page set an earlier ranking beside today's: it goes, its copy with it, and the next run makes it anew.
  #expect(!FileManager.default.fileExists(atPath: folder + "/artifacts/latest/report/index.html"))
  #expect(try holdfast("show", "features@1").errors.contains("under request DSR-7"))
  #expect(try holdfast("show", "model@1").code == 0, "a model is learnt from many and stays")
  #expect(try holdfast("reproduce", "r1").errors.contains("erased on"))
  #expect(try holdfast("run", "--json").ran == ["report"])
  #expect(try holdfast("verify").code == 0)
  #expect(try holdfast("doctor").output.contains("well   leftovers"))
}

@Test func `what gc took away is put back by doing its run again, byte for byte, and nothing else is`() throws
{
  let place = try Workplace.small()
  func holdfast(_ words: String...) throws -> Ended { try Holdfast.run(words, in: place.path) }
  #expect(try holdfast("run").code == 0)
  try place.write("numbers.csv", "id,left\na,0\n")
  #expect(try holdfast("run").code == 0)
  #expect(try holdfast("gc", "--keep", "1").code == 0)
  #expect(try holdfast("show", "copy@1").code == 2)
  // The source is gone as well: said, with what to do, and nothing is put anywhere.
  let refused = try holdfast("reproduce", "r1", "--restore")
  #expect(
    refused.code == 2 && refused.errors.contains("lay the file of that day in its place"), "\(refused.errors)"
  )
  #expect(try holdfast("show", "copy@1").code == 2)
  try place.write("numbers.csv", "id,left\na,1\n")
  // Without being asked for nothing comes back.
  #expect(try holdfast("reproduce", "r1").code == 0)
  #expect(try holdfast("show", "copy@1").code == 2)
  // A program that makes something else restores nothing.
  try place.write("step.sh", "echo other > \"$2\"\n")
  #expect(try holdfast("reproduce", "r1", "--restore", "--anyway").code == 6)
  #expect(try holdfast("show", "copy@1").code == 2)
  try place.write("step.sh", "cat \"$1\" > \"$2\"\n")
  let back = try holdfast("reproduce", "r1", "--restore", "--json")
  #expect(back.code == 0 && back.objects.first?["restored"] == ["copy"], "\(back.errors)")
  #expect(try holdfast("show", "copy@1").output == "id,left\na,1\n")
  #expect(try holdfast("show", "copy@1", "--about", "--json").objects.first?["collected"] == .null)
  #expect(try holdfast("verify").code == 0)
  // Heads did not move, and a second time there is nothing to restore.
  #expect(try holdfast("show", "copy").output == "id,left\na,0\n")
  #expect(try holdfast("reproduce", "r1", "--restore").output.contains("nothing of it had been collected"))
  // Collected again by the next gc like anything else.
  #expect(try holdfast("gc", "--keep", "1").code == 0)
  #expect(try holdfast("show", "copy@1").code == 2)
  #expect(try holdfast("verify").code == 0)
}

@Test func `what was erased is not put back`() throws {
  let place = try Workplace.sample(300)
  func holdfast(_ words: String...) throws -> Ended { try Holdfast.run(words, in: place.path) }
  let whole = try place.read("customers.csv")
  #expect(try holdfast("run", "--to", "clean").code == 0)
  var lines = whole.split(separator: "\n").map(String.init)
  lines.remove(at: 5)
  try place.write("customers.csv", lines.joined(separator: "\n") + "\n")
  #expect(try holdfast("run", "--to", "clean").code == 0)
  #expect(try holdfast("erase", "--request", "DSR-1").code == 0)
  try place.write("customers.csv", whole)
  let again = try holdfast("reproduce", "r1", "--restore")
  #expect(!again.output.contains("restored:"), "\(again.output)")
  #expect(try holdfast("show", "features@1").errors.contains("under request DSR-1"))
}

@Test func `what gc took before an erasure is not put back either`() throws {
  let place = try Workplace.small()
  func holdfast(_ words: String...) throws -> Ended { try Holdfast.run(words, in: place.path) }
  #expect(try holdfast("run").code == 0)
  try place.write("numbers.csv", "id,left\na,0\n")
  #expect(try holdfast("run").code == 0)
  #expect(try holdfast("gc", "--keep", "1").code == 0)
  #expect(try holdfast("erase", "--request", "DSR-1").code == 0)
  // The file of that day, person and all.
  try place.write("numbers.csv", "id,left\na,1\n")
  let again = try holdfast("reproduce", "r1", "--restore")
  #expect(again.code == 0 && !again.output.contains("\nrestored:"), "\(again.output)\(again.errors)")
  #expect(again.output.contains("not restored, since an erasure concerned it: copy"), "\(again.output)")
  #expect(try holdfast("show", "copy@1").code == 2)
  #expect(try holdfast("verify").code == 0)
}

@Test func `a catalog that is not ours is never written, by any command`() throws {
  let damages: [(String, (inout [UInt8]) -> Void)] = [
    ("a newer schema", { $0.replaceSubrange(60..<64, with: [0, 0, 0, 99]) }),
    ("another program's id", { $0.replaceSubrange(68..<72, with: [1, 2, 3, 4]) }),
    ("no id", { $0.replaceSubrange(68..<72, with: [0, 0, 0, 0]) }),
    ("a random file", { $0 = (0..<30_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) } }),
    ("a text", { $0 = Array("by no means a database".utf8) }),
  ]
  let place = try Workplace.sample(300)
  // The file of a project that never ran, but for its catalog.
  let other = try Workplace.sample(300)
  #expect(try Holdfast.run(["run", "--to", "ingest"], in: other.path).code == 0)
  let ours = [UInt8](try Data(contentsOf: URL(filePath: other.path + "/artifacts/catalog.sqlite")))
  try FileManager.default.createDirectory(
    atPath: place.path + "/artifacts", withIntermediateDirectories: true)
  let file = place.path + "/artifacts/catalog.sqlite"
  let key = try place.key()
  for (what, damage) in damages {
    var bytes = ours
    damage(&bytes)
    try Data(bytes).write(to: URL(filePath: file))
    let signoff = ["--role", "validator", "--decision", "approve", "--comment", "x"]
    for words in [
      ["run"], ["run", "--profile", "nightly"], ["run", "--dry-run"], ["status"], ["gc"],
      ["gc", "--dry-run"],
      ["hold", "r1", "--reason", "x"], ["hold"], ["release", "r1", "--reason", "x"],
      ["erase", "--request", "7"], ["erase", "--request", "7", "--dry-run"], ["verify"],
      ["promote", "r1", "--reason", "x"], ["signoff", "r1"] + signoff, ["sign", "--key", key],
      ["manifest", "r1"], ["reproduce", "r1"], ["log"], ["metrics"], ["lineage", "customers"],
      ["show", "customers"], ["export", "customers", "x.arrow"], ["explain", "ingest"], ["diff", "r1", "r2"],
      ["customer", "1"],
    ] {
      let ended = try Holdfast.run(words, in: place.path)
      #expect(ended.code == 2, "\(what), \(words): \(ended.code) \(ended.errors)")
      #expect([UInt8](try Data(contentsOf: URL(filePath: file))) == bytes, "\(what), \(words): written to")
    }
    // Nothing is put beside it but what SQLite itself needs to read a database with a log.
    let beside = try FileManager.default.contentsOfDirectory(atPath: place.path + "/artifacts")
    #expect(
      Set(beside).isSubset(of: ["catalog.sqlite", "catalog.sqlite-shm", "catalog.sqlite-wal", ".lock"]),
      "\(what): \(beside)")
    let log = try? FileManager.default.attributesOfItem(atPath: file + "-wal")[.size] as? Int
    #expect((log ?? 0) == 0, "\(what)")
  }
}
