import Columnar
import Fingerprints
import Staging
import Synchronization
import Tabular

/// Hands a stage its inputs, each opened in the object store by the digest that is in the stage's key.
struct StoreReader: InputReading {
  let stage: StageDeclaration
  let inputs: [ArtifactRef]
  let archive: Archive
  let project: Project
  let interruption: Interruption
  /// Tables are read on as many threads.
  let threads: Int

  private let opened = OpenedTables()

  private func ref(_ name: String) throws -> ArtifactRef {
    try interruption.check()
    guard let ref = inputs.first(where: { $0.name == name }) else {
      throw StageFault(.failed, "the input \"\(name)\" is not there; ask whether it is before reading it")
    }
    return ref
  }

  func has(_ name: String) -> Bool { inputs.contains { $0.name == name } }

  func table(_ name: String, columns: [String]?, rows: Range<Int>?) throws -> Table {
    let ref = try ref(name)
    let declared = stage.inputs.first { $0.name == name }?.columns ?? []
    if !declared.isEmpty, let strange = columns?.first(where: { !declared.contains($0) }) {
      throw StageFault(
        .failed, "the stage reads column \"\(strange)\" of \"\(name)\", which it does not declare")
    }
    let mapped = try opened.table(ref.digest, at: archive.path(of: ref.digest))
    // What was read is a copy; a table read a column at a time does not gather in memory.
    defer { mapped.release() }
    return try mapped.table(
      columns: columns ?? (declared.isEmpty ? nil : declared), rows: rows, threads: threads)
  }

  func rows(_ name: String, _ places: [Int32]) throws -> Table {
    let declared = stage.inputs.first { $0.name == name }?.columns ?? []
    let digest = try ref(name).digest
    let mapped = try opened.table(digest, at: archive.path(of: digest))
    // A row alone costs a look at its batch in every column; from one in sixteen on, columns read whole cost less.
    guard declared.isEmpty, places.count < mapped.rowCount / 16 else {
      return try table(name, columns: nil, rows: nil).taking(places)
    }
    defer { mapped.release() }
    return try mapped.rows(places.map { Int($0) })
  }

  func shape(_ name: String) throws -> (schema: Schema, rows: Int) {
    let digest = try ref(name).digest
    let mapped = try opened.table(digest, at: archive.path(of: digest))
    let declared = stage.inputs.first { $0.name == name }?.columns ?? []
    var schema = mapped.schema
    if !declared.isEmpty { schema.fields = schema.fields.filter { declared.contains($0.name) } }
    return (schema, mapped.rowCount)
  }

  func document(_ name: String) throws -> JSONValue {
    let ref = try ref(name)
    return try JSONParser.parse(MappedFile(path: archive.path(of: ref.digest), name: name).copied())
  }

  func source(_ name: String) throws -> SourceBytes {
    let ref = try ref("sources." + name)
    guard let source = project.source(name) else {
      throw PipelineError(.source, "pipeline.json declares no source \"\(name)\"")
    }
    let path = source.keep == .bytes ? archive.path(of: ref.digest) : project.path(of: source)
    let shown = source.path.split(separator: "/").last.map(String.init) ?? source.path
    let count = try MappedFile(path: path, name: shown).withBytes { $0.byteCount }
    return SourceBytes(name: shown, count: count) { body in
      let file = try MappedFile(path: path, name: shown)
      try file.withBytes { try body($0) { file.release($0) } }
    }
  }

  /// Throws where a source that is not kept was changed while the stage read it: what the key says would
  /// not be what was read.
  func checkSources() throws {
    for input in stage.inputs {
      guard case .source(let name) = InputSource(input.name), let source = project.source(name),
        source.keep == .digest, let ref = inputs.first(where: { $0.name == input.name })
      else { continue }
      guard try archive.digest(ofSource: name, at: project.path(of: source), keeping: false) == ref.digest
      else {
        throw PipelineError(
          .source, "the source \"\(name)\" was changed while it was read",
          remedy: "run again when its file is complete, or set \"keep\": \"bytes\"")
      }
    }
  }
}

/// The tables that a stage has begun to read: what lies where in a file of thousands of columns is found out once.
private final class OpenedTables: Sendable {
  private let tables = Mutex<[Digest: MappedTable]>([:])

  func table(_ digest: Digest, at path: String) throws -> MappedTable {
    if let known = tables.withLock({ $0[digest] }) { return known }
    let table = try MappedTable(path: path)
    tables.withLock { $0[digest] = table }
    return table
  }
}
