import Tabular
import Testing

@Test func `a bitmap counts what is missing`() {
  var validity = Validity()
  for row in 0..<130 { validity.append(row % 3 != 0) }
  #expect(validity.missingCount == 44)
  #expect(!validity.isPresent(129))
  #expect(validity.isPresent(128))
  #expect(Validity(repeating: true, count: 70).missingCount == 0)
  #expect(Validity(repeating: false, count: 70).missingCount == 70)
}

@Test func `a column whose bitmap marks nothing missing has none`() {
  #expect(IntegerColumn([1, 2], validity: Validity(repeating: true, count: 2)).validity == nil)
}

@Test func `whole numbers convert with NaN for missing`() throws {
  var validity = Validity()
  validity.append(true)
  validity.append(false)
  let table = Table([("a", .integer(IntegerColumn([7, 0], validity: validity)))])
  let numbers = try table.numbers("a")
  #expect(numbers[0] == 7)
  #expect(numbers[1].isNaN)
}

@Test func `text keeps missing apart from empty`() {
  let column = TextColumn(["a", nil, "", "d"])
  #expect(column.text(0) == "a")
  #expect(column.text(1) == nil)
  #expect(column.text(2) == "")
  #expect(Column.text(column).missingCount == 1)
}

@Test func `columns of text are joined, missing rows and all`() {
  for (first, second) in [
    (["a", nil, ""], ["bc", nil]), (["a"], [nil, "d"]), (["a"], ["b"]), ([], ["é"]), ([nil], []),
  ] {
    var builder = TextColumnBuilder()
    builder.append(TextColumn(first))
    builder.append(TextColumn(second))
    #expect(builder.finish() == TextColumn(first + second))
  }
  var builder = TextColumnBuilder()
  builder.append(TextColumn(["ab", "cd", "e"]).taking([1, 2]))
  #expect(builder.finish() == TextColumn(["cd", "e"]))
}

@Test func `taking rows takes every kind of column`() throws {
  let table = Table([
    ("n", .real(RealColumn([1, .nan, 3]))),
    ("c", .category(CategoryColumn(codes: [0, -1, 1], dictionary: ["x", "y"]))),
    ("t", .text(TextColumn(["p", nil, "q"]))),
    ("i", .integer(IntegerColumn([4, 5, 6]))),
  ])
  let taken = table.taking([2, 1])
  #expect(taken.rowCount == 2)
  #expect(try taken.numbers("n")[0] == 3)
  #expect(try taken.categories("c").text(0) == "y")
  #expect(try taken.texts("t").text(1) == nil)
  #expect(try taken.integers("i").values == [6, 5])
}

@Test func `a missing column is named with those that exist`() {
  let table = Table([("a", .integer(IntegerColumn([1])))])
  #expect(throws: TableError.noSuchColumn("b", known: ["a"])) { try table.column("b") }
  #expect(throws: TableError.wrongType("a", expected: .text, found: .integer)) { try table.texts("a") }
}

@Test func `bytewise order looks past eight equal bytes and puts the shorter first`() {
  let column = TextColumn(["customer-10", "customer-1", "b", "customer-9", "b", "", "customer"])
  #expect(column.bytewiseOrder() == [5, 2, 4, 6, 1, 0, 3])
}

@Test func `numbers display without a needless fraction`() {
  let column = Column.real(RealColumn([2, 2.5, .nan]))
  #expect(column.display(0) == "2")
  #expect(column.display(1) == "2.5")
  #expect(column.display(2) == nil)
}

@Test func `the name probably meant is near, the first among equals`() {
  #expect(NearestName.of("aeg", among: ["balance", "age"]) == "age")
  #expect(NearestName.of("Rnak", among: ["rank", "train"]) == "rank")
  #expect(NearestName.of("bat", among: ["cat", "bar"]) == "bar")
  #expect(NearestName.of("salary", among: ["key", "city"]) == nil)
  #expect(NearestName.hint("trian", among: ["train"]) == "did you mean \"train\"?")
}
