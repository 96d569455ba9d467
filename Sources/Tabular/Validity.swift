/// Which slots of a column hold a value: one bit a row, least significant bit first, in the layout
/// Arrow uses, so that a bitmap can be written as it stands.
package struct Validity: Sendable, Equatable {
  /// The bits, 64 rows a word. Bits past `count` are zero.
  package private(set) var words: [UInt64]
  /// Number of rows.
  package private(set) var count: Int

  /// An empty bitmap with room for `capacity` rows.
  package init(capacity: Int = 0) {
    words = []
    words.reserveCapacity((capacity + 63) / 64)
    count = 0
  }

  /// A bitmap of `count` rows that are all present, or all missing.
  package init(repeating present: Bool, count: Int) {
    words = [UInt64](repeating: present ? ~0 : 0, count: (count + 63) / 64)
    self.count = count
    if present, count % 64 != 0 { words[words.count - 1] = (1 << UInt64(count % 64)) - 1 }
  }

  /// A bitmap over existing words; bits past `count` are cleared.
  package init(words: [UInt64], count: Int) {
    precondition(words.count == (count + 63) / 64, "a bitmap has one word for each 64 rows")
    self.words = words
    self.count = count
    if count % 64 != 0 { self.words[words.count - 1] &= (1 << UInt64(count % 64)) - 1 }
  }

  /// Whether `row` holds a value.
  package func isPresent(_ row: Int) -> Bool {
    words[row >> 6] & (1 << UInt64(row & 63)) != 0
  }

  /// Adds one row at the end.
  package mutating func append(_ present: Bool) {
    if count & 63 == 0 { words.append(0) }
    if present { words[count >> 6] |= 1 << UInt64(count & 63) }
    count += 1
  }

  /// Number of rows that hold no value.
  package var missingCount: Int { count - words.reduce(0) { $0 + $1.nonzeroBitCount } }
}
