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
    var limit = kept.count == ExplanationBackground.size ? kept[kept.count - 1].hash : .max
    for row in 0..<keys.count {
      let hash = stableHash(keys.utf8(row), seed: 0x6261_636b)
      if hash >= limit, kept.count == ExplanationBackground.size { continue }
      var place = kept.count
      while place > 0, kept[place - 1].hash > hash { place -= 1 }
      kept.insert((hash, seen + Int32(row)), at: place)
      if kept.count > ExplanationBackground.size { kept.removeLast() }
      if kept.count == ExplanationBackground.size { limit = kept[kept.count - 1].hash }
    }
    seen += Int32(keys.count)
  }

  /// The rows chosen, ascending.
  package var rows: [Int32] { kept.map(\.row).sorted() }
}
