import Tabular

/// Where one field of a held row stands in the file; doubled quotes are marked in the top bit of its end.
struct HeldField {
  /// Bytes from the batch's first.
  var start: UInt32
  var end: UInt32

  static let doubled: UInt32 = 1 << 31
}

/// What is wrong with a row for one of the requested columns.
enum FieldFault: UInt8 {
  case missingKey, scientificKey, wrongType

  var rule: String {
    switch self {
    case .missingKey: "missingKey"
    case .scientificKey: "scientificKey"
    case .wrongType: "wrongType"
    }
  }
}

/// Fields of the rows of one batch, row by row, for the columns asked for.
struct HeldRows {
  private(set) var fields: [HeldField]
  /// Columns asked for.
  let columns: Int
  /// First byte of the batch.
  var base = 0
  /// Column and fault of the rows that a column refuses; the earliest column counts.
  var faults: [(row: Int, column: Int, fault: FieldFault)] = []
  private(set) var isRefused: [Bool] = []

  init(columns: Int, capacity: Int) {
    self.columns = columns
    fields = [HeldField](repeating: HeldField(start: 0, end: 0), count: columns * capacity)
  }

  /// Holds one row more: its fields at `places`.
  mutating func append(_ row: [FieldRange], at places: [Int]) {
    let first = count * columns
    let base = base
    var target = fields.mutableSpan
    for (index, place) in places.enumerated() {
      let field = row[place]
      target[first + index] = HeldField(
        start: UInt32(truncatingIfNeeded: field.start - base),
        end: UInt32(truncatingIfNeeded: field.end - base) | (field.hasDoubledQuotes ? HeldField.doubled : 0))
    }
    count += 1
  }

  /// Number of rows.
  private(set) var count = 0

  /// Lets go of all rows; the next ones stand from byte `base` on.
  mutating func clear(base: Int) {
    faults.removeAll(keepingCapacity: true)
    count = 0
    self.base = base
  }

  /// To be called before the columns check their fields.
  mutating func begin() { isRefused = [Bool](repeating: false, count: count) }

  mutating func refuse(_ row: Int, _ column: Int, _ fault: FieldFault) {
    guard !isRefused[row] else { return }
    isRefused[row] = true
    faults.append((row, column, fault))
  }
}

/// Gathers one column. Takes the rows of a batch in two steps, so that a row is taken whole or not at
/// all: `check` reads every row and refuses those that do not fit, `take` keeps the others.
struct ColumnIntake {
  let request: ColumnRequest
  private let decimal: UInt8
  private let missing: MissingSpellings
  private var wholes: [Int64] = []
  private var reals: [Double] = []
  /// Rows without a value, ascending; only of whole numbers.
  private var gaps: [Int] = []
  private var category = CategoryBuilder()
  private var text = TextColumnBuilder()
  private var textBytes = 0
  private let mostTextBytes: Int
  /// Whether there was more text than one column can hold; what came after is not kept.
  private(set) var overflows = false
  /// What `check` read of the batch, and its rows without a value.
  private var batchWholes: [Int64] = []
  private var batchReals: [Double] = []
  private var batchGaps: [Int] = []

  init(_ request: ColumnRequest, dialect: Dialect, mostTextBytes: Int) {
    self.request = request
    self.mostTextBytes = mostTextBytes
    decimal = dialect.decimal
    missing = MissingSpellings(dialect.missing)
  }

  mutating func reserve(_ rows: Int) {
    switch request.type {
    case .integer: wholes.reserveCapacity(rows)
    case .real: reals.reserveCapacity(rows)
    case .category: category.reserve(rows)
    case .text: break
    }
  }

  /// Reads the batch's rows of column number `index` and refuses those that do not fit.
  mutating func check(_ bytes: Span<UInt8>, _ index: Int, _ rows: inout HeldRows) {
    if request.isKey { checkKey(bytes, index, &rows) }
    switch request.type {
    case .integer: checkWholes(bytes, index, &rows)
    case .real: checkReals(bytes, index, &rows)
    case .category, .text: break
    }
  }

  private func checkKey(_ bytes: Span<UInt8>, _ index: Int, _ rows: inout HeldRows) {
    for row in 0..<rows.count {
      let field = rows.fields[row * rows.columns + index]
      let start = rows.base + Int(field.start)
      let end = rows.base + Int(field.end & ~HeldField.doubled)
      if missing.contain(bytes, start, end) {
        rows.refuse(row, index, .missingKey)
      } else if isScientific(bytes, start, end) {
        rows.refuse(row, index, .scientificKey)
      }
    }
  }

  private mutating func checkWholes(_ bytes: Span<UInt8>, _ index: Int, _ rows: inout HeldRows) {
    if batchWholes.count < rows.count { batchWholes = [Int64](repeating: 0, count: rows.count) }
    // A span writes without asking each time who else holds the array.
    let (decimal, missing) = (decimal, missing)
    var values = batchWholes.mutableSpan
    var gaps: [Int] = []
    let (fields, base, count, step) = (rows.fields, rows.base, rows.count, rows.columns)
    var place = index
    for row in 0..<count {
      let field = fields[place]
      place += step
      let start = base + Int(field.start)
      let end = base + Int(field.end & ~HeldField.doubled)
      if missing.contain(bytes, start, end) {
        gaps.append(row)
        values[row] = 0
      } else if let value = parseWhole(bytes, start, end, decimal: decimal) {
        values[row] = value
      } else {
        rows.refuse(row, index, .wrongType)
        values[row] = 0
      }
    }
    batchGaps = gaps
  }

  private mutating func checkReals(_ bytes: Span<UInt8>, _ index: Int, _ rows: inout HeldRows) {
    if batchReals.count < rows.count { batchReals = [Double](repeating: 0, count: rows.count) }
    let (decimal, missing) = (decimal, missing)
    var values = batchReals.mutableSpan
    let (fields, base, count, step) = (rows.fields, rows.base, rows.count, rows.columns)
    var place = index
    for row in 0..<count {
      let field = fields[place]
      place += step
      let start = base + Int(field.start)
      let end = base + Int(field.end & ~HeldField.doubled)
      if missing.contain(bytes, start, end) {
        values[row] = .nan
      } else if let value = parseReal(bytes, start, end, decimal: decimal) {
        values[row] = value
      } else {
        rows.refuse(row, index, .wrongType)
        values[row] = .nan
      }
    }
  }

  /// Keeps the batch's rows that no column refused.
  mutating func take(_ bytes: Span<UInt8>, _ index: Int, _ rows: HeldRows) {
    switch request.type {
    case .integer: takeWholes(rows)
    case .real: takeReals(rows)
    case .category, .text: takeTexts(bytes, index, rows)
    }
  }

  private mutating func takeWholes(_ rows: HeldRows) {
    if rows.faults.isEmpty {
      for gap in batchGaps { gaps.append(wholes.count + gap) }
      wholes.append(contentsOf: batchWholes[..<rows.count])
      return
    }
    var gap = 0
    for row in 0..<rows.count {
      let isGap = gap < batchGaps.count && batchGaps[gap] == row
      if isGap { gap += 1 }
      if rows.isRefused[row] { continue }
      if isGap { gaps.append(wholes.count) }
      wholes.append(batchWholes[row])
    }
  }

  private mutating func takeReals(_ rows: HeldRows) {
    if rows.faults.isEmpty {
      reals.append(contentsOf: batchReals[..<rows.count])
    } else {
      for row in 0..<rows.count where !rows.isRefused[row] { reals.append(batchReals[row]) }
    }
  }

  private mutating func takeTexts(_ bytes: Span<UInt8>, _ index: Int, _ rows: HeldRows) {
    let isCategory = request.type == .category
    for row in 0..<rows.count where !rows.isRefused[row] {
      let field = rows.fields[row * rows.columns + index]
      let start = rows.base + Int(field.start)
      let end = rows.base + Int(field.end & ~HeldField.doubled)
      if missing.contain(bytes, start, end) {
        if isCategory { category.appendMissing() } else { text.appendMissing() }
      } else if isCategory, field.end & HeldField.doubled == 0 {
        category.append(bytes, start, end)
      } else {
        let plain = undoubled(bytes, start, end, field.end & HeldField.doubled != 0)
        if isCategory {
          category.append(plain.span, 0, plain.count)
        } else if textBytes + plain.count <= mostTextBytes {
          textBytes += plain.count
          text.append(utf8: plain)
        } else {
          overflows = true
        }
      }
    }
  }

  /// The column's rows.
  func finish() -> Column {
    switch request.type {
    case .integer:
      guard !gaps.isEmpty else { return .integer(IntegerColumn(wholes)) }
      var words = [UInt64](repeating: ~0, count: (wholes.count + 63) / 64)
      for gap in gaps { words[gap >> 6] &= ~(1 << UInt64(gap & 63)) }
      return .integer(IntegerColumn(wholes, validity: Validity(words: words, count: wholes.count)))
    case .real: return .real(RealColumn(reals))
    case .category: return .category(category.finish())
    case .text: return .text(text.finish())
    }
  }
}

/// The bytes of a field with doubled quotes undone.
func undoubled(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ hasDoubled: Bool) -> [UInt8] {
  var text: [UInt8] = []
  text.reserveCapacity(end - start)
  var place = start
  while place < end {
    let byte = bytes[place]
    text.append(byte)
    place += hasDoubled && byte == UInt8(ascii: "\"") ? 2 : 1
  }
  return text
}

/// Digits with a point or comma and an exponent, or an exponent with a sign: a spreadsheet has rounded the
/// key. `1.23E5`, `1E+05`, but not `7E12`, which is a code like any other.
func isScientific(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
  var place = start
  while place < end, bytes[place] == 0x20 || bytes[place] == 0x09 { place += 1 }
  if place < end, bytes[place] == UInt8(ascii: "+") || bytes[place] == UInt8(ascii: "-") { place += 1 }
  let first = place
  var isRounded = false
  while place < end {
    let isPoint = bytes[place] == UInt8(ascii: ".") || bytes[place] == UInt8(ascii: ",")
    guard isPoint || bytes[place] &- UInt8(ascii: "0") < 10 else { break }
    isRounded = isRounded || isPoint
    place += 1
  }
  guard place > first, place < end, bytes[place] | 0x20 == UInt8(ascii: "e") else { return false }
  place += 1
  if place < end, bytes[place] == UInt8(ascii: "+") || bytes[place] == UInt8(ascii: "-") {
    isRounded = true
    place += 1
  }
  let exponent = place
  while place < end, bytes[place] &- UInt8(ascii: "0") < 10 { place += 1 }
  guard isRounded, place > exponent else { return false }
  while place < end, bytes[place] == 0x20 || bytes[place] == 0x09 { place += 1 }
  return place == end
}
