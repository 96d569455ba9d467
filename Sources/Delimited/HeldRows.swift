/// Where one field of a held row stands in the file; doubled quotes are marked in the top bit of its end.
struct HeldField {
  /// Bytes from the batch's first.
  var start: UInt32
  var end: UInt32

  static let doubled: UInt32 = 1 << 31

  init(start: UInt32, end: UInt32) {
    self.start = start
    self.end = end
  }

  /// Of places that 31 bits hold.
  @inline(__always)
  init(start: UInt64, end: UInt64) {
    self.start = UInt32(truncatingIfNeeded: start)
    self.end = UInt32(truncatingIfNeeded: end)
  }
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

/// Fields of the rows of one batch, row by row, all columns of the file.
struct HeldRows {
  private(set) var fields: [HeldField]
  /// Fields a row.
  let width: Int
  /// Rows there is room for.
  let capacity: Int
  /// First byte of the batch.
  var base = 0
  /// Column and fault of the rows that a column refuses; the earliest column counts.
  private(set) var faults: [(row: Int, column: Int, fault: FieldFault)] = []
  private(set) var isRefused: [Bool] = []
  /// Number of rows.
  private(set) var count = 0
  private let splitter: RowSplitter

  init(width: Int, capacity: Int, delimiter: UInt8) {
    self.width = width
    self.capacity = capacity
    splitter = RowSplitter(delimiter: delimiter, width: width)
    fields = [HeldField](
      repeating: HeldField(start: UInt32(0), end: 0), count: width * capacity + RowSplitter.slack)
  }

  /// Holds one row more.
  mutating func append(_ row: [FieldRange]) {
    let first = count * width
    let (base, width) = (base, width)
    var target = fields.mutableSpan
    for place in 0..<width {
      let field = row[place]
      target[first + place] = HeldField(
        start: UInt32(truncatingIfNeeded: field.start - base),
        end: UInt32(truncatingIfNeeded: field.end - base) | (field.hasDoubledQuotes ? HeldField.doubled : 0))
    }
    count += 1
  }

  /// Holds the plain rows that begin at `start` or later and before `limit`, as many as there is room for; returns
  /// how many there were and the first byte behind them.
  mutating func appendPlain(_ bytes: Span<UInt8>, from start: Int, until limit: Int) -> (rows: Int, end: Int)
  {
    let found = splitter.split(
      bytes, from: start, until: limit, base: base, capacity: capacity - count, into: &fields,
      at: count * width)
    count += found.rows
    return found
  }

  /// Lets go of all rows from number `row` on.
  mutating func drop(from row: Int) { count = row }

  /// Lets go of all rows; the next ones stand from byte `base` on.
  mutating func clear(base: Int) {
    faults.removeAll(keepingCapacity: true)
    count = 0
    self.base = base
  }

  /// To be called before the columns check their fields.
  mutating func begin() {
    let filled = min(count, isRefused.count)
    for row in 0..<filled { isRefused[row] = false }
    if filled < count { isRefused.append(contentsOf: repeatElement(false, count: count - filled)) }
  }

  mutating func refuse(_ row: Int, _ column: Int, _ fault: FieldFault) {
    guard !isRefused[row] else { return }
    isRefused[row] = true
    faults.append((row, column, fault))
  }

  /// Where the text of a field stands, and whether quotes are doubled in it.
  func range(_ row: Int, _ place: Int) -> (start: Int, end: Int, isDoubled: Bool) {
    let field = fields[row * width + place]
    return (
      base + Int(field.start), base + Int(field.end & ~HeldField.doubled), field.end & HeldField.doubled != 0
    )
  }

  /// Where a row stands: quotes around its first and last field belong to it.
  func place(_ row: Int, line: Int, _ bytes: Span<UInt8>) -> RowPlace {
    let first = range(row, 0).start
    let last = range(row, width - 1)
    let quote = UInt8(ascii: "\"")
    return RowPlace(
      start: first - (bytes[first - 1] == quote ? 1 : 0),
      end: last.end + (bytes[last.start - 1] == quote ? 1 : 0),
      line: line)
  }
}
