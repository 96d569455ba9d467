package import Tabular

/// What one column of a file holds, seen over all its rows.
package struct ColumnProfile: Sendable, Equatable {
  /// The header's name.
  package var name: String
  /// Rows that hold nothing.
  package var missing = 0
  /// Rows of whole numbers.
  package var wholes = 0
  /// Rows of numbers that are not written whole.
  package var reals = 0
  /// Of these, whole all the same, such as 850.0.
  package var wholeReals = 0
  /// Rows of text.
  package var texts = 0
  /// Whole numbers that begin with a needless 0: codes, no amounts.
  package var leadingZeros = 0
  /// Numbers with an exponent.
  package var scientific = 0
  /// Different texts as read, in order of first appearance, with their counts; stops at `distinctLimit`.
  package var values: [(text: String, rows: Int)] = []
  /// More different texts than `distinctLimit` were seen.
  package var hasMoreValues = false
  /// Number of different texts by hash, over all rows.
  package var distinct = 0
  /// Smallest number.
  package var minimum: Double?
  /// Largest number.
  package var maximum: Double?
  /// Longest text in bytes.
  package var longest = 0

  /// Different texts that are kept.
  package static let distinctLimit = 200

  /// Rows that hold something.
  package var present: Int { wholes + reals + texts }

  /// The type the column reads as without loss: numbers where every present row is one and none is a
  /// code with a leading 0; else categories up to a thousand different texts that repeat; else text.
  package var type: ColumnType {
    if present > 0, texts == 0, leadingZeros == 0 { return reals == 0 ? .integer : .real }
    if present == 0 { return .category }
    return distinct <= 1000 && (distinct * 2 <= present || distinct <= 30) ? .category : .text
  }

  package static func == (left: ColumnProfile, right: ColumnProfile) -> Bool {
    left.name == right.name && left.missing == right.missing && left.wholes == right.wholes
      && left.reals == right.reals && left.texts == right.texts && left.distinct == right.distinct
      && left.values.elementsEqual(right.values) { $0.text == $1.text && $0.rows == $1.rows }
  }
}

/// What a whole file holds.
package struct FileProfile: Sendable {
  /// Its columns, in order.
  package var columns: [ColumnProfile]
  /// Rows that fit the header, blank lines and a repeated header not counted.
  package var rows: Int
  /// Rows that do not fit.
  package var misfits: Int

  /// Looks at all rows of `raw`; throws where no header or no row can be had.
  package init(_ raw: RawSpan, dialect: Dialect, file: String) throws(DelimitedError) {
    // Bytes have no padding, so viewing them typed is safe.
    let bytes = unsafe raw._unsafeView(as: UInt8.self)
    if dialect.encoding != .utf8 {
      let text = transcoded(bytes, from: dialect.encoding)
      self = try FileProfile(text: text.span, dialect: dialect, file: file)
    } else {
      self = try FileProfile(text: bytes, dialect: dialect, file: file)
    }
  }

  private init(text bytes: Span<UInt8>, dialect: Dialect, file: String) throws(DelimitedError) {
    let mark = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
    var scanner = RowScanner(delimiter: dialect.delimiter, offset: mark ? 3 : 0)
    let header = try DelimitedReader.header(&scanner, bytes, file: file)
    let headerBytes = header.map { Array($0.utf8) }
    var profilers = header.map { ColumnProfiler($0, dialect: dialect) }
    rows = 0
    misfits = 0
    scan: while true {
      switch scanner.next(bytes) {
      case .end: break scan
      case .unbalanced(let byte):
        let position = scanner.position(of: byte, bytes)
        throw DelimitedError(
          .unbalancedQuote, "a quote opens here and is never closed.",
          place: "\(file):\(position.line):\(position.column)",
          remedy: "Close it, or double it if it belongs to the text.")
      case .row:
        if scanner.isBlank, header.count > 1 { continue }
        guard scanner.fields.count == header.count, !scanner.hasNul, scanner.stray == nil,
          scanner.invalidByte(bytes) == nil
        else {
          misfits += 1
          continue
        }
        if repeatsHeader(scanner, bytes, headerBytes) {
          misfits += 1
          continue
        }
        rows += 1
        for place in profilers.indices { profilers[place].add(scanner, scanner.fields[place], bytes) }
      }
    }
    guard rows + misfits > 0 else {
      throw DelimitedError(
        .headerOnly, "the file holds a header and no row.", place: "\(file):2:1",
        remedy: "Give a file with at least one customer.")
    }
    columns = profilers.map { $0.finish() }
  }
}

/// Gathers one column's profile.
private struct ColumnProfiler {
  var profile: ColumnProfile
  let decimal: UInt8
  let missing: MissingSpellings
  /// Different texts by hash, each with its place among `values` or −1.
  var seen = HashPlaces()

  init(_ name: String, dialect: Dialect) {
    profile = ColumnProfile(name: name)
    decimal = dialect.decimal
    missing = MissingSpellings(dialect.missing)
  }

  mutating func add(_ scanner: RowScanner, _ field: FieldRange, _ bytes: Span<UInt8>) {
    var start = field.start
    var end = field.end
    while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
    while start < end, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
    if missing.contain(bytes, start, end) {
      profile.missing += 1
      return
    }
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for place in field.start..<field.end { hash = (hash ^ UInt64(bytes[place])) &* 0x0000_0100_0000_01b3 }
    let known = profile.values.count
    let place = seen.place(of: hash, otherwise: known < ColumnProfile.distinctLimit ? Int32(known) : -1)
    if place < 0 {
      profile.hasMoreValues = true
    } else if place < known {
      profile.values[Int(place)].rows += 1
    } else {
      profile.values.append((scanner.string(field, bytes), 1))
    }
    profile.longest = max(profile.longest, field.end - field.start)
    switch parseNumber(bytes, start, end, decimal: decimal) {
    case .whole(let value):
      profile.wholes += 1
      let digits = bytes[start] == UInt8(ascii: "-") ? start + 1 : start
      if bytes[digits] == UInt8(ascii: "0"), end - digits > 1 { profile.leadingZeros += 1 }
      note(Double(value))
    case .real where isAllDigits(bytes, start, end):
      // Too long for a whole number of 64 bits: a code, which a real number would round.
      profile.texts += 1
    case .real(let value):
      profile.reals += 1
      if value == value.rounded() { profile.wholeReals += 1 }
      for place in start..<end where bytes[place] | 0x20 == UInt8(ascii: "e") { profile.scientific += 1 }
      note(value)
    case .missing, .notANumber: profile.texts += 1
    }
  }

  private func isAllDigits(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    for place in start..<end where bytes[place] &- UInt8(ascii: "0") > 9 {
      if place > start || bytes[place] != UInt8(ascii: "-") && bytes[place] != UInt8(ascii: "+") {
        return false
      }
    }
    return true
  }

  private mutating func note(_ value: Double) {
    profile.minimum = min(profile.minimum ?? value, value)
    profile.maximum = max(profile.maximum ?? value, value)
  }

  func finish() -> ColumnProfile {
    var finished = profile
    finished.distinct = seen.count
    return finished
  }
}
