import Clientele
import Findings
import Fingerprints
import Staging
import Tabular
import Testing

@testable import Cleaning

@Suite struct CleanStageTests {
  @Test func `features are in key order, with fold, label, facts and ordered dictionaries`() throws {
    let run = try CleanRun(
      [
        ("city", categories(["Z", "A", "M"])), ("id", texts(["9", "10", "2"])),
        ("left", integers([1, 0, nil])), ("key", reals([1, 2, 3])), ("name", texts(["a", "b", "c"])),
      ],
      [
        key(), target(), feature("city", .category), feature("key", .real), feature("name", .text),
      ], parameters: ["folds": 3, "foldSeed": 4])
    #expect(run.features.schema.fields.map(\.name) == ["key", "fold", "label", "city", "source.key"])
    #expect(try run.features.shown("key") == ["10", "2", "9"])
    #expect(try run.features.shown("label") == ["0", nil, "1"])
    #expect(try run.features.categories("city").dictionary == ["A", "M", "Z"])
    #expect(try run.features.shown("city") == ["A", "M", "Z"])
    #expect(try run.features.shown("source.key") == ["2", "3", "1"])
    let dealing = FoldAssignment(seed: 4, count: 3)
    #expect(
      try run.features.integers("fold").values == ["10", "2", "9"].map { Int64(dealing.fold(of: $0.utf8)) })
    #expect(run.features.schema.metadata[FeatureColumn.foldSeed] == "4")
    #expect(run.features.schema.metadata[FeatureColumn.foldCount] == "3")
    #expect(run.quality.notes.contains { $0.contains("\"name\" is free text") })
    #expect(run.quality.labelled == 2 && run.quality.events == 1)
  }

  @Test func `the same customers in another order give the same table`() throws {
    let contracts = [key(), target(), feature("city", .category), feature("age", .integer)]
    let first = try CleanRun(
      [
        ("id", texts(["a", "b", "c"])), ("left", integers([1, 0, 0])), ("city", categories(["X", "Y", nil])),
        ("age", integers([1, nil, 3])),
      ], contracts)
    let second = try CleanRun(
      [
        ("age", integers([3, nil, 1])), ("id", texts(["c", "b", "a"])), ("left", integers([0, 0, 1])),
        ("city", categories([nil, "Y", "X"])),
      ], contracts, threads: 2)
    #expect(first.features == second.features)
  }

  @Test func `a compound key joins its parts`() throws {
    let run = try CleanRun(
      [("id", integers([7, 7])), ("city", categories(["A|B", "C"])), ("left", integers([1, 0]))],
      [key("id", .integer), key("city", .category), target()])
    #expect(try run.features.shown("key") == [CustomerKey.join(["7", "A|B"]), "7|C"])
  }

  @Test func `rows that repeat are taken out and recorded, whatever their row number`() throws {
    let run = try CleanRun(
      [
        ("row", integers([1, 2, 3])), ("id", texts(["b", "a", "b"])), ("left", integers([1, 0, 1])),
        ("age", reals([nil, 5, nil])),
      ],
      [ColumnContract(name: "row", type: .integer, role: .ignore), key(), target(), feature("age", .real)])
    #expect(try run.features.shown("key") == ["a", "b"])
    #expect(try run.repairs.shown("key") == ["b"])
    #expect(try run.repairs.shown("rule") == ["repeatedRow"])
    #expect(try run.repairs.shown("column") == [nil])
    #expect(run.quality.repairs == [.init(column: "", rule: "repeatedRow", rows: 1)])
    #expect(run.quality.rowsIn == 3 && run.quality.rowsOut == 2)
  }

  @Test func `a key with different rows stops the run and names the column that would tell them apart`() {
    let columns: [(String, Column)] = [
      ("id", texts(["a", "a", "b", "b", "c"])), ("left", integers([1, 0, 1, 0, 1])),
      ("age", integers([1, 2, 3, 4, 5])), ("city", categories(["X", "Y", "X", "Y", "X"])),
    ]
    let fault = fault {
      try CleanRun(columns, [key(), target(), feature("age", .integer), feature("city", .category)])
    }
    #expect(fault?.kind == .data)
    #expect(fault?.message == "2 keys stand in rows that differ, so \"id\" does not identify a customer.")
    #expect(fault?.remedy?.contains("Together with \"city\" it would") == true)
  }

  @Test func `a key that two further columns make unique names both`() {
    let columns: [(String, Column)] = [
      ("id", texts(["a", "a", "a"])), ("left", integers([1, 0, 1])), ("x", categories(["1", "1", "2"])),
      ("y", categories(["1", "2", "2"])),
    ]
    let fault = fault {
      try CleanRun(columns, [key(), target(), feature("x", .category), feature("y", .category)])
    }
    #expect(fault?.remedy?.contains("\"x\" and \"y\"") == true)
  }

  @Test func `a missing key, no key column and a missing feature column are refused`() {
    let labels = ("left", integers([1, 0]))
    #expect(
      fault { try CleanRun([("id", texts(["a", nil])), labels], [key(), target()]) }?.message
        == "1 customer has no key.")
    #expect(
      fault { try CleanRun([("id", texts(["a", "b"])), labels], [target()]) }?.kind == .configuration)
    let lacking = fault {
      try CleanRun([("id", texts(["a", "b"])), labels], [key(), target(), feature("age", .real)])
    }
    #expect(lacking?.kind == .data && lacking?.message.contains("\"age\"") == true)
  }

  @Test func `group columns travel with the table and must be categories or whole numbers`() throws {
    let columns: [(String, Column)] = [
      ("id", texts(["a", "b"])), ("left", integers([1, 0])), ("city", categories(["X", "Y"])),
      ("pay", reals([1, 2])),
    ]
    let contracts = [key(), target(), feature("city", .category), feature("pay", .real)]
    let run = try CleanRun(
      columns, contracts, parameters: ["missingPolicy": "group", "groupColumns": ["city"]])
    #expect(run.features.schema.metadata[FeatureColumn.groupColumns] == "[\"city\"]")
    let field = try #require(run.features.schema.fields.first { $0.name == "pay" })
    #expect(FeatureFacts(field).missingPolicy == .group)
    #expect(
      fault { try CleanRun(columns, contracts, parameters: ["groupColumns": ["pay"]]) }?.kind
        == .configuration)
    #expect(throws: ParameterError.self) {
      try CleanRun(columns, contracts, parameters: ["missingPolicy": "group"])
    }
  }

  @Test func `two columns of one name in features are refused`() {
    let fault = fault {
      try CleanRun(
        [
          ("id", texts(["a", "b"])), ("left", integers([1, 0])), ("pay", reals([1, 2])),
          ("pay.state", categories(["x", "y"])),
        ], [key(), target(), feature("pay", .real, meaning: .money), feature("pay.state", .category)])
    }
    #expect(fault?.kind == .configuration && fault?.message.contains("pay.state") == true)
  }
}
