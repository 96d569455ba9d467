package import Fingerprints
import Synchronization
package import Tabular

/// Artifacts in memory: the inputs and outputs of a stage without a store, for tests of a room and
/// for `holdfast score`.
package final class MemoryArtifacts: InputReading, OutputWriting {
  private struct State {
    var tables: [String: Table] = [:]
    var documents: [String: JSONValue] = [:]
    var files: [String: [UInt8]] = [:]
    var sources: [String: SourceBytes] = [:]
  }
  private let state = Mutex(State())

  /// No artifacts.
  package init() {}

  /// Puts a source in.
  package func add(source name: String, _ bytes: SourceBytes) {
    state.withLock { $0.sources[name] = bytes }
  }

  package func has(_ name: String) -> Bool {
    state.withLock { $0.tables[name] != nil || $0.documents[name] != nil }
  }

  package func table(
    _ name: String, columns: [String]? = nil, rows: Range<Int>? = nil
  ) throws -> Table {
    guard let table = state.withLock({ $0.tables[name] }) else {
      throw StageFault(.failed, "there is no table \"\(name)\"")
    }
    let chosen = try columns.map { try table.selecting($0) } ?? table
    return rows.map { chosen.taking($0.map { Int32($0) }) } ?? chosen
  }

  package func rows(_ name: String, _ places: [Int32]) throws -> Table {
    try table(name, columns: nil, rows: nil).taking(places)
  }

  package func shape(_ name: String) throws -> (schema: Schema, rows: Int) {
    let table = try table(name, columns: nil, rows: nil)
    return (table.schema, table.rowCount)
  }

  package func document(_ name: String) throws -> JSONValue {
    guard let document = state.withLock({ $0.documents[name] }) else {
      throw StageFault(.failed, "there is no document \"\(name)\"")
    }
    return document
  }

  package func source(_ name: String) throws -> SourceBytes {
    guard let source = state.withLock({ $0.sources[name] }) else {
      throw StageFault(.failed, "there is no source \"\(name)\"")
    }
    return source
  }

  /// A document as a value.
  package func decode<Value: Decodable>(_ name: String, _ type: Value.Type) throws -> Value {
    try JSONDecoding.decode(type, from: document(name))
  }

  /// The bytes of a page or file.
  package func file(_ name: String) -> [UInt8]? { state.withLock { $0.files[name] } }

  package func table(_ name: String, _ table: Table) throws {
    state.withLock { $0.tables[name] = table }
  }

  package func document(_ name: String, _ document: JSONValue) throws {
    state.withLock { $0.documents[name] = document }
  }

  package func bytes(_ name: String, _ body: ((_ bytes: [UInt8]) throws -> Void) throws -> Void) throws {
    var all: [UInt8] = []
    try body { all.append(contentsOf: $0) }
    let bytes = all
    state.withLock { $0.files[name] = bytes }
  }

  /// Runs `stage` on these artifacts and keeps its outputs beside them.
  package func run<S: Stage>(_ stage: S, _ context: StageContext) throws -> StageSummary {
    try stage.run(
      Inputs(S.declaration, from: self), Outputs(S.declaration, to: self), context)
  }
}
