import Columnar
import Tabular
import Testing

@Test(arguments: [0..<0, 0..<1, 65_530..<65_540, 1..<139_999, 131_072..<140_000, 139_990..<200_000])
func `chosen rows are those rows`(rows: Range<Int>) throws {
  let table = sampleTable(140_000)
  let read = try Table(arrow: TableEncoder().encode(table), rows: rows)
  let wanted = rows.clamped(to: 0..<140_000)
  #expect(read == table.taking(wanted.map(Int32.init)))
}

@Test func `chosen columns come in the order asked for`() throws {
  let table = sampleTable(100)
  let read = try Table(arrow: TableEncoder().encode(table), columns: ["key", "whole"])
  #expect(try read == table.selecting(["key", "whole"]))
}

@Test func `an absent column is named with those there are`() {
  let error = #expect(throws: ColumnarError.self) {
    try Table(arrow: TableEncoder().encode(sampleTable(3)), columns: ["City"])
  }
  #expect(error?.kind == .noSuchColumn)
  #expect(error?.message.contains("\"City\"") == true)
  #expect(error?.message.contains("\"city\"") == true)
}

@Test func `other files are called foreign, short ones truncated`() {
  func kind(_ bytes: [UInt8]) -> ColumnarError.Kind? {
    #expect(throws: ColumnarError.self) { try Table(arrow: bytes) }?.kind
  }
  #expect(kind([]) == .foreign)
  #expect(kind(Array("id,balance\n1,2\n".utf8)) == .foreign)
  #expect(kind(Array("PAR1 and something more, as a Parquet file has it PAR1".utf8)) == .foreign)
  let bytes = TableEncoder().encode(sampleTable(300))
  #expect(kind(Array(bytes.prefix(3))) == .truncated)
  #expect(kind(Array(bytes.prefix(100))) == .truncated)
  #expect(kind(bytes.dropLast()) == .truncated)
}

@Test func `a file cut anywhere is refused`() {
  let bytes = TableEncoder().encode(sampleTable(50))
  for count in stride(from: 0, to: bytes.count, by: 7) {
    #expect(throws: ColumnarError.self) { try Table(arrow: Array(bytes.prefix(count))) }
  }
}

@Test func `flipped bytes give a table or an error, never a crash`() throws {
  let bytes = TableEncoder().encode(sampleTable(70))
  var state: UInt64 = 1
  func draw(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }
  var refused = 0
  for round in 0..<20_000 {
    var damaged = bytes
    for _ in 0..<(1 + round % 4) {
      let place = draw(bytes.count)
      damaged[place] = round % 2 == 0 ? UInt8(draw(256)) : damaged[place] ^ (1 << UInt8(draw(8)))
    }
    do throws(ColumnarError) {
      let table = try Table(arrow: damaged)
      // Whatever was read can be walked through without a fault.
      for column in table.columns where table.rowCount > 0 { _ = column.display(table.rowCount - 1) }
    } catch { refused += 1 }
  }
  #expect(refused > 1000)
}

@Test func `flipped bytes of another program's file never crash either`() throws {
  let bytes = try golden("foreign.arrow")
  for place in bytes.indices {
    for value: UInt8 in [0, 0x7F, 0xFF] {
      var damaged = bytes
      damaged[place] = value
      if let table = try? Table(arrow: damaged) {
        for column in table.columns where table.rowCount > 0 { _ = column.display(0) }
      }
    }
  }
}
