/// Finds the messages of an Arrow IPC file by its footer.
struct MessageReader {
  /// Bytes between the leading and the trailing marks, to which everything must belong.
  private let contents: Range<Int>
  private let footerRange: Range<Int>

  /// Checks the marks at both ends.
  init(_ bytes: RawSpan) throws(ColumnarError) {
    let magic = TableEncoder.magic
    let count = bytes.byteCount
    let head = MessageReader.copy(bytes, 0..<min(count, magic.count))
    guard count > 0, head.elementsEqual(magic.prefix(head.count)) else {
      throw ColumnarError(
        .foreign,
        count == 0
          ? "the file is empty, not an Arrow IPC file."
          : "the file does not begin as an Arrow IPC file (Feather version 2) does.")
    }
    // Both marks, the padding, the end of the stream and the footer's length.
    guard count >= 8 + 4 + magic.count,
      MessageReader.copy(bytes, (count - magic.count)..<count) == magic
    else {
      throw ColumnarError(
        .truncated, "the file ends too early, after \(count) bytes: its end mark is missing.")
    }
    let place = count - magic.count - 4
    let length = Int(MessageReader.int32(bytes, at: place))
    guard length > 0, length <= place - 8 else {
      throw MessageReader.damaged("its footer's length is impossible")
    }
    contents = 8..<(place - length)
    footerRange = (place - length)..<place
  }

  static func damaged(_ what: String) -> ColumnarError {
    ColumnarError(.damaged, "the file does not fit together: \(what).")
  }

  /// The footer's root table.
  func footer(_ bytes: RawSpan) throws(ColumnarError) -> FlatView {
    try FlatView(root: MessageReader.copy(bytes, footerRange))
  }

  /// The blocks that slot of the footer lists.
  func blocks(_ footer: FlatView, _ slot: Int) throws(ColumnarError) -> [ArrowMessages.Block] {
    let words = try footer.structs(slot, words: 3)
    var blocks: [ArrowMessages.Block] = []
    for first in stride(from: 0, to: words.count, by: 3) {
      // The metadata's length is 32 bits; the rest of its word is padding.
      let metadata = Int64(Int32(truncatingIfNeeded: words[first + 1]))
      let (offset, body) = (words[first], words[first + 2])
      let room = Int64(contents.upperBound)
      guard offset >= 8, metadata >= 8, body >= 0, offset <= room, metadata <= room - offset,
        body <= room - offset - metadata
      else { throw MessageReader.damaged("a message lies outside of it") }
      blocks.append(
        ArrowMessages.Block(offset: Int(offset), metadataLength: Int(metadata), bodyLength: Int(body)))
    }
    return blocks
  }

  /// The header of that kind in the message of `block`, and where its body stands.
  func message(
    _ bytes: RawSpan, _ block: ArrowMessages.Block, code: UInt8
  ) throws(ColumnarError) -> (header: FlatView, body: Range<Int>) {
    // Before version 0.15 there was no mark before the length.
    let marked = MessageReader.int32(bytes, at: block.offset) == -1
    let start = block.offset + (marked ? 8 : 4)
    let past = block.offset + block.metadataLength
    guard start < past else { throw MessageReader.damaged("a message is empty") }
    let message = try FlatView(root: MessageReader.copy(bytes, start..<past))
    guard try message.number(1, absent: UInt8(0)) == code, let header = try message.table(2) else {
      throw MessageReader.damaged("a message is of another kind than the footer says")
    }
    return (header, past..<(past + block.bodyLength))
  }

  /// Copies a checked range.
  private static func copy(_ bytes: RawSpan, _ range: Range<Int>) -> [UInt8] {
    unsafe bytes.extracting(range).withUnsafeBytes { unsafe [UInt8]($0) }
  }

  private static func int32(_ bytes: RawSpan, at place: Int) -> Int32 {
    unsafe bytes.unsafeLoadUnaligned(fromByteOffset: place, as: Int32.self)
  }
}
