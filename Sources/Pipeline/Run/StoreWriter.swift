import Columnar
import Fingerprints
import Staging
import Synchronization
import Tabular

/// An output as it lies in the object store.
struct StoredArtifact: Sendable, Equatable {
  var name: String
  var digest: Digest
  var byteCount: Int
  /// For a table: its rows.
  var rowCount: Int?
  /// For a table: names and types of its columns, as a document.
  var schema: JSONValue?
}

/// Takes a stage's outputs into the object store, digesting them on their way.
struct StoreWriter: OutputWriting {
  let stage: StageDeclaration
  let archive: Archive
  let interruption: Interruption
  private let stored = StoredArtifacts()

  init(stage: StageDeclaration, archive: Archive, interruption: Interruption) {
    self.stage = stage
    self.archive = archive
    self.interruption = interruption
  }

  /// What was written, in the order declared.
  func finish() -> [StoredArtifact] {
    let all = stored.all
    return stage.outputs.compactMap { output in all.first { $0.name == output.name } }
  }

  private func store(
    _ name: String, rowCount: Int? = nil, schema: JSONValue? = nil, isReadSoon: Bool = true,
    _ write: (borrowing ObjectSink) throws -> Void
  ) throws {
    try interruption.check()
    guard !stored.all.contains(where: { $0.name == name }) else {
      throw StageFault(.failed, "the stage writes \"\(name)\" twice")
    }
    let (digest, count) = try archive.store(isReadSoon: isReadSoon, write)
    stored.add(
      StoredArtifact(name: name, digest: digest, byteCount: count, rowCount: rowCount, schema: schema))
  }

  func table(_ name: String, _ table: Table) throws {
    let schema = JSONValue.list(
      table.schema.fields.map { ["name": .string($0.name), "type": .string($0.type.rawValue)] })
    try store(name, rowCount: table.rowCount, schema: schema) { sink in
      try TableEncoder().encode(table) { piece in try sink.write(piece) }
    }
  }

  func document(_ name: String, _ document: JSONValue) throws {
    let bytes = CanonicalJSON.encode(document)
    try store(name) { sink in try sink.write(bytes) }
  }

  func bytes(_ name: String, _ body: ((_ bytes: [UInt8]) throws -> Void) throws -> Void) throws {
    // A file is for people and other programs, also those of stages.
    try store(name, isReadSoon: false) { sink in
      try body { bytes in
        try interruption.check()
        try sink.write(bytes)
      }
    }
  }
}

/// The outputs written so far; a stage may write from several threads.
private final class StoredArtifacts: Sendable {
  private let list = Mutex<[StoredArtifact]>([])
  var all: [StoredArtifact] { list.withLock { $0 } }
  func add(_ artifact: StoredArtifact) { list.withLock { $0.append(artifact) } }
}
