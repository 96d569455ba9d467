import Fingerprints
import Testing

private func canonical(_ value: JSONValue) -> String {
  String(decoding: CanonicalJSON.encode(value), as: UTF8.self)
}

@Test func `members are sorted and nothing is spaced`() {
  #expect(canonical(["b": 1, "a": [true, nil, "x"]]) == #"{"a":[true,null,"x"],"b":1}"#)
}

/// The number samples of RFC 8785, appendix B.
@Test(arguments: [
  ("0", "0"), ("-0", "0"), ("5e-324", "5e-324"), ("-5e-324", "-5e-324"),
  ("1.7976931348623157e308", "1.7976931348623157e+308"), ("9007199254740992", "9007199254740992"),
  ("295147905179352830000", "295147905179352830000"), ("9.999999999999997e22", "9.999999999999997e+22"),
  ("1e23", "1e+23"), ("1.0000000000000001e23", "1.0000000000000001e+23"),
  ("999999999999999700000", "999999999999999700000"), ("1e21", "1e+21"),
  ("9.999999999999997e-7", "9.999999999999997e-7"), ("0.000001", "0.000001"),
  ("333333333.3333332", "333333333.3333332"), ("333333333.33333343", "333333333.33333343"),
  ("-0.0000033333333333333333", "-0.0000033333333333333333"), ("1424953923781206.2", "1424953923781206.2"),
])
func `numbers are written as RFC 8785 has them`(number: String, text: String) throws {
  #expect(canonical(.number(try #require(Double(number)))) == text)
}

@Test func `text is escaped no more than needed`() {
  #expect(canonical("a\"\\\n\u{1}é/</") == "\"a\\\"\\\\\\n\\u0001é/</\"")
}

@Test func `what is written reads back equal`() throws {
  let value: JSONValue = [
    "list": [1, 2.5, -3e-9], "mixed": [1, "a"], "empty": [], "none": [:], "text": "ü\u{1F600}\"",
  ]
  #expect(try JSONParser.parse(CanonicalJSON.encode(value)) == value)
  #expect(try JSONParser.parse(CanonicalJSON.pretty(value)) == value)
}

@Test func `positions name the key and the value`() throws {
  let text = #"{ "train": { "max_dept": 6, "l": [1, 22] } }"#
  let (_, positions) = try JSONParser.parseWithPositions(Array(text.utf8))
  let place = try #require(positions.places["/train/max_dept"])
  #expect(place.key == 13..<23)
  #expect(place.value == 25..<26)
  #expect(positions.places["/train/l/1"]?.value == 37..<39)
}

@Test(arguments: [
  ("{\"a\":1,\"a\":2}", 7, "twice"), ("{\"a\":1,}", 7, "comma"), ("[1,]", 3, "comma"), ("{'a':1}", 1, "key"),
  ("[01]", 1, "start with 0"), ("[1e999]", 1, "too large"), ("\"abc", 0, "never closed"),
  ("[1] x", 4, "after the end"),
  ("// x", 0, "comments"), ("[\"\\q\"]", 2, "escape"), ("", 0, "ends"), ("[tru]", 1, "neither"),
  ("[-]", 1, "minus"),
  ("\"\\ud800\"", 1, "surrogate"), ("{\"a\" 1}", 5, "colon"),
])
func `what is not JSON is refused where it goes wrong`(text: String, offset: Int, word: String) {
  let error = #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(Array(text.utf8)) }
  #expect(error?.offset == offset)
  #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
}

@Test func `ten megabytes of nesting are refused, not crashed on`() {
  let deep = [UInt8](repeating: UInt8(ascii: "["), count: 10_000_000)
  let error = #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(deep) }
  #expect(error?.message.contains("64 levels") == true)
}

private struct Sample: Codable, Equatable {
  struct Part: Codable, Equatable {
    var name: String
    var share: Double?
  }
  enum Kind: String, Codable { case one, two }
  var kind: Kind
  var parts: [Part]
  var numbers: [Double]
  var counts: [Int]
  var flags: [Bool]
  var byName: [String: Int]
  var absent: Int?
}

@Test func `a codable value survives the round trip`() throws {
  let sample = Sample(
    kind: .two, parts: [.init(name: "a", share: 0.25), .init(name: "b", share: nil)], numbers: [1, 2.5],
    counts: [3, 4], flags: [true, false], byName: ["x": 1], absent: nil)
  let value = try JSONEncoding.encode(sample)
  #expect(value["absent"] == nil)
  #expect(value["numbers"] == .numbers([1, 2.5]))
  #expect(try JSONDecoding.decode(Sample.self, from: JSONParser.parse(CanonicalJSON.encode(value))) == sample)
}

@Test func `a number that is not finite never reaches a document`() {
  #expect(throws: EncodingError.self) { try JSONEncoding.encode([1, Double.nan]) }
  #expect(throws: EncodingError.self) { try JSONEncoding.encode(["a": Double.infinity]) }
}

@Test func `decoding names the path of what does not fit`() {
  let error = #expect(throws: DecodingError.self) {
    try JSONDecoding.decode(
      Sample.Part.self, from: ["name": 3])
  }
  guard case .typeMismatch(_, let context)? = error else {
    Issue.record("a type mismatch was expected")
    return
  }
  #expect(context.codingPath.map(\.stringValue) == ["name"])
}
