import Tabular

/// Turns scanned rows into column values: a row is looked at whole before any of it is taken.
struct RowBatch {
  let requests: [ColumnRequest]
  /// Place of each request in the header.
  let places: [Int]
  let dialect: Dialect
  let header: [String]
  private let headerBytes: [[UInt8]]
  private let missing: [[UInt8]]
  /// Numbers of the row at hand, by request.
  private var numbers: [ParsedNumber]

  init(requests: [ColumnRequest], places: [Int], dialect: Dialect, header: [String]) {
    self.requests = requests
    self.places = places
    self.dialect = dialect
    self.header = header
    headerBytes = header.map { Array($0.utf8) }
    missing = dialect.missing.map { Array($0.utf8) }
    numbers = [ParsedNumber](repeating: .missing, count: requests.count)
  }

  /// Adds the scanner's row to `builders`, or says why not.
  mutating func add(
    _ scanner: RowScanner, _ bytes: Span<UInt8>, to builders: inout [ColumnBuilder]
  ) -> RejectedRow? {
    if let reject = faultOfWhole(scanner, bytes) { return reject }
    for index in requests.indices {
      let field = scanner.fields[places[index]]
      let isMissing = isMissing(bytes, field)
      let request = requests[index]
      if request.isKey {
        if isMissing { return reject(scanner, bytes, "missingKey", field, index) }
        if isScientific(bytes, field) { return reject(scanner, bytes, "scientificKey", field, index) }
      }
      switch request.type {
      case .integer, .real:
        var number =
          isMissing
          ? .missing : parseNumber(bytes, field.start, field.end, decimal: dialect.decimal)
        // 42.0 in a column of whole numbers is 42: the value is what is written.
        if request.type == .integer, case .real(let real) = number {
          number = Int64(exactly: real).map { ParsedNumber.whole($0) } ?? .notANumber
        }
        if number == .notANumber { return reject(scanner, bytes, "wrongType", field, index) }
        numbers[index] = number
      case .category, .text: numbers[index] = isMissing ? .missing : .notANumber
      }
    }
    for index in requests.indices { take(scanner, bytes, index, into: &builders[index]) }
    return nil
  }

  private func take(
    _ scanner: RowScanner, _ bytes: Span<UInt8>, _ index: Int, into builder: inout ColumnBuilder
  ) {
    let field = scanner.fields[places[index]]
    let isMissing = numbers[index] == .missing
    switch builder {
    case .integer(var values, var validity):
      builder = .real([])  // so that the arrays are not shared while they grow
      if case .whole(let value) = numbers[index] { values.append(value) } else { values.append(0) }
      validity.append(!isMissing)
      builder = .integer(values: values, validity: validity)
    case .real(var values):
      builder = .real([])
      switch numbers[index] {
      case .whole(let value): values.append(Double(value))
      case .real(let value): values.append(value)
      case .missing, .notANumber: values.append(.nan)
      }
      builder = .real(values)
    case .category(var category):
      builder = .real([])
      if isMissing {
        category.appendMissing()
      } else if field.hasDoubledQuotes {
        let text = scanner.text(field, bytes)
        category.append(text.span, 0, text.count)
      } else {
        category.append(bytes, field.start, field.end)
      }
      builder = .category(category)
    case .text(var text):
      builder = .real([])
      if isMissing { text.appendMissing() } else { text.append(utf8: scanner.text(field, bytes)) }
      builder = .text(text)
    }
  }

  private func faultOfWhole(_ scanner: RowScanner, _ bytes: Span<UInt8>) -> RejectedRow? {
    func whole(_ rule: String, at byte: Int) -> RejectedRow {
      let position = scanner.position(of: byte, bytes)
      return RejectedRow(
        rule: rule, line: position.line, column: position.column, columnName: nil, value: nil,
        row: scanner.rowText(bytes))
    }
    if scanner.hasNul {
      var place = scanner.rowStart
      while place < scanner.rowEnd, bytes[place] != 0 { place += 1 }
      return whole("nul", at: place)
    }
    if let byte = scanner.invalidByte(bytes) { return whole("invalidUTF8", at: byte) }
    if let byte = scanner.stray { return whole("strayQuote", at: byte) }
    if scanner.fields.count != header.count {
      let field = scanner.fields.count > header.count ? scanner.fields[header.count].start : scanner.rowEnd
      return whole("ragged", at: field)
    }
    if scanner.fields.indices.allSatisfy({ equal(bytes, scanner.fields[$0], headerBytes[$0]) }) {
      return whole("repeatedHeader", at: scanner.rowStart)
    }
    return nil
  }

  private func equal(_ bytes: Span<UInt8>, _ field: FieldRange, _ text: [UInt8]) -> Bool {
    guard field.end - field.start == text.count else { return false }
    for place in 0..<text.count where bytes[field.start + place] != text[place] { return false }
    return true
  }

  /// Empty or blank, or one of the declared spellings.
  private func isMissing(_ bytes: Span<UInt8>, _ field: FieldRange) -> Bool {
    var start = field.start
    var end = field.end
    while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
    while start < end, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
    if start == end { return true }
    let trimmed = FieldRange(start: start, end: end, hasDoubledQuotes: false, isQuoted: false)
    for text in missing where equal(bytes, trimmed, text) { return true }
    return false
  }

  /// Digits with an exponent: a spreadsheet has rounded the key.
  private func isScientific(_ bytes: Span<UInt8>, _ field: FieldRange) -> Bool {
    var place = field.start
    var digits = 0
    while place < field.end,
      bytes[place] &- UInt8(ascii: "0") < 10 || bytes[place] == UInt8(ascii: ".")
        || bytes[place] == UInt8(ascii: ",")
    {
      digits += 1
      place += 1
    }
    guard digits > 0, place < field.end, bytes[place] | 0x20 == UInt8(ascii: "e") else { return false }
    place += 1
    if place < field.end, bytes[place] == UInt8(ascii: "+") || bytes[place] == UInt8(ascii: "-") { place += 1 }
    let exponent = place
    while place < field.end, bytes[place] &- UInt8(ascii: "0") < 10 { place += 1 }
    return place == field.end && place > exponent
  }

  private func reject(
    _ scanner: RowScanner, _ bytes: Span<UInt8>, _ rule: String, _ field: FieldRange, _ index: Int
  ) -> RejectedRow {
    let position = scanner.position(of: field.start, bytes)
    return RejectedRow(
      rule: rule, line: position.line, column: position.column, columnName: requests[index].name,
      value: scanner.string(field, bytes), row: scanner.rowText(bytes))
  }
}
