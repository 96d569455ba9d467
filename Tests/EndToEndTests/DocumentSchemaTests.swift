import Fingerprints
import FoundationEssentials
import Testing

/// The schemas that describe every document, and the page that lists them.
private enum Papers {
  static let folder = Holdfast.root.path + "/Sources/holdfast/Documentation.docc"

  static func schema(_ name: String) throws -> JSONValue {
    try JSONParser.parse(Array(try Holdfast.text("\(folder)/Schemas/\(name).schema.json").utf8))
  }

  /// What of `document` does not fit the schema of that name.
  static func faults(_ document: JSONValue, _ name: String) throws -> [String] {
    SchemaChecker(try schema(name)).faults(document)
  }

  /// `diff` of `holdfast.diff/v1`.
  static func name(_ format: String) -> String {
    String(format.dropFirst("holdfast.".count).prefix { $0 != "/" })
  }
}

@Test func `whatever stages write and commands print as JSON fits its schema`() throws {
  let place = try Workplace.sample(1200)
  let folder = place.path
  #expect(try Holdfast.run(["run"], in: folder).code == 0)
  var lines = try place.read("customers.csv").split(separator: "\n").map(String.init)
  lines.remove(at: 700)
  try place.write("customers.csv", lines.joined(separator: "\n") + "\n")
  let again = ["--set", "rank.saveRate=.4", "--set", "train.learners=[\"logistic\"]"]
  let ran = try Holdfast.run(["run", "--json"] + again, in: folder)
  for line in ran.objects { #expect(try Papers.faults(line, "run-line") == []) }
  let words = ["--role", "validator", "--decision", "approve", "--comment", "looked at"]
  #expect(try Holdfast.run(["signoff", "r2"] + words, in: folder).code == 0)

  // What stages write, by what each says it is.
  var kinds: Set<String> = []
  let latest = folder + "/artifacts/latest"
  let files = try FileManager.default.subpathsOfDirectory(atPath: latest).filter { $0.hasSuffix(".json") }
  let own = ["pipeline.json", "stages/rank.json"].map { folder + "/" + $0 }
  for file in files.map({ latest + "/" + $0 }) + own {
    let document = try JSONParser.parse(Array(try Holdfast.text(file).utf8))
    let format = try #require(document["schema"]?.text, "\(file)")
    kinds.insert(format)
    #expect(try Papers.faults(document, Papers.name(format)) == [], "\(file)")
  }
  #expect(kinds.count >= 12)

  #expect(try Holdfast.run(["sign", "r1", "--key", place.key()], in: folder).code == 0)

  // What commands print.
  let key = String(lines[3].prefix { $0 != "," })
  let commands: [([String], String)] = [
    (["diff", "r1", "r2"], "diff"), (["diff", "r1", "r1"], "diff"), (["diff", "model@1", "model@2"], "diff"),
    (["customer", key], "customer"), (["customer", key, "--run", "r1"], "customer"),
    (["reproduce", "r2"], "reproduction"), (["explain", "rank"], "explanation"),
    (["explain", "train"], "explanation"),
    (["status"], "status"), (["log"], "log-line"), (["verify"], "verification"), (["doctor"], "doctor-line"),
    (["metrics"], "metrics-line"), (["lineage", "ranking"], "lineage"),
    (["run", "--dry-run"], "run-line"), (["score", "customers.csv"], "score-line"),
    (["log", "--checks"], "log-line"), (["log", "--check", "skillAuc"], "log-line"),
    (["show", "model", "--about"], "version"), (["show", "ranking@1", "--about"], "version"),
    (["show", "ranking", "--schema"], "column-line"), (["hold", "r1", "--reason", "audit"], "hold-line"),
    (["hold"], "hold-line"), (["release", "r1", "--reason", "done"], "hold-line"),
    (["signoff", "r1"] + words, "signoff"), (["erase", "--request", "7", "--dry-run"], "erasure"),
    (["gc", "--keep", "1", "--dry-run"], "collection"), (["gc", "--keep", "1"], "collection"),
    (["verify"], "verification"), (["verify", "--public-key", folder + "/key.pem.pub"], "verification"),
  ]
  for (command, name) in commands {
    let told = try Holdfast.run(command + ["--json"], in: folder)
    #expect(!told.objects.isEmpty, "\(command): \(told.errors)")
    for document in told.objects.prefix(50) {
      #expect(try Papers.faults(document, name) == [], "\(command)")
    }
  }
}

@Test func `a schema finds what is missing, of another type, or not described`() throws {
  let good: JSONValue = [
    "schema": "holdfast.reproduction/v1", "run": "r1", "codeChanged": [], "verdict": "identical",
    "artifacts": 20,
  ]
  #expect(try Papers.faults(good, "reproduction") == [])
  var members = good.members ?? [:]
  members["run"] = 1
  #expect(try Papers.faults(.object(members), "reproduction").count == 1)
  members["run"] = nil
  #expect(try Papers.faults(.object(members), "reproduction").count == 1)
  members["run"] = "r1"
  members["verdict"] = "perhaps"
  #expect(try Papers.faults(.object(members), "reproduction").count == 1)
  members["verdict"] = "identical"
  members["weather"] = "fine"
  #expect(try Papers.faults(.object(members), "reproduction").count == 1)
  #expect(SchemaChecker(["maximum": 3]).faults(4).count == 1)
}

@Test func `every format that the sources name is described`() throws {
  let sources = Holdfast.root.path + "/Sources"
  var formats: Set<String> = []
  for file in try FileManager.default.subpathsOfDirectory(atPath: sources) where file.hasSuffix(".swift") {
    for word in try Holdfast.text(sources + "/" + file).split(whereSeparator: { "\"` (),;:\n".contains($0) })
    {
      // holdfast.NAME/vN and nothing else.
      let parts = word.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[0].hasPrefix("holdfast."), parts[1].first == "v",
        !parts[1].dropFirst().isEmpty, parts[1].dropFirst().prefix(1).allSatisfy(\.isNumber)
      else { continue }
      formats.insert(parts[0] + "/" + parts[1].prefix { $0 == "v" || $0.isNumber })
    }
  }
  #expect(formats.count > 20)
  let page = try Holdfast.text(Papers.folder + "/Documents.md")
  for format in formats.sorted() {
    #expect(page.contains("`\(format)`"), "Documents.md does not list \(format)")
  }
  // Each schema is listed, and each that names a format is the schema of that format.
  for file in try FileManager.default.contentsOfDirectory(atPath: Papers.folder + "/Schemas").sorted() {
    #expect(page.contains("Schemas/\(file)"), "Documents.md does not list \(file)")
    let schema = try JSONParser.parse(Array(try Holdfast.text(Papers.folder + "/Schemas/" + file).utf8))
    #expect(schema["description"]?.text?.isEmpty == false, "\(file)")
    if let format = schema["properties"]?["schema"]?["const"]?.text {
      #expect(Papers.name(format) + ".schema.json" == file)
    }
  }
}

@Test func `the program prints every schema as documented, by name, by format and of an artifact`() throws {
  let place = try Workplace.small()
  for file in try FileManager.default.contentsOfDirectory(atPath: Papers.folder + "/Schemas").sorted() {
    let text = try Holdfast.text(Papers.folder + "/Schemas/" + file)
    let name = String(file.dropLast(".schema.json".count))
    #expect(try Holdfast.run(["show", name, "--schema"], in: place.path).output == text)
    let schema = try JSONParser.parse(Array(text.utf8))
    if let format = schema["properties"]?["schema"]?["const"]?.text {
      #expect(try Holdfast.run(["show", format, "--schema", "--json"], in: place.path).objects == [schema])
      let other = format.dropLast() + "99"
      #expect(try Holdfast.run(["show", String(other), "--schema"], in: place.path).code == 2)
    }
  }
  #expect(try Holdfast.run(["run"], in: place.path).code == 0)
  let file = try Holdfast.run(["show", "copy", "--schema"], in: place.path)
  #expect(file.code == 2 && file.errors.contains("no table and no document"), "\(file.errors)")
  let about = try Holdfast.run(["show", "copy", "--about", "--json"], in: place.path).objects.first
  #expect(about?["stage"] == "step" && about?["blocked"] == .null && about?["collected"] == .null)
}

@Test func `every column of every table is described`() throws {
  let place = try Workplace.sample(1200)
  #expect(try Holdfast.run(["run"], in: place.path).code == 0)
  let page = try Holdfast.text(Papers.folder + "/Documents.md")
  for table in ["predictions", "ranking", "segments", "rejects", "repairs", "examples"] {
    let section = try #require(page.split(separator: "\n### ").first { $0.hasPrefix(table + "\n") })
    let shown = try Holdfast.run(["show", table, "--schema"], in: place.path).output
    let columns = shown.split(separator: "\n").dropFirst().dropLast().compactMap {
      $0.split(separator: " ").first
    }
    #expect(!columns.isEmpty)
    // Columns that bear a feature's name are the feature's.
    for column in columns
    where table != "examples" || ["fold", "row", "weight", "base", "u"].contains(column) {
      #expect(section.contains("`\(column)`"), "\(table): \(column)")
    }
  }
}
