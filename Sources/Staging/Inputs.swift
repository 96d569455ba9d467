package import Fingerprints
package import Tabular

/// Where a stage's inputs come from. The pipeline reads them from the store by digest; tests and
/// `holdfast score` hand them over from memory.
package protocol InputReading: Sendable {
  /// Whether an input is there; a required one always is.
  func has(_ name: String) -> Bool
  /// A table, or the columns named, or some rows, of it.
  func table(_ name: String, columns: [String]?, rows: Range<Int>?) throws -> Table
  /// The rows named of a table, in the order named.
  func rows(_ name: String, _ places: [Int32]) throws -> Table
  /// A table's columns and its number of rows.
  func shape(_ name: String) throws -> (schema: Schema, rows: Int)
  /// A document.
  func document(_ name: String) throws -> JSONValue
  /// A source's bytes.
  func source(_ name: String) throws -> SourceBytes
}

/// A source's bytes, in memory or mapped from a file.
package struct SourceBytes: Sendable {
  /// The file's name as declared, for messages.
  package let name: String
  /// Number of bytes.
  package let count: Int
  private let access: @Sendable ((RawSpan, (Range<Int>) -> Void) throws -> Void) throws -> Void

  /// Bytes that `access` lends out for the length of a call, with a way to say which of them need not stay in
  /// memory.
  package init(
    name: String, count: Int,
    access: @escaping @Sendable ((RawSpan, (Range<Int>) -> Void) throws -> Void) throws -> Void
  ) {
    self.name = name
    self.count = count
    self.access = access
  }

  /// Bytes in memory.
  package init(name: String, bytes: [UInt8]) {
    self.init(name: name, count: bytes.count) { body in
      // Bytes have no padding, so viewing them raw is safe.
      try body(unsafe bytes.span.bytes) { _ in }
    }
  }

  /// Lends the bytes to `body`.
  package func withBytes<Result>(_ body: (RawSpan) throws -> Result) throws -> Result {
    try withBytes { bytes, _ in try body(bytes) }
  }

  /// Lends the bytes to `body`, which hands ranges that it is done with to its second argument: they leave memory
  /// where they can, and may be read again nevertheless.
  package func withBytes<Result>(
    _ body: (_ bytes: RawSpan, _ release: (Range<Int>) -> Void) throws -> Result
  ) throws -> Result {
    var result: Result?
    try access { bytes, release in
      try withoutActuallyEscaping(release) { release in result = try body(bytes, release) }
    }
    guard let result else { preconditionFailure("a source lends its bytes exactly once") }
    return result
  }
}

/// A stage's inputs: those it declared and no others.
package struct Inputs: Sendable {
  private let reader: any InputReading
  private let declaration: StageDeclaration

  /// The inputs `declaration` names, read by `reader`.
  package init(_ declaration: StageDeclaration, from reader: any InputReading) {
    self.declaration = declaration
    self.reader = reader
  }

  private func check(_ name: String) {
    precondition(
      declaration.inputs.contains { $0.name == name },
      "stage \(declaration.id) reads \"\(name)\", which it does not declare")
  }

  /// Whether an optional input is there.
  package func has(_ name: String) -> Bool {
    check(name)
    return reader.has(name)
  }

  /// A table, or the columns named, or the rows of a range, of it.
  package func table(_ name: String, columns: [String]? = nil, rows: Range<Int>? = nil) throws -> Table {
    check(name)
    return try reader.table(name, columns: columns, rows: rows)
  }

  /// Those of the columns named that a table has, or the rows of a range of them.
  package func table(_ name: String, anyOf columns: [String], rows: Range<Int>? = nil) throws -> Table {
    let known = try shape(name).schema
    return try table(name, columns: columns.filter { known.index(of: $0) != nil }, rows: rows)
  }

  /// The rows named of a table, in the order named: few of many cost little. A category brings the words of these
  /// rows; whether it brings others is open.
  package func rows(_ name: String, _ places: [Int32]) throws -> Table {
    check(name)
    return try reader.rows(name, places)
  }

  /// A table's columns and its number of rows, without reading it.
  package func shape(_ name: String) throws -> (schema: Schema, rows: Int) {
    check(name)
    return try reader.shape(name)
  }

  /// A document as written.
  package func json(_ name: String) throws -> JSONValue {
    check(name)
    return try reader.document(name)
  }

  /// A document as a value.
  package func document<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
    try JSONDecoding.decode(type, from: json(name))
  }

  /// A document as a value, `nil` where the optional input is not there.
  package func documentIfPresent<Value: Decodable>(
    _ name: String, as type: Value.Type
  ) throws -> Value? {
    has(name) ? try document(name, as: type) : nil
  }

  /// The bytes of the source of that name (declared as `sources.NAME`).
  package func source(_ name: String) throws -> SourceBytes {
    check("sources." + name)
    return try reader.source(name)
  }
}
