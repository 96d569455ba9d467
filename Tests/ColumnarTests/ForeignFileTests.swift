import Columnar
import Foundation
import Tabular
import Testing

/// A file another program wrote (Tests/Golden/arrow/make_arrow.py).
func golden(_ name: String) throws -> [UInt8] {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  return [UInt8](try Data(contentsOf: folder.appending(path: "Golden/arrow/" + name)))
}

@Test func `narrow and unsigned whole numbers are read`() throws {
  let table = try Table(arrow: golden("foreign.arrow"))
  #expect(table.rowCount == 10)
  for name in ["int8", "int16", "int32", "int64"] {
    let column = try table.integers(name)
    #expect(
      (0..<10).map { column.isPresent($0) ? column.values[$0] : nil } == [
        -7, -4, -1, nil, 5, 8, 11, 14, 17, 20,
      ])
  }
  for name in ["uint8", "uint16", "uint32", "uint64"] {
    let column = try table.integers(name)
    #expect(
      (0..<10).map { column.isPresent($0) ? column.values[$0] : nil } == [
        0, 5, 10, 15, nil, 25, 30, 35, 40, 45,
      ])
  }
}

@Test func `bools are 0 and 1, float32 is real`() throws {
  let table = try Table(arrow: golden("foreign.arrow"))
  let truths = try table.integers("bool")
  #expect(
    (0..<10).map { truths.isPresent($0) ? truths.values[$0] : nil } == [1, 0, nil, 1, 0, 0, 1, 0, 0, 1])
  for name in ["float32", "float64"] {
    let numbers = try table.numbers(name)
    #expect(numbers[5].isNaN)
    for row in 0..<10 where row != 5 { #expect(numbers[row] == Double(row) / 4) }
  }
}

@Test func `text and categories of every width are read`() throws {
  let table = try Table(arrow: golden("foreign.arrow"))
  for name in ["utf8", "large"] {
    let texts = try table.texts(name)
    for row in 0..<10 {
      #expect(texts.text(row) == (row == 6 ? nil : String(repeating: "щ", count: row)))
    }
  }
  for name in ["category8", "category32", "categoryLarge"] {
    let column = try table.categories(name)
    #expect(column.dictionary == ["да", "no", "可"])
    for row in 0..<10 { #expect(column.text(row) == (row == 7 ? nil : ["да", "no", "可"][row % 3])) }
  }
}

@Test func `facts of another program are read`() throws {
  let table = try Table(arrow: golden("foreign.arrow"))
  #expect(table.schema.metadata == ["made": "by another program"])
  #expect(table.schema.fields[3].metadata == ["unit": "none"])
}

@Test(arguments: [0..<3, 1..<9, 2..<4, 7..<10])
func `rows across batches of any length are those rows`(rows: Range<Int>) throws {
  let whole = try Table(arrow: golden("foreign.arrow"))
  let some = try Table(arrow: golden("foreign.arrow"), rows: rows)
  #expect(some == whole.taking(rows.map(Int32.init)))
}

@Test func `a compressed file is refused in words`() throws {
  let bytes = try golden("compressed.arrow")
  let error = #expect(throws: ColumnarError.self) { try Table(arrow: bytes) }
  #expect(error?.kind == .unsupported)
  #expect(error?.message.contains("uncompressed") == true)
}

@Test func `a type we have no column for is refused by the column's name`() throws {
  let bytes = try golden("nested.arrow")
  let error = #expect(throws: ColumnarError.self) { try Table(arrow: bytes) }
  #expect(error?.kind == .unsupported)
  #expect(error?.message.contains("\"a\"") == true)
}

@Test func `what another program wrote is written again and read the same`() throws {
  let table = try Table(arrow: golden("foreign.arrow"))
  #expect(try Table(arrow: TableEncoder().encode(table)) == table)
}
