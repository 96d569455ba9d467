import Tabular

/// Joins bitmaps of batches of any length, at any place, into one column's validity.
struct BitAssembler {
  private var words: [UInt64]
  private var count = 0
  private let total: Int
  /// Whether any row so far holds nothing.
  private(set) var hasMissing = false

  /// Room for `total` rows.
  init(total: Int) {
    self.total = total
    words = [UInt64](repeating: 0, count: (total + 63) / 64)
  }

  /// `rows` rows that all hold a value.
  mutating func appendPresent(_ rows: Int) {
    var rest = rows
    while rest > 0 {
      let step = min(64, rest)
      append(~0, step)
      rest -= step
    }
  }

  /// `rows` bits of `bitmap` from bit `first` on; the bitmap must hold as many.
  mutating func append(_ bitmap: RawSpan, from first: Int, rows: Int) {
    var place = first
    let past = first + rows
    while place < past {
      let step = min(64, past - place)
      append(BitAssembler.bits(bitmap, at: place), step)
      place += step
    }
  }

  /// The validity of all rows, `nil` where each holds a value.
  func finish() -> Validity? { hasMissing ? Validity(words: words, count: total) : nil }

  /// Calls `body` with each of the rows `range` that holds nothing.
  func forEachMissing(in range: Range<Int>, _ body: (Int) -> Void) {
    guard hasMissing else { return }
    var row = range.lowerBound
    while row < range.upperBound {
      var gaps = ~words[row >> 6] >> UInt64(row & 63)
      let step = min(64 - row & 63, range.upperBound - row)
      if step < 64 { gaps &= (1 << UInt64(step)) - 1 }
      while gaps != 0 {
        body(row + gaps.trailingZeroBitCount)
        gaps &= gaps - 1
      }
      row += step
    }
  }

  private mutating func append(_ bits: UInt64, _ rows: Int) {
    let mask: UInt64 = rows == 64 ? ~0 : (1 << UInt64(rows)) - 1
    let bits = bits & mask
    if bits != mask { hasMissing = true }
    let shift = UInt64(count & 63)
    words[count >> 6] |= bits << shift
    if Int(shift) + rows > 64 { words[(count >> 6) + 1] |= bits >> (64 - shift) }
    count += rows
  }

  /// The 64 bits from `place` on; zeros past the end.
  private static func bits(_ bitmap: RawSpan, at place: Int) -> UInt64 {
    let first = place >> 3
    let shift = UInt64(place & 7)
    var low: UInt64 = 0
    if first + 8 <= bitmap.byteCount {
      low = unsafe bitmap.unsafeLoadUnaligned(fromByteOffset: first, as: UInt64.self)
    } else {
      for byte in 0..<max(0, bitmap.byteCount - first) {
        let value = unsafe bitmap.unsafeLoad(fromByteOffset: first + byte, as: UInt8.self)
        low |= UInt64(value) << UInt64(8 * byte)
      }
    }
    guard shift > 0 else { return low }
    var high: UInt64 = 0
    if first + 8 < bitmap.byteCount {
      high = UInt64(unsafe bitmap.unsafeLoad(fromByteOffset: first + 8, as: UInt8.self))
    }
    return low >> shift | high << (64 - shift)
  }
}
