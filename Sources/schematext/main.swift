import FoundationEssentials

// Usage: schematext OUTPUT NAME.schema.json…
// Writes a Swift file that holds the texts of these files by NAME.

struct Complaint: Error, CustomStringConvertible { let description: String }

func run() throws {
  var arguments = CommandLine.arguments.dropFirst()
  guard let output = arguments.popFirst() else {
    throw Complaint(description: "schematext: an output file is needed")
  }
  let suffix = ".schema.json"
  let entries = try arguments.map { path in
    let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard name.hasSuffix(suffix), !text.contains("\"\"\"###") else {
      throw Complaint(description: "schematext: \(path) is no schema that can be taken in")
    }
    return "    \"\(name.dropLast(suffix.count))\": ###\"\"\"\n\(text)\n\"\"\"###,"
  }
  let text = """
    /// The documentation's JSON Schemas, taken in at build.
    enum SchemaTexts {
      /// By the name of the file, without its endings.
      static let byName: [String: String] = [
    \(entries.joined(separator: "\n"))
      ]
    }

    """
  try Data(text.utf8).write(to: URL(filePath: output))
}

try run()
