import Delimited
import Tabular
import Testing

private let requests = [
  ColumnRequest(name: "id", type: .text, isKey: true), ColumnRequest(name: "city", type: .category),
  ColumnRequest(name: "age", type: .integer), ColumnRequest(name: "balance", type: .real),
]

private func read(
  _ text: String, _ dialect: Dialect = Dialect(missing: ["NA"]), _ columns: [ColumnRequest] = requests
) throws -> DelimitedContents {
  try read(bytes: Array(text.utf8), dialect, columns)
}

private func read(
  bytes: [UInt8], _ dialect: Dialect = Dialect(missing: ["NA"]), _ columns: [ColumnRequest] = requests
) throws -> DelimitedContents {
  try DelimitedReader(dialect: dialect, requests: columns).read(unsafe bytes.span.bytes, file: "f.csv")
}

private let header = "id,city,age,balance\n"

@Test(arguments: ["\n", "\r\n", "\r"])
func `rows end with LF, CRLF or CR`(end: String) throws {
  let text = ["id,city,age,balance", "1,Oslo,40,10.5", "2,Bergen,NA,", ""].joined(separator: end)
  let contents = try read(text)
  #expect(contents.rowsRead == 2)
  #expect(contents.rejects.isEmpty)
  #expect(try contents.table.texts("id").text(1) == "2")
  #expect(try contents.table.categories("city").dictionary == ["Oslo", "Bergen"])
  #expect(try contents.table.integers("age").isPresent(1) == false)
  #expect(try contents.table.numbers("balance")[0] == 10.5)
  #expect(try contents.table.numbers("balance")[1].isNaN)
}

@Test func `a quoted field keeps its newline, comma and doubled quotes`() throws {
  let contents = try read(header + "1,\"a\nb, \"\"c\"\"\",40,1\n2,Oslo,x,1\n")
  #expect(try contents.table.categories("city").dictionary[0] == "a\nb, \"c\"")
  // The row after it is still named by its own line.
  #expect(contents.rejects.first?.line == 4)
}

@Test func `a byte-order mark is no part of the first name`() throws {
  #expect(try read("\u{FEFF}" + header + "1,a,2,3\n").header[0] == "id")
}

@Test func `columns are found by name, others are left out`() throws {
  let contents = try read("x,age,balance,city,id\n?,40,1,Oslo,7\n")
  #expect(try contents.table.texts("id").text(0) == "7")
  #expect(contents.table.columns.count == 4)
  #expect(contents.header.contains("x"))
}

private let rejected: [(row: String, rule: String, column: Int, name: String?, value: String?)] = [
  ("1,Oslo,40", "ragged", 10, nil, nil), ("1,Oslo,40,1,9", "ragged", 13, nil, nil),
  ("1,O\u{0}lo,40,1", "nul", 4, nil, nil), (",Oslo,40,1", "missingKey", 1, "id", ""),
  ("1.5E+07,Oslo,40,1", "scientificKey", 1, "id", "1.5E+07"),
  ("id,city,age,balance", "repeatedHeader", 1, nil, nil),
  ("1,Oslo,forty,1", "wrongType", 8, "age", "forty"), ("1,Oslo,40.5,1", "wrongType", 8, "age", "40.5"),
  ("1,Øslo,40,1..2", "wrongType", 11, "balance", "1..2"), ("1,\"Oslo\"x,40,1", "strayQuote", 9, nil, nil),
]

@Test(arguments: rejected.indices)
func `a row that does not fit is kept with line, column, value and rule`(place: Int) throws {
  let expected = rejected[place]
  let contents = try read(header + "0,a,1,1\n" + expected.row + "\n9,b,2,2\n")
  #expect(contents.rowsRead == 3)
  #expect(contents.table.rowCount == 2)
  let reject = try #require(contents.rejects.first)
  #expect(reject.rule == expected.rule)
  #expect(reject.line == 3)
  #expect(reject.column == expected.column)
  #expect(reject.columnName == expected.name)
  #expect(reject.value == expected.value)
  #expect(reject.row == expected.row)
}

@Test func `bytes that are not UTF-8 reject their row only`() throws {
  let bytes = Array((header + "1,").utf8) + [0xCE, 0xF1] + Array(",40,1\n2,Oslo,3,4\n".utf8)
  let contents = try read(bytes: bytes)
  #expect(contents.rejects.map(\.rule) == ["invalidUTF8"])
  #expect(contents.rejects[0].column == 3)
  #expect(contents.table.rowCount == 1)
}

@Test func `declared Windows-1251 and Latin-1 are read`() throws {
  let cyrillic = Array((header + "1,").utf8) + [0xD0, 0xFB, 0xE1, 0xB8] + Array(",40,1\n".utf8)
  let read1251 = try read(bytes: cyrillic, Dialect(encoding: .windows1251))
  #expect(try read1251.table.categories("city").dictionary == ["Рыбё"])
  let latin = Array((header + "1,").utf8) + [0xC5] + Array("s,40,1\n".utf8)
  #expect(try read(bytes: latin, Dialect(encoding: .latin1)).table.categories("city").dictionary == ["Ås"])
}

@Test func `decimal commas are read where declared`() throws {
  let dialect = Dialect(delimiter: UInt8(ascii: ";"), decimal: UInt8(ascii: ","))
  let contents = try read("id;city;age;balance\n1;a;40;12,25\n", dialect)
  #expect(try contents.table.numbers("balance")[0] == 12.25)
}

@Test func `a whole number written 42.0 is 42`() throws {
  #expect(try read(header + "1,a,42.0,1\n").table.integers("age").values == [42])
}

private let refused: [(text: String, kind: DelimitedError.Kind, place: String)] = [
  ("", .emptyFile, "f.csv:1:1"), (header, .headerOnly, "f.csv:2:1"),
  ("id,city,age,id\n1,2,3,4\n", .repeatedHeader, "f.csv:1:13"),
  (header + "1,\"Oslo,3,4\n2,b,3,4\n", .unbalancedQuote, "f.csv:2:3"),
  ("id,city,aeg,balance\n1,a,3,4\n", .missingColumn, "f.csv:1:1"),
]

@Test(arguments: refused.indices)
func `a file that cannot be read at all is refused with place and remedy`(place: Int) {
  let expected = refused[place]
  let error = #expect(throws: DelimitedError.self) { try read(expected.text) }
  #expect(error?.kind == expected.kind)
  #expect(error?.place == expected.place)
  #expect(error?.remedy.isEmpty == false)
}

@Test func `a missing column is answered with the nearest name`() {
  let error = #expect(throws: DelimitedError.self) { try read("id,city,aeg,balance\n1,a,3,4\n") }
  #expect(error?.remedy.contains("did you mean \"aeg\"?") == true)
}

@Test(arguments: [
  "0.1", "123456.78", "1e22", "1.7976931348623157e308", "5e-324", "9007199254740993.0",
  "0.000001234567890123456789",
  "123456789012345678901234567890", "-3.5", "+2.25", "00012.5", "1e-10", ".5", "5.",
  "2.2250738585072011e-308",
])
func `numbers are read to the nearest double`(text: String) throws {
  let contents = try read(header + "1,a,1,\(text)\n")
  #expect(try contents.table.numbers("balance")[0] == Double(text) ?? Double(text + "0"))
}

@Test(arguments: ["1,5", "1 000", "0x10", "inf", "nan", "1e", "--1", "1e5.5", "e5", ".", "1_0", "1e999"])
func `what is no decimal number is refused`(text: String) throws {
  let contents = try read(header + "1,a,1,\"\(text)\"\n")
  #expect(contents.rejects.map(\.rule) == ["wrongType"])
}

@Test func `three thousand columns are read`() throws {
  let names = (0..<3000).map { "c\($0)" }
  let text = names.joined(separator: ",") + "\n" + names.map { _ in "1" }.joined(separator: ",") + "\n"
  let contents = try read(text, Dialect(), names.map { ColumnRequest(name: $0, type: .integer) })
  #expect(contents.table.columns.count == 3000)
}

@Test func `many categories keep the order of first appearance`() throws {
  let rows = (0..<5000).map { "\($0),town \($0 % 700),1,1" }.joined(separator: "\n")
  let city = try read(header + rows).table.categories("city")
  #expect(city.dictionary.count == 700)
  #expect(city.dictionary[699] == "town 699")
  #expect(city.text(4999) == "town \(4999 % 700)")
}

@Test func `a column that may be absent is absent`() throws {
  let columns = [
    ColumnRequest(name: "id", type: .text, isKey: true),
    ColumnRequest(name: "churn", type: .integer, mayBeAbsent: true),
  ]
  #expect(try read("id\n1\n", Dialect(), columns).table.columns.count == 1)
}

@Test(arguments: [[UInt8(0xFF), 0xFE, 0x69, 0], [0xFE, 0xFF, 0, 0x69]])
func `a file in UTF-16 is called that`(bytes: [UInt8]) {
  let error = #expect(throws: DelimitedError.self) { try read(bytes: bytes) }
  #expect(error?.kind == .notUTF8)
  #expect(error?.message.contains("UTF-16") == true)
}
