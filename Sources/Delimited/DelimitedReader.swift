package import Tabular

/// What is asked of one column of a file.
package struct ColumnRequest: Sendable, Equatable {
  /// The header's name.
  package var name: String
  /// What it is read as.
  package var type: ColumnType
  /// Part of the key: a row without it is rejected, and so is one whose key is in scientific notation.
  package var isKey: Bool
  /// May be absent from the header; then it is absent from the table.
  package var mayBeAbsent: Bool

  /// A request.
  package init(name: String, type: ColumnType, isKey: Bool = false, mayBeAbsent: Bool = false) {
    self.name = name
    self.type = type
    self.isKey = isKey
    self.mayBeAbsent = mayBeAbsent
  }
}

/// A row that was not taken, and why.
package struct RejectedRow: Sendable, Equatable {
  /// `ragged`, `nul`, `invalidUTF8`, `strayQuote`, `missingKey`, `scientificKey`, `repeatedHeader` or
  /// `wrongType`.
  package var rule: String
  /// The line, from 1, where the fault stands.
  package var line: Int
  /// The character of that line, from 1.
  package var column: Int
  /// The header name of the column at fault; `nil` where the row as a whole is.
  package var columnName: String?
  /// The value as read; `nil` where the row as a whole is at fault.
  package var value: String?
  /// The row as read.
  package var row: String
}

/// What a file held.
package struct DelimitedContents: Sendable {
  /// The rows taken, in file order, the requested columns in the order requested.
  package var table: Table
  /// The rows not taken, in file order.
  package var rejects: [RejectedRow]
  /// The header's names.
  package var header: [String]
  /// Rows below the header, blank lines not counted.
  package var rowsRead: Int
  /// Lines with nothing on them.
  package var blankLines: Int
}

/// Reads delimited text into typed columns, byte by byte, in one pass. Nothing is dropped or coerced
/// in silence: a row that does not fit is kept as a rejected row with its place and the rule.
package struct DelimitedReader: Sendable {
  /// How the file is written.
  package let dialect: Dialect
  /// The columns wanted.
  package let requests: [ColumnRequest]
  /// A text column's offsets are 32 bits.
  var mostTextBytes = Int(Int32.max)
  /// Bytes of a stretch read by one thread; for tests.
  var blockSize: Int?
  /// Whether plain rows and fields are read many bytes at a time; else byte by byte, for tests.
  var isQuick = true

  /// A reader.
  package init(dialect: Dialect, requests: [ColumnRequest]) {
    self.dialect = dialect
    self.requests = requests
  }

  /// The contents of `raw`; `file` is its name for messages. `progress` hears of rows read, now and then, and
  /// `passed` of a byte below which nothing is looked at again.
  /// The result is the same for any number of threads.
  package func read(
    _ raw: RawSpan, file: String, threads: Int = 1, progress: (Int) -> Void = { _ in },
    passed: (Int) -> Void = { _ in }
  ) throws(DelimitedError) -> DelimitedContents {
    // Bytes have no padding, so viewing them typed is safe.
    let bytes = unsafe raw._unsafeView(as: UInt8.self)
    if dialect.encoding != .utf8 {
      let text = transcoded(bytes, from: dialect.encoding)
      return try read(text.span, file: file, threads: threads) { rows, _ in progress(rows) }
    }
    return try read(bytes, file: file, threads: threads) { rows, byte in
      progress(rows)
      passed(byte)
    }
  }

  private func read(
    _ bytes: Span<UInt8>, file: String, threads: Int, progress: (_ rows: Int, _ byte: Int) -> Void
  ) throws(DelimitedError) -> DelimitedContents {
    let hasMark = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
    var scanner = RowScanner(delimiter: dialect.delimiter, offset: hasMark ? 3 : 0)
    let header = try DelimitedReader.header(&scanner, bytes, file: file)
    let places = try placesOfRequests(header, file: file)
    let present = requests.indices.filter { places[$0] != nil }
    var reader = BlockReader(
      dialect: dialect, requests: present.map { requests[$0] }, places: present.map { places[$0] ?? 0 },
      header: header, mostTextBytes: mostTextBytes)
    if let blockSize { reader.size = blockSize }
    reader.isQuick = isQuick
    var block = reader.readAll(bytes, from: scanner.offset, threads: threads, progress: progress)
    block.batch.moveRejects(lines: scanner.nextLine - 1)
    if let (place, byte) = block.unbalanced {
      var row = place
      row.line += scanner.nextLine - 1
      let position = row.position(of: byte, bytes)
      throw DelimitedError(
        .unbalancedQuote, "a quote opens here and is never closed.",
        place: "\(file):\(position.line):\(position.column)",
        remedy: "Close it, or double it if it belongs to the text.")
    }
    if let name = block.batch.overflowing {
      throw DelimitedError(
        .tooMuchText, "column \"\(name)\" holds more than 2 GiB of text.", place: "\(file):1:1",
        remedy: "Take it out of \"columns\" in pipeline.json, or give the file in parts.")
    }
    guard block.rows > 0 else {
      throw DelimitedError(
        .headerOnly, "the file holds a header and no row.", place: "\(file):2:1",
        remedy: "Give a file with at least one customer.")
    }
    let table = Table(
      schema: Schema(present.map { Field(requests[$0].name, requests[$0].type) }),
      columns: block.batch.finish(), rowCount: block.batch.taken)
    return DelimitedContents(
      table: table, rejects: block.batch.rejects, header: header, rowsRead: block.rows,
      blankLines: block.blankLines)
  }

  /// The header's names; an empty name becomes `columnN`.
  static func header(
    _ scanner: inout RowScanner, _ bytes: Span<UInt8>, file: String
  ) throws(DelimitedError) -> [String] {
    if bytes.count >= 2, bytes[0] ^ bytes[1] == 0x01, bytes[0] | 1 == 0xFF {
      throw DelimitedError(
        .notUTF8, "the file begins as UTF-16 does.", place: "\(file):1:1",
        remedy: "Save it as UTF-8 (in a spreadsheet: \"CSV UTF-8\").")
    }
    var outcome = scanner.next(bytes)
    while outcome == .row, scanner.isBlank { outcome = scanner.next(bytes) }
    switch outcome {
    case .end:
      throw DelimitedError(
        .emptyFile, "the file is empty.", place: "\(file):1:1",
        remedy: "Give a file with a header and at least one customer.")
    case .unbalanced(let byte):
      let position = scanner.position(of: byte, bytes)
      throw DelimitedError(
        .unbalancedQuote, "a quote opens in the header and is never closed.",
        place: "\(file):\(position.line):\(position.column)", remedy: "Close it.")
    case .row: break
    }
    if let byte = scanner.invalidByte(bytes) {
      let position = scanner.position(of: byte, bytes)
      throw DelimitedError(
        .notUTF8, "the header is not UTF-8.", place: "\(file):\(position.line):\(position.column)",
        remedy: "Declare the encoding: \"dialect\": {\"encoding\": \"windows-1251\"} (or latin-1).")
    }
    var names: [String] = []
    var seen: [String: Int] = [:]
    for (place, field) in scanner.fields.enumerated() {
      let text = scanner.string(field, bytes)
      let name = text.utf8.allSatisfy { $0 == 0x20 } ? "column\(place + 1)" : text
      if let first = seen[name] {
        let position = scanner.position(of: field.start, bytes)
        throw DelimitedError(
          .repeatedHeader,
          "the header name \"\(name)\" stands twice, as column \(first + 1) and column \(place + 1).",
          place: "\(file):\(position.line):\(position.column)", remedy: "Give each column its own name.")
      }
      seen[name] = place
      names.append(name)
    }
    return names
  }

  private func placesOfRequests(_ header: [String], file: String) throws(DelimitedError) -> [Int?] {
    var places: [Int?] = []
    for request in requests {
      let place = header.firstIndex(of: request.name)
      if place == nil, !request.mayBeAbsent {
        let near = NearestName.hint(request.name, among: header)
        throw DelimitedError(
          .missingColumn, "the file has no column \"\(request.name)\".", place: "\(file):1:1",
          remedy: (near.map { $0 + " " } ?? "")
            + "Mend the header, or the column's name in pipeline.json.")
      }
      places.append(place)
    }
    return places
  }
}
