import Dispatch
import Synchronization

/// The rows of one stretch of a file.
struct RowBlock: Sendable {
  /// First byte, and one past the last row's line end.
  private(set) var start: Int
  var end: Int
  var batch: RowBatch
  /// Rows read, blank lines passed over, line ends passed.
  var rows = 0
  var blankLines = 0
  var lines = 0
  /// The row, and the byte in it, where a quote opens that is never closed.
  var unbalanced: (row: RowPlace, byte: Int)?

  init(start: Int, batch: RowBatch) {
    self.start = start
    end = start
    self.batch = batch
  }

  /// Lets go of all rows; those to come begin at byte `start`.
  mutating func clear(start: Int, limit: Int) {
    self.start = start
    end = start
    batch.clear(limit: limit)
    (rows, blankLines, lines, unbalanced) = (0, 0, 0, nil)
  }

  /// Counts a block in that comes next; its batch is joined otherwise.
  mutating func add(_ later: RowBlock) {
    end = later.end
    rows += later.rows
    blankLines += later.blankLines
    lines += later.lines
  }
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
  var size = 1 << 18
  /// Stretches read before their rows are joined.
  private static let stretchesAThread = 8
  /// Plain rows are split many bytes at a time.
  var isQuick = true

  /// All rows from byte `first` on.
  func readAll(
    _ bytes: Span<UInt8>, from first: Int, threads: Int, progress: (_ rows: Int, _ byte: Int) -> Void
  ) -> RowBlock {
    let count = (bytes.count - first + size - 1) / size
    guard threads > 1, count > 1 else {
      var whole = RowBlock(start: first, batch: batch(until: bytes.count))
      read(bytes, into: &whole, until: bytes.count, progress: progress)
      return whole
    }
    var whole = RowBlock(start: first, batch: batch(until: bytes.count))
    // Some stretches at a time: what they were read into is used again for the next ones.
    let most = min(count, threads * BlockReader.stretchesAThread)
    var blocks = (0..<most).map { _ in RowBlock(start: first, batch: batch(until: first)) }
    for stretch in stride(from: 0, to: count, by: most) {
      let round = first + stretch * size
      let direct = readTogether(
        bytes, into: &whole, &blocks, from: round, count: min(most, count - stretch), threads: threads)
      var joined: [(batch: RowBatch, lines: Int)] = []
      for index in direct..<min(most, count - stretch) where whole.unbalanced == nil {
        let limit = min(bytes.count, round + (index + 1) * size)
        // A row longer than a stretch leaves nothing of it.
        if whole.end >= limit { continue }
        if blocks[index].start != whole.end {
          blocks[index].clear(start: whole.end, limit: limit)
          read(bytes, into: &blocks[index], until: limit, progress: { _, _ in })
        }
        if let unbalanced = blocks[index].unbalanced {
          var row = unbalanced.row
          row.line += whole.lines
          whole.unbalanced = (row, unbalanced.byte)
        }
        joined.append((blocks[index].batch, whole.lines))
        whole.add(blocks[index])
      }
      if whole.batch.taken == 0, let sample = joined.first(where: { $0.batch.taken > 0 })?.batch {
        let rows = joined.reduce(0) { $0 + $1.batch.taken }
        let perByte = Double(rows) / Double(whole.end - first)
        whole.batch.reserve(Int(Double(bytes.count - first) * perByte * 1.02), like: sample)
      }
      if !joined.isEmpty { whole.batch.append(joined, threads: threads) }
      if whole.unbalanced != nil { break }
      progress(whole.rows, whole.end)
    }
    return whole
  }

  private func batch(until limit: Int) -> RowBatch {
    RowBatch(
      requests: requests, places: places, dialect: dialect, header: header, mostTextBytes: mostTextBytes,
      limit: limit, isQuick: isQuick)
  }

  /// The rows that begin at the block's end or later and before `limit`, added to those it has.
  private func read(
    _ bytes: Span<UInt8>, into block: inout RowBlock, until limit: Int,
    progress: (_ rows: Int, _ byte: Int) -> Void
  ) {
    var scanner = RowScanner(delimiter: dialect.delimiter)
    scanner.skip(to: block.end, lines: block.lines)
    scan: while scanner.offset < limit {
      if isQuick {
        let before = block.rows
        block.rows += block.batch.addPlain(&scanner, until: limit, bytes)
        if block.rows >> 16 != before >> 16 { progress(block.rows, block.batch.firstByte) }
        // Stopped by the end of a batch, or by a row that is not plain: the next try tells.
        if block.rows > before { continue }
      }
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
        block.batch.add(scanner, bytes)
        if block.rows & 0xFFFF == 0 { progress(block.rows, block.batch.firstByte) }
      }
    }
    block.batch.flush(bytes)
    block.end = scanner.offset
    block.lines = scanner.nextLine - 1
  }

  /// Reads `count` stretches from byte `start` on, `threads` at a time: the first worker from the front, straight into
  /// `whole`, the others from the back into a block each, whose rows are joined later. Gives how many the first read.
  private func readTogether(
    _ bytes: Span<UInt8>, into whole: inout RowBlock, _ blocks: inout [RowBlock], from start: Int, count: Int,
    threads: Int
  ) -> Int {
    let taken = Atomic(0)
    let direct = Atomic(0)
    let fromBack = Atomic(0)
    unsafe blocks.withUnsafeMutableBufferPointer { blocks in
      unsafe withUnsafeMutablePointer(to: &whole) { whole in
        unsafe bytes.withUnsafeBufferPointer { buffer in
          // Only lent, only read, and not beyond this call; each block is touched by the one worker that drew its
          // number, the whole by the first.
          nonisolated(unsafe) let (shared, blocks, whole) = unsafe (buffer, blocks, whole)
          DispatchQueue.concurrentPerform(iterations: threads) { worker in
            let bytes = unsafe shared.span
            while taken.wrappingAdd(1, ordering: .relaxed).oldValue < count {
              if worker == 0 {
                let index = direct.wrappingAdd(1, ordering: .relaxed).oldValue
                let limit = min(bytes.count, start + (index + 1) * size)
                // A row longer than a stretch leaves nothing of it; after a quote that is never closed is nothing.
                if unsafe whole.pointee.end < limit, unsafe whole.pointee.unbalanced == nil {
                  unsafe read(bytes, into: &whole.pointee, until: limit, progress: { _, _ in })
                }
              } else {
                let index = count - 1 - fromBack.wrappingAdd(1, ordering: .relaxed).oldValue
                let place = start + index * size
                let limit = min(bytes.count, place + size)
                let first = BlockReader.rowStart(bytes, from: place)
                unsafe blocks[index].clear(start: first, limit: limit)
                if first >= limit { continue }
                unsafe read(bytes, into: &blocks[index], until: limit, progress: { _, _ in })
              }
            }
          }
        }
      }
    }
    return direct.load(ordering: .relaxed)
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
