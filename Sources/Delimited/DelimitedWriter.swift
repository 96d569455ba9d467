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
    // A few pieces a thread at a time, so that the text of a large table is never in memory as a whole.
    let atOnce = max(1, threads) * 4
    for first in stride(from: 0, to: pieces, by: atOnce) {
      let made = Mutex([[UInt8]](repeating: [], count: min(atOnce, pieces - first)))
      let next = Atomic(0)
      let count = min(atOnce, pieces - first)
      let work: @Sendable (Int) -> Void = { _ in
        while true {
          let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
          if place >= count { return }
          let start = (first + place) * DelimitedWriter.pieceRows
          let text = DelimitedWriter.text(cells, start..<min(rows, start + DelimitedWriter.pieceRows))
          made.withLock { $0[place] = text }
        }
      }
      if threads > 1, count > 1 {
        DispatchQueue.concurrentPerform(iterations: threads, execute: work)
      } else {
        work(0)
      }
      for text in made.withLock({ $0 }) { try sink(text) }
    }
  }

  /// The lines of `rows`.
  private static func text(_ cells: [WrittenColumn], _ rows: Range<Int>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(rows.count * cells.count * 8)
    for row in rows {
      for place in cells.indices {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        cells[place].append(row, to: &bytes)
      }
      bytes.append(0x0D)
      bytes.append(0x0A)
    }
    return bytes
  }

  /// `text` as a cell: guarded and in quotes where it must be.
  func cell(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    append(Array(text.utf8)[...], to: &bytes)
    return bytes
  }

  /// Adds `text` as a cell.
  func append(_ text: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
    var isGuarded = false
    if isFormulaSafe, let first = text.first {
      switch first {
      case 0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D: isGuarded = true
      default: break
      }
    }
    let needsQuotes = text.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
    if needsQuotes { bytes.append(UInt8(ascii: "\"")) }
    if isGuarded { bytes.append(UInt8(ascii: "'")) }
    guard needsQuotes else {
      bytes.append(contentsOf: text)
      return
    }
    for byte in text {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }
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

  func append(_ row: Int, to bytes: inout [UInt8]) {
    switch column {
    case .integer(let column): if column.isPresent(row) { appendWhole(column.values[row], to: &bytes) }
    case .real(let column): appendReal(column.values[row], to: &bytes)
    case .category(let column):
      let code = Int(column.codes[row])
      if code >= 0 { bytes.append(contentsOf: cells[code]) }
    case .text(let column): if column.isPresent(row) { writer.append(column.utf8(row), to: &bytes) }
    }
  }
}

/// Adds the digits of a whole number.
private func appendWhole(_ value: Int64, to bytes: inout [UInt8]) {
  if value < 0 { bytes.append(UInt8(ascii: "-")) }
  let start = bytes.count
  var rest = value.magnitude
  repeat {
    let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
    bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit))
    rest = quotient
  } while rest > 0
  bytes[start...].reverse()
}

/// Adds the shortest digits that read back exactly; nothing for NaN; no fraction where there is none.
private func appendReal(_ value: Double, to bytes: inout [UInt8]) {
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
  bytes.append(contentsOf: value.description.utf8)
}
