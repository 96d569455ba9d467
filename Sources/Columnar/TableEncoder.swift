package import Tabular

/// Writes a table as an Arrow IPC file (Feather version 2), uncompressed: what pyarrow, pandas, Polars,
/// DuckDB and R open. Whole numbers become `int64`, real numbers `float64` (NaN: null), categories
/// dictionary-encoded `utf8` with `int32` indices, text `utf8`; facts travel as field and schema metadata.
///
/// Equal tables give equal bytes: batches of a fixed number of rows, facts sorted by name, zeros in every
/// slot that holds nothing. Every buffer stands at a multiple of 64 bytes of the file.
package struct TableEncoder: Sendable {
  /// Rows a record batch; part of the format, since it decides the bytes.
  package static let batchRows = 65_536

  /// An encoder.
  package init() {}

  /// Hands the file's bytes to `sink` in order, in pieces; returns how many there were. Needs memory for
  /// some pieces only, whatever the table's size. Throws what `sink` throws.
  @discardableResult
  package func encode<Failure: Error>(
    _ table: Table, to sink: (RawSpan) throws(Failure) -> Void
  ) throws(Failure) -> Int {
    try withoutActuallyEscaping(sink) { (sink) throws(Failure) in
      var out = ByteStaging(sink)
      try write(table, to: &out)
      try out.flush()
      return out.count
    }
  }

  /// The file's bytes.
  package func encode(_ table: Table) -> [UInt8] {
    var bytes: [UInt8] = []
    encode(table) { piece in unsafe piece.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) } }
    return bytes
  }

  static let magic = Array("ARROW1".utf8)

  private func write<Failure: Error>(
    _ table: Table, to out: inout ByteStaging<Failure>
  ) throws(Failure) {
    try out.append(TableEncoder.magic)
    try out.pad(to: 8)
    _ = try writeMessage(
      ArrowMessages.HeaderCode.schema, ArrowMessages.schema(table.schema), bodyLength: 0, to: &out)
    var dictionaries: [ArrowMessages.Block] = []
    for column in table.columns {
      guard case .category(let categories) = column else { continue }
      let texts = TextColumn(categories.dictionary.map { $0 })
      let batch = BatchLayout([.text(texts)], rows: 0..<texts.count)
      let header = ArrowMessages.dictionaryBatch(id: dictionaries.count, batch.header)
      dictionaries.append(
        try writeMessage(
          ArrowMessages.HeaderCode.dictionaryBatch, header, bodyLength: batch.bodyLength, to: &out))
      try writeBody(batch, to: &out)
    }
    var batches: [ArrowMessages.Block] = []
    var first = 0
    while first < table.rowCount {
      let past = min(table.rowCount, first + TableEncoder.batchRows)
      let batch = BatchLayout(table.columns, rows: first..<past)
      batches.append(
        try writeMessage(
          ArrowMessages.HeaderCode.recordBatch, batch.header, bodyLength: batch.bodyLength, to: &out))
      try writeBody(batch, to: &out)
      first = past
    }
    // The end of the stream, then the footer, its length, and the magic bytes again.
    try out.append([0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0])
    let footer = FlatBufferWriter.encode(
      ArrowMessages.footer(table.schema, dictionaries: dictionaries, batches: batches))
    try out.append(footer)
    try out.append(littleEndian(footer.count))
    try out.append(TableEncoder.magic)
  }

  /// Writes a message's metadata so that its body starts at a multiple of 64.
  private func writeMessage<Failure: Error>(
    _ code: UInt8, _ header: FlatTable, bodyLength: Int, to out: inout ByteStaging<Failure>
  ) throws(Failure) -> ArrowMessages.Block {
    let metadata = FlatBufferWriter.encode(ArrowMessages.message(code, header, bodyLength: bodyLength))
    let start = out.count
    let unpadded = start + 8 + metadata.count
    let length = metadata.count + (64 - unpadded % 64) % 64
    try out.append([0xFF, 0xFF, 0xFF, 0xFF] + littleEndian(length))
    try out.append(metadata)
    try out.pad()
    return ArrowMessages.Block(offset: start, metadataLength: 8 + length, bodyLength: bodyLength)
  }

  private func writeBody<Failure: Error>(
    _ batch: BatchLayout, to out: inout ByteStaging<Failure>
  ) throws(Failure) {
    for (column, node) in zip(batch.columns, batch.nodes) {
      try ColumnPieces(column, rows: batch.rows, missing: node.missing).write(to: &out)
    }
  }

  private func littleEndian(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}

/// What a batch's body holds, known before any of it is written.
struct BatchLayout {
  let columns: [Column]
  let rows: Range<Int>
  private(set) var nodes: [ArrowMessages.Node] = []
  private(set) var buffers: [ArrowMessages.Buffer] = []
  private(set) var bodyLength = 0

  init(_ columns: [Column], rows: Range<Int>) {
    self.columns = columns
    self.rows = rows
    for column in columns {
      let missing = missingCount(column, rows: rows)
      nodes.append(ArrowMessages.Node(rows: rows.count, missing: missing))
      add(missing == 0 ? 0 : (rows.count + 7) / 8)
      switch column {
      case .integer, .real: add(8 * rows.count)
      case .category: add(4 * rows.count)
      case .text(let text):
        let offsets = text.offsets
        add(4 * (rows.count + 1))
        add(Int(offsets[rows.upperBound]) - Int(offsets[rows.lowerBound]))
      }
    }
  }

  var header: FlatTable {
    ArrowMessages.recordBatch(rows: rows.count, nodes: nodes, buffers: buffers)
  }

  private mutating func add(_ length: Int) {
    buffers.append(ArrowMessages.Buffer(offset: bodyLength, length: length))
    bodyLength += (length + 63) / 64 * 64
  }
}

/// Rows of `rows` that hold nothing.
func missingCount(_ column: Column, rows: Range<Int>) -> Int {
  switch column {
  case .integer(let numbers): numbers.validity.map { missingCount($0, rows: rows) } ?? 0
  case .text(let texts): texts.validity.map { missingCount($0, rows: rows) } ?? 0
  case .real(let numbers): numbers.values[rows].reduce(0) { $0 &+ ($1 != $1 ? 1 : 0) }
  case .category(let categories): categories.codes[rows].reduce(0) { $0 &+ ($1 < 0 ? 1 : 0) }
  }
}

/// Batches start at multiples of 64 rows, so a batch's bits are whole words of the column's.
private func missingCount(_ validity: Validity, rows: Range<Int>) -> Int {
  let words = validity.words[(rows.lowerBound / 64)..<((rows.upperBound + 63) / 64)]
  return rows.count - words.reduce(0) { $0 + $1.nonzeroBitCount }
}
