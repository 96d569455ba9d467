package import Tabular

extension CustomerKey {
  /// The keys of all rows, from the columns that make them: what `join` gives for the columns'
  /// displayed values, made column-wise without a string a row.
  ///
  /// A row that holds nothing in one of the columns has no key: it is missing in the result.
  package static func column(_ parts: [Column]) -> TextColumn {
    if parts.count == 1, case .text(let keys) = parts[0] { return keys }
    let rows = parts.first?.count ?? 0
    var writers = parts.map { PartWriter($0, escapes: parts.count > 1) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(rows * 10 * max(1, parts.count))
    var offsets: [Int32] = [0]
    offsets.reserveCapacity(rows + 1)
    var words = [UInt64](repeating: 0, count: (rows + 63) / 64)
    for row in 0..<rows {
      let start = bytes.count
      var present = true
      for part in writers.indices {
        if part > 0 { bytes.append(separator) }
        present = writers[part].append(row, to: &bytes) && present
      }
      if present { words[row >> 6] |= 1 << UInt64(row & 63) } else { bytes.removeSubrange(start...) }
      offsets.append(Int32(bytes.count))
    }
    return TextColumn(offsets: offsets, bytes: bytes, validity: Validity(words: words, count: rows))
  }

  private static let separator = UInt8(ascii: "|")
  private static let escape = UInt8(ascii: "\\")

  /// Writes one column's part of the keys.
  private struct PartWriter {
    private let column: Column
    private let dictionary: [[UInt8]]
    private let escapes: Bool

    init(_ column: Column, escapes: Bool) {
      self.column = column
      self.escapes = escapes
      if case .category(let categories) = column {
        dictionary = categories.dictionary.map { text in
          var bytes: [UInt8] = []
          PartWriter.append(Array(text.utf8)[...], escaping: escapes, to: &bytes)
          return bytes
        }
      } else {
        dictionary = []
      }
    }

    /// Whether `row` holds anything; if so, it was written.
    mutating func append(_ row: Int, to bytes: inout [UInt8]) -> Bool {
      switch column {
      case .category(let categories):
        let code = Int(categories.codes[row])
        guard code >= 0 else { return false }
        bytes.append(contentsOf: dictionary[code])
      case .integer(let numbers):
        guard numbers.isPresent(row) else { return false }
        PartWriter.append(numbers.values[row], to: &bytes)
      case .text(let texts):
        guard texts.isPresent(row) else { return false }
        PartWriter.append(texts.utf8(row), escaping: escapes, to: &bytes)
      case .real:
        guard let text = column.display(row) else { return false }
        bytes.append(contentsOf: text.utf8)
      }
      return true
    }

    private static func append(_ number: Int64, to bytes: inout [UInt8]) {
      if number < 0 { bytes.append(UInt8(ascii: "-")) }
      let start = bytes.count
      var rest = number.magnitude
      repeat {
        bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
        rest /= 10
      } while rest > 0
      bytes[start...].reverse()
    }

    private static func append(_ text: ArraySlice<UInt8>, escaping: Bool, to bytes: inout [UInt8]) {
      guard escaping else {
        bytes.append(contentsOf: text)
        return
      }
      for byte in text {
        if byte == separator || byte == escape { bytes.append(escape) }
        bytes.append(byte)
      }
    }
  }
}

extension FoldAssignment {
  /// The fold of each of `keys`, in their order.
  package func folds(of keys: TextColumn) -> [Int64] {
    (0..<keys.count).map { Int64(fold(of: keys.utf8($0))) }
  }
}
