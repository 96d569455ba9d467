/// One field of a row: where its text stands, and whether doubled quotes must be undone.
struct FieldRange: Sendable {
  /// First byte of the text, past an opening quote.
  var start: Int
  /// One past the last byte, before a closing quote.
  var end: Int
  /// Doubled quotes stand inside.
  var hasDoubledQuotes: Bool
  /// The field stands in quotes.
  var isQuoted: Bool
}

/// What came of looking for a row.
enum RowOutcome: Sendable, Equatable {
  /// There was one.
  case row
  /// The file is at its end.
  case end
  /// A quote opened at this byte is never closed.
  case unbalanced(at: Int)
}

/// Splits delimited text into rows and fields: quotes around a field, doubled inside; lines end with
/// LF, CRLF or CR, also inside quotes, where they belong to the text.
///
/// It keeps its place and not the bytes, which are lent to each call and must be the same each time.
struct RowScanner {
  let delimiter: UInt8
  /// The next byte to look at.
  var offset: Int
  /// The row's fields.
  private(set) var fields: [FieldRange] = []
  /// First byte of the row.
  private(set) var rowStart = 0
  /// One past its last byte, line end left out.
  private(set) var rowEnd = 0
  /// The line, from 1, the row begins on.
  private(set) var line = 1
  /// The line, from 1, the next row begins on.
  private(set) var nextLine = 1
  /// A byte 0 stands in the row.
  private(set) var hasNul = false
  /// A byte above 127 stands in the row.
  private(set) var hasHigh = false
  /// Text stands between a closing quote and the delimiter: the byte where.
  private(set) var stray: Int?

  init(delimiter: UInt8, offset: Int = 0) {
    self.delimiter = delimiter
    self.offset = offset
  }

  /// Passes over rows that were read otherwise: `lines` lines, and the next byte to look at.
  mutating func skip(to offset: Int, lines: Int) {
    self.offset = offset
    nextLine += lines
  }

  /// Whether the row is a line with nothing on it.
  var isBlank: Bool { fields.count == 1 && rowStart == rowEnd }

  /// Finds the next row.
  mutating func next(_ bytes: Span<UInt8>) -> RowOutcome {
    let count = bytes.count
    let delimiter = delimiter
    guard offset < count else { return .end }
    var fields = fields
    self.fields = []
    defer { self.fields = fields }
    fields.removeAll(keepingCapacity: true)
    rowStart = offset
    line = nextLine
    hasNul = false
    stray = nil
    var seen: UInt8 = 0
    let quote = UInt8(ascii: "\"")
    var place = offset
    var newlines = 0
    while true {
      // A field begins at `place`.
      if place < count, bytes[place] == quote {
        let open = place
        place += 1
        var doubled = false
        var end = place
        while true {
          guard place < count else { return .unbalanced(at: open) }
          let byte = bytes[place]
          if byte == quote {
            if place + 1 < count, bytes[place + 1] == quote {
              doubled = true
              place += 2
              continue
            }
            end = place
            place += 1
            break
          }
          seen |= byte
          if byte == 0 { hasNul = true }
          if byte == 0x0A || (byte == 0x0D && !(place + 1 < count && bytes[place + 1] == 0x0A)) {
            newlines += 1
          }
          place += 1
        }
        fields.append(FieldRange(start: open + 1, end: end, hasDoubledQuotes: doubled, isQuoted: true))
        if place < count, bytes[place] != delimiter, bytes[place] != 0x0A, bytes[place] != 0x0D {
          stray = stray ?? place
          while place < count, bytes[place] != delimiter, bytes[place] != 0x0A, bytes[place] != 0x0D {
            seen |= bytes[place]
            place += 1
          }
        }
      } else {
        let start = place
        while place < count {
          let byte = bytes[place]
          // Two comparisons for nearly every byte.
          if byte == delimiter || byte <= 0x0D {
            if byte == delimiter || byte == 0x0A || byte == 0x0D { break }
            if byte == 0 { hasNul = true }
          }
          seen |= byte
          place += 1
        }
        fields.append(FieldRange(start: start, end: place, hasDoubledQuotes: false, isQuoted: false))
      }
      if place < count, bytes[place] == delimiter {
        place += 1
        continue
      }
      rowEnd = place
      if place < count {
        if bytes[place] == 0x0D, place + 1 < count, bytes[place + 1] == 0x0A { place += 1 }
        place += 1
      }
      break
    }
    offset = place
    nextLine = line + newlines + 1
    hasHigh = seen >= 0x80
    return .row
  }

  /// The line and character (both from 1) where `byte` of the current row stands.
  func position(of byte: Int, _ bytes: Span<UInt8>) -> (line: Int, column: Int) {
    place.position(of: byte, bytes)
  }

  /// The text of a field with doubled quotes undone, bytes that are not UTF-8 replaced.
  func string(_ field: FieldRange, _ bytes: Span<UInt8>) -> String {
    String(decoding: undoubled(bytes, field.start, field.end, field.hasDoubledQuotes), as: UTF8.self)
  }

  /// Where the current row stands.
  var place: RowPlace { RowPlace(start: rowStart, end: rowEnd, line: line) }

  /// Whether the row's bytes are valid UTF-8; else the first byte that is not.
  func invalidByte(_ bytes: Span<UInt8>) -> Int? {
    guard hasHigh else { return nil }
    return firstInvalidUTF8(bytes, rowStart..<rowEnd)
  }
}

/// The first byte of `range` that does not belong to valid UTF-8; `nil` where all do.
func firstInvalidUTF8(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
  var place = range.lowerBound
  func continues(_ offset: Int) -> Bool {
    place + offset < range.upperBound && bytes[place + offset] & 0xC0 == 0x80
  }
  while place < range.upperBound {
    let byte = bytes[place]
    if byte < 0x80 {
      place += 1
    } else if byte >= 0xC2, byte < 0xE0, continues(1) {
      place += 2
    } else if byte >= 0xE0, byte < 0xF0, continues(1), continues(2),
      !(byte == 0xE0 && bytes[place + 1] < 0xA0), !(byte == 0xED && bytes[place + 1] >= 0xA0)
    {
      place += 3
    } else if byte >= 0xF0, byte < 0xF5, continues(1), continues(2), continues(3),
      !(byte == 0xF0 && bytes[place + 1] < 0x90), !(byte == 0xF4 && bytes[place + 1] >= 0x90)
    {
      place += 4
    } else {
      return place
    }
  }
  return nil
}
