/// Whole numbers: 64 bits a row, and which rows hold one.
package struct IntegerColumn: Sendable, Equatable {
  /// One number a row; 0 in a row that holds none.
  package let values: [Int64]
  /// `nil` when every row holds a number.
  package let validity: Validity?

  /// A column of `values`; `validity` that marks nothing missing is dropped.
  package init(_ values: [Int64], validity: Validity? = nil) {
    precondition(validity.map { $0.count == values.count } ?? true, "one validity bit a row")
    self.values = values
    self.validity = (validity?.missingCount ?? 0) == 0 ? nil : validity
  }

  /// Whether `row` holds a number.
  package func isPresent(_ row: Int) -> Bool { validity?.isPresent(row) ?? true }

  /// The numbers as `Double`, NaN where there is none.
  package func doubles() -> [Double] {
    var numbers: [Double] = []
    numbers.reserveInLargePages(values.count)
    guard let validity else {
      for value in values { numbers.append(Double(value)) }
      return numbers
    }
    for row in values.indices { numbers.append(validity.isPresent(row) ? Double(values[row]) : .nan) }
    return numbers
  }
}

/// Real numbers; NaN, and only NaN, means that the row holds none.
package struct RealColumn: Sendable, Equatable {
  /// One number a row; NaN where there is none. Never infinite.
  package let values: [Double]

  /// A column of `values`, with NaN for missing.
  package init(_ values: [Double]) { self.values = values }

  package static func == (left: RealColumn, right: RealColumn) -> Bool {
    left.values.count == right.values.count
      && zip(left.values, right.values).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
  }
}

/// Text that repeats: a code a row into a dictionary.
package struct CategoryColumn: Sendable, Equatable {
  /// One code a row; −1 where the row holds none.
  package let codes: [Int32]
  /// What each code stands for.
  package let dictionary: [String]

  /// A column of `codes` into `dictionary`; −1 means missing.
  package init(codes: [Int32], dictionary: [String]) {
    self.codes = codes
    self.dictionary = dictionary
  }

  /// The text of `row`, `nil` where it holds none.
  package func text(_ row: Int) -> String? { codes[row] < 0 ? nil : dictionary[Int(codes[row])] }
}

/// Text that seldom repeats, such as keys: UTF-8 bytes end to end and an offset a row.
package struct TextColumn: Sendable, Equatable {
  /// `rows + 1` offsets into `bytes`, never falling.
  package let offsets: [Int32]
  /// The text of all rows, UTF-8.
  package let bytes: [UInt8]
  /// `nil` when every row holds text.
  package let validity: Validity?

  /// A column over its parts.
  package init(offsets: [Int32], bytes: [UInt8], validity: Validity? = nil) {
    precondition(!offsets.isEmpty, "a text column has one offset more than rows")
    self.offsets = offsets
    self.bytes = bytes
    self.validity = (validity?.missingCount ?? 0) == 0 ? nil : validity
  }

  /// A column of strings; `nil` means missing.
  package init(_ texts: [String?]) {
    var builder = TextColumnBuilder(capacity: texts.count)
    for text in texts {
      if let text { builder.append(text) } else { builder.appendMissing() }
    }
    self = builder.finish()
  }

  /// The rows of `columns`, one column after another.
  package init(joining columns: [TextColumn]) {
    var builder = TextColumnBuilder()
    builder.reserve(
      rows: columns.reduce(0) { $0 + $1.count }, bytes: columns.reduce(0) { $0 + $1.bytes.count })
    for column in columns { builder.append(column) }
    self = builder.finish()
  }

  /// Number of rows.
  package var count: Int { offsets.count - 1 }

  /// Whether `row` holds text.
  package func isPresent(_ row: Int) -> Bool { validity?.isPresent(row) ?? true }

  /// The UTF-8 bytes of `row`; empty where it holds none.
  package func utf8(_ row: Int) -> ArraySlice<UInt8> {
    bytes[Int(offsets[row])..<Int(offsets[row + 1])]
  }

  /// The text of `row`, `nil` where it holds none.
  package func text(_ row: Int) -> String? {
    isPresent(row) ? String(decoding: utf8(row), as: UTF8.self) : nil
  }
}

/// Builds a `TextColumn` row by row.
package struct TextColumnBuilder: Sendable {
  private var offsets: [Int32]
  private var bytes: [UInt8] = []
  private var validity: Validity?

  /// An empty builder with room for `capacity` rows.
  package init(capacity: Int = 0) {
    offsets = []
    offsets.reserveCapacity(capacity + 1)
    offsets.append(0)
  }

  /// Number of rows so far.
  package var count: Int { offsets.count - 1 }

  /// Adds one row.
  package mutating func append(_ text: String) { append(utf8: text.utf8) }

  /// Adds one row of UTF-8 bytes.
  package mutating func append(utf8: some Sequence<UInt8>) {
    bytes.append(contentsOf: utf8)
    offsets.append(Int32(bytes.count))
    validity?.append(true)
  }

  /// Makes room for more rows and their bytes.
  package mutating func reserve(rows: Int, bytes more: Int) {
    offsets.reserveInLargePages(offsets.count + rows)
    bytes.reserveInLargePages(bytes.count + more)
  }

  /// Adds all rows of a column.
  package mutating func append(_ column: TextColumn) {
    if let more = column.validity {
      if validity == nil { validity = Validity(repeating: true, count: count) }
      for row in 0..<column.count { validity?.append(more.isPresent(row)) }
    } else if validity != nil {
      for _ in 0..<column.count { validity?.append(true) }
    }
    guard let first = column.offsets.first, let past = column.offsets.last else { return }
    let shift = Int32(bytes.count) - first
    bytes += column.bytes[Int(first)..<Int(past)]
    offsets.append(contentsOf: column.offsets.dropFirst().lazy.map { $0 + shift })
  }

  /// Adds one row that holds nothing.
  package mutating func appendMissing() {
    if validity == nil { validity = Validity(repeating: true, count: count) }
    offsets.append(Int32(bytes.count))
    validity?.append(false)
  }

  /// The finished column.
  package consuming func finish() -> TextColumn {
    TextColumn(offsets: offsets, bytes: bytes, validity: validity)
  }
}

/// One column of a table.
package enum Column: Sendable, Equatable {
  case integer(IntegerColumn)
  case real(RealColumn)
  case category(CategoryColumn)
  case text(TextColumn)

  /// Number of rows.
  package var count: Int {
    switch self {
    case .integer(let column): column.values.count
    case .real(let column): column.values.count
    case .category(let column): column.codes.count
    case .text(let column): column.count
    }
  }

  /// What the column holds.
  package var type: ColumnType {
    switch self {
    case .integer: .integer
    case .real: .real
    case .category: .category
    case .text: .text
    }
  }

  /// Whether `row` holds a value.
  package func isPresent(_ row: Int) -> Bool {
    switch self {
    case .integer(let column): column.isPresent(row)
    case .real(let column): !column.values[row].isNaN
    case .category(let column): column.codes[row] >= 0
    case .text(let column): column.isPresent(row)
    }
  }

  /// Number of rows that hold no value.
  package var missingCount: Int {
    switch self {
    case .integer(let column): column.validity?.missingCount ?? 0
    case .real(let column): column.values.reduce(0) { $0 + ($1.isNaN ? 1 : 0) }
    case .category(let column): column.codes.reduce(0) { $0 + ($1 < 0 ? 1 : 0) }
    case .text(let column): column.validity?.missingCount ?? 0
    }
  }

  /// The value of `row` as text, `nil` where it holds none. Numbers are written as short as they
  /// can be read back exactly; a real number that is whole has no fraction part.
  package func display(_ row: Int) -> String? {
    guard isPresent(row) else { return nil }
    switch self {
    case .integer(let column): return String(column.values[row])
    case .real(let column):
      let value = column.values[row]
      if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
      return "\(value)"
    case .category(let column): return column.text(row)
    case .text(let column): return column.text(row)
    }
  }

  /// The rows named, in the order named.
  package func taking(_ rows: [Int32]) -> Column {
    switch self {
    case .integer(let column):
      var validity: Validity?
      if let old = column.validity {
        var new = Validity(capacity: rows.count)
        for row in rows { new.append(old.isPresent(Int(row))) }
        validity = new
      }
      return .integer(IntegerColumn(gathered(column.values, rows), validity: validity))
    case .real(let column):
      return .real(RealColumn(gathered(column.values, rows)))
    case .category(let column):
      return .category(
        CategoryColumn(codes: gathered(column.codes, rows), dictionary: column.dictionary))
    case .text(let column):
      return .text(column.taking(rows))
    }
  }
}

extension TextColumn {
  /// The rows named, in the order named. Text goes from where it stands to where it belongs, once: row by row
  /// through a builder a million keys took three times as long.
  package func taking(_ rows: [Int32]) -> TextColumn {
    var starts: [Int32] = []
    starts.reserveInLargePages(rows.count + 1)
    var end = 0
    starts.append(0)
    for row in rows {
      let (first, past) = (Int(offsets[Int(row)]), Int(offsets[Int(row) + 1]))
      // The copy below is unchecked.
      precondition(first >= 0 && first <= past && past <= bytes.count, "each row's text lies in the column's")
      end += past - first
      starts.append(Int32(end))
    }
    var taken: [UInt8] = []
    taken.reserveInLargePages(end)
    unsafe bytes.withUnsafeBufferPointer { text in
      for row in rows {
        let range = Int(offsets[Int(row)])..<Int(offsets[Int(row) + 1])
        unsafe taken.append(contentsOf: UnsafeBufferPointer(rebasing: text[range]))
      }
    }
    var validity: Validity?
    if let old = self.validity {
      var new = Validity(capacity: rows.count)
      for row in rows { new.append(old.isPresent(Int(row))) }
      validity = new
    }
    return TextColumn(offsets: starts, bytes: taken, validity: validity)
  }
}

/// The values at `places`, in that order.
private func gathered<Value: BitwiseCopyable>(_ values: [Value], _ places: [Int32]) -> [Value] {
  var taken: [Value] = []
  taken.reserveInLargePages(places.count)
  for place in places { taken.append(values[Int(place)]) }
  return taken
}
