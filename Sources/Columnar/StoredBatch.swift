/// One batch as a file stores it: how many rows, and where each buffer stands in the file.
struct StoredBatch: Sendable {
  let rows: Int
  /// Missing rows by column.
  let missing: [Int]
  /// Places of the buffers in the file, inside its bounds.
  let buffers: [Range<Int>]

  /// The batch that `view` (a RecordBatch) describes, of `columns` columns and `bufferCount` buffers,
  /// whose body is `body`.
  init(_ view: FlatView, columns: Int, bufferCount: Int, body: Range<Int>) throws(ColumnarError) {
    func damaged(_ what: String) -> ColumnarError {
      ColumnarError(.damaged, "a batch of rows does not fit the file: \(what).")
    }
    guard try !view.has(3) else {
      throw ColumnarError(
        .unsupported, "the file is compressed; write it uncompressed (pyarrow: compression=\"uncompressed\")."
      )
    }
    guard let rows = Int(exactly: try view.number(0, absent: Int64(0))), rows >= 0, rows <= Int(Int32.max)
    else { throw damaged("its number of rows is impossible") }
    let nodes = try view.structs(1, words: 2)
    guard nodes.count == 2 * columns else { throw damaged("it has another number of columns") }
    var missing: [Int] = []
    for column in 0..<columns {
      guard nodes[2 * column] == Int64(rows), (0...Int64(rows)).contains(nodes[2 * column + 1]) else {
        throw damaged("its columns differ in length")
      }
      missing.append(Int(nodes[2 * column + 1]))
    }
    let places = try view.structs(2, words: 2)
    guard places.count == 2 * bufferCount else { throw damaged("it has another number of buffers") }
    var buffers: [Range<Int>] = []
    for buffer in 0..<bufferCount {
      let offset = places[2 * buffer]
      let length = places[2 * buffer + 1]
      guard offset >= 0, length >= 0, offset <= Int64(body.count), length <= Int64(body.count) - offset else {
        throw damaged("a buffer lies outside its body")
      }
      let start = body.lowerBound + Int(offset)
      buffers.append(start..<(start + Int(length)))
    }
    self.rows = rows
    self.missing = missing
    self.buffers = buffers
  }
}
