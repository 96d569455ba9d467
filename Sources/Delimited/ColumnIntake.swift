import Tabular

/// Gathers one column. Takes the rows of a batch in two steps, so that a row is taken whole or not at
/// all: `check` reads every row and refuses those that do not fit, `take` keeps the others.
struct ColumnIntake {
  let request: ColumnRequest
  private let decimal: UInt8
  private let missing: MissingSpellings
  private var wholes: [Int64] = []
  private var reals: [Double] = []
  /// Rows without a value, ascending; only of whole numbers and text.
  private var gaps: [Int] = []
  private var category = CategoryBuilder()
  private var text: [UInt8] = []
  private var textEnds: [Int32] = [0]
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
    case .text: textEnds.reserveCapacity(rows + 1)
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
        if isCategory {
          category.appendMissing()
        } else {
          gaps.append(textEnds.count - 1)
          textEnds.append(Int32(text.count))
        }
      } else if isCategory, field.end & HeldField.doubled == 0 {
        category.append(bytes, start, end)
      } else {
        let plain = undoubled(bytes, start, end, field.end & HeldField.doubled != 0)
        if isCategory {
          category.append(plain.span, 0, plain.count)
        } else if text.count + plain.count <= mostTextBytes {
          text.append(contentsOf: plain)
          textEnds.append(Int32(text.count))
        } else {
          overflows = true
        }
      }
    }
  }

  /// Adds all rows of an intake of the same column that came after this one in the file.
  mutating func append(_ later: ColumnIntake) {
    let rows = request.type == .text ? textEnds.count - 1 : wholes.count
    gaps.append(contentsOf: later.gaps.lazy.map { $0 + rows })
    overflows = overflows || later.overflows
    switch request.type {
    case .integer: wholes.append(contentsOf: later.wholes)
    case .real: reals.append(contentsOf: later.reals)
    case .category: category.append(later.category)
    case .text:
      guard text.count + later.text.count <= mostTextBytes else {
        overflows = true
        return
      }
      let base = Int32(text.count)
      text.append(contentsOf: later.text)
      textEnds.append(contentsOf: later.textEnds.dropFirst().lazy.map { $0 + base })
    }
  }

  /// The column's rows.
  func finish() -> Column {
    switch request.type {
    case .integer: .integer(IntegerColumn(wholes, validity: validity(wholes.count)))
    case .real: .real(RealColumn(reals))
    case .category: .category(category.finish())
    case .text:
      .text(TextColumn(offsets: textEnds, bytes: text, validity: validity(textEnds.count - 1)))
    }
  }

  private func validity(_ rows: Int) -> Validity? {
    guard !gaps.isEmpty else { return nil }
    var words = [UInt64](repeating: ~0, count: (rows + 63) / 64)
    for gap in gaps { words[gap >> 6] &= ~(1 << UInt64(gap & 63)) }
    return Validity(words: words, count: rows)
  }
}
