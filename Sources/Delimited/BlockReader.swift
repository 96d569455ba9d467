import Dispatch
import Synchronization

/// The rows of one stretch of a file.
struct RowBlock: Sendable {
  /// First byte, and one past the last row's line end.
  var start: Int
  var end: Int
  var batch: RowBatch
  /// Rows read, blank lines passed over, line ends passed.
  var rows = 0
  var blankLines = 0
  var lines = 0
  /// The row, and the byte in it, where a quote opens that is never closed.
  var unbalanced: (row: RowPlace, byte: Int)?
}

/// Reads stretches of a file, several at once where there are threads for it.
///
/// A stretch is taken to begin after a line end. Where that line end stood inside quotes it does not: then
/// the stretch before it ends elsewhere, and this one is read again from there. So the rows are the same
/// for any number of threads, whatever the quotes.
struct BlockReader: Sendable {
  let dialect: Dialect
  let requests: [ColumnRequest]
  let places: [Int]
  let header: [String]
  let mostTextBytes: Int
  /// Bytes of a stretch.
  var size = 1 << 22

  /// All rows from byte `first` on.
  func readAll(
    _ bytes: Span<UInt8>, from first: Int, threads: Int, progress: (Int) -> Void
  ) -> RowBlock {
    let count = (bytes.count - first + size - 1) / size
    guard threads > 1, count > 1 else {
      return read(bytes, from: first, until: bytes.count, progress: progress)
    }
    var blocks = readApart(bytes, from: first, count: count, threads: min(threads, count))
    var whole = RowBlock(start: first, end: first, batch: batch(until: bytes.count))
    var hasReserved = false
    for index in 0..<count {
      let limit = min(bytes.count, first + (index + 1) * size)
      // A row longer than a stretch leaves nothing of it.
      if whole.end >= limit { continue }
      var block = blocks[index]
      blocks[index] = nil
      if block?.start != whole.end { block = read(bytes, from: whole.end, until: limit, progress: { _ in }) }
      guard let block else { continue }
      if !hasReserved, block.batch.taken > 0 {
        let perByte = Double(block.batch.taken) / Double(block.end - block.start)
        whole.batch.reserve(Int(Double(bytes.count - first) * perByte * 1.02))
        hasReserved = true
      }
      whole.batch.append(block.batch, lines: whole.lines)
      if let unbalanced = block.unbalanced {
        var row = unbalanced.row
        row.line += whole.lines
        whole.unbalanced = (row, unbalanced.byte)
        return whole
      }
      whole.end = block.end
      whole.rows += block.rows
      whole.blankLines += block.blankLines
      whole.lines += block.lines
      progress(whole.rows)
    }
    return whole
  }

  private func batch(until limit: Int) -> RowBatch {
    RowBatch(
      requests: requests, places: places, dialect: dialect, header: header, mostTextBytes: mostTextBytes,
      limit: limit)
  }

  /// The rows that begin at `start` or later and before `limit`.
  private func read(
    _ bytes: Span<UInt8>, from start: Int, until limit: Int, progress: (Int) -> Void
  ) -> RowBlock {
    var block = RowBlock(start: start, end: start, batch: batch(until: limit))
    var scanner = RowScanner(delimiter: dialect.delimiter, offset: start)
    scan: while scanner.offset < limit {
      switch scanner.next(bytes) {
      case .end: break scan
      case .unbalanced(let byte):
        block.unbalanced = (scanner.place, byte)
        break scan
      case .row:
        if scanner.isBlank, header.count > 1 {
          block.blankLines += 1
          continue
        }
        block.rows += 1
        if block.rows & 0xFFFF == 0 { progress(block.rows) }
        block.batch.add(scanner, bytes)
      }
    }
    block.batch.flush(bytes)
    block.end = scanner.offset
    block.lines = scanner.nextLine - 1
    return block
  }

  /// Every stretch for itself, `threads` at a time.
  private func readApart(_ bytes: Span<UInt8>, from first: Int, count: Int, threads: Int) -> [RowBlock?] {
    let results = Mutex([RowBlock?](repeating: nil, count: count))
    let nextBlock = Atomic(0)
    unsafe bytes.withUnsafeBufferPointer { buffer in
      // Only lent, only read, and not beyond this call.
      nonisolated(unsafe) let shared = unsafe buffer
      DispatchQueue.concurrentPerform(iterations: threads) { _ in
        let bytes = unsafe shared.span
        while true {
          let index = nextBlock.wrappingAdd(1, ordering: .relaxed).oldValue
          guard index < count else { return }
          let start = index == 0 ? first : BlockReader.rowStart(bytes, from: first + index * size)
          let limit = min(bytes.count, first + (index + 1) * size)
          guard start < limit else { continue }
          let block = read(bytes, from: start, until: limit, progress: { _ in })
          results.withLock { $0[index] = block }
        }
      }
    }
    return results.withLock { $0 }
  }

  /// The first byte from `place` on that stands behind a line end.
  private static func rowStart(_ bytes: Span<UInt8>, from place: Int) -> Int {
    var place = place
    while place < bytes.count {
      let before = bytes[place - 1]
      if before == 0x0A || (before == 0x0D && bytes[place] != 0x0A) { return place }
      place += 1
    }
    return place
  }
}
