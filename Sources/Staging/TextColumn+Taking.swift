package import Numerics
package import Tabular

extension TextColumn {
  /// As `taking(rows)`, a stretch of the rows a worker: each text is fetched from elsewhere, which is what it costs.
  package func taking(_ rows: [Int32], crew: Crew) -> TextColumn {
    let stretch = max(1 << 16, (rows.count + crew.threads - 1) / crew.threads)
    guard rows.count > stretch else { return taking(rows) }
    return TextColumn(
      joining: crew.mapBlocks(count: rows.count, blockSize: stretch) { range, _ in taking(Array(rows[range]))
      })
  }
}
