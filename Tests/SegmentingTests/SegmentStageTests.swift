import Clientele
import Findings
import Fingerprints
import Numerics
import Staging
import Tabular
import Testing

@testable import Segmenting

struct SegmentStageTests {
  /// Three kinds of customers by balance and products; age is protected; the third kind leaves.
  private func customers(_ rows: Int = 600, labelled: Bool = true) -> Table {
    let draws = CounterGenerator(seed: 4)
    var balance: [Double] = []
    var products: [Int64] = []
    var age: [Int64] = []
    var city: [Int32] = []
    var label: [Int64] = []
    for row in 0..<rows {
      let kind = row % 3
      balance.append([100.0, 50_000, 2_000_000][kind] * (0.8 + 0.4 * draws.uniform(UInt64(row))))
      products.append(kind == 1 ? 4 : 1)
      age.append(Int64(20 + row % 50))
      city.append(kind == 2 ? 1 : Int32(row % 2) * 2)
      label.append(kind == 2 ? 1 : 0)
    }
    balance[2] = .nan
    func field(_ name: String, _ type: ColumnType, _ facts: FeatureFacts) -> Field {
      Field(name, type, metadata: facts.metadata)
    }
    let unknown = Validity(repeating: labelled, count: rows)
    return Table(
      schema: Schema([
        field("key", .text, FeatureFacts(role: .key)), field("fold", .integer, FeatureFacts(role: .fold)),
        field("label", .integer, FeatureFacts(role: .label)),
        field("balance", .real, FeatureFacts(role: .feature, meaning: .balance)),
        field("products", .integer, FeatureFacts(role: .feature, meaning: .products)),
        field("age", .integer, FeatureFacts(role: .feature, protected: true)),
        field("one", .integer, FeatureFacts(role: .feature)),
        field("city", .category, FeatureFacts(role: .feature)),
      ]),
      columns: [
        .text(TextColumn((0..<rows).map { "c\(100_000 + $0)" })),
        .integer(IntegerColumn((0..<rows).map { Int64($0 % 5) })),
        .integer(IntegerColumn(label, validity: unknown)),
        .real(RealColumn(balance)), .integer(IntegerColumn(products)), .integer(IntegerColumn(age)),
        .integer(IntegerColumn([Int64](repeating: 7, count: rows))),
        .category(CategoryColumn(codes: city, dictionary: ["Kazan", "Omsk", "Perm"])),
      ])
  }

  private func run(
    _ features: Table, _ given: [String: JSONValue] = [:], champion: JSONValue? = nil, threads: Int = 2
  ) throws -> (MemoryArtifacts, PortraitsFindings) {
    let artifacts = MemoryArtifacts()
    try artifacts.table("features", features)
    if let champion { try artifacts.document("champion.portraits", champion) }
    let stage = try SegmentStage(
      parameters: ParameterValues(SegmentStage.declaration.parameters, given: given))
    _ = try artifacts.run(stage, StageContext(seed: 3, threads: threads))
    let portraits = try JSONDecoding.decode(PortraitsFindings.self, from: artifacts.document("portraits"))
    return (artifacts, portraits)
  }

  @Test func `three kinds are found, told apart in words, and their churn has an interval`() throws {
    let (artifacts, findings) = try run(customers())
    #expect(findings.portraits.count == 3 && findings.fitted)
    #expect(findings.scales.map(\.column) == ["balance", "products"])
    #expect(findings.scales.map(\.transform) == ["logOnePlus", "linear"])
    let rich = try #require(findings.portraits.first { $0.churn == 1 })
    #expect(rich.name.contains("high balance") && rich.labelled == 200 && rich.events == 200)
    #expect((rich.churnLower ?? 0) > 0.97 && rich.churnUpper == 1)
    #expect(rich.sentence.contains("city Omsk: 100.0 % (33.3 % of all)"))
    #expect(rich.sentence.contains("100.0 % of 200 with a known outcome left"))
    #expect(Set(findings.portraits.map(\.name)).count == 3)
    #expect(findings.notes.contains { $0.contains("\"one\"") })
    #expect(findings.choices.count == 7 && findings.choices.filter(\.chosen).map(\.k) == [3])
    let segments = try artifacts.table("segments", columns: nil)
    #expect(segments.rowCount == 600)
    #expect(try segments.texts(SegmentColumn.key) == customers().texts("key"))
  }

  @Test func `neither label nor protected attribute moves a segment`() throws {
    let table = customers()
    let plain = try run(table).0.table("segments", columns: nil)
    var columns = table.columns
    columns[2] = .integer(IntegerColumn((0..<600).map { Int64($0 % 2) }))
    columns[5] = .integer(IntegerColumn((0..<600).map { Int64($0) }))
    let other = try run(Table(schema: table.schema, columns: columns)).0.table("segments", columns: nil)
    #expect(plain == other)
    #expect(throws: StageFault.self) { try run(table, ["columns": .array([.string("age")])]) }
    #expect(throws: StageFault.self) { try run(table, ["columns": .array([.string("label")])]) }
    #expect(throws: StageFault.self) { try run(table, ["columns": .array([.string("blance")])]) }
  }

  @Test func `the champion's centres are kept, and so are the names`() throws {
    let (artifacts, fitted) = try run(customers())
    let frozen = try artifacts.document("portraits")
    let (again, findings) = try run(customers(labelled: false), champion: frozen)
    #expect(!findings.fitted && findings.portraits.map(\.centre) == fitted.portraits.map(\.centre))
    #expect(findings.portraits.map(\.name) == fitted.portraits.map(\.name))
    #expect(findings.portraits.allSatisfy { $0.churn == nil && $0.labelled == nil })
    #expect(try again.table("segments", columns: nil) == artifacts.table("segments", columns: nil))
    let without = try customers().selecting(["key", "fold", "label", "products"])
    #expect(throws: StageFault.self) { try run(without, champion: frozen) }
  }

  @Test func `threads change nothing`() throws {
    let one = try run(customers(), threads: 1).0
    let two = try run(customers(), threads: 2).0
    #expect(try one.table("segments", columns: nil) == two.table("segments", columns: nil))
    #expect(try one.document("portraits") == two.document("portraits"))
  }

  @Test func `where nothing tells customers apart there is one segment`() throws {
    let none = try run(customers().selecting(["key", "fold", "label", "one", "city"])).1
    #expect(
      none.portraits.map(\.name) == ["everyone"] && none.scales.isEmpty && none.portraits[0].rows == 600)
  }

  @Test func `a declared number is taken`() throws {
    #expect(try run(customers(), ["segments": .number(5)]).1.portraits.count == 5)
    #expect(try run(customers(), ["segments": .number(1)]).1.portraits.count == 1)
    #expect(try run(customers(12), ["columns": .array([.string("products")])]).1.portraits.count == 2)
    #expect(throws: StageFault.self) {
      try run(customers(), ["segments": .number(9), "columns": .array([.string("products")])])
    }
  }
}
