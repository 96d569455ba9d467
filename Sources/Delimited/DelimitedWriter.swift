package import Tabular

/// Writes tables as CSV (RFC 4180: commas, CRLF, quotes where needed), UTF-8.
package struct DelimitedWriter: Sendable {
  /// Text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, tab or CR)
  /// gets a `'` before it. Numbers stay numbers.
  package let isFormulaSafe: Bool

  /// A writer.
  package init(isFormulaSafe: Bool) { self.isFormulaSafe = isFormulaSafe }

  /// Hands the table's text to `sink` in pieces of some 4,096 rows, header first.
  package func write(_ table: Table, _ sink: ([UInt8]) throws -> Void) rethrows {
    var bytes: [UInt8] = []
    for (place, field) in table.schema.fields.enumerated() {
      if place > 0 { bytes.append(UInt8(ascii: ",")) }
      append(text: Array(field.name.utf8), to: &bytes)
    }
    bytes.append(contentsOf: [0x0D, 0x0A])
    for row in 0..<table.rowCount {
      for (place, column) in table.columns.enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        append(column, row, to: &bytes)
      }
      bytes.append(contentsOf: [0x0D, 0x0A])
      if row % 4096 == 4095 {
        try sink(bytes)
        bytes.removeAll(keepingCapacity: true)
      }
    }
    try sink(bytes)
  }

  private func append(_ column: Column, _ row: Int, to bytes: inout [UInt8]) {
    switch column {
    case .integer(let column):
      if column.isPresent(row) { bytes.append(contentsOf: String(column.values[row]).utf8) }
    case .real(let column):
      let value = column.values[row]
      if value.isNaN { return }
      if value == value.rounded(), abs(value) < 1e15 {
        bytes.append(contentsOf: String(Int64(value)).utf8)
      } else {
        bytes.append(contentsOf: value.description.utf8)
      }
    case .category(let column):
      if let text = column.text(row) { append(text: Array(text.utf8), to: &bytes) }
    case .text(let column):
      if column.isPresent(row) { append(text: Array(column.utf8(row)), to: &bytes) }
    }
  }

  private func append(text: [UInt8], to bytes: inout [UInt8]) {
    var guarded = false
    if isFormulaSafe, let first = text.first {
      guarded = [0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D].contains(first)
    }
    let needsQuotes = text.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
    if needsQuotes { bytes.append(UInt8(ascii: "\"")) }
    if guarded { bytes.append(UInt8(ascii: "'")) }
    for byte in text {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    if needsQuotes { bytes.append(UInt8(ascii: "\"")) }
  }
}
