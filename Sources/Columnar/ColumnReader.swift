import Tabular

/// Reads some rows of one column from the batches of a file.
struct ColumnReader {
  /// Some rows of one batch.
  private struct Piece {
    var batch: StoredBatch
    var first: Int
    var rows: Int
  }

  private let name: String
  private let storage: StoredColumn.Storage
  private let dictionaries: [Int64: [StoredBatch]]
  private let pieces: [Piece]
  private let rows: Int
  /// Number of the column and of its first buffer in a batch.
  private let column: Int
  private let buffer: Int

  /// A reader of `rows` of column number `column`.
  init(_ layout: TableLayout, column: Int, rows: Range<Int>) {
    name = layout.schema.fields[column].name
    storage = layout.columns[column].storage
    dictionaries = layout.dictionaries
    self.column = column
    buffer = layout.columns[..<column].reduce(0) { $0 + $1.bufferCount }
    var pieces: [Piece] = []
    var start = 0
    for batch in layout.batches {
      let wanted = rows.clamped(to: start..<(start + batch.rows))
      if !wanted.isEmpty {
        pieces.append(Piece(batch: batch, first: wanted.lowerBound - start, rows: wanted.count))
      }
      start += batch.rows
    }
    self.pieces = pieces
    self.rows = rows.count
  }

  /// A reader of the rows named, in the order named; all lie in the table.
  init(_ layout: TableLayout, column: Int, places: [Int]) {
    name = layout.schema.fields[column].name
    storage = layout.columns[column].storage
    dictionaries = layout.dictionaries
    self.column = column
    buffer = layout.columns[..<column].reduce(0) { $0 + $1.bufferCount }
    var starts: [Int] = []
    var start = 0
    for batch in layout.batches {
      starts.append(start)
      start += batch.rows
    }
    pieces = places.map { place in
      let batch = (starts.firstIndex { $0 > place } ?? starts.count) - 1
      return Piece(batch: layout.batches[batch], first: place - starts[batch], rows: 1)
    }
    rows = places.count
  }

  /// A reader of the texts of a dictionary, or of some of them.
  private init(dictionary: [StoredBatch], name: String, large: Bool, entries: Range<Int>? = nil) {
    self.name = name
    storage = .text(large: large)
    dictionaries = [:]
    column = 0
    buffer = 0
    var pieces: [Piece] = []
    var start = 0
    for batch in dictionary {
      let all = start..<(start + batch.rows)
      let wanted = (entries ?? all).clamped(to: all)
      if !wanted.isEmpty {
        pieces.append(Piece(batch: batch, first: wanted.lowerBound - start, rows: wanted.count))
      }
      start += batch.rows
    }
    self.pieces = pieces
    rows = pieces.reduce(0) { $0 + $1.rows }
  }

  /// The column, with only those words in its dictionary that its rows use: what few rows of a column of many
  /// words are read by.
  func readSparsely(_ bytes: RawSpan) throws(ColumnarError) -> Column {
    guard case .category(let dictionary, let width, let signed, let large) = storage else {
      return try read(bytes)
    }
    let bits = try validity(bytes)
    let indices = try integers(bytes, bits, width, signed)
    let batches = dictionaries[dictionary] ?? []
    let count = batches.reduce(0) { $0 + $1.rows }
    var words: [String] = []
    var places: [Int64: Int32] = [:]
    var codes: [Int32] = []
    for row in 0..<rows {
      guard indices.isPresent(row) else {
        codes.append(-1)
        continue
      }
      let index = indices.values[row]
      if places[index] == nil {
        guard index >= 0, index < Int64(count) else { throw damaged("an index points past its dictionary") }
        let entries = ColumnReader(
          dictionary: batches, name: name, large: large, entries: Int(index)..<(Int(index) + 1))
        guard case .text(let texts) = try entries.read(bytes) else {
          throw damaged("its dictionary is no text")
        }
        // An entry of another program may mean "missing".
        if let word = texts.text(0) {
          places[index] = Int32(words.count)
          words.append(word)
        } else {
          places[index] = -1
        }
      }
      codes.append(places[index] ?? -1)
    }
    return .category(CategoryColumn(codes: codes, dictionary: words))
  }

  /// The column.
  func read(_ bytes: RawSpan) throws(ColumnarError) -> Column {
    let bits = try validity(bytes)
    switch storage {
    case .whole(let width, let signed): return .integer(try integers(bytes, bits, width, signed))
    case .bool: return .integer(try bools(bytes, bits))
    case .real(let width): return .real(try reals(bytes, bits, width))
    case .text(let large): return .text(try texts(bytes, bits, large))
    case .category(let dictionary, let width, let signed, let large):
      let entries = ColumnReader(dictionary: dictionaries[dictionary] ?? [], name: name, large: large)
      guard case .text(let texts) = try entries.read(bytes) else {
        throw damaged("its dictionary is no text")
      }
      if width == 32, signed { return .category(try category(try stored(bytes), bits, texts)) }
      // Wider indices are cut to 32 bits only where they fit; others point past any dictionary.
      let indices = try integers(bytes, bits, width, signed).values
      return .category(try category(indices.map { Int32(exactly: $0) ?? -1 }, bits, texts))
    }
  }

  private func damaged(_ what: String) -> ColumnarError {
    ColumnarError(.damaged, "column \"\(name)\" is damaged: \(what).")
  }

  private func validity(_ bytes: RawSpan) throws(ColumnarError) -> BitAssembler {
    var bits = BitAssembler(total: rows)
    for piece in pieces {
      let range = piece.batch.buffers[buffer]
      guard piece.batch.missing[column] > 0 else {
        bits.appendPresent(piece.rows)
        continue
      }
      guard (piece.first + piece.rows + 7) / 8 <= range.count else {
        throw damaged("its validity is too short")
      }
      bits.append(bytes.extracting(range), from: piece.first, rows: piece.rows)
    }
    return bits
  }

  /// Checks that buffer number `place` of the column holds `count` values of `size` bytes in each piece.
  private func check(_ place: Int, size: Int) throws(ColumnarError) {
    for piece in pieces where (piece.first + piece.rows) * size > piece.batch.buffers[buffer + place].count {
      throw damaged("it holds fewer values than rows")
    }
  }

  private func integers(
    _ bytes: RawSpan, _ bits: BitAssembler, _ width: Int32, _ signed: Bool
  ) throws(ColumnarError) -> IntegerColumn {
    var values: [Int64]
    switch (width, signed) {
    case (64, _):
      values = try stored(bytes)
      if !signed {
        bits.forEachMissing(in: 0..<rows) { values[$0] = 0 }
        guard values.allSatisfy({ $0 >= 0 }) else {
          throw ColumnarError(
            .unsupported, "column \"\(name)\" holds whole numbers above \(Int64.max); write them as text.")
        }
      }
    case (32, true): values = (try stored(bytes) as [Int32]).map(Int64.init)
    case (32, false): values = (try stored(bytes) as [UInt32]).map(Int64.init)
    case (16, true): values = (try stored(bytes) as [Int16]).map(Int64.init)
    case (16, false): values = (try stored(bytes) as [UInt16]).map(Int64.init)
    case (8, true): values = (try stored(bytes) as [Int8]).map(Int64.init)
    default: values = (try stored(bytes) as [UInt8]).map(Int64.init)
    }
    bits.forEachMissing(in: 0..<rows) { values[$0] = 0 }
    return IntegerColumn(values, validity: bits.finish())
  }

  private func bools(_ bytes: RawSpan, _ bits: BitAssembler) throws(ColumnarError) -> IntegerColumn {
    var truths = BitAssembler(total: rows)
    for piece in pieces {
      let range = piece.batch.buffers[buffer + 1]
      guard (piece.first + piece.rows + 7) / 8 <= range.count else {
        throw damaged("it holds fewer values than rows")
      }
      truths.append(bytes.extracting(range), from: piece.first, rows: piece.rows)
    }
    var values = [Int64](repeating: 1, count: rows)
    truths.forEachMissing(in: 0..<rows) { values[$0] = 0 }
    bits.forEachMissing(in: 0..<rows) { values[$0] = 0 }
    return IntegerColumn(values, validity: bits.finish())
  }

  private func reals(_ bytes: RawSpan, _ bits: BitAssembler, _ width: Int) throws(ColumnarError) -> RealColumn
  {
    var values: [Double] = width == 64 ? try stored(bytes) : (try stored(bytes) as [Float]).map(Double.init)
    bits.forEachMissing(in: 0..<rows) { values[$0] = .nan }
    // An infinite number: all exponent bits and no other. Counted, not branched on, so that it vectorises.
    let infinite = values.reduce(0) { $0 &+ ($1.bitPattern << 1 == 0xFFE0_0000_0000_0000 ? 1 : 0) }
    guard infinite == 0 else {
      throw ColumnarError(
        .unsupported, "column \"\(name)\" holds \(infinite) infinite numbers; write them as missing.")
    }
    return RealColumn(values)
  }

  private func category(
    _ indices: [Int32], _ bits: BitAssembler, _ texts: TextColumn
  ) throws(ColumnarError) -> CategoryColumn {
    var codes = indices
    // Slots that hold nothing may hold any index; only the others must stand in the dictionary.
    if texts.count > 0 { bits.forEachMissing(in: 0..<rows) { codes[$0] = 0 } }
    let count = UInt32(truncatingIfNeeded: texts.count)
    let outside = codes.reduce(0) { $0 &+ (UInt32(bitPattern: $1) >= count ? 1 : 0) }
    var excused = 0
    bits.forEachMissing(in: 0..<rows) { row in
      if count == 0 { excused += 1 }
      codes[row] = -1
    }
    guard outside == excused else { throw damaged("an index points past its dictionary") }
    if texts.validity != nil {
      // A dictionary of another program may hold an entry that means "missing".
      for row in codes.indices where codes[row] >= 0 && !texts.isPresent(Int(codes[row])) { codes[row] = -1 }
    }
    return CategoryColumn(codes: codes, dictionary: (0..<texts.count).map { texts.text($0) ?? "" })
  }

  private func texts(_ bytes: RawSpan, _ bits: BitAssembler, _ large: Bool) throws(ColumnarError)
    -> TextColumn
  {
    try check(1, size: large ? 8 : 4)
    var text: [UInt8] = []
    // All text of batches that are read for the most part, so that it is moved once; never more than there is room for.
    text.reserveInLargePages(
      min(
        Int(Int32.max),
        pieces.reduce(0) { $0 + (2 * $1.rows > $1.batch.rows ? $1.batch.buffers[buffer + 2].count : 0) }))
    var offsets: [Int32] = []
    offsets.reserveInLargePages(rows + 1)
    offsets.append(0)
    for piece in pieces {
      // One offset more than rows.
      let places = piece.batch.buffers[buffer + 1]
      let size = large ? 8 : 4
      guard (piece.first + piece.rows + 1) * size <= places.count else {
        throw damaged("it has too few offsets")
      }
      let all = bytes.extracting(places)
      let data = piece.batch.buffers[buffer + 2]
      let place = (piece: piece.first..<(piece.first + piece.rows), base: text.count)
      let span =
        large
        ? append(all, Int64.self, place.piece, to: &offsets, base: place.base)
        : append(all, Int32.self, place.piece, to: &offsets, base: place.base)
      guard let span else { throw damaged("its offsets fall") }
      let (start, end) = (span.lowerBound, span.upperBound)
      guard start >= 0, end <= data.count else { throw damaged("its offsets lie outside its text") }
      guard text.count + (end - start) <= Int(Int32.max) else {
        throw ColumnarError(
          .unsupported, "column \"\(name)\" holds more than 2 GiB of text in the rows asked for; read fewer.")
      }
      let range = (data.lowerBound + start)..<(data.lowerBound + end)
      unsafe bytes.extracting(range).withUnsafeBytes { unsafe text.append(contentsOf: $0) }
    }
    guard (try? UTF8Span(validating: text.span)) != nil,
      offsets.allSatisfy({ Int($0) == text.count || text[Int($0)] & 0xC0 != 0x80 })
    else { throw damaged("its text is not UTF-8") }
    var filled = false
    bits.forEachMissing(in: 0..<rows) { if offsets[$0 + 1] > offsets[$0] { filled = true } }
    let column = TextColumn(offsets: offsets, bytes: text, validity: bits.finish())
    guard filled else { return column }
    // Another program left text in rows that hold none: taking every row anew lets it go.
    guard case .text(let clean) = Column.text(column).taking((0..<Int32(rows)).map { $0 }) else {
      return column
    }
    return clean
  }

  /// Appends the ends of `rows` to `offsets`, the first row's text starting at `base`; returns where
  /// the text stands in its buffer, `nil` where an offset is smaller than the one before it.
  private func append<Offset: FixedWidthInteger & BitwiseCopyable>(
    _ all: RawSpan, _ type: Offset.Type, _ rows: Range<Int>, to offsets: inout [Int32], base: Int
  ) -> Range<Int>? {
    func offset(_ row: Int) -> Offset {
      unsafe all.unsafeLoadUnaligned(fromByteOffset: MemoryLayout<Offset>.stride * row, as: Offset.self)
    }
    let start = offset(rows.lowerBound)
    let shift = Int32(truncatingIfNeeded: base) &- Int32(truncatingIfNeeded: start)
    var last = start
    var falls = 0
    for row in (rows.lowerBound + 1)..<(rows.upperBound + 1) {
      let next = offset(row)
      falls &+= next < last ? 1 : 0
      last = next
      offsets.append(Int32(truncatingIfNeeded: next) &+ shift)
    }
    return falls == 0 ? Int(truncatingIfNeeded: start)..<Int(truncatingIfNeeded: last) : nil
  }

  /// The values of buffer number 1 as they stand.
  private func stored<Value: BitwiseCopyable>(_ bytes: RawSpan) throws(ColumnarError) -> [Value] {
    let size = MemoryLayout<Value>.stride
    try check(1, size: size)
    return unsafe [Value](unsafeUninitializedCapacity: rows) { target, count in
      let target = UnsafeMutableRawBufferPointer(target)
      unsafe adviseLargePages(target)
      var done = 0
      for piece in pieces {
        let start = piece.batch.buffers[buffer + 1].lowerBound + piece.first * size
        unsafe bytes.extracting(start..<(start + piece.rows * size)).withUnsafeBytes { source in
          unsafe UnsafeMutableRawBufferPointer(rebasing: target[done...]).copyMemory(from: source)
        }
        done += piece.rows * size
      }
      count = rows
    }
  }
}
