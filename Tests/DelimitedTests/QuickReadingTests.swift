import Tabular
import Testing

@testable import Delimited

private struct Draws {
  var state: UInt64
  mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }
  mutating func one<Value>(of values: [Value]) -> Value { values[below(values.count)] }
}

private let requests = [
  ColumnRequest(name: "id", type: .integer, isKey: true), ColumnRequest(name: "name", type: .text),
  ColumnRequest(name: "city", type: .category), ColumnRequest(name: "age", type: .integer),
  ColumnRequest(name: "balance", type: .real),
]

/// What reading gave, so that two readings can be compared whole: values by their bits.
private enum Reading: Equatable {
  case contents(table: Table, bits: [UInt64], rejects: [RejectedRow], rows: Int, blank: Int)
  case refused(DelimitedError)

  init(_ bytes: [UInt8], _ dialect: Dialect, quick: Bool, threads: Int = 1, size: Int? = nil) throws {
    var reader = DelimitedReader(dialect: dialect, requests: requests)
    reader.isQuick = quick
    reader.blockSize = size
    do throws(DelimitedError) {
      let found = try reader.read(unsafe bytes.span.bytes, file: "f.csv", threads: threads)
      guard case .real(let balance) = found.table.columns[4] else {
        preconditionFailure("the balance is a real number")
      }
      self = .contents(
        table: found.table, bits: balance.values.map(\.bitPattern), rejects: found.rejects,
        rows: found.rowsRead,
        blank: found.blankLines)
    } catch { self = .refused(error) }
  }

  var rejected: Int { if case .contents(_, _, let rejects, _, _) = self { rejects.count } else { 0 } }
}

private func number(_ draws: inout Draws) -> String {
  let digits = (0..<(1 + draws.below(19))).map { _ in String(draws.below(10)) }.joined()
  let point = draws.below(digits.count + 1)
  return switch draws.below(9) {
  case 0: digits
  case 1: "-" + digits
  case 2, 3, 4: digits.prefix(point) + "." + digits.dropFirst(point)
  case 5: "-" + digits.prefix(point) + "." + digits.dropFirst(point)
  case 6: String(draws.below(900))
  case 7: "\(draws.below(200_000)).\(draws.below(100))"
  default:
    draws.one(of: ["", "NA", "-", ".", "-.", "1e3", "+5", " 7 ", "1.2.3", "12a", "0", "-0", "-0.0", "00"])
  }
}

/// A file of which most rows are plain; `faults` of a thousand fields are odd.
private func file(_ draws: inout Draws, rows: Int, faults: Int, end: String) -> [UInt8] {
  let cities = [
    "Oslo", "Bergen", "Ярославль", "Sixteen letters!", "Seventeen letters", "", "NA", "Na", "aaaaaaaa",
    "aaaaaaaab",
  ]
  let odd = [
    "\"a,b\"", "\"say \"\"so\"\"\"", "\"line\none\"", "5\" wide", "\"x\"y", "\u{0}", "a\rb", "more,fields",
    "\"\"",
  ]
  var text = draws.one(of: ["", "\u{FEFF}"]) + "id,name,city,age,balance" + end
  for row in 0..<rows {
    let plainAge = String(draws.below(90))
    var fields = [
      String(15_000_000 + row),
      draws.one(of: ["Novak", "Smith", "N", "NA", "", "Müller", String(repeating: "x", count: 40)]),
      draws.one(of: cities), draws.below(20) == 0 ? number(&draws) : plainAge,
      number(&draws),
    ]
    for place in fields.indices where draws.below(1000) < faults { fields[place] = draws.one(of: odd) }
    if draws.below(1000) < faults { fields[0] = draws.one(of: ["1.5E+07", "", "id", "12345678901234567"]) }
    if draws.below(1000) < faults { fields = ["id", "name", "city", "age", "balance"] }
    if draws.below(1000) < faults { fields = [""] }
    text +=
      fields.joined(separator: ",")
      + (draws.below(1000) < faults ? draws.one(of: ["\n", "\r\n", "\r"]) : end)
  }
  return Array(text.utf8)
}

private let dialects = [
  Dialect(missing: ["NA"]), Dialect(missing: ["NA", "-1", "999"]), Dialect(delimiter: 0x3B, decimal: 0x2C),
]

@Test(arguments: [0, 2, 30, 300], ["\n", "\r\n"])
func `rows read many bytes at a time are those read byte by byte, and so are the rejects`(
  faults: Int, end: String
) throws {
  var draws = Draws(state: UInt64(faults * 2 + end.utf8.count))
  for round in 0..<12 {
    var bytes = file(&draws, rows: 20 + draws.below(3000), faults: faults, end: end)
    let dialect = dialects[round % 3]
    if dialect.delimiter == 0x3B {
      bytes = bytes.map { $0 == 0x2C ? 0x3B : $0 == 0x2E ? 0x2C : $0 }
    }
    if round % 4 == 3 { bytes.removeLast(draws.below(30)) }
    let slow = try Reading(bytes, dialect, quick: false)
    #expect(try Reading(bytes, dialect, quick: true) == slow)
    #expect(try Reading(bytes, dialect, quick: true, threads: 2, size: 1 << (6 + draws.below(10))) == slow)
    if faults == 30 { #expect(slow.rejected > 0) }
  }
}

@Test func `any bytes at all are read alike many at a time and one by one`() throws {
  var draws = Draws(state: 5)
  let telling = Array("\",;\t|\r\n\n\n\u{0}-.eE09 N".utf8) + [0xFF, 0xC0, 0xE2, 0xD0]
  let sample = file(&draws, rows: 60, faults: 10, end: "\n")
  var taken = 0
  for _ in 0..<1500 {
    var bytes = sample
    for _ in 0..<(1 + draws.below(8)) {
      let place = 28 + draws.below(bytes.count - 28)
      switch draws.below(4) {
      case 0: bytes.remove(at: place)
      case 1: bytes.insert(draws.one(of: telling), at: place)
      default: bytes[place] = draws.one(of: telling)
      }
    }
    let slow = try Reading(bytes, dialects[0], quick: false)
    #expect(try Reading(bytes, dialects[0], quick: true) == slow)
    if case .contents = slow { taken += 1 }
  }
  #expect(taken > 500)
}

@Test(arguments: 1...16)
func `digits are put together exactly, and anything else among them is found`(count: Int) throws {
  var draws = Draws(state: UInt64(count))
  for _ in 0..<2000 {
    let digits = (0..<count).map { _ in UInt8(ascii: "0") + UInt8(draws.below(10)) }
    var bytes = Array("a,b,c,d,e,f,g,h\n".utf8) + (0..<16).map { _ in UInt8(draws.below(256)) }
    bytes.replaceSubrange((32 - count)..<32, with: digits)
    let isSpoilt = draws.below(3) == 0
    if isSpoilt {
      bytes[32 - count + draws.below(count)] = draws.one(of: [0, 0x2F, 0x3A, 0x20, 0x2E, 0xB0, 0xFF])
    }
    var rows = HeldRows(width: 1, capacity: 1, delimiter: 0x2C)
    rows.clear(base: 16)
    rows.append([FieldRange(start: 32 - count, end: 32, hasDoubledQuotes: false, isQuoted: false)])
    var (values, empty, other): ([Int64], [Int], [Int]) = ([7], [], [])
    FieldSource.with(bytes.span, rows, 0) { $0.wholes(into: &values, empty: &empty, other: &other) }
    #expect(empty.isEmpty)
    if isSpoilt {
      #expect(other == [0])
    } else {
      #expect(other.isEmpty && values == [Int64(String(decoding: digits, as: UTF8.self))])
    }
  }
}
