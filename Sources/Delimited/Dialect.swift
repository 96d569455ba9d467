/// How a delimited file is encoded.
package enum TextEncoding: String, Sendable, CaseIterable {
  /// UTF-8, checked row by row.
  case utf8 = "utf-8"
  /// Windows-1251, Cyrillic; declared, never guessed.
  case windows1251 = "windows-1251"
  /// ISO 8859-1; declared, never guessed.
  case latin1 = "latin-1"
}

/// How lines end.
package enum LineEnds: String, Sendable {
  case lineFeed = "LF"
  case both = "CRLF"
  case carriageReturn = "CR"
  case mixed = "mixed"
}

/// How a delimited file is written.
package struct Dialect: Sendable, Equatable {
  /// Between fields.
  package var delimiter: UInt8
  /// Of the text.
  package var encoding: TextEncoding
  /// `.` or `,` in numbers.
  package var decimal: UInt8
  /// Texts that mean "missing" besides the empty one, after trimming spaces.
  package var missing: [String]

  /// A dialect.
  package init(
    delimiter: UInt8 = UInt8(ascii: ","), encoding: TextEncoding = .utf8,
    decimal: UInt8 = UInt8(ascii: "."), missing: [String] = []
  ) {
    self.delimiter = delimiter
    self.encoding = encoding
    self.decimal = decimal
    self.missing = missing
  }

  /// The delimiter in words.
  package var delimiterName: String {
    delimiter == 0x09 ? "tab" : String(Character(Unicode.Scalar(delimiter)))
  }

  /// The delimiter that a word or character names; `nil` where it names none we take.
  package static func delimiter(named name: String) -> UInt8? {
    switch name {
    case ",", ";", "|": name.utf8.first
    case "\t", "tab": 0x09
    default: nil
    }
  }
}
