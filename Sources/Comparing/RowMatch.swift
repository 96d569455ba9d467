package import Tabular

/// Which row of one table is which of another, by key.
package struct RowMatch: Sendable, Equatable {
  /// Rows of the old table that the new one has too, ascending.
  package let old: [Int32]
  /// The new row of each of `old`.
  package let new: [Int32]
  /// Rows of the old table that the new one lacks, ascending.
  package let removed: [Int32]
  /// Rows of the new table that the old one lacks, ascending.
  package let added: [Int32]
  /// Rows whose key stood before in their own table: no partner is sought for them.
  package let repeated: Int

  /// Matches the rows of two tables by what names them in both; `nil` where nothing does, or keys repeat so much
  /// that they name no rows.
  package init?(_ old: ComparedTable, _ new: ComparedTable) throws {
    guard let name = old.keyName, name == new.keyName else { return nil }
    self.init(try old.keys(name), try new.keys(name))
    old.release()
    new.release()
    guard repeated * 10 <= max(1, old.rowCount + new.rowCount) else { return nil }
  }

  /// Matches by key, through a table of hashes in which keys are compared byte by byte; rows that follow each
  /// other in both are not looked up. Time and memory grow with the rows.
  package init(_ old: TextColumn, _ new: TextColumn) {
    let count = new.count
    let index = KeyIndex(new)
    var taken = [Bool](repeating: false, count: count)
    var partners: (old: [Int32], new: [Int32]) = ([], [])
    partners.old.reserveCapacity(min(old.count, count))
    partners.new.reserveCapacity(min(old.count, count))
    var removed: [Int32] = []
    var repeated = 0
    // The row after the last match is most often the next.
    var guess = 0
    for row in 0..<old.count {
      let found: Int? =
        guess < count && equal(old, row, new, guess) && index.isFirst(guess)
        ? guess : index.row(of: old, row)
      guard let found else {
        removed.append(Int32(row))
        continue
      }
      guess = found + 1
      if taken[found] {
        repeated += 1
        continue
      }
      taken[found] = true
      partners.old.append(Int32(row))
      partners.new.append(Int32(found))
    }
    var added: [Int32] = []
    for row in 0..<count where !taken[row] {
      if index.isFirst(row) { added.append(Int32(row)) } else { repeated += 1 }
    }
    (self.old, self.new, self.removed, self.added) = (partners.old, partners.new, removed, added)
    self.repeated = repeated
  }
}

/// Whether two rows of two columns hold the same bytes.
func equal(_ a: TextColumn, _ i: Int, _ b: TextColumn, _ j: Int) -> Bool {
  let (first, other) = (Int(a.offsets[i]), Int(b.offsets[j]))
  let length = Int(a.offsets[i + 1]) - first
  guard length == Int(b.offsets[j + 1]) - other else { return false }
  for place in 0..<length where a.bytes[first + place] != b.bytes[other + place] { return false }
  return true
}

/// Rows by key: open addressing over the keys of one column.
struct KeyIndex {
  private let keys: TextColumn
  private let mask: Int
  private var slots: [Int32]
  private var repeats: [Bool]

  /// The rows of `keys`; of equal keys the first.
  init(_ keys: TextColumn) {
    self.keys = keys
    var size = 16
    while size < keys.count * 2 { size *= 2 }
    mask = size - 1
    var slots = [Int32](repeating: -1, count: size)
    var repeats: [Bool] = []
    for row in 0..<keys.count {
      var slot = Int(truncatingIfNeeded: KeyIndex.hash(keys, row)) & (size - 1)
      while slots[slot] >= 0, !equal(keys, Int(slots[slot]), keys, row) { slot = (slot + 1) & (size - 1) }
      if slots[slot] < 0 {
        slots[slot] = Int32(row)
      } else {
        if repeats.isEmpty { repeats = [Bool](repeating: false, count: keys.count) }
        repeats[row] = true
      }
    }
    self.slots = slots
    self.repeats = repeats
  }

  /// Whether no row before this one has its key.
  func isFirst(_ row: Int) -> Bool { repeats.isEmpty || !repeats[row] }

  /// The row with the key that `row` of `other` has.
  func row(of other: TextColumn, _ row: Int) -> Int? {
    var slot = Int(truncatingIfNeeded: KeyIndex.hash(other, row)) & mask
    while slots[slot] >= 0 {
      if equal(keys, Int(slots[slot]), other, row) { return Int(slots[slot]) }
      slot = (slot + 1) & mask
    }
    return nil
  }

  private static func hash(_ keys: TextColumn, _ row: Int) -> UInt64 {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    for place in Int(keys.offsets[row])..<Int(keys.offsets[row + 1]) {
      hash = (hash ^ UInt64(keys.bytes[place])) &* 0x0000_0100_0000_01B3
    }
    hash ^= hash >> 32
    hash = hash &* 0xD6E8_FEB8_6659_FD93
    return hash ^ (hash >> 29)
  }
}
