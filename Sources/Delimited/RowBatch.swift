import Tabular

/// Turns scanned rows into columns, some rows at a time: whole rows are looked at as they come; then each
/// column reads its fields of all rows held, one tight loop a column; a row that fits nowhere or not in
/// every column is kept as rejected.
struct RowBatch {
  private let header: [[UInt8]]
  /// Place in the header of each column asked for.
  private let places: [Int]
  private var columns: [ColumnIntake]
  private var held: HeldRows
  private var heldPlaces: [(ordinal: Int, place: RowPlace)] = []
  /// Rejected rows of the batch and which of its rows each is.
  private var refused: [(ordinal: Int, row: RejectedRow)] = []
  private var ordinal = 0
  private let capacity: Int
  /// Where the rows to be read end, to know how many may come.
  private let limit: Int
  /// Rejected rows so far, in file order.
  private(set) var rejects: [RejectedRow] = []
  /// Rows taken so far.
  private(set) var taken = 0

  /// Nothing yet, for `requests` that stand at `places` of `header`.
  init(
    requests: [ColumnRequest], places: [Int], dialect: Dialect, header: [String], mostTextBytes: Int,
    limit: Int
  ) {
    self.limit = limit
    self.header = header.map { Array($0.utf8) }
    self.places = places
    columns = requests.map { ColumnIntake($0, dialect: dialect, mostTextBytes: mostTextBytes) }
    // Some 100 KB of fields, so that they stay in a core's own cache.
    capacity = max(1, min(1024, 16_384 / max(1, requests.count)))
    held = HeldRows(columns: requests.count, capacity: capacity)
  }

  /// Takes in the scanner's row.
  mutating func add(_ scanner: RowScanner, _ bytes: Span<UInt8>) {
    if held.count == 0 {
      held.clear(base: scanner.rowStart)
    } else if held.count == capacity || scanner.rowEnd - held.base >= Int(HeldField.doubled) {
      flush(bytes)
      held.clear(base: scanner.rowStart)
    }
    ordinal += 1
    if let reject = faultOfWhole(scanner, bytes) {
      refused.append((ordinal, reject))
      return
    }
    held.append(scanner.fields, at: places)
    heldPlaces.append((ordinal, scanner.place))
  }

  /// Makes column values of the rows held. To be called once more at the end.
  mutating func flush(_ bytes: Span<UInt8>) {
    held.begin()
    for index in columns.indices { columns[index].check(bytes, index, &held) }
    for (row, column, fault) in held.faults {
      let field = held.fields[row * held.columns + column]
      let (ordinal, place) = heldPlaces[row]
      let start = held.base + Int(field.start)
      let end = held.base + Int(field.end & ~HeldField.doubled)
      let position = place.position(of: start, bytes)
      refused.append(
        (
          ordinal,
          RejectedRow(
            rule: fault.rule, line: position.line, column: position.column,
            columnName: columns[column].request.name,
            value: String(
              decoding: undoubled(bytes, start, end, field.end & HeldField.doubled != 0), as: UTF8.self),
            row: place.text(bytes))
        ))
    }
    for index in columns.indices { columns[index].take(bytes, index, held) }
    let isFirst = taken == 0
    taken += held.count - held.faults.count
    if isFirst, taken > 0, let last = heldPlaces.last {
      // Room for all rows, if those to come are as long as these.
      let perRow = max(1, Double(last.place.end - held.base) / Double(held.count))
      let rest = Double(max(0, limit - last.place.end)) / perRow
      for index in columns.indices { columns[index].reserve(taken + Int(rest * 1.02)) }
    }
    refused.sort { $0.ordinal < $1.ordinal }
    rejects.append(contentsOf: refused.map(\.row))
    refused.removeAll(keepingCapacity: true)
    heldPlaces.removeAll(keepingCapacity: true)
    held.clear(base: 0)
  }

  /// Adds all rows of a batch that came after this one in the file, `lines` lines below where its own
  /// count of lines began.
  mutating func append(_ later: RowBatch, lines: Int) {
    for index in columns.indices { columns[index].append(later.columns[index]) }
    let before = rejects.count
    rejects.append(contentsOf: later.rejects)
    for index in before..<rejects.count { rejects[index].line += lines }
    taken += later.taken
  }

  /// Moves the places of all rejected rows `lines` lines down.
  mutating func moveRejects(lines: Int) {
    for index in rejects.indices { rejects[index].line += lines }
  }

  /// Room for `rows` rows in every column.
  mutating func reserve(_ rows: Int) {
    for index in columns.indices { columns[index].reserve(rows) }
  }

  /// The first column that was given more text than it can hold.
  var overflowing: String? { columns.first { $0.overflows }?.request.name }

  /// The columns of all rows taken.
  func finish() -> [Column] { columns.map { $0.finish() } }

  private func faultOfWhole(_ scanner: RowScanner, _ bytes: Span<UInt8>) -> RejectedRow? {
    func whole(_ rule: String, at byte: Int) -> RejectedRow {
      let position = scanner.position(of: byte, bytes)
      return RejectedRow(
        rule: rule, line: position.line, column: position.column, columnName: nil, value: nil,
        row: scanner.place.text(bytes))
    }
    if scanner.hasNul {
      var place = scanner.rowStart
      while place < scanner.rowEnd, bytes[place] != 0 { place += 1 }
      return whole("nul", at: place)
    }
    if let byte = scanner.invalidByte(bytes) { return whole("invalidUTF8", at: byte) }
    if let byte = scanner.stray { return whole("strayQuote", at: byte) }
    // A row of 2 GiB is no customer, whatever its fields.
    if scanner.fields.count != header.count || scanner.rowEnd - scanner.rowStart >= Int(HeldField.doubled) {
      let field = scanner.fields.count > header.count ? scanner.fields[header.count].start : scanner.rowEnd
      return whole("ragged", at: field)
    }
    if repeatsHeader(scanner, bytes, header) { return whole("repeatedHeader", at: scanner.rowStart) }
    return nil
  }
}

/// Whether the scanner's row, which has as many fields, says the header again.
func repeatsHeader(_ scanner: RowScanner, _ bytes: Span<UInt8>, _ header: [[UInt8]]) -> Bool {
  for place in header.indices {
    let field = scanner.fields[place]
    guard field.end - field.start == header[place].count else { return false }
    for byte in header[place].indices where bytes[field.start + byte] != header[place][byte] { return false }
  }
  return true
}
