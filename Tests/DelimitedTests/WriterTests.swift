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

@Test func `real numbers are written as short as they read back, amounts and others alike`() {
  var state: UInt64 = 5
  var values: [Double] = [
    0.01, -0.01, 0.1, -0.5, 1.005, 99.99, 1e-5, 123456789012.34, -9_999_999_999_999.99, 2.5e15,
  ]
  for _ in 0..<20_000 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let draw = Double(state >> 20)
    values += [
      (draw / 1e6).rounded() / 100, -(draw / 1e9).rounded() / 100, draw / 1e7, 1 / (draw + 1),
      draw * 1e4 + 0.5,
    ]
  }
  var text: [UInt8] = []
  DelimitedWriter(isFormulaSafe: true).write(Table([("x", .real(RealColumn(values)))])) { text += $0 }
  let lines = String(decoding: text, as: UTF8.self).split(separator: "\r\n").dropFirst()
  #expect(lines.count == values.count)
  for (line, value) in zip(lines, values) {
    let isWhole = value == value.rounded() && abs(value) < 1e15
    #expect(line == (isWhole ? "\(Int64(value))" : value.description))
  }
}

@Test func `a category's one long text costs its own room, not that of every row`() {
  let codes = (0..<4000).map { Int32($0 % 100 == 7 ? -1 : $0 == 1234 ? 1 : 0) }
  let long = String(repeating: "b", count: 5000)
  let table = Table([("c", .category(CategoryColumn(codes: codes, dictionary: ["a", long])))])
  var (room, text) = (0, [UInt8]())
  DelimitedWriter(isFormulaSafe: true).write(table) {
    room = max(room, $0.capacity)
    text += $0
  }
  #expect(text.count == 3 + 2 * 4000 + 3959 + 5000)
  #expect(room < 1 << 16)
}

@Test func `the ends of whole numbers are written`() {
  var text: [UInt8] = []
  let table = Table([("x", .integer(IntegerColumn([.min, -1, 0, 10, .max])))])
  DelimitedWriter(isFormulaSafe: true).write(table) { text += $0 }
  #expect(String(decoding: text, as: UTF8.self) == "x\r\n\(Int64.min)\r\n-1\r\n0\r\n10\r\n\(Int64.max)\r\n")
}

@Test(arguments: [0, 1, 4096, 4097, 50_000]) func `threads change no byte of what is written`(rows: Int) {
  let table = Table([
    ("n", .integer(IntegerColumn((0..<rows).map(Int64.init)))),
    ("x", .real(RealColumn((0..<rows).map { 1 / Double($0 + 3) }))),
    ("t", .text(TextColumn((0..<rows).map { $0 % 7 == 0 ? nil : "a,\($0)" }))),
  ])
  var texts: [[UInt8]] = []
  for threads in [1, 2, 5, 0] {
    var bytes: [UInt8] = []
    DelimitedWriter(isFormulaSafe: true).write(table, threads: threads) { bytes += $0 }
    texts.append(bytes)
  }
  #expect(texts.allSatisfy { $0 == texts[0] })
  struct Full: Error {}
  var taken = 0
  if rows > 4096 {
    #expect(throws: Full.self) {
      try DelimitedWriter(isFormulaSafe: true).write(table, threads: 3) { bytes in
        taken += 1
        if taken == 2 { throw Full() }
      }
    }
    #expect(taken == 2)
  }
  #expect(texts[0].count { $0 == 0x0A } == rows + 1)
}
