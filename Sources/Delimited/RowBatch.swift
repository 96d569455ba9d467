import Dispatch
import Tabular

/// Turns scanned rows into columns, some rows at a time: whole rows are looked at as they come; then each
/// column reads its fields of all rows held, one tight loop a column; a row that fits nowhere or not in
/// every column is kept as rejected.
struct RowBatch {
  private let header: [[UInt8]]
  private var columns: [ColumnIntake]
  private var held: HeldRows
  /// Where rows that stand on one line each, one after the other, begin to be held: number of the first of them
  /// among all rows, and its line.
  private var runs: [(held: Int, ordinal: Int, line: Int)] = []
  /// Rejected rows of the batch and which of its rows each is.
  private var refused: [(ordinal: Int, row: RejectedRow)] = []
  private var ordinal = 0
  /// Where the rows to be read end, to know how many may come.
  private var limit: Int
  /// Rejected rows so far, in file order.
  private(set) var rejects: [RejectedRow] = []
  /// First byte of the rows held: those before it are not looked at again.
  var firstByte: Int { held.base }
  /// Rows taken so far.
  private(set) var taken = 0

  /// Nothing yet, for `requests` that stand at `places` of `header`.
  init(
    requests: [ColumnRequest], places: [Int], dialect: Dialect, header: [String], mostTextBytes: Int,
    limit: Int, isQuick: Bool
  ) {
    self.limit = limit
    self.header = header.map { Array($0.utf8) }
    columns = zip(requests, places).map { request, place in
      ColumnIntake(request, place: place, dialect: dialect, mostTextBytes: mostTextBytes, isQuick: isQuick)
    }
    // Some 60 KB of fields, so that they stay in a core's own cache with the text they point into.
    let capacity = max(1, min(1024, 8192 / max(1, header.count)))
    held = HeldRows(width: header.count, capacity: capacity, delimiter: dialect.delimiter)
  }

  /// Takes in the scanner's row.
  mutating func add(_ scanner: RowScanner, _ bytes: Span<UInt8>) {
    if held.count == 0 {
      held.clear(base: scanner.rowStart)
    } else if held.count == held.capacity || scanner.rowEnd - held.base >= Int(HeldField.doubled) {
      flush(bytes)
      held.clear(base: scanner.rowStart)
    }
    ordinal += 1
    if let reject = faultOfWhole(scanner, bytes) {
      refused.append((ordinal, reject))
      return
    }
    runs.append((held.count, ordinal, scanner.line))
    held.append(scanner.fields)
  }

  /// Takes in the plain rows that come next and before `limit`, and moves the scanner behind them; none where a row
  /// comes next that the scanner must look at. Returns how many there were.
  mutating func addPlain(_ scanner: inout RowScanner, until limit: Int, _ bytes: Span<UInt8>) -> Int {
    if held.count == held.capacity { flush(bytes) }
    if held.count == 0 { held.clear(base: scanner.offset) }
    let first = held.count
    var (rows, end) = held.appendPlain(bytes, from: scanner.offset, until: limit)
    for row in first..<(first + rows) where mayRepeatHeader(row, bytes) {
      rows = row - first
      end = held.range(row, 0).start
      held.drop(from: row)
      break
    }
    guard rows > 0 else { return 0 }
    runs.append((first, ordinal + 1, scanner.nextLine))
    ordinal += rows
    scanner.skip(to: end, lines: rows)
    return rows
  }

  /// Whether a plain row has the header's first name in its first field: then the scanner decides.
  private func mayRepeatHeader(_ row: Int, _ bytes: Span<UInt8>) -> Bool {
    let field = held.fields[row * held.width]
    let name = header[0]
    guard Int(field.end) - Int(field.start) == name.count else { return false }
    for place in name.indices where bytes[held.base + Int(field.start) + place] != name[place] {
      return false
    }
    return true
  }

  /// Makes column values of the rows held. To be called once more at the end.
  mutating func flush(_ bytes: Span<UInt8>) {
    guard held.count > 0 || !refused.isEmpty else { return }
    held.begin()
    for index in columns.indices { columns[index].check(bytes, index, &held) }
    refuseFaulty(bytes)
    for index in columns.indices { columns[index].take(bytes, held) }
    let isFirst = taken == 0
    taken += held.count - held.faults.count
    if isFirst, taken > 0 {
      // Room for all rows, if those to come are as long as these.
      let last = held.range(held.count - 1, held.width - 1).end
      let perRow = max(1, Double(last + 1 - held.base) / Double(held.count))
      let rest = Double(max(0, limit - last)) / perRow
      for index in columns.indices {
        columns[index].reserve(taken + Int(rest * 1.02), like: columns[index])
      }
    }
    refused.sort { $0.ordinal < $1.ordinal }
    rejects.append(contentsOf: refused.map(\.row))
    refused.removeAll(keepingCapacity: true)
    runs.removeAll(keepingCapacity: true)
    held.clear(base: 0)
  }

  private mutating func refuseFaulty(_ bytes: Span<UInt8>) {
    for (row, column, fault) in held.faults {
      // The last run that begins at the row or before it.
      var (low, high) = (0, runs.count)
      while high - low > 1 {
        let middle = (low + high) / 2
        if runs[middle].held <= row { low = middle } else { high = middle }
      }
      let run = runs[low]
      let place = held.place(row, line: run.line + row - run.held, bytes)
      let (start, end, isDoubled) = held.range(row, columns[column].place)
      let position = place.position(of: start, bytes)
      refused.append(
        (
          run.ordinal + row - run.held,
          RejectedRow(
            rule: fault.rule, line: position.line, column: position.column,
            columnName: columns[column].request.name,
            value: String(decoding: undoubled(bytes, start, end, isDoubled), as: UTF8.self),
            row: place.text(bytes))
        ))
    }
  }

  /// Adds all rows of batches that came after this one in the file, one after the other, each with the lines above
  /// where its own count of lines began. Columns are joined `threads` at a time.
  mutating func append(_ later: [(batch: RowBatch, lines: Int)], threads: Int) {
    unsafe columns.withUnsafeMutableBufferPointer { columns in
      // Each is touched by one thread alone.
      nonisolated(unsafe) let columns = unsafe columns
      DispatchQueue.concurrentPerform(iterations: threads) { thread in
        for index in unsafe stride(from: thread, to: columns.count, by: threads) {
          for (batch, _) in later { unsafe columns[index].append(batch.columns[index]) }
        }
      }
    }
    for (batch, lines) in later {
      let before = rejects.count
      rejects.append(contentsOf: batch.rejects)
      for index in before..<rejects.count { rejects[index].line += lines }
      taken += batch.taken
    }
  }

  /// Lets go of all rows and keeps the room for others, which end at byte `limit`.
  mutating func clear(limit: Int) {
    self.limit = limit
    ordinal = 0
    taken = 0
    rejects.removeAll()
    for index in columns.indices { columns[index].clear() }
  }

  /// Moves the places of all rejected rows `lines` lines down.
  mutating func moveRejects(lines: Int) {
    for index in rejects.indices { rejects[index].line += lines }
  }

  /// Room for `rows` rows in every column, as long as those of `sample`.
  mutating func reserve(_ rows: Int, like sample: RowBatch) {
    for index in columns.indices { columns[index].reserve(rows, like: sample.columns[index]) }
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
