import Clientele
import Findings
import Tabular

/// Counts and middles of one column, as the page shows them.
struct ColumnStatistics: Sendable, Equatable {
  /// Rows that hold nothing.
  var missing: Int
  /// Number of different values; `nil` above 1,000.
  var distinct: Int?
  /// Smallest number.
  var minimum: Double?
  /// Middle number; the mean of the two middle ones of an even count.
  var median: Double?
  /// Largest number.
  var maximum: Double?

  /// Different values are counted up to here.
  static let mostDistinct = 1000

  /// The statistics of `column`; of a text column, of its `rows`.
  init(_ column: Column, rows: [Int32]? = nil) {
    (missing, distinct) = (0, 0)
    switch column {
    case .category(let categories):
      var isUsed = [Bool](repeating: false, count: categories.dictionary.count)
      for code in categories.codes {
        if code < 0 { missing += 1 } else { isUsed[Int(code)] = true }
      }
      let used = isUsed.reduce(0) { $0 + ($1 ? 1 : 0) }
      distinct = used > ColumnStatistics.mostDistinct ? nil : used
    case .text(let texts):
      var counter = DistinctCounter()
      for place in 0..<(rows?.count ?? texts.count) {
        let row = rows.map { Int($0[place]) } ?? place
        if texts.isPresent(row) {
          if !counter.isFull {
            counter.insert(ColumnStatistics.hash(texts.bytes, texts.offsets[row], texts.offsets[row + 1]))
          }
        } else {
          missing += 1
        }
      }
      distinct = counter.count
    case .integer(let numbers): count(numbers.doubles())
    case .real(let numbers): count(numbers.values)
    }
  }

  private mutating func count(_ values: [Double]) {
    var counter = DistinctCounter()
    var keys: [UInt64] = []
    keys.reserveCapacity(values.count)
    var (low, high) = (Double.infinity, -Double.infinity)
    for value in values {
      if value.isNaN {
        missing += 1
        continue
      }
      if value < low { low = value }
      if value > high { high = value }
      // −0 and 0 are one value.
      let key = OrderedBits.key(value + 0)
      keys.append(key)
      if !counter.isFull { counter.insert(key) }
    }
    distinct = counter.count
    guard !keys.isEmpty else { return }
    minimum = low + 0
    maximum = high + 0
    median = OrderedBits.middle(keys)
  }

  private static func hash(_ bytes: [UInt8], _ start: Int32, _ end: Int32) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for place in Int(start)..<Int(end) { hash = (hash ^ UInt64(bytes[place])) &* 0x0000_0100_0000_01b3 }
    return hash
  }
}

/// Counts different 64-bit values up to `ColumnStatistics.mostDistinct`, then stops looking.
private struct DistinctCounter {
  private var slots = [UInt64](repeating: 0, count: 4096)
  private var isTaken = [Bool](repeating: false, count: 4096)
  private var found = 0
  /// Whether there are more than are counted.
  var isFull: Bool { found > ColumnStatistics.mostDistinct }
  /// How many; `nil` where there are more than are counted.
  var count: Int? { isFull ? nil : found }

  mutating func insert(_ value: UInt64) {
    var slot = Int(truncatingIfNeeded: (value &* 0x9e37_79b9_7f4a_7c15) >> 52)
    while isTaken[slot] {
      if slots[slot] == value { return }
      slot = (slot + 1) & 4095
    }
    slots[slot] = value
    isTaken[slot] = true
    found += 1
  }
}

/// Numbers as bits that sort as the numbers do, and the middle of many of them by digits.
enum OrderedBits {
  static func key(_ value: Double) -> UInt64 {
    let bits = value.bitPattern
    return bits >> 63 == 1 ? ~bits : bits | 1 << 63
  }

  static func value(_ key: UInt64) -> Double {
    Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key)
  }

  /// The middle number; the mean of the two middle ones of an even count.
  static func middle(_ keys: [UInt64]) -> Double {
    let upper = select(keys, keys.count / 2)
    if keys.count % 2 == 1 { return value(upper) }
    // The one before it: the largest below, unless the middle one stands there more than once.
    var below = 0
    var largest: UInt64 = 0
    for key in keys where key < upper {
      below += 1
      largest = max(largest, key)
    }
    return value(below == keys.count / 2 ? largest : upper) / 2 + value(upper) / 2
  }

  /// The key with `rank` smaller or equal ones before it (from 0): one look at each digit of eight
  /// bits, and only at those keys that agree so far.
  private static func select(_ keys: [UInt64], _ rank: Int) -> UInt64 {
    var keys = keys
    var rank = rank
    var shift: UInt64 = 56
    while true {
      var counts = [Int](repeating: 0, count: 256)
      for key in keys { counts[Int(key >> shift & 255)] += 1 }
      var digit = 0
      while rank >= counts[digit] {
        rank -= counts[digit]
        digit += 1
      }
      if counts[digit] < keys.count { keys = keys.filter { Int($0 >> shift & 255) == digit } }
      if keys.count == 1 || shift == 0 { return keys[0] }
      shift -= 8
    }
  }
}
