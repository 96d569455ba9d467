import Comparing
import Numerics
import Tabular
import Testing

private func customers(_ keys: [String], balance: [Double], country: [String]) -> Table {
  var words: [String] = []
  for word in country where !words.contains(word) { words.append(word) }
  return Table([
    ("key", .text(TextColumn(keys))), ("Balance", .real(RealColumn(balance))),
    (
      "Country",
      .category(
        CategoryColumn(
          codes: country.map { Int32(words.firstIndex(of: $0) ?? -1) }, dictionary: words))
    ),
  ])
}

private let crew = Crew(threads: 2)

@Test func `rows are added, removed and changed by key, whatever their order`() throws {
  let old = customers(["a", "b", "c", "d"], balance: [1, 2, .nan, 4], country: ["x", "y", "x", "y"])
  let new = customers(["e", "d", "c", "a"], balance: [9, 4, 3, .nan], country: ["x", "y", "y", "x"])
  let found = try TableComparison("features", ComparedTable(old), ComparedTable(new), crew: crew)
  #expect(found.key == "key")
  #expect((found.added, found.removed, found.changed) == (1, 1, 2))
  #expect(found.isReordered)
  let balance = try #require(found.columns.first { $0.name == "Balance" })
  #expect((balance.changed, balance.becameKnown, balance.becameMissing) == (2, 1, 1))
  #expect(try #require(found.columns.first { $0.name == "Country" }).changed == 1)
}

@Test func `the same rows in another order with another dictionary are the same`() throws {
  let old = customers(["a", "b", "c"], balance: [1, .nan, 3], country: ["x", "y", "x"])
  let new = customers(["b", "c", "a"], balance: [.nan, 3, 1], country: ["y", "x", "x"])
  let found = try TableComparison("features", ComparedTable(old), ComparedTable(new), crew: crew)
  #expect(found.isSame)
  #expect(found.isReordered)
}

@Test func `a column that came, went or holds another type is named`() throws {
  let old = Table([
    ("key", .text(TextColumn(["a"]))), ("gone", .real(RealColumn([1]))), ("x", .real(RealColumn([1]))),
  ])
  let new = Table([
    ("key", .text(TextColumn(["a"]))), ("x", .integer(IntegerColumn([1]))), ("came", .real(RealColumn([1]))),
  ])
  let found = try TableComparison("t", ComparedTable(old), ComparedTable(new), crew: crew)
  #expect(found.columnsAdded == ["came (real)"])
  #expect(found.columnsRemoved == ["gone"])
  #expect(found.columnsAltered == ["x: real → integer"])
  #expect(found.changed == 0)
}

@Test func `a key that repeats is counted once and no more`() throws {
  let old = Table([
    ("key", .text(TextColumn((0..<40).map { "k\($0 % 39)" }))),
    ("x", .real(RealColumn((0..<40).map(Double.init)))),
  ])
  let found = try TableComparison("t", ComparedTable(old), ComparedTable(old), crew: crew)
  #expect(found.repeated == 2)
  #expect((found.added, found.removed, found.changed) == (0, 0, 0))
}

@Test func `keys that repeat much name no rows, and only distributions are compared`() throws {
  let old = Table([
    ("key", .text(TextColumn(["a", "a", "a"]))), ("x", .real(RealColumn([1, 2, 3]))),
  ])
  let new = Table([
    ("key", .text(TextColumn(["a", "a"]))), ("x", .real(RealColumn([7, 8]))),
  ])
  let found = try TableComparison("t", ComparedTable(old), ComparedTable(new), crew: crew)
  #expect(found.key == nil)
  #expect(found.columns.map(\.name) == ["key", "x"].filter { $0 == "x" })
}

@Test func `a shift of a tenth of a deviation shows in KS as it does exactly`() throws {
  let count = 20_000
  func column(_ shift: Double) -> Table {
    Table([("x", .real(RealColumn((0..<count).map { Double($0) / Double(count) + shift })))])
  }
  let found = try TableComparison("t", ComparedTable(column(0)), ComparedTable(column(0.1)), crew: crew)
  let shift = try #require(found.columns.first?.shift)
  // Uniform on [0, 1) against the same moved by .1: the distance is .1.
  #expect(abs((shift.kolmogorovSmirnov ?? 0) - 0.1) < 1.0 / 4096 + 1e-9)
  // One tenth of the old values is left empty, the last doubles.
  #expect(shift.stabilityIndex > shift.stabilityIndexByChance)
}

@Test func `a category's share and its stability index are those computed by hand`() throws {
  func column(_ first: Int) -> Table {
    Table([
      (
        "c",
        .category(
          CategoryColumn(codes: (0..<100).map { $0 < first ? 0 : 1 }, dictionary: ["a", "b"]))
      )
    ])
  }
  let found = try TableComparison("t", ComparedTable(column(50)), ComparedTable(column(60)), crew: crew)
  let shift = try #require(found.columns.first?.shift)
  // (.6 − .5) ln(.6/.5) + (.4 − .5) ln(.4/.5)
  #expect(abs(shift.stabilityIndex - (0.1 * 0.1823215567939546 + 0.1 * 0.2231435513142098)) < 1e-12)
  #expect(shift.levels.map(\.name).sorted() == ["a", "b"])
}
