import Delimited
import Tabular
import Testing

private func sniff(_ text: String) -> SniffedDialect {
  let bytes = Array(text.utf8)
  return SniffedDialect(unsafe bytes.span.bytes)
}

private func profile(_ text: String, _ dialect: Dialect = Dialect(missing: ["NA"])) throws -> FileProfile {
  let bytes = Array(text.utf8)
  return try FileProfile(unsafe bytes.span.bytes, dialect: dialect, file: "f.csv")
}

@Test(arguments: [",", ";", "\t", "|"])
func `the delimiter is found`(delimiter: String) {
  let text = ["id,name,x", "1,\"a;b|c\td\",2.5", "2,z,3.5"].map {
    $0.split(separator: ",", omittingEmptySubsequences: false).joined(separator: delimiter)
  }.joined(separator: "\n")
  #expect(sniff(text).delimiter == delimiter.utf8.first)
}

@Test func `a decimal comma is found, a thousands comma in quotes is not taken for one beside points`() {
  #expect(sniff("id;x\n1;2,5\n2;3,75\n").decimal == UInt8(ascii: ","))
  #expect(sniff("id;x\n1;2.5\n2;3.75\n").decimal == UInt8(ascii: "."))
  #expect(sniff("id,x\n1,2\n2,3\n").decimal == UInt8(ascii: "."))
}

@Test func `line ends and the byte-order mark are seen`() {
  #expect(sniff("a,b\n1,2\n").lineEnds == .lineFeed)
  #expect(sniff("a,b\r\n1,2\r\n").lineEnds == .both)
  #expect(sniff("a,b\r1,2\r").lineEnds == .carriageReturn)
  #expect(sniff("a,b\n1,2\r\n").lineEnds == .mixed)
  #expect(sniff("\u{FEFF}a,b\n1,2\n").hasByteOrderMark)
}

@Test func `bytes that are not UTF-8 are found`() {
  let bytes: [UInt8] = Array("a,b\n1,".utf8) + [0xCF, 0xF0] + Array("\n".utf8)
  #expect(SniffedDialect(unsafe bytes.span.bytes).firstInvalidByte == 6)
  #expect(sniff("a,b\n1,é\n").firstInvalidByte == nil)
}

@Test func `types are inferred without loss`() throws {
  let text = """
    id,code,whole,real,blank,city,flag,name
    1,007,1,850.0,,Oslo,Yes,Anna A
    2,010,2,, ,Bergen,No,Bert B
    3,011,NA,2.5,,Oslo,Yes,Carl C
    """ + (4..<80).map { "\n\($0),0\($0),3,1e3,,Oslo,No,Name \($0)" }.joined()
  let columns = try profile(text).columns
  #expect(columns.map(\.type) == [.integer, .text, .integer, .real, .category, .category, .category, .text])
  #expect(columns[1].leadingZeros > 0)
  #expect(columns[2].missing == 1)
  #expect(columns[4].present == 0)
  #expect(columns[3].scientific == 76)
  #expect(columns[6].values.map(\.text) == ["Yes", "No"])
  #expect(columns[0].distinct == 79)
}

@Test func `blank strings among numbers are missing numbers`() throws {
  let column = try profile("id,total\n1,29.85\n2, \n3,10\n").columns[1]
  #expect(column.type == .real)
  #expect(column.missing == 1)
}

@Test func `rows that do not fit are counted apart`() throws {
  let found = try profile("a,b\n1,2\n1\na,b\n3,4\n")
  #expect(found.rows == 2)
  #expect(found.misfits == 2)
}
