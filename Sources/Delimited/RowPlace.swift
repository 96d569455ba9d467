/// Where a row stands in a file.
struct RowPlace: Sendable {
  /// First byte.
  var start: Int
  /// One past the last byte, line end left out.
  var end: Int
  /// The line, from 1, it begins on.
  var line: Int

  /// The line and character (both from 1) where `byte` of the row stands.
  func position(of byte: Int, _ bytes: Span<UInt8>) -> (line: Int, column: Int) {
    var line = line
    var first = start
    var place = start
    while place < byte {
      let value = bytes[place]
      if value == 0x0A || (value == 0x0D && !(place + 1 < bytes.count && bytes[place + 1] == 0x0A)) {
        line += 1
        first = place + 1
      }
      place += 1
    }
    var column = 1
    for place in first..<max(first, byte) where bytes[place] & 0xC0 != 0x80 { column += 1 }
    return (line, column)
  }

  /// The whole row as read, bytes that are not UTF-8 replaced.
  func text(_ bytes: Span<UInt8>) -> String {
    String(decoding: undoubled(bytes, start, end, false), as: UTF8.self)
  }
}
