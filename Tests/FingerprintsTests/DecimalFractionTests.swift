import Testing

@testable import Fingerprints

@Test func `decimal fractions are read to the nearest number, as the C library reads them`() throws {
  var state: UInt64 = 20
  func draw() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return spreadHash(state, 0)
  }
  func check(_ significand: UInt64, _ behind: Int) throws {
    let wanted = try #require(Double("\(significand)e-\(behind)"))
    let found = DecimalFraction.double(significand, behind)
    #expect(found == wanted, "\(significand)e-\(behind)")
  }
  for _ in 0..<20_000 {
    try check((draw() >> (draw() % 64)) % 10_000_000_000_000_000_000, Int(draw() % 28))
    // Half-way between two numbers, and beside it: m/2 with m of 54 bits, times 5/5.
    let half = (draw() >> 11 | 1 << 52) << 1 | 1
    for near in [half - 1, half, half + 1] { try check(near, 0) }
    let (five, isTooMuch) = half.multipliedReportingOverflow(by: 5)
    if !isTooMuch { for near in [five - 1, five, five + 1] { try check(near, 1) } }
  }
  #expect(DecimalFraction.double(1, 28) == nil && DecimalFraction.double(1, -1) == nil)
}

@Test func `numbers of documents read as the C library reads them, however they are written`() throws {
  let texts = [
    "0.1", "-0.1", "0.30000000000000004", "1.7976931348623157e308", "5e-324", "2.2250738585072011e-308",
    "-0.0", "0e5",
    "123456789012345678.9", "0.00000000000000000000000000001", "1e22", "1e23", "9007199254740993",
    "9007199254740993.0",
    "1.00000000000000011102230246251565404236316680908203125", "1.5E+3", "1.5E-3", "0.000001e6",
    "18446744073709551615",
    "9999999999999999999.0", "99999999999999999999.0", "3.4028234663852886e38", "0.1e-27",
  ]
  for text in texts {
    let value = try JSONParser.parse(Array(text.utf8))
    let wanted = try #require(Double(text))
    #expect(value.double?.bitPattern == wanted.bitPattern, "\(text)")
  }
  #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(Array("1e400".utf8)) }
}

@Test func `texts with and without escapes read alike`() throws {
  for (written, wanted) in [
    ("\"\"", ""), ("\"abc\"", "abc"), ("\"a\\nb\"", "a\nb"), ("\"\\u00e9t\u{e9}\"", "été"),
    ("\"\\\"\"", "\""),
  ] { #expect(try JSONParser.parse(Array(written.utf8)).text == wanted, "\(written)") }
  for bad in ["\"abc", "\"a\nb\"", "\"a\\", "\""] {
    #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(Array(bad.utf8)) }
  }
  #expect(throws: JSONSyntaxError(message: "the text is not valid UTF-8", offset: 0)) {
    try JSONParser.parse([0x22, 0xFF, 0x22])
  }
}

@Test func `bytes of a span have the hash they have by themselves`() {
  let bytes: [UInt8] = Array("a customer's key, another".utf8)
  for range in [0..<0, 0..<5, 3..<bytes.count, bytes.count..<bytes.count] {
    let found = unsafe stableHash(bytes.span.bytes, range, seed: 7)
    #expect(found == stableHash(bytes[range], seed: 7))
  }
}
