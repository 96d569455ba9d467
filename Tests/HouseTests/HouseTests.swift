import FoundationEssentials
import Testing

/// The rules of the house, read from the sources themselves.
private struct House {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let rooms = [
    "Ingesting", "Cleaning", "Resampling", "Training", "Scoring", "Evaluating", "Segmenting", "Ranking",
    "Reporting", "Simulating", "Onboarding", "Comparing",
  ]

  static func modules() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.path + "/Sources").sorted()
  }

  /// (file, text) of every Swift source of a module.
  static func sources(_ module: String) throws -> [(String, String)] {
    let folder = root.path + "/Sources/" + module
    return try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".swift") }
      .sorted().map { path in
        let bytes = try Data(contentsOf: URL(filePath: folder + "/" + path))
        return (module + "/" + path, String(decoding: bytes, as: UTF8.self))
      }
  }

  static func imports(_ module: String) throws -> Set<String> {
    var found: Set<String> = []
    for (_, text) in try sources(module) {
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ")
        guard let place = words.firstIndex(of: "import"), place <= 2, words.count > place + 1,
          !line.hasPrefix(" ")
        else { continue }
        found.insert(String(words[place + 1]))
      }
    }
    return found
  }
}

@Test func `rooms never import each other, the catalog, the columnar files or the pipeline`() throws {
  for room in House.rooms {
    let forbidden = try House.imports(room).intersection(
      Set(House.rooms).union(["Catalog", "Columnar", "Pipeline", "Assembly", "GRDB"]))
    #expect(forbidden.isEmpty, "\(room) imports \(forbidden.sorted())")
  }
}

@Test func `the pipeline imports no room`() throws {
  let found = try House.imports("Pipeline").intersection(
    Set(House.rooms).union(["Assembly", "ArgumentParser"]))
  #expect(found.isEmpty, "Pipeline imports \(found.sorted())")
}

@Test func `learners never see a table`() throws {
  for module in ["Numerics", "Statistics", "Learning"] {
    let found = try House.imports(module).subtracting([
      "Numerics", "Statistics", "Synchronization", "Dispatch", "Glibc",
    ])
    #expect(found.isEmpty, "\(module) imports \(found.sorted())")
  }
}

@Test func `only the catalog speaks SQL, only the commands parse arguments`() throws {
  for module in try House.modules() {
    let imports = try House.imports(module)
    #expect(module == "Catalog" || !imports.contains("GRDB"), "\(module) imports GRDB")
    #expect(module == "holdfast" || !imports.contains("ArgumentParser"), "\(module) parses arguments")
  }
}

@Test func `the sources leave full Foundation out`() throws {
  for module in try House.modules() where !module.hasSuffix("Plugin") {
    let imports = try House.imports(module)
    #expect(!imports.contains("Foundation"), "\(module) imports Foundation; FoundationEssentials will do")
  }
}

@Test func `no source calls itself unfinished`() throws {
  let marks = ["TO" + "DO", "FIX" + "ME", "fatal" + "Error(", "try" + "!"]
  for module in try House.modules() {
    for (file, text) in try House.sources(module) {
      for mark in marks where text.contains(mark) { Issue.record("\(file) says \(mark)") }
    }
  }
}

@Test func `no module is a drawer for the rest`() throws {
  for module in try House.modules() {
    for word in ["Util", "Common", "Helper", "Manager", "Misc"] {
      #expect(!module.contains(word), "\(module)")
    }
  }
}
