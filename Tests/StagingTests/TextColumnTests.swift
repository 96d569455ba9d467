import Numerics
import Staging
import Tabular
import Testing

@Test func `rows taken by several workers are those that one takes`() {
  let texts = (0..<150_000).map { (row: Int) -> String? in row % 11 == 3 ? nil : "k\(row * 7919 % 100_003)" }
  let rows = (0..<150_000).map { Int32(149_999 - $0) }
  for column in [TextColumn(texts), TextColumn(texts.map { $0 ?? "" })] {
    let one = column.taking(rows)
    #expect(one.text(0) == column.text(149_999) && one.count == 150_000)
    for threads in [1, 2, 5] { #expect(column.taking(rows, crew: Crew(threads: threads)) == one) }
  }
  #expect(TextColumn(["a"]).taking([], crew: Crew(threads: 2)).count == 0)
}

@Test func `columns are joined one after another, gaps and all`() {
  let joined = TextColumn(joining: [TextColumn(["ab", "c"]), TextColumn([]), TextColumn([nil, "d"])])
  #expect(joined == TextColumn(["ab", "c", nil, "d"]))
  #expect(TextColumn(joining: []).count == 0)
}
