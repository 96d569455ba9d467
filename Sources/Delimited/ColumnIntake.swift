import Tabular

/// Gathers one column. Takes the rows of a batch in two steps, so that a row is taken whole or not at
/// all: `check` reads every row and refuses those that do not fit, `take` keeps the others.
///
/// Most fields are read by `FieldSource`, many bytes at a time; what it leaves is read byte by byte here. Where a
/// spelling of "missing" could be a number, every field is.
struct ColumnIntake {
  let request: ColumnRequest
  /// Which of the file's columns it is.
  let place: Int
  private let decimal: UInt8
  private let missing: MissingSpellings
  private let isQuick: Bool
  private var wholes: [Int64] = []
  private var reals: [Double] = []
  /// Rows without a value, ascending; only of whole numbers and text.
  private var gaps: [Int] = []
  private var category = CategoryBuilder()
  private var recent = RecentTexts.empty
  private var text: [UInt8] = []
  private var textEnds: [Int32] = [0]
  private let mostTextBytes: Int
  /// Whether there was more text than one column can hold; what came after is not kept.
  private(set) var overflows = false
  /// What was read of the batch, and its rows without a value.
  private var batchWholes: [Int64] = []
  private var batchReals: [Double] = []
  private var batchEnds: [Int32] = []
  private var batchText: [UInt8] = []
  private var batchGaps: [Int] = []
  /// Rows of the batch that are to be read byte by byte.
  private var batchOther: [Int] = []

  init(_ request: ColumnRequest, place: Int, dialect: Dialect, mostTextBytes: Int, isQuick: Bool) {
    self.request = request
    self.place = place
    self.mostTextBytes = mostTextBytes
    self.isQuick = isQuick
    decimal = dialect.decimal
    missing = MissingSpellings(dialect.missing)
  }

  /// Room for `rows` rows in all, with texts as long as those of `sample`.
  mutating func reserve(_ rows: Int, like sample: ColumnIntake) {
    switch request.type {
    case .integer: wholes.reserveInLargePages(rows)
    case .real: reals.reserveInLargePages(rows)
    case .category: category.reserve(rows)
    case .text:
      let perRow = Double(sample.text.count) / Double(max(1, sample.textEnds.count - 1))
      text.reserveInLargePages(min(mostTextBytes, Int(Double(rows) * perRow * 1.05)))
      textEnds.reserveInLargePages(rows + 1)
    }
  }

  /// Reads the batch's rows and refuses those that do not fit; `index` is the column's number among those
  /// asked for.
  mutating func check(_ bytes: Span<UInt8>, _ index: Int, _ rows: inout HeldRows) {
    switch request.type {
    case .integer: checkWholes(bytes, index, &rows)
    case .real: checkReals(bytes, index, &rows)
    case .category, .text:
      if request.isKey { for row in 0..<rows.count { checkKey(bytes, index, row, &rows) } }
    }
  }

  private func checkKey(_ bytes: Span<UInt8>, _ index: Int, _ row: Int, _ rows: inout HeldRows) {
    let (start, end, _) = rows.range(row, place)
    if missing.contain(bytes, start, end) {
      rows.refuse(row, index, .missingKey)
    } else if isScientific(bytes, start, end) {
      rows.refuse(row, index, .scientificKey)
    }
  }

  private mutating func checkWholes(_ bytes: Span<UInt8>, _ index: Int, _ rows: inout HeldRows) {
    if batchWholes.count < rows.count { batchWholes = [Int64](repeating: 0, count: rows.count) }
    batchGaps.removeAll(keepingCapacity: true)
    batchOther.removeAll(keepingCapacity: true)
    if isQuick, !missing.maySpellNumbers {
      FieldSource.with(bytes, rows, place) {
        $0.wholes(into: &batchWholes, empty: &batchGaps, other: &batchOther)
      }
      if request.isKey { for row in batchGaps { rows.refuse(row, index, .missingKey) } }
      if batchOther.isEmpty { return }
    } else {
      batchOther.append(contentsOf: 0..<rows.count)
    }
    for row in batchOther {
      if request.isKey { checkKey(bytes, index, row, &rows) }
      let (start, end, _) = rows.range(row, place)
      batchWholes[row] = 0
      if missing.contain(bytes, start, end) {
        batchGaps.append(row)
      } else if let value = parseWhole(bytes, start, end, decimal: decimal) {
        batchWholes[row] = value
      } else {
        rows.refuse(row, index, .wrongType)
      }
    }
    batchGaps.sort()
  }

  private mutating func checkReals(_ bytes: Span<UInt8>, _ index: Int, _ rows: inout HeldRows) {
    if batchReals.count < rows.count { batchReals = [Double](repeating: 0, count: rows.count) }
    batchOther.removeAll(keepingCapacity: true)
    let decimal = decimal
    // A key is looked at byte by byte: an exponent is a fault there.
    if isQuick, !missing.maySpellNumbers, !request.isKey {
      FieldSource.with(bytes, rows, place) {
        $0.reals(decimal: decimal, into: &batchReals, other: &batchOther)
      }
    } else {
      batchOther.append(contentsOf: 0..<rows.count)
    }
    for row in batchOther {
      if request.isKey { checkKey(bytes, index, row, &rows) }
      let (start, end, _) = rows.range(row, place)
      batchReals[row] = .nan
      if missing.contain(bytes, start, end) {
      } else if let value = parseReal(bytes, start, end, decimal: decimal) {
        batchReals[row] = value
      } else {
        rows.refuse(row, index, .wrongType)
      }
    }
  }

  /// Keeps the batch's rows that no column refused.
  mutating func take(_ bytes: Span<UInt8>, _ rows: HeldRows) {
    switch request.type {
    case .integer: takeWholes(rows)
    case .real: takeReals(rows)
    case .category: takeCategories(bytes, rows)
    case .text: takeTexts(bytes, rows)
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

  private mutating func takeCategories(_ bytes: Span<UInt8>, _ rows: HeldRows) {
    // A rejected row's text is no category.
    if isQuick, rows.faults.isEmpty {
      let missing = missing
      if batchEnds.count < rows.count { batchEnds = [Int32](repeating: 0, count: rows.count) }
      // Taken out for the loop, which looks texts up in the category meanwhile.
      var (known, codes) = (recent.isEmpty ? RecentTexts() : recent, batchEnds)
      (recent, batchEnds) = (.empty, [])
      FieldSource.with(bytes, rows, place) { source in
        source.codes(into: &codes, &known) { start, end, isDoubled in
          missing.contain(bytes, start, end) ? -1 : category.code(bytes, start, end, isDoubled)
        }
      }
      (recent, batchEnds) = (known, codes)
      category.append(codes: batchEnds[..<rows.count])
      return
    }
    for row in 0..<rows.count where !rows.isRefused[row] {
      let (start, end, isDoubled) = rows.range(row, place)
      let isMissing = missing.contain(bytes, start, end)
      category.append(code: isMissing ? -1 : category.code(bytes, start, end, isDoubled))
    }
  }

  private mutating func takeTexts(_ bytes: Span<UInt8>, _ rows: HeldRows) {
    if isQuick, rows.faults.isEmpty, takePlainTexts(bytes, rows) { return }
    for row in 0..<rows.count where !rows.isRefused[row] {
      let (start, end, isDoubled) = rows.range(row, place)
      if missing.contain(bytes, start, end) {
        gaps.append(textEnds.count - 1)
        textEnds.append(Int32(text.count))
        continue
      }
      let plain = undoubled(bytes, start, end, isDoubled)
      if text.count + plain.count <= mostTextBytes {
        text.append(contentsOf: plain)
      } else {
        overflows = true
      }
      textEnds.append(Int32(text.count))
    }
  }

  /// Takes the batch's texts if quotes are doubled in none and there is room for all.
  private mutating func takePlainTexts(_ bytes: Span<UInt8>, _ rows: HeldRows) -> Bool {
    if batchEnds.count < rows.count { batchEnds = [Int32](repeating: 0, count: rows.count) }
    batchGaps.removeAll(keepingCapacity: true)
    let missing = missing
    let base = Int32(text.count)
    let made = FieldSource.with(bytes, rows, place) { source -> Int? in
      let room = source.textRoom
      guard Int(base) + room <= Int(Int32.max) else { return nil }
      if batchText.count < room { batchText = [UInt8](repeating: 0, count: room) }
      return source.texts(
        into: &batchText, ends: &batchEnds, base: base, beginnings: missing.beginnings, empty: &batchGaps
      ) { missing.contain(bytes, $0, $1) }
    }
    guard let made, text.count + made <= mostTextBytes else { return false }
    for gap in batchGaps { gaps.append(textEnds.count - 1 + gap) }
    text.append(contentsOf: batchText[..<made])
    textEnds.append(contentsOf: batchEnds[..<rows.count])
    return true
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

  /// Lets go of all rows and keeps the room for others.
  mutating func clear() {
    wholes.removeAll(keepingCapacity: true)
    reals.removeAll(keepingCapacity: true)
    gaps.removeAll(keepingCapacity: true)
    category.clear()
    recent = .empty
    text.removeAll(keepingCapacity: true)
    textEnds.removeAll(keepingCapacity: true)
    textEnds.append(0)
    overflows = false
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
