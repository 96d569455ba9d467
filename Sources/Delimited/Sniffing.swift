/// What a file's beginning shows of how it is written.
package struct SniffedDialect: Sendable, Equatable {
  /// Between fields.
  package var delimiter: UInt8
  /// `.` or `,` in numbers.
  package var decimal: UInt8
  /// A byte-order mark stands first.
  package var hasByteOrderMark: Bool
  /// How lines end.
  package var lineEnds: LineEnds
  /// Where the bytes stop being UTF-8; `nil` where they never do.
  package var firstInvalidByte: Int?
}

extension SniffedDialect {
  /// How many bytes from the start are looked at.
  package static let window = 262_144

  /// What the first `window` bytes of `raw` show. The delimiter is the one that splits the most rows
  /// into the header's number of fields, more fields first; numbers have a decimal comma where fields
  /// of digits, comma, digits stand and none with a point.
  package init(_ raw: RawSpan) {
    // Bytes have no padding, so viewing them typed is safe.
    let bytes = unsafe raw._unsafeView(as: UInt8.self)
    let count = min(bytes.count, SniffedDialect.window)
    let mark = count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
    hasByteOrderMark = mark
    var feeds = 0
    var pairs = 0
    var returns = 0
    for place in 0..<count {
      if bytes[place] == 0x0A {
        if place > 0, bytes[place - 1] == 0x0D { pairs += 1 } else { feeds += 1 }
      } else if bytes[place] == 0x0D, place + 1 >= count || bytes[place + 1] != 0x0A {
        returns += 1
      }
    }
    let kinds = [feeds, pairs, returns].filter { $0 > 0 }.count
    lineEnds = kinds > 1 ? .mixed : pairs > 0 ? .both : returns > 0 ? .carriageReturn : .lineFeed
    // A character cut in two by the window's end is no fault.
    let invalid = firstInvalidUTF8(bytes, 0..<count)
    firstInvalidByte = invalid.flatMap { count < bytes.count && $0 >= count - 3 ? nil : $0 }

    let head = bytes.extracting(0..<count)
    var best: (delimiter: UInt8, score: Double, fields: Int) = (UInt8(ascii: ","), -1, 1)
    for candidate in [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|")] {
      var scanner = RowScanner(delimiter: candidate, offset: mark ? 3 : 0)
      guard scanner.next(head) == .row else { continue }
      let fields = scanner.fields.count
      var rows = 0
      var fitting = 0
      while rows < 500, scanner.next(head) == .row {
        if scanner.isBlank || scanner.offset >= count { continue }
        rows += 1
        if scanner.fields.count == fields { fitting += 1 }
      }
      let share = rows == 0 ? 1 : Double(fitting) / Double(rows)
      let score = fields == 1 ? 0 : share
      if score > best.score + 0.02 || (score > best.score - 0.02 && fields > best.fields) {
        best = (candidate, score, fields)
      }
    }
    delimiter = best.delimiter
    decimal = SniffedDialect.decimal(head, delimiter: best.delimiter, start: mark ? 3 : 0)
  }

  private static func decimal(_ head: Span<UInt8>, delimiter: UInt8, start: Int) -> UInt8 {
    let comma = UInt8(ascii: ",")
    let point = UInt8(ascii: ".")
    var scanner = RowScanner(delimiter: delimiter, offset: start)
    guard scanner.next(head) == .row else { return point }
    var commas = 0
    var points = 0
    var rows = 0
    while rows < 2000, scanner.next(head) == .row {
      rows += 1
      for field in scanner.fields {
        if case .real = parseNumber(head, field.start, field.end, decimal: point) { points += 1 }
        if case .real = parseNumber(head, field.start, field.end, decimal: comma) {
          // 1e5 reads with either; only a comma counts for the comma.
          for place in field.start..<field.end where head[place] == comma { commas += 1 }
        }
      }
    }
    return commas > points ? comma : point
  }
}
