import Catalog
import Comparing
import Fingerprints
import Numerics
import Pipeline

/// What differs in the data of a stage's inputs: for `explain`.
struct InputDifference {
  /// The input.
  let name: String
  /// Rows and columns; `nil` where there is nothing to compare row by row.
  let table: TableComparison?
  /// In a sentence what there is to say beyond, or instead.
  let note: String?

  /// The differences of the inputs that are others than those of the current result of a stage. `components` are
  /// those of its key.
  static func find(
    _ components: [StageExplanation.Component], folder: String, crew: Crew
  ) throws -> [InputDifference] {
    let changed = components.filter { $0.isChanged && $0.name.hasPrefix("input ") }
    // Of a first run there is nothing to compare with.
    guard changed.contains(where: { $0.old != nil }) else { return [] }
    let past = try PastArtifacts(folder: folder)
    return try changed.map { component in
      let name = String(component.name.dropFirst("input ".count))
      guard let old = component.old.flatMap({ Digest(hexadecimal: $0) }) else {
        return InputDifference(name: name, table: nil, note: "it was not there before")
      }
      guard let new = component.new.flatMap({ Digest(hexadecimal: $0) }) else {
        return InputDifference(
          name: name, table: nil, note: "what it will be is not known before the stages above have run")
      }
      let artifact = name.split(separator: ".").last.map(String.init) ?? name
      guard !name.hasPrefix("sources."), let version = try past.version(of: artifact, new),
        version.kind == "table"
      else {
        let isSource = name.hasPrefix("sources.")
        return InputDifference(
          name: name, table: nil,
          note: isSource
            ? "the file holds other bytes; which rows, `holdfast diff` says once it has been read"
            : nil)
      }
      do {
        let maker = try past.maker(of: version).run.stages
        return InputDifference(
          name: name,
          table: try TableComparison(
            name, past.compared(artifact, old, of: maker), past.compared(artifact, new, of: maker), crew: crew
          ),
          note: nil)
      } catch let error as PipelineError where error.kind == .integrity {
        return InputDifference(name: name, table: nil, note: error.description)
      }
    }.filter { $0.table != nil || $0.note != nil }
  }

  /// For people.
  var lines: [String] {
    var lines =
      table.map { ["input \(name): " + ($0.lines.first ?? "")] + $0.lines.dropFirst().map { "  " + $0 } }
      ?? []
    if let note { lines.append("input \(name): \(note)") }
    return lines
  }

  /// For programs.
  var json: JSONValue {
    [
      "input": .string(name), "table": table?.json ?? .null, "note": note.map { .string($0) } ?? .null,
    ]
  }
}
