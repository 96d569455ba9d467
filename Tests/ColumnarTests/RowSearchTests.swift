import Columnar
import Foundation
import Tabular
import Testing

/// Calls `body` with the table written and mapped.
private func mapped<Result>(_ table: Table, _ body: (MappedTable) throws -> Result) throws -> Result {
  let path = FileManager.default.temporaryDirectory.appending(path: "rows-\(UUID().uuidString).arrow").path
  defer { try? FileManager.default.removeItem(atPath: path) }
  try TableEncoder().write(table, toFile: path)
  return try body(MappedTable(path: path))
}

private func keyed(_ keys: [String?]) -> Table {
  Table(
    schema: Schema([Field("key", .text), Field("place", .integer)]),
    columns: [
      .text(TextColumn(keys)), .integer(IntegerColumn(keys.indices.map { Int64($0) })),
    ], rowCount: keys.count)
}

@Test func `every key of three batches is found, in order or not, and none that is not there`() throws {
  let ascending = (0..<150_000).map { String(1_000_000 + 3 * $0) }
  try mapped(keyed(ascending)) { (table: MappedTable) throws in
    for row in [0, 1, 65_535, 65_536, 65_537, 131_071, 131_072, 149_999] {
      #expect(try table.row(holding: ascending[row], in: "key", isAscending: true) == row)
      #expect(try table.row(holding: ascending[row], in: "key") == row)
    }
    for absent in ["", "0", "1000001", "1196606", "1450000", "999", "10000000", "é"] {
      #expect(try table.row(holding: absent, in: "key", isAscending: true) == nil, "\(absent)")
      #expect(try table.row(holding: absent, in: "key") == nil, "\(absent)")
    }
  }
  let mixed = ascending.indices.map { ascending[($0 * 70_001) % ascending.count] }
  try mapped(keyed(mixed)) { (table: MappedTable) throws in
    for row in [0, 7, 65_536, 149_999] { #expect(try table.row(holding: mixed[row], in: "key") == row) }
  }
}

@Test func `of keys that repeat the first is found, across batches too, and missing ones never`() throws {
  var keys: [String?] = (0..<70_000).map { String(100_000 + $0) }
  for row in 65_530..<65_545 { keys[row] = keys[65_530] }
  try mapped(keyed(keys)) { (table: MappedTable) throws in
    #expect(try table.row(holding: keys[65_540] ?? "", in: "key", isAscending: true) == 65_530)
    #expect(try table.row(holding: keys[65_540] ?? "", in: "key") == 65_530)
  }
  try mapped(keyed(["b", nil, "", "a"])) { (table: MappedTable) throws in
    #expect(try table.row(holding: "a", in: "key") == 3)
    #expect(try table.row(holding: "", in: "key") == nil)
  }
  try mapped(keyed([])) { (table: MappedTable) throws in
    #expect(try table.row(holding: "a", in: "key", isAscending: true) == nil)
    #expect(try table.rows([0]).rowCount == 0)
  }
}

@Test func `a row read alone holds what it holds in the whole table`() throws {
  let table = sampleTable(70_000)
  try mapped(table) { (file: MappedTable) throws in
    for row in [0, 1, 2, 3, 4, 5, 6, 7, 65_535, 65_536, 69_999] {
      let alone = try file.rows([row])
      #expect(alone.schema == table.schema && alone.rowCount == 1)
      for (one, all) in zip(alone.columns, table.columns) {
        #expect(one.display(0) == all.display(row) && one.isPresent(0) == all.isPresent(row))
        if case .category(let words) = one { #expect(words.dictionary.count <= 1) }
      }
    }
    let places = [69_999, 3, 3, 65_536]
    let some = try file.rows(places + [70_000, -1])
    #expect(some.rowCount == 4)
    for (one, all) in zip(some.columns, table.columns) {
      #expect((0..<4).map { one.display($0) } == places.map { all.display($0) })
    }
    file.release()
    #expect(try file.table() == table)
  }
}

@Test func `a search in damaged bytes ends in an error or nothing, never outside the file`() throws {
  let table = keyed((0..<300).map { String(1000 + $0) })
  let bytes = TableEncoder().encode(table)
  var (found, refused) = (0, 0)
  for place in stride(from: 8, to: bytes.count, by: 3) {
    var damaged = bytes
    damaged[place] ^= 0xFF
    do {
      let raw = unsafe damaged.span.bytes
      let layout = try TableLayout(raw)
      for isAscending in [true, false] {
        if let row = try layout.row(holding: "1299", in: "key", isAscending: isAscending, from: raw) {
          #expect(row >= 0 && row < layout.rowCount)
          found += 1
        }
      }
      try layout.lendTexts(in: "key", from: raw) { rows, starts, texts, isWide in
        var last = 0
        for row in 0...rows {
          let next =
            isWide
            ? Int(unsafe starts.unsafeLoadUnaligned(fromByteOffset: 8 * row, as: Int64.self))
            : Int(unsafe starts.unsafeLoadUnaligned(fromByteOffset: 4 * row, as: Int32.self))
          #expect(next >= last && next <= texts.byteCount)
          last = next
        }
      }
    } catch { refused += 1 }
  }
  #expect(found > 0 && refused > 0)
}

/// The texts as lent, row by row.
private func lent(_ table: MappedTable) throws -> [String] {
  var texts: [String] = []
  try table.lendTexts(in: "key") { rows, starts, bytes, isWide in
    func place(_ row: Int) -> Int {
      isWide
        ? Int(unsafe starts.unsafeLoadUnaligned(fromByteOffset: 8 * row, as: Int64.self))
        : Int(unsafe starts.unsafeLoadUnaligned(fromByteOffset: 4 * row, as: Int32.self))
    }
    for row in 0..<rows {
      let text = (place(row)..<place(row + 1)).map {
        unsafe bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self)
      }
      texts.append(String(decoding: text, as: UTF8.self))
    }
  }
  return texts
}

@Test func `texts are lent as they are stored, batch by batch, missing ones empty`() throws {
  let many = (0..<70_000).map { "k" + String($0) }
  try mapped(keyed(many)) { (table: MappedTable) throws in
    #expect(try lent(table) == many)
    #expect(throws: ColumnarError.self) { try table.lendTexts(in: "other") { _, _, _, _ in } }
  }
  var some: [String?] = many
  some[66_000] = nil
  try mapped(keyed(some)) { (table: MappedTable) throws in
    #expect(try lent(table) == some.map { $0 ?? "" })
  }
  try mapped(keyed([])) { (table: MappedTable) throws in #expect(try lent(table).isEmpty) }
}
