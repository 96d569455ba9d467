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
