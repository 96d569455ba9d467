package import Fingerprints
package import Tabular

/// Where a stage's outputs go. The pipeline writes them to the store; tests keep them in memory.
package protocol OutputWriting: Sendable {
  /// Takes a table.
  func table(_ name: String, _ table: Table) throws
  /// Takes a document.
  func document(_ name: String, _ document: JSONValue) throws
  /// Takes the bytes of a page or file, in pieces: calls `body` with a sink.
  func bytes(_ name: String, _ body: ((_ bytes: [UInt8]) throws -> Void) throws -> Void) throws
}

/// A stage's outputs: those it declared and no others, each once.
package struct Outputs: Sendable {
  private let writer: any OutputWriting
  private let declaration: StageDeclaration

  /// The outputs `declaration` names, written by `writer`.
  package init(_ declaration: StageDeclaration, to writer: any OutputWriting) {
    self.declaration = declaration
    self.writer = writer
  }

  private func check(_ name: String, _ kinds: [ArtifactKind]) {
    precondition(
      declaration.outputs.contains { $0.name == name && kinds.contains($0.kind) },
      "stage \(declaration.id) writes \"\(name)\", which it does not declare so")
  }

  /// Writes a table.
  package func table(_ name: String, _ table: Table) throws {
    check(name, [.table])
    try writer.table(name, table)
  }

  /// Writes a document. `"schema"` is put in from the declaration's format.
  package func document(_ name: String, _ value: some Encodable) throws {
    check(name, [.document])
    var members = try JSONEncoding.encode(value).members ?? [:]
    members["schema"] = declaration.outputs.first { $0.name == name }.map { .string($0.format) }
    try writer.document(name, .object(members))
  }

  /// Writes a page or file in one piece.
  package func bytes(_ name: String, _ bytes: [UInt8]) throws {
    try self.bytes(name) { sink in try sink(bytes) }
  }

  /// Writes a page or file in pieces.
  package func bytes(
    _ name: String, _ body: ((_ bytes: [UInt8]) throws -> Void) throws -> Void
  ) throws {
    check(name, [.page, .file])
    try writer.bytes(name, body)
  }
}
