import Columnar
import Tabular
import Testing

@Test(arguments: [0, 1, 63, 64, 65, 1000, 65_536, 65_537, 140_000])
func `what is written is what is read`(rows: Int) throws {
  let table = sampleTable(rows)
  #expect(try Table(arrow: TableEncoder().encode(table)) == table)
}

@Test func `a table without columns keeps its rows and facts`() throws {
  let table = Table(schema: Schema([], metadata: ["a": "b"]), columns: [], rowCount: 70_000)
  #expect(try Table(arrow: TableEncoder().encode(table)) == table)
}

@Test func `three thousand columns are read back`() throws {
  let table = Table((0..<3000).map { ("column\($0)", Column.real(RealColumn([Double($0), .nan]))) })
  #expect(try Table(arrow: TableEncoder().encode(table)) == table)
}

@Test func `a category without entries is read back`() throws {
  let table = Table([("none", .category(CategoryColumn(codes: [-1, -1], dictionary: [])))])
  #expect(try Table(arrow: TableEncoder().encode(table)) == table)
}

@Test func `the sign of NaN does not reach the file`() {
  let one = Table([("x", .real(RealColumn([1, .nan])))])
  let other = Table([("x", .real(RealColumn([1, -Double.nan])))])
  #expect(TableEncoder().encode(one) == TableEncoder().encode(other))
}

@Test func `minus zero and the smallest numbers survive`() throws {
  let values = [-0.0, Double.leastNonzeroMagnitude, -1.7976931348623157e308, 0.1]
  let read = try Table(arrow: TableEncoder().encode(Table([("x", .real(RealColumn(values)))]))).numbers("x")
  #expect(read.map(\.bitPattern) == values.map(\.bitPattern))
}

@Test func `pieces joined are the file, and none is larger than one buffer of a batch`() {
  let table = sampleTable(140_000)
  var joined: [UInt8] = []
  var largest = 0
  let count = TableEncoder().encode(table) { piece in
    largest = max(largest, piece.byteCount)
    unsafe piece.withUnsafeBytes { unsafe joined.append(contentsOf: $0) }
  }
  #expect(joined == TableEncoder().encode(table))
  #expect(count == joined.count)
  #expect(largest <= TableEncoder.batchRows * 16)
}

@Test func `what the sink throws is thrown`() {
  struct Full: Error {}
  #expect(throws: Full.self) {
    try TableEncoder().encode(sampleTable(100)) { (_) throws(Full) in throw Full() }
  }
}

@Test func `the bytes of a known table never change unsaid`() {
  // FNV-1a over the file. Another value means another format: every table's digest changes with it.
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in TableEncoder().encode(sampleTable(70_000)) {
    hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
  }
  #expect(hash == 5_835_213_859_343_049_733)
}
