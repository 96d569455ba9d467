import Tabular
import Testing

@testable import Delimited

private let requests = [
  ColumnRequest(name: "id", type: .text, isKey: true), ColumnRequest(name: "note", type: .category),
  ColumnRequest(name: "age", type: .integer), ColumnRequest(name: "balance", type: .real),
]

/// Rows with quotes, newlines and doubled quotes inside them, blank lines, faults and line ends of all kinds.
private func hostile(_ rows: Int, seed: UInt64) -> [UInt8] {
  var state = seed
  func draw(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }
  let notes = [
    "plain", "\"a, b\"", "\"line\none\"", "\"\r\n\r\n\"", "\"say \"\"so\"\"\"", "5\" wide", "\"x\"y", "",
    "\"\n,1,2\n\"",
    "Ярославль", "\"\(String(repeating: "long\n", count: 60))\"",
  ]
  var text = "id,note,age,balance\r\n"
  for row in 0..<rows {
    if draw(20) == 0 { text += "\n" }
    let age = draw(15) == 0 ? "old" : draw(6) == 0 ? "" : String(draw(90))
    text +=
      "\(draw(25) == 0 ? "" : "k\(row)"),\(notes[draw(notes.count)]),\(age),\(draw(4) == 0 ? "NA" : "\(draw(999)).5")"
    text += draw(30) == 0 ? ",more" : ""
    text += ["\n", "\r\n", "\r"][draw(3)]
  }
  return Array(text.utf8)
}

private func read(_ bytes: [UInt8], threads: Int, blockSize: Int?) throws -> DelimitedContents {
  var reader = DelimitedReader(dialect: Dialect(missing: ["NA"]), requests: requests)
  reader.blockSize = blockSize
  return try reader.read(unsafe bytes.span.bytes, file: "f.csv", threads: threads)
}

@Test(arguments: [1, 7, 64, 257, 4096], [2, 3])
func `any number of threads and any stretches give the same rows and rejects`(size: Int, threads: Int) throws
{
  for seed in 1...6 as ClosedRange<UInt64> {
    let bytes = hostile(300, seed: seed)
    let whole = try read(bytes, threads: 1, blockSize: nil)
    let parts = try read(bytes, threads: threads, blockSize: size)
    #expect(parts.table == whole.table)
    #expect(parts.rejects == whole.rejects)
    #expect(parts.rowsRead == whole.rowsRead)
    #expect(parts.blankLines == whole.blankLines)
    #expect(whole.rejects.count > 10)
  }
}

@Test(arguments: [5, 50, 500])
func `an unbalanced quote is found at the same place by any number of threads`(size: Int) {
  let bytes = hostile(200, seed: 9) + Array("k,\"open,1,2\nk2,b,3,4\n".utf8)
  let whole = #expect(throws: DelimitedError.self) { try read(bytes, threads: 1, blockSize: nil) }
  let parts = #expect(throws: DelimitedError.self) { try read(bytes, threads: 2, blockSize: size) }
  #expect(whole?.kind == .unbalancedQuote)
  #expect(parts == whole)
}
