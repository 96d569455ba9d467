import Dispatch
import Synchronization
package import Tabular

/// What an Arrow IPC file holds and where, read from its footer and the heads of its messages: cheap,
/// whatever the file's size. Bytes of any kind give a layout or an error, never a crash.
package struct TableLayout: Sendable {
  /// Names, types and facts. Whole numbers of any width and bools are `integer`, `float32` is `real`.
  package let schema: Schema
  /// Rows of all batches.
  package let rowCount: Int
  /// Bytes of the file.
  package let byteCount: Int
  let columns: [StoredColumn]
  let batches: [StoredBatch]
  /// By dictionary number, the batches that make it up.
  let dictionaries: [Int64: [StoredBatch]]

  /// The layout of the file that is `bytes`.
  package init(_ bytes: RawSpan) throws(ColumnarError) {
    let reader = try MessageReader(bytes)
    let footer = try reader.footer(bytes)
    guard let description = try footer.table(1) else { throw MessageReader.damaged("it has no schema") }
    guard try description.number(0, absent: Int16(0)) == 0 else {
      throw ColumnarError(.unsupported, "the file's numbers are big-endian.")
    }
    var columns: [StoredColumn] = []
    var seen: Set<String> = []
    for view in try description.tables(1) {
      let column = try StoredColumn(view)
      guard seen.insert(column.field.name).inserted else {
        throw ColumnarError(.unsupported, "two columns are called \"\(column.field.name)\".")
      }
      columns.append(column)
    }
    var dictionaries: [Int64: [StoredBatch]] = [:]
    for block in try reader.blocks(footer, 2) {
      let message = try reader.message(bytes, block, code: ArrowMessages.HeaderCode.dictionaryBatch)
      guard let batch = try message.header.table(1) else {
        throw MessageReader.damaged("a dictionary holds nothing")
      }
      let id: Int64 = try message.header.number(0, absent: 0)
      let isDelta: UInt8 = try message.header.number(2, absent: 0)
      guard isDelta != 0 || dictionaries[id] == nil else {
        throw ColumnarError(.unsupported, "a dictionary is replaced in the middle of the file.")
      }
      dictionaries[id, default: []].append(
        try StoredBatch(batch, columns: 1, bufferCount: 3, body: message.body))
    }
    let bufferCount = columns.reduce(0) { $0 + $1.bufferCount }
    var batches: [StoredBatch] = []
    var rows = 0
    for block in try reader.blocks(footer, 3) {
      let message = try reader.message(bytes, block, code: ArrowMessages.HeaderCode.recordBatch)
      let batch = try StoredBatch(
        message.header, columns: columns.count, bufferCount: bufferCount, body: message.body)
      rows += batch.rows
      guard rows <= Int(Int32.max) else {
        throw ColumnarError(.unsupported, "the file has more than 2,147,483,647 rows.")
      }
      batches.append(batch)
    }
    for case .category(let dictionary, _, _, _) in columns.map(\.storage)
    where dictionaries[dictionary] == nil && rows > 0 {
      throw MessageReader.damaged("a dictionary is not there")
    }
    schema = Schema(columns.map(\.field), metadata: try description.pairs(2))
    rowCount = rows
    byteCount = bytes.byteCount
    self.columns = columns
    self.batches = batches
    self.dictionaries = dictionaries
  }

  /// The table, or some columns (in the order named) or rows of it, columns read on `threads` threads. `bytes` are
  /// the file's, as they were when the layout was read; rows outside the table are let go.
  package func table(
    from bytes: RawSpan, columns names: [String]? = nil, rows: Range<Int>? = nil, threads: Int = 1
  ) throws(ColumnarError) -> Table {
    guard bytes.byteCount == byteCount else {
      throw ColumnarError(.damaged, "the file has changed its length while it was read.")
    }
    let rows = (rows ?? 0..<rowCount).clamped(to: 0..<rowCount)
    var chosen: [Int] = []
    if let names {
      for name in names {
        guard let index = schema.index(of: name) else {
          throw ColumnarError(
            .noSuchColumn,
            "the table has no column \"\(name)\"; it has "
              + schema.fields.map { "\"\($0.name)\"" }.joined(separator: ", ") + ".")
        }
        chosen.append(index)
      }
    } else {
      chosen = Array(columns.indices)
    }
    let read = try columns(chosen, rows, of: bytes, threads: threads)
    return Table(
      schema: Schema(chosen.map { schema.fields[$0] }, metadata: schema.metadata), columns: read,
      rowCount: rows.count)
  }

  /// The columns numbered `chosen`; where several are damaged, the first one's error is thrown.
  private func columns(
    _ chosen: [Int], _ rows: Range<Int>, of bytes: RawSpan, threads: Int
  ) throws(ColumnarError) -> [Column] {
    @Sendable func column(_ index: Int) throws(ColumnarError) -> Column {
      try ColumnReader(self, column: index, rows: rows).read(bytes)
    }
    var read: [Column] = []
    guard threads > 1, chosen.count > 1, rows.count > TableLayout.manyRows else {
      for index in chosen { read.append(try column(index)) }
      return read
    }
    let found = Mutex([Result<Column, ColumnarError>?](repeating: nil, count: chosen.count))
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: min(threads, chosen.count)) { _ in
      while true {
        let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if place >= chosen.count { return }
        let result: Result<Column, ColumnarError>
        do throws(ColumnarError) { result = .success(try column(chosen[place])) } catch {
          result = .failure(error)
        }
        found.withLock { $0[place] = result }
      }
    }
    for result in found.withLock({ $0 }) {
      guard let result else { preconditionFailure("every column is read") }
      read.append(try result.get())
    }
    return read
  }

  /// Rows up to which columns are read one after another: waking threads would cost as much.
  private static let manyRows = 20_000
}

extension Table {
  /// The table that `bytes`, an Arrow IPC file's, hold.
  package init(arrow bytes: [UInt8], columns: [String]? = nil, rows: Range<Int>? = nil) throws(ColumnarError)
  {
    // Bytes have no padding, so viewing them raw is safe.
    let raw = unsafe bytes.span.bytes
    self = try TableLayout(raw).table(from: raw, columns: columns, rows: rows)
  }
}
