import Delimited
import Tabular
import Testing

private func written(_ table: Table, safe: Bool = true) -> String {
  var bytes: [UInt8] = []
  DelimitedWriter(isFormulaSafe: safe).write(table) { bytes += $0 }
  return String(decoding: bytes, as: UTF8.self)
}

@Test func `text is quoted where it must be`() {
  let table = Table([("t", .text(TextColumn(["a", "b,c", "d\"e", "f\ng", nil])))])
  #expect(written(table) == "t\r\na\r\n\"b,c\"\r\n\"d\"\"e\"\r\n\"f\ng\"\r\n\r\n")
}

@Test func `text a spreadsheet would run gets an apostrophe, numbers do not`() {
  let table = Table([
    ("t", .text(TextColumn(["=cmd()", "+1", "-x", "@a", "\tb", "ok"]))),
    ("n", .real(RealColumn([-1.5, -2, 3, .nan, 0.1, 1e300]))),
  ])
  #expect(
    written(table)
      == "t,n\r\n'=cmd(),-1.5\r\n'+1,-2\r\n'-x,3\r\n'@a,\r\n'\tb,0.1\r\nok,1e+300\r\n")
  #expect(written(table, safe: false).contains("\r\n=cmd(),"))
}

@Test func `many rows come whole`() {
  let table = Table([("n", .integer(IntegerColumn((0..<10_000).map(Int64.init))))])
  #expect(written(table).split(separator: "\r\n").count == 10_001)
}
