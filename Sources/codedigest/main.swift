import FoundationEssentials

// Usage: codedigest OUTPUT [--package "id version"]… (--room NAME (--module NAME FOLDER)…)…
// Writes a Swift file with one digest a room over the sources of its modules: file names relative to
// the module, and contents. Paths, times and the machine have no part in it.

struct Complaint: Error, CustomStringConvertible { let description: String }

func sources(in folder: String) throws -> [String] {
  try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".swift") }.sorted()
}

func run() throws {
  var arguments = CommandLine.arguments.dropFirst()
  guard let output = arguments.popFirst() else {
    throw Complaint(description: "codedigest: an output file is needed")
  }
  var packages: [String] = []
  var rooms: [(name: String, modules: [(name: String, folder: String)])] = []
  while let word = arguments.popFirst() {
    switch word {
    case "--package": packages.append(arguments.popFirst() ?? "")
    case "--room": rooms.append((arguments.popFirst() ?? "", []))
    case "--module":
      guard !rooms.isEmpty, let name = arguments.popFirst(), let folder = arguments.popFirst() else {
        throw Complaint(description: "codedigest: --module NAME FOLDER stands after --room")
      }
      rooms[rooms.count - 1].modules.append((name, folder))
    default: throw Complaint(description: "codedigest: what is \(word)?")
    }
  }
  var contents: [String: [(path: String, digest: String)]] = [:]
  var lines: [String] = []
  for room in rooms {
    var state = SHA256()
    for package in packages { state.update(Array("package \(package)\n".utf8)) }
    for module in room.modules {
      if contents[module.name] == nil {
        let files = try sources(in: module.folder)
        guard !files.isEmpty else {
          throw Complaint(description: "codedigest: no sources in \(module.folder)")
        }
        contents[module.name] = try files.map { path in
          var digest = SHA256()
          digest.update([UInt8](try Data(contentsOf: URL(filePath: module.folder + "/" + path))))
          return (path, digest.finish())
        }
      }
      for file in contents[module.name] ?? [] {
        state.update(Array("\(module.name)/\(file.path) \(file.digest)\n".utf8))
      }
    }
    lines.append("    \"\(room.name)\": \"\(state.finish())\",")
  }
  let text = """
    /// Digests over each room's sources and those of the modules below it, made at build.
    enum CodeDigests {
      /// By module name.
      static let byModule: [String: String] = [
    \(lines.joined(separator: "\n"))
      ]
    }

    """
  try Data(text.utf8).write(to: URL(filePath: output))
}

try run()
