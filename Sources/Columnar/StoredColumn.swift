import Tabular

/// One column as a file stores it.
struct StoredColumn: Sendable {
  /// How its values are stored.
  enum Storage: Sendable, Equatable {
    case whole(bits: Int32, signed: Bool)
    case real(bits: Int)
    case bool
    case text(large: Bool)
    /// Indices into the dictionary of that number.
    case category(dictionary: Int64, bits: Int32, signed: Bool, large: Bool)
  }

  let field: Field
  let storage: Storage

  /// Number of buffers a batch has for it.
  var bufferCount: Int {
    if case .text = storage { return 3 }
    return 2
  }

  /// The column a field of the file's schema describes; types we have no column for are refused.
  init(_ view: FlatView) throws(ColumnarError) {
    let name = try view.string(0) ?? ""
    let code: UInt8 = try view.number(2, absent: 0)
    let type = try view.table(3)
    let children = try view.tables(5)
    func refused(_ what: String) -> ColumnarError {
      ColumnarError(
        .unsupported,
        "column \"\(name)\" holds \(what), which is not read here; write whole numbers, float64, bool, "
          + "utf8 or dictionary-encoded utf8.")
    }
    guard children.isEmpty else { throw refused("nested values") }
    var isText: Bool { code == ArrowMessages.TypeCode.utf8 || code == ArrowMessages.TypeCode.largeUtf8 }
    let isLarge = code == ArrowMessages.TypeCode.largeUtf8
    let found: Storage
    if let encoding = try view.table(4) {
      guard isText else { throw refused("a dictionary of something other than text") }
      let index = try encoding.table(1)
      // Absent: signed 32-bit indices.
      let bits: Int32 = try index?.number(0, absent: 32) ?? 32
      let signed: UInt8 = try index?.number(1, absent: 0) ?? 1
      guard [8, 16, 32, 64].contains(bits) else { throw refused("indices of \(bits) bits") }
      found = .category(
        dictionary: try encoding.number(0, absent: 0), bits: bits, signed: signed != 0, large: isLarge)
    } else if isText {
      found = .text(large: isLarge)
    } else if code == ArrowMessages.TypeCode.bool {
      found = .bool
    } else if code == ArrowMessages.TypeCode.int {
      let bits: Int32 = try type?.number(0, absent: 0) ?? 0
      let signed: UInt8 = try type?.number(1, absent: 0) ?? 0
      guard [8, 16, 32, 64].contains(bits) else { throw refused("whole numbers of \(bits) bits") }
      found = .whole(bits: bits, signed: signed != 0)
    } else if code == ArrowMessages.TypeCode.floatingPoint {
      let precision: Int16 = try type?.number(0, absent: 0) ?? 0
      guard precision == 1 || precision == 2 else { throw refused("real numbers of 16 bits") }
      found = .real(bits: precision == 1 ? 32 : 64)
    } else {
      throw refused(StoredColumn.nameOfType(code))
    }
    storage = found
    let held: ColumnType =
      switch found {
      case .whole, .bool: .integer
      case .real: .real
      case .text: .text
      case .category: .category
      }
    field = Field(name, held, metadata: try view.pairs(6))
  }

  private static func nameOfType(_ code: UInt8) -> String {
    let names: [UInt8: String] = [
      1: "nothing (type null)", 4: "binary values", 7: "decimals", 8: "dates", 9: "times of day",
      10: "timestamps",
      11: "intervals", 15: "fixed-size binary values", 18: "durations", 19: "large binary values",
      22: "run-end encoded values", 23: "binary views", 24: "utf8 views",
    ]
    return names[code] ?? "values of type \(code)"
  }
}
