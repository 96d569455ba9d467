import Delimited
import Tabular
import Testing

private func column(_ texts: [String], _ type: ColumnType) throws -> DelimitedContents {
  let bytes = Array(("id,x\n" + texts.indices.map { "k\($0),\(texts[$0])\n" }.joined()).utf8)
  let requests = [ColumnRequest(name: "id", type: .text, isKey: true), ColumnRequest(name: "x", type: type)]
  return try DelimitedReader(dialect: Dialect(missing: ["NA", "-1"]), requests: requests)
    .read(unsafe bytes.span.bytes, file: "f.csv")
}

private struct Draws {
  var state: UInt64
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    var bits = state
    bits = (bits ^ (bits >> 33)) &* 0xff51_afd7_ed55_8ccd
    return bits ^ (bits >> 33)
  }
}

@Test func `shortest texts of random doubles are read back to the last bit`() throws {
  var draws = Draws(state: 7)
  var values: [Double] = []
  while values.count < 20_000 {
    let value = Double(bitPattern: draws.next())
    if value.isFinite { values.append(value) }
  }
  let read = try column(values.map(\.description), .real).table.numbers("x")
  #expect(read.map(\.bitPattern) == values.map(\.bitPattern))
}

@Test func `amounts with a few decimals are the nearest doubles`() throws {
  var draws = Draws(state: 8)
  let texts = (0..<50_000).map { (_: Int) -> String in
    let whole = draws.next() % 1_000_000_000
    let places = Int(draws.next() % 7)
    let fraction = String(draws.next() % 1_000_000_000).prefix(places)
    return (draws.next() % 4 == 0 ? "-" : "") + "\(whole)" + (fraction.isEmpty ? "" : ".\(fraction)")
  }
  let contents = try column(texts.filter { $0 != "-1" }, .real)
  let expected = texts.filter { $0 != "-1" }.compactMap(Double.init)
  #expect(try contents.table.numbers("x").map(\.bitPattern) == expected.map(\.bitPattern))
}

private let wholes: [(text: String, value: Int64?)] = [
  ("9223372036854775807", .max), ("-9223372036854775808", .min), ("9223372036854775808", nil),
  ("1234567890123456789", 1_234_567_890_123_456_789), ("9007199254740993.0", 9_007_199_254_740_993),
  ("42.0", 42), ("42.00000000000000000000", 42), ("42.00000000000000000001", nil), ("+7", 7), (" 7 ", 7),
  ("1.5e3", 1500), ("15e-1", nil), ("150e-1", 15), ("1e18", 1_000_000_000_000_000_000), ("1e19", nil),
  ("0e99", 0),
  ("-0", 0), ("000012", 12), ("100000000000000000000", nil), ("4503599627370497.0000001", nil), ("1e", nil),
  ("--1", nil), (".", nil), ("1.2.3", nil), ("0.0", 0), ("-5.", -5), ("12a", nil), ("1_000", nil),
]

@Test(arguments: wholes.indices)
func `a whole number is exactly what is written, or the row is rejected`(place: Int) throws {
  let contents = try column([wholes[place].text], .integer)
  if let value = wholes[place].value {
    #expect(try contents.table.integers("x").values == [value])
  } else {
    #expect(contents.rejects.map(\.rule) == ["wrongType"])
  }
}

@Test func `a declared spelling of missing that is a number is missing`() throws {
  let table = try column(["1", "-1", " -1 ", "-10", "NA", "N"], .category).table
  #expect((0..<6).map { table.columns[1].display($0) } == ["1", nil, nil, "-10", nil, "N"])
  #expect(try column(["-1", "-2"], .integer).table.integers("x").isPresent(0) == false)
  #expect(try column(["-1", "-2"], .real).table.numbers("x")[0].isNaN)
}
