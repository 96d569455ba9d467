import Clientele
import Findings
import Fingerprints
import Resampling
import Staging
import Tabular
import Testing

/// Borderline-SMOTE and ADASYN as methods of the stage.
struct BorderTests {
  /// Customers along one line, `gap` apart by outcome: those who left at 0 … 1, those who stayed beyond.
  private func customers(_ count: Int, gap: Double, column: ((Int) -> Double)? = nil) -> Table {
    let left = (0..<count).map { $0 % 4 == 0 }
    let fields = [
      Field("key", .text, metadata: FeatureFacts(role: .key).metadata),
      Field("fold", .integer, metadata: FeatureFacts(role: .fold).metadata),
      Field("label", .integer, metadata: FeatureFacts(role: .label).metadata),
      Field("x", .real, metadata: FeatureFacts(role: .feature).metadata),
    ]
    let x = (0..<count).map { row -> Double in
      column?(row) ?? Double(row * 37 % count) / Double(count) + (left[row] ? 0 : gap)
    }
    let columns: [Column] = [
      .text(TextColumn((0..<count).map { String(1000 + $0) })),
      .integer(IntegerColumn((0..<count).map { Int64($0 / 4 % 2) })),
      .integer(IntegerColumn(left.map { $0 ? 1 : 0 })), .real(RealColumn(x)),
    ]
    return Table(
      schema: Schema(fields, metadata: [FeatureColumn.foldSeed: "1", FeatureColumn.foldCount: "2"]),
      columns: columns)
  }

  private func run(_ features: Table, _ method: String) throws -> (Table, ResamplingFindings) {
    let artifacts = MemoryArtifacts()
    try artifacts.table("features", features)
    let stage = try ResampleStage(
      parameters: ParameterValues(ResampleStage.declaration.parameters, given: ["method": .string(method)]))
    _ = try artifacts.run(stage, StageContext(seed: 5, threads: 2))
    return (
      try artifacts.table("examples", columns: nil),
      try artifacts.decode("resampling", ResamplingFindings.self)
    )
  }

  @Test func `borderline starts only where outcomes meet`() throws {
    let features = customers(400, gap: 0.8)
    let (table, findings) = try run(features, "borderline")
    let x = try features.numbers("x")
    let bases = try table.integers(ExampleColumn.base).values
    #expect(table.rowCount > 100 && findings.notes.count == 2)
    // Those who stayed begin at .8: below it nobody is near them.
    #expect(bases.allSatisfy { x[Int($0)] > 0.75 })
    let plain = try run(features, "smoteNC").0
    #expect(try plain.integers(ExampleColumn.base).values.contains { x[Int($0)] < 0.5 })
  }

  @Test func `adasyn starts more often where more of the other outcome is near`() throws {
    let features = customers(400, gap: 0.5)
    let table = try run(features, "adasyn").0
    let x = try features.numbers("x")
    let bases = try table.integers(ExampleColumn.base).values.map { x[Int($0)] }
    #expect(bases.count { $0 > 0.5 } > bases.count * 9 / 10)
  }

  @Test(arguments: ["borderline", "adasyn"])
  func `where outcomes do not meet nothing is made, and the findings say so`(method: String) throws {
    let (table, findings) = try run(customers(200, gap: 100), method)
    #expect(table.rowCount == 0)
    #expect(findings.parts.map(\.synthetic) == [0, 0])
    #expect(findings.notes.count { $0.contains("nothing was made") } == 2)
    #expect(findings.notes.contains { $0.hasPrefix("Fold 0: no customer of the rarer outcome") })
  }

  @Test(arguments: ["smote", "smoteNC", "borderline", "adasyn"])
  func `columns without a value, infinite, huge or all alike make no number that is none`(method: String)
    throws
  {
    for value in [Double.nan, .infinity, -.infinity, 1e308, 0] {
      let features = customers(80, gap: 0) { row in row % 9 == 1 ? Double(row) : value }
      let table = try run(features, method).0
      for row in 0..<table.rowCount {
        let number = try table.numbers("x")[row]
        #expect(number.isNaN || number.isFinite)
      }
    }
  }

  @Test(arguments: ["smote", "smoteNC", "borderline", "adasyn"])
  func `one customer of the rarer outcome cannot be multiplied, nor can none`(method: String)
    throws
  {
    func table(_ left: Set<Int>) -> Table {
      let features = customers(40, gap: 0)
      var columns = features.columns
      columns[2] = .integer(IntegerColumn((0..<40).map { left.contains($0) ? 1 : 0 }))
      return Table(schema: features.schema, columns: columns)
    }
    let fault = #expect(throws: StageFault.self) { try run(table([0, 4]), method) }
    #expect(fault?.kind == .data)
    let none = #expect(throws: StageFault.self) { try run(table([]), method) }
    #expect(none?.kind == .data)
  }
}
