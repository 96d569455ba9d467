import ArgumentParser
import Catalog
import Fingerprints
import Pipeline
import Tabular

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show an artifact: a document whole, the head of a table.",
    discussion: """
      holdfast show metrics            the current version
      holdfast show ranking@3          version 3
      holdfast show model@champion     the version an alias names
      holdfast show ranking --schema   columns of a table, or the JSON Schema of a document
      holdfast show --schema log-line  the JSON Schema of what a command prints
      holdfast show ranking --about    version, digest, origin, and whether a check blocks it
      """)

  @Argument(help: "NAME or NAME@VERSION.")
  var artifact: String
  @Option(help: "Rows of a table.")
  var rows = 10
  @Flag(help: "JSON on standard output.")
  var json = false
  @Flag(help: "Columns, types and facts of a table, or the JSON Schema of a document or format.")
  var schema = false
  @Flag(help: "Facts of the version instead of what it holds.")
  var about = false
  @OptionGroup var options: ProjectOptions

  func validate() throws {
    if schema, about { throw ValidationError("give --schema or --about, not both") }
  }

  func run() throws {
    if schema, let text = DocumentSchema.text(artifact) { return try DocumentSchema.say(text, json: json) }
    let folder = try options.folder()
    try ending {
      let reader = try ArtifactReader(folder: folder)
      let version = try reader.version(artifact)
      if about { return try VersionFacts(version, reader).say(json: json) }
      let preview = try reader.preview(version, rows: rows)
      if !json {
        Console.complain(
          "\(version.name)@\(version.version)  \(version.digest.short)  \(version.bytes.grouped) bytes, made by \(version.stage) in run \(version.madeIn)"
        )
      }
      if let obstacle = try reader.obstacle(to: version) {
        Console.complain("blocked, and so not current: \(obstacle)")
      }
      switch preview {
      case .document(let document) where schema:
        guard let text = document["schema"]?.text.flatMap(DocumentSchema.text) else {
          throw PipelineError(.usage, "no schema is known of what \(version.name) holds")
        }
        try DocumentSchema.say(text, json: json)
      case .bytes where schema:
        throw PipelineError(
          .usage, "\(version.name) is no table and no document",
          remedy: "`show \(version.name) --about` says what it is")
      case .document(let document): Console.say(json ? JSONText.line(document) : JSONText.pretty(document))
      case .table(let table, let count): show(table, count)
      case .bytes(let bytes, _): Console.write(bytes)
      }
    }
  }

  private func show(_ table: Table, _ count: Int) {
    if json, schema {
      for field in table.schema.fields {
        Console.say(
          JSONText.line([
            "name": .string(field.name), "type": .string(field.type.rawValue),
            "facts": .object(
              Dictionary(
                field.metadata.map { ($0.key, .string($0.value)) }, uniquingKeysWith: { first, _ in first })),
          ]))
      }
      return
    }
    if json {
      for row in 0..<table.rowCount {
        var members: [String: JSONValue] = [:]
        for (field, column) in zip(table.schema.fields, table.columns) {
          switch column {
          case .integer(let values):
            members[field.name] = values.isPresent(row) ? .number(Double(values.values[row])) : .null
          case .real(let values):
            members[field.name] = values.values[row].isNaN ? .null : .number(values.values[row])
          case .category, .text: members[field.name] = column.display(row).map { .string($0) } ?? .null
          }
        }
        Console.say(JSONText.line(.object(members)))
      }
      return
    }
    if schema {
      let width = table.schema.fields.map(\.name.count).max() ?? 0
      for field in table.schema.fields {
        let facts = field.metadata.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        Console.say(
          "\(field.name.padded(width))  \(field.type.rawValue.padded(8))  \(facts.joined(separator: " "))")
      }
      Console.say("\(count.grouped) rows")
      return
    }
    let cells = table.schema.fields.indices.map { place in
      [table.schema.fields[place].name]
        + (0..<table.rowCount).map { row in
          let text = table.columns[place].display(row) ?? ""
          return text.count > 40 ? String(text.prefix(39)) + "…" : text
        }
    }
    let widths = cells.map { $0.map(\.count).max() ?? 0 }
    for line in 0...table.rowCount {
      Console.say(
        cells.indices.map { place in
          switch table.columns[place] {
          case .integer, .real: cells[place][line].aligned(widths[place])
          case .category, .text: cells[place][line].padded(widths[place])
          }
        }.joined(separator: "  "))
    }
    if count > table.rowCount { Console.say("… \(count.grouped) rows in all") }
  }
}

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Copy an artifact's bytes to a file.")

  @Argument(help: "NAME or NAME@VERSION.")
  var artifact: String
  @Argument(help: ArgumentHelp("Where to.", valueName: "FILE"))
  var file: String
  @OptionGroup var options: ProjectOptions

  func run() throws {
    let folder = try options.folder()
    try ending {
      let reader = try ArtifactReader(folder: folder)
      let version = try reader.version(artifact)
      try reader.export(version, to: file.hasPrefix("/") ? file : folder + "/" + file)
      Console.complain("\(version.name)@\(version.version): \(version.bytes.grouped) bytes to \(file)")
    }
  }
}
