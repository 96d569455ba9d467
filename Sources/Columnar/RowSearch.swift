package import Tabular

extension TableLayout {
  /// The rows named, in the order named, those outside the table let go; categories bring only the words they
  /// hold. Reads these rows and nothing else, whatever the table's length.
  package func rows(_ places: [Int], from bytes: RawSpan) throws(ColumnarError) -> Table {
    guard bytes.byteCount == byteCount else {
      throw ColumnarError(.damaged, "the file has changed its length while it was read.")
    }
    let wanted = places.filter { $0 >= 0 && $0 < rowCount }
    var read: [Column] = []
    for index in columns.indices {
      read.append(try ColumnReader(self, column: index, places: wanted).readSparsely(bytes))
    }
    return Table(schema: schema, columns: read, rowCount: wanted.count)
  }

  /// The first row whose text in column `name` is exactly `text`, found in the bytes as they are stored,
  /// without making a column of them; `nil` where no row holds it, or where it is empty. Where the texts
  /// ascend bytewise, some twenty of a million are looked at, else all lengths and the texts of that length.
  package func row(
    holding text: String, in name: String, isAscending: Bool, from bytes: RawSpan
  ) throws(ColumnarError) -> Int? {
    guard bytes.byteCount == byteCount else {
      throw ColumnarError(.damaged, "the file has changed its length while it was read.")
    }
    guard let index = schema.index(of: name), case .text(let isLarge) = columns[index].storage else {
      throw ColumnarError(.noSuchColumn, "the table has no column of text \"\(name)\".")
    }
    let buffer = columns[..<index].reduce(0) { $0 + $1.bufferCount }
    let wanted = Array(text.utf8)
    guard !wanted.isEmpty else { return nil }
    var (start, last) = (0, (start: 0, texts: nil as StoredTexts?))
    for batch in batches where batch.rows > 0 {
      let texts = try StoredTexts(batch, buffer, column: index, isLarge: isLarge, name: name, bytes)
      if !isAscending {
        if let row = texts.first(wanted, bytes) { return start + row }
      } else if try texts.precedes(0, wanted, bytes) {
        last = (start, texts)
      } else {
        // The first that is not smaller stands in the batch before, or is this batch's first.
        if let found = try last.texts?.ascending(wanted, bytes) { return last.start + found }
        return texts.holds(0, wanted, bytes) ? start : nil
      }
      start += batch.rows
    }
    return try last.texts?.ascending(wanted, bytes).map { last.start + $0 }
  }

  /// Lends the texts of column `name` as they are stored, a batch at a time, without making a column of them: `body`
  /// gets how many rows there are, where each text begins in the third and, one more, where the last ends, in whole
  /// numbers of four bytes (eight where told so), none beyond its end or before the one before. Rows that hold nothing
  /// have an empty text.
  package func lendTexts(
    in name: String, from bytes: RawSpan, _ body: (Int, RawSpan, RawSpan, _ isWide: Bool) -> Void
  ) throws(ColumnarError) {
    guard bytes.byteCount == byteCount else {
      throw ColumnarError(.damaged, "the file has changed its length while it was read.")
    }
    guard let index = schema.index(of: name), case .text(let isLarge) = columns[index].storage else {
      throw ColumnarError(.noSuchColumn, "the table has no column of text \"\(name)\".")
    }
    let buffer = columns[..<index].reduce(0) { $0 + $1.bufferCount }
    var start = 0
    for batch in batches where batch.rows > 0 {
      defer { start += batch.rows }
      if batch.missing[index] > 0 {
        // What a file holds in rows that hold nothing is its own affair.
        let part = try table(from: bytes, columns: [name], rows: start..<start + batch.rows)
        guard case .text(let texts) = part.columns[0] else { continue }
        unsafe body(batch.rows, texts.offsets.span.bytes, texts.bytes.span.bytes, false)
        continue
      }
      let texts = try StoredTexts(batch, buffer, column: index, isLarge: isLarge, name: name, bytes)
      try texts.check(bytes)
      body(batch.rows, bytes.extracting(texts.starts), bytes.extracting(texts.data), isLarge)
    }
  }
}

/// The texts of one batch, where they stand in the file.
private struct StoredTexts {
  private let rows: Int
  private let offsets: Int
  let data: Range<Int>
  private let validity: Range<Int>?
  private let isLarge: Bool
  private let name: String

  init(
    _ batch: StoredBatch, _ buffer: Int, column: Int, isLarge: Bool, name: String, _ bytes: RawSpan
  ) throws(ColumnarError) {
    rows = batch.rows
    offsets = batch.buffers[buffer + 1].lowerBound
    data = batch.buffers[buffer + 2]
    self.isLarge = isLarge
    self.name = name
    let bits = batch.buffers[buffer]
    validity = batch.missing[column] > 0 ? bits : nil
    guard (rows + 1) * (isLarge ? 8 : 4) <= batch.buffers[buffer + 1].count,
      validity == nil || (rows + 7) / 8 <= bits.count
    else { throw ColumnarError(.damaged, "column \"\(name)\" is damaged: it has too few offsets.") }
  }

  /// Where the offsets stand, one more than rows.
  var starts: Range<Int> { offsets..<offsets + (rows + 1) * (isLarge ? 8 : 4) }

  /// Throws where an offset lies before the one before it or beyond the texts' end.
  func check(_ bytes: RawSpan) throws(ColumnarError) {
    var isSound = true
    var last = 0
    for row in 0...rows {
      let next = offset(row, bytes)
      if next < last { isSound = false }
      last = next
    }
    guard isSound, last <= data.count else {
      throw ColumnarError(.damaged, "column \"\(name)\" is damaged: its offsets lie outside its text.")
    }
  }

  private func offset(_ row: Int, _ bytes: RawSpan) -> Int {
    isLarge
      ? Int(unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offsets + 8 * row, as: Int64.self))
      : Int(unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offsets + 4 * row, as: Int32.self))
  }

  private func isPresent(_ row: Int, _ bytes: RawSpan) -> Bool {
    guard let validity else { return true }
    let byte = unsafe bytes.unsafeLoad(fromByteOffset: validity.lowerBound + row / 8, as: UInt8.self)
    return byte >> UInt8(row % 8) & 1 == 1
  }

  /// Whether the bytes at a place of the file are `text`; they lie in the data.
  private func matches(_ place: Int, _ text: [UInt8], _ bytes: RawSpan) -> Bool {
    for index in text.indices
    where unsafe bytes.unsafeLoad(fromByteOffset: place + index, as: UInt8.self) != text[index] {
      return false
    }
    return true
  }

  /// Whether `row` holds `text`.
  func holds(_ row: Int, _ text: [UInt8], _ bytes: RawSpan) -> Bool {
    let (start, end) = (offset(row, bytes), offset(row + 1, bytes))
    return start >= 0 && end &- start == text.count && end <= data.count
      && matches(data.lowerBound + start, text, bytes) && isPresent(row, bytes)
  }

  /// The first row that holds `text`, whatever their order.
  func first(_ text: [UInt8], _ bytes: RawSpan) -> Int? {
    // Keys of one length differ most in their last letter: most rows are passed by it.
    guard let last = text.last else { return nil }
    var start = offset(0, bytes)
    for row in 0..<rows {
      let end = offset(row + 1, bytes)
      if end &- start == text.count, start >= 0, end <= data.count,
        unsafe bytes.unsafeLoad(fromByteOffset: data.lowerBound + end - 1, as: UInt8.self) == last,
        matches(data.lowerBound + start, text, bytes), isPresent(row, bytes)
      {
        return row
      }
      start = end
    }
    return nil
  }

  /// Whether the text of `row` comes before `text`.
  func precedes(_ row: Int, _ text: [UInt8], _ bytes: RawSpan) throws(ColumnarError) -> Bool {
    let (start, end) = (offset(row, bytes), offset(row + 1, bytes))
    guard start >= 0, start <= end, end <= data.count else {
      throw ColumnarError(.damaged, "column \"\(name)\" is damaged: its offsets lie outside its text.")
    }
    for index in 0..<min(end - start, text.count) {
      let byte = unsafe bytes.unsafeLoad(fromByteOffset: data.lowerBound + start + index, as: UInt8.self)
      if byte != text[index] { return byte < text[index] }
    }
    return end - start < text.count
  }

  /// The first row that holds `text`, where texts ascend.
  func ascending(_ text: [UInt8], _ bytes: RawSpan) throws(ColumnarError) -> Int? {
    var (low, high) = (0, rows)
    while low < high {
      let middle = (low + high) / 2
      if try precedes(middle, text, bytes) { low = middle + 1 } else { high = middle }
    }
    return low < rows && holds(low, text, bytes) ? low : nil
  }
}
