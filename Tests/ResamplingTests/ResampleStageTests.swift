import Clientele
import Findings
import Fingerprints
import Resampling
import Staging
import Tabular
import Testing

/// 200 customers, one in five left, two without a known outcome, dealt into five folds.
private let features: Table = {
  let count = 200
  var labelled = Validity()
  for row in 0..<count { labelled.append(row < 198) }
  let facts = FeatureFacts(role: .feature).metadata
  let fields = [
    Field("key", .text, metadata: FeatureFacts(role: .key).metadata),
    Field("fold", .integer, metadata: FeatureFacts(role: .fold).metadata),
    Field("label", .integer, metadata: FeatureFacts(role: .label).metadata),
    Field("age", .integer, metadata: facts), Field("balance", .real, metadata: facts),
    Field("city", .category, metadata: facts),
  ]
  let balances: [Double] = (0..<count).map { row in
    if row % 9 == 0 { return Double.nan }
    return Double((row * 37) % 101) * 10
  }
  let left: [Int64] = (0..<count).map { $0 % 5 == 0 ? 1 : 0 }
  let folds: [Int64] = (0..<count).map { Int64(($0 / 3) % 5) }
  let ages: [Int64] = (0..<count).map { Int64(20 + ($0 * 7) % 60) }
  let columns: [Column] = [
    .text(TextColumn((0..<count).map { String(1000 + $0) })),
    .integer(IntegerColumn(folds)), .integer(IntegerColumn(left, validity: labelled)),
    .integer(IntegerColumn(ages)), .real(RealColumn(balances)),
    .category(CategoryColumn(codes: (0..<count).map { Int32($0 % 3) }, dictionary: ["a", "b", "c"])),
  ]
  return Table(
    schema: Schema(fields, metadata: [FeatureColumn.foldSeed: "1", FeatureColumn.foldCount: "5"]),
    columns: columns)
}()

private func resample(_ method: String, threads: Int = 1) throws -> (Table, ResamplingFindings) {
  let artifacts = MemoryArtifacts()
  try artifacts.table("features", features)
  let stage = try ResampleStage(
    parameters: ParameterValues(ResampleStage.declaration.parameters, given: ["method": .string(method)]))
  _ = try artifacts.run(stage, StageContext(seed: 5, threads: threads))
  return (
    try artifacts.table("examples", columns: nil), try artifacts.decode("resampling", ResamplingFindings.self)
  )
}

private let folds = (0..<200).map { Int64(($0 / 3) % 5) }

@Test func `none is empty and costs nothing`() throws {
  let (table, findings) = try resample("none")
  #expect(table.rowCount == 0)
  #expect(findings.parts.isEmpty)
}

@Test(arguments: ["weights", "over", "under", "smote", "smoteNC", "borderline", "adasyn"])
func `no held-out or unlabelled customer is ever touched`(method: String) throws {
  let (table, _) = try resample(method)
  #expect(table.rowCount > 0)
  let fold = try table.integers(ExampleColumn.fold)
  for name in [ExampleColumn.row, ExampleColumn.base, ExampleColumn.neighbour] {
    let rows = try table.integers(name)
    for place in 0..<table.rowCount where rows.isPresent(place) {
      #expect(folds[Int(rows.values[place])] != fold.values[place])
      #expect(rows.values[place] < 198)
    }
  }
  #expect(table.schema.metadata["holdfast.resampling"] == method)
}

@Test(arguments: ["weights", "over", "under", "smote", "smoteNC", "borderline", "adasyn"])
func `both outcomes weigh the same afterwards`(method: String) throws {
  let (_, findings) = try resample(method)
  #expect(findings.parts.count == 5)
  for part in findings.parts { #expect(abs(part.eventWeightAfter * 2 - part.weightAfter) < 1e-9) }
}

@Test(arguments: ["smote", "smoteNC", "borderline", "adasyn"])
func `a synthetic row can be made again from its provenance`(method: String) throws {
  let (table, _) = try resample(method)
  let bases = try table.integers(ExampleColumn.base)
  let neighbours = try table.integers(ExampleColumn.neighbour)
  let steps = try table.numbers(ExampleColumn.step)
  let ages = try table.numbers("age")
  let source = try features.numbers("age")
  let labels = try features.integers("label").values
  for row in 0..<table.rowCount {
    let base = source[Int(bases.values[row])]
    let other = source[Int(neighbours.values[row])]
    #expect(ages[row] == base + steps[row] * (other - base))
    #expect(labels[Int(bases.values[row])] == 1)
    #expect(labels[Int(neighbours.values[row])] == 1)
  }
  #expect(try table.numbers("balance").contains { !$0.isNaN })
  #expect(try table.categories("city").codes.allSatisfy { $0 >= 0 })
}

@Test(arguments: ["over", "under", "smoteNC", "borderline", "adasyn"])
func `the same seed gives the same examples on any number of threads`(method: String) throws {
  #expect(try resample(method).0 == resample(method, threads: 3).0)
}
