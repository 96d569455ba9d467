import Dispatch
import Synchronization
package import Tabular

/// Writes tables as CSV (RFC 4180: commas, CRLF, quotes where needed), UTF-8.
package struct DelimitedWriter: Sendable {
  /// Text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, tab or CR)
  /// gets a `'` before it. Numbers stay numbers.
  package let isFormulaSafe: Bool

  /// A writer.
  package init(isFormulaSafe: Bool) { self.isFormulaSafe = isFormulaSafe }

  /// Rows of a piece; pieces are made on several threads and handed over in order.
  private static let pieceRows = 4096

  /// Hands the table's text to `sink` in pieces of some 4,096 rows, header first, made on `threads` threads; the
  /// bytes are the same on any number of them.
  package func write(_ table: Table, threads: Int = 1, _ sink: ([UInt8]) throws -> Void) rethrows {
    var header: [UInt8] = []
    for (place, field) in table.schema.fields.enumerated() {
      if place > 0 { header.append(UInt8(ascii: ",")) }
      header.append(contentsOf: cell(field.name))
    }
    header.append(contentsOf: [0x0D, 0x0A])
    try sink(header)
    let cells = table.columns.map { WrittenColumn($0, self) }
    let rows = table.rowCount
    let pieces = (rows + DelimitedWriter.pieceRows - 1) / DelimitedWriter.pieceRows
    // A few pieces a thread at a time, so that the text of a large table is never in memory as a whole; the next are
    // made while these are handed over.
    let atOnce = max(1, threads) * 4
    var ready: [[UInt8]] = []
    for first in stride(from: 0, to: pieces, by: atOnce) {
      let making = MadePieces(first..<min(pieces, first + atOnce)) { piece in
        let start = piece * DelimitedWriter.pieceRows
        return DelimitedWriter.text(cells, start..<min(rows, start + DelimitedWriter.pieceRows))
      }
      making.begin(helpers: max(1, threads) - 1)
      defer { making.waitForHelpers() }
      for text in ready { try sink(text) }
      making.help()
      making.waitForHelpers()
      ready = making.pieces
    }
    for text in ready { try sink(text) }
  }

  /// The lines of `rows`, in an array that is made once: room for the longest they can be.
  private static func text(_ cells: [WrittenColumn], _ rows: Range<Int>) -> [UInt8] {
    let most = cells.reduce(2 * rows.count) { $0 + rows.count + $1.most(rows) }
    return [UInt8](capacity: most) { bytes in
      for row in rows {
        for place in cells.indices {
          if place > 0 { bytes.append(UInt8(ascii: ",")) }
          cells[place].append(row, to: &bytes)
        }
        bytes.append(0x0D)
        bytes.append(0x0A)
      }
    }
  }

  /// `text` as a cell: guarded and in quotes where it must be.
  func cell(_ text: String) -> [UInt8] {
    let text = Array(text.utf8)
    return [UInt8](capacity: DelimitedWriter.mostBytes(text.count)) { append(text.span, to: &$0) }
  }

  /// The most bytes that a text of `count` bytes takes as a cell: each doubled, in quotes, guarded.
  static func mostBytes(_ count: Int) -> Int { 2 * count + 3 }

  /// Adds `text` as a cell.
  func append(_ text: Span<UInt8>, to bytes: inout OutputSpan<UInt8>) {
    var isGuarded = false
    if isFormulaSafe, !text.isEmpty {
      switch text[0] {
      case 0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D: isGuarded = true
      default: break
      }
    }
    var needsQuotes = false
    for place in text.indices {
      let byte = text[place]
      if byte == 0x2C || byte == 0x22 || byte == 0x0A || byte == 0x0D { needsQuotes = true }
    }
    if needsQuotes { bytes.append(UInt8(ascii: "\"")) }
    if isGuarded { bytes.append(UInt8(ascii: "'")) }
    for place in text.indices {
      let byte = text[place]
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    if needsQuotes { bytes.append(UInt8(ascii: "\"")) }
  }
}

/// Pieces of text made by whoever has time: helpers on other threads, and the caller when it has done what it does
/// besides.
private final class MadePieces: Sendable {
  private let numbers: Range<Int>
  private let make: @Sendable (Int) -> [UInt8]
  private let made: Mutex<[[UInt8]]>
  private let next = Atomic(0)
  private let helpers = DispatchGroup()

  init(_ numbers: Range<Int>, _ make: @escaping @Sendable (Int) -> [UInt8]) {
    self.numbers = numbers
    self.make = make
    made = Mutex([[UInt8]](repeating: [], count: numbers.count))
  }

  /// Sets so many helpers to work.
  func begin(helpers count: Int) {
    for _ in 0..<min(count, numbers.count - 1) {
      DispatchQueue.global(qos: .userInitiated).async(group: helpers) { self.help() }
    }
  }

  /// Makes pieces until none is left to begin.
  func help() {
    while true {
      let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if place >= numbers.count { return }
      let text = make(numbers.lowerBound + place)
      made.withLock { $0[place] = text }
    }
  }

  func waitForHelpers() { helpers.wait() }

  /// The pieces in order; all are made when help is done and the helpers have been waited for.
  var pieces: [[UInt8]] { made.withLock { $0 } }
}

/// One column with what can be made ready before its rows are written.
private struct WrittenColumn: Sendable {
  private let column: Column
  private let writer: DelimitedWriter
  /// The cells of a category's texts.
  private let cells: [[UInt8]]

  init(_ column: Column, _ writer: DelimitedWriter) {
    self.column = column
    self.writer = writer
    if case .category(let categories) = column {
      cells = categories.dictionary.map(writer.cell)
    } else {
      cells = []
    }
  }

  /// The most bytes that the cells of `rows` take.
  func most(_ rows: Range<Int>) -> Int {
    switch column {
    case .integer, .real: DelimitedWriter.longestNumber * rows.count
    case .category(let column):
      rows.reduce(0) { $0 + (column.codes[$1] < 0 ? 0 : cells[Int(column.codes[$1])].count) }
    case .text(let column):
      rows.reduce(0) {
        $0 + DelimitedWriter.mostBytes(Int(column.offsets[$1 + 1]) - Int(column.offsets[$1]))
      }
    }
  }

  func append(_ row: Int, to bytes: inout OutputSpan<UInt8>) {
    switch column {
    case .integer(let column): if column.isPresent(row) { appendWhole(column.values[row], to: &bytes) }
    case .real(let column): appendReal(column.values[row], to: &bytes)
    case .category(let column):
      let code = Int(column.codes[row])
      if code >= 0 {
        unsafe cells[code].withUnsafeBufferPointer { cell in unsafe bytes.append(copying: cell) }
      }
    case .text(let column):
      guard column.isPresent(row) else { return }
      let range = Int(column.offsets[row])..<Int(column.offsets[row + 1])
      writer.append(column.bytes.span.extracting(range), to: &bytes)
    }
  }
}

extension DelimitedWriter {
  /// Bytes of the longest number: a sign, 17 digits, a point, and an exponent of a sign and three digits.
  fileprivate static let longestNumber = 24
}

/// Adds the digits of a whole number.
private func appendWhole(_ value: Int64, to bytes: inout OutputSpan<UInt8>) {
  if value < 0 { bytes.append(UInt8(ascii: "-")) }
  var digits = InlineArray<20, UInt8>(repeating: 0)
  var first = 20
  var rest = value.magnitude
  repeat {
    let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
    first -= 1
    digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
    rest = quotient
  } while rest > 0
  for place in first..<20 { bytes.append(digits[place]) }
}

/// Adds the shortest digits that read back exactly; nothing for NaN; no fraction where there is none.
private func appendReal(_ value: Double, to bytes: inout OutputSpan<UInt8>) {
  if value.isNaN { return }
  let magnitude = abs(value)
  if magnitude < 1e13 {
    if value == value.rounded() {
      appendWhole(Int64(value), to: &bytes)
      return
    }
    // Amounts of money: a number that whole hundredths give exactly, with at most 15 digits, has no
    // shorter digits than those.
    let hundredths = (magnitude * 100).rounded()
    if hundredths / 100 == magnitude {
      let (whole, rest) = Int64(hundredths).quotientAndRemainder(dividingBy: 100)
      if value < 0 { bytes.append(UInt8(ascii: "-")) }
      appendWhole(whole, to: &bytes)
      bytes.append(UInt8(ascii: "."))
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / 10))
      if rest % 10 > 0 { bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)) }
      return
    }
  } else if magnitude < 1e15, value == value.rounded() {
    appendWhole(Int64(value), to: &bytes)
    return
  }
  var digits = DigitBuffer()
  value.write(to: &digits)
  for place in 0..<digits.count { bytes.append(digits.bytes[place]) }
}

/// Takes a number's digits as they are found: a string of them, as `description` gives, is longer than the 15 bytes that
/// need no allocation.
private struct DigitBuffer: TextOutputStream {
  private(set) var bytes = InlineArray<32, UInt8>(repeating: 0)
  private(set) var count = 0

  mutating func write(_ string: String) {
    for byte in string.utf8 { append(byte) }
  }

  /// What the standard library hands digits to where a stream has it; `write` does the same.
  mutating func _writeASCII(_ digits: UnsafeBufferPointer<UInt8>) {
    for place in digits.indices { unsafe append(digits[place]) }
  }

  private mutating func append(_ byte: UInt8) {
    bytes[count] = byte
    count += 1
  }
}

extension OutputSpan<UInt8> {
  /// Adds all of `bytes`, as one copy: byte by byte took as long as finding a number's digits.
  @unsafe fileprivate mutating func append(copying bytes: UnsafeBufferPointer<UInt8>) {
    precondition(bytes.count <= freeCapacity)
    unsafe withUnsafeMutableBufferPointer { buffer, count in
      _ = unsafe UnsafeMutableBufferPointer(rebasing: buffer[count...]).initialize(fromContentsOf: bytes)
      count += bytes.count
    }
  }
}
