import Tabular

/// Gathers one column of categories: a code a row, in the order in which texts first appear.
struct CategoryBuilder {
  private(set) var codes: [Int32] = []
  private var dictionary: [[UInt8]] = []
  /// Places of `dictionary` by hash; −1 where free.
  private var slots = [Int32](repeating: -1, count: 64)
  private var last: Int32 = -1

  mutating func appendMissing() { codes.append(-1) }

  mutating func append(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
    // Neighbouring rows often agree.
    if last >= 0, equal(dictionary[Int(last)], bytes, start, end) {
      codes.append(last)
      return
    }
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for place in start..<end { hash = (hash ^ UInt64(bytes[place])) &* 0x0000_0100_0000_01b3 }
    var slot = Int(truncatingIfNeeded: hash ^ (hash >> 29)) & (slots.count - 1)
    while slots[slot] >= 0 {
      if equal(dictionary[Int(slots[slot])], bytes, start, end) {
        last = slots[slot]
        codes.append(last)
        return
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    var text: [UInt8] = []
    for place in start..<end { text.append(bytes[place]) }
    last = Int32(dictionary.count)
    slots[slot] = last
    dictionary.append(text)
    codes.append(last)
    if dictionary.count * 2 > slots.count { grow() }
  }

  private func equal(_ text: [UInt8], _ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    guard text.count == end - start else { return false }
    for place in 0..<text.count where text[place] != bytes[start + place] { return false }
    return true
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 4)
    for (code, text) in dictionary.enumerated() {
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      for byte in text { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
      var slot = Int(truncatingIfNeeded: hash ^ (hash >> 29)) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(code)
    }
  }

  func finish() -> Column {
    .category(
      CategoryColumn(codes: codes, dictionary: dictionary.map { String(decoding: $0, as: UTF8.self) }))
  }
}

/// Gathers one column of any type.
enum ColumnBuilder {
  case integer(values: [Int64], validity: Validity)
  case real([Double])
  case category(CategoryBuilder)
  case text(TextColumnBuilder)

  init(_ type: ColumnType, capacity: Int) {
    switch type {
    case .integer:
      var values: [Int64] = []
      values.reserveCapacity(capacity)
      self = .integer(values: values, validity: Validity(capacity: capacity))
    case .real:
      var values: [Double] = []
      values.reserveCapacity(capacity)
      self = .real(values)
    case .category: self = .category(CategoryBuilder())
    case .text: self = .text(TextColumnBuilder(capacity: capacity))
    }
  }

  func finish() -> Column {
    switch self {
    case .integer(let values, let validity): .integer(IntegerColumn(values, validity: validity))
    case .real(let values): .real(RealColumn(values))
    case .category(let builder): builder.finish()
    case .text(let builder): .text(builder.finish())
    }
  }
}
