import Fingerprints
package import Tabular

/// Chooses the customers that those explained are compared with: the 64 of a table with the lowest hashes of their
/// keys, the same customers whatever the table's order. Keys may be handed over a part of the table at a time.
package struct ExplanationBackground: Sendable {
  /// How many customers are chosen.
  package static let size = 64

  /// Ascending by hash; of equal hashes the earlier row first.
  private var kept: [(hash: UInt64, row: Int32)] = []
  private var seen: Int32 = 0

  /// Nobody yet.
  package init() {}

  /// Takes in the keys of the next rows.
  package mutating func take(_ keys: TextColumn) {
    unsafe take(rows: keys.count, of: keys.bytes.span.bytes) { row in
      Int(keys.offsets[row])..<Int(keys.offsets[row + 1])
    }
  }

  /// Takes in the keys of the next rows as a table's file has them: where each begins in `texts` and, one more, where
  /// the last ends, in whole numbers of four bytes or, where `isWide`, eight.
  package mutating func take(rows: Int, starts: RawSpan, isWide: Bool, of texts: RawSpan) {
    precondition(starts.byteCount >= (rows + 1) * (isWide ? 8 : 4), "one start more than rows")
    if isWide {
      take(rows: rows, of: texts) { row in
        let start = unsafe starts.unsafeLoadUnaligned(fromByteOffset: 8 * row, as: Int64.self)
        let end = unsafe starts.unsafeLoadUnaligned(fromByteOffset: 8 * row + 8, as: Int64.self)
        return Int(start)..<Int(end)
      }
    } else {
      take(rows: rows, of: texts) { row in
        let start = unsafe starts.unsafeLoadUnaligned(fromByteOffset: 4 * row, as: Int32.self)
        let end = unsafe starts.unsafeLoadUnaligned(fromByteOffset: 4 * row + 4, as: Int32.self)
        return Int(start)..<Int(end)
      }
    }
  }

  @inline(__always)
  private mutating func take(rows: Int, of texts: RawSpan, _ range: (Int) -> Range<Int>) {
    var limit = kept.count == ExplanationBackground.size ? kept[kept.count - 1].hash : .max
    for row in 0..<rows {
      let hash = stableHash(texts, range(row), seed: 0x6261_636b)
      if hash >= limit, kept.count == ExplanationBackground.size { continue }
      var place = kept.count
      while place > 0, kept[place - 1].hash > hash { place -= 1 }
      kept.insert((hash, seen + Int32(row)), at: place)
      if kept.count > ExplanationBackground.size { kept.removeLast() }
      if kept.count == ExplanationBackground.size { limit = kept[kept.count - 1].hash }
    }
    seen += Int32(rows)
  }

  /// The rows chosen, ascending.
  package var rows: [Int32] { kept.map(\.row).sorted() }
}
