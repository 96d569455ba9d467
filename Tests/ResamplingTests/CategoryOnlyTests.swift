import Clientele
import Findings
import Fingerprints
import Resampling
import Staging
import Tabular
import Testing

struct CategoryOnlyTests {
  /// 100 customers of whom nothing but a city is known; one in five left.
  private let features: Table = {
    let count = 100
    let fields = [
      Field("key", .text, metadata: FeatureFacts(role: .key).metadata),
      Field("fold", .integer, metadata: FeatureFacts(role: .fold).metadata),
      Field("label", .integer, metadata: FeatureFacts(role: .label).metadata),
      Field("city", .category, metadata: FeatureFacts(role: .feature).metadata),
    ]
    let columns: [Column] = [
      .text(TextColumn((0..<count).map { String(1000 + $0) })),
      .integer(IntegerColumn((0..<count).map { Int64($0 / 3 % 5) })),
      .integer(IntegerColumn((0..<count).map { $0 % 5 == 0 ? 1 : 0 })),
      .category(CategoryColumn(codes: (0..<count).map { Int32($0 % 3) }, dictionary: ["a", "b", "c"])),
    ]
    return Table(
      schema: Schema(fields, metadata: [FeatureColumn.foldSeed: "1", FeatureColumn.foldCount: "5"]),
      columns: columns)
  }()

  private func rows(_ method: String) throws -> Int {
    let artifacts = MemoryArtifacts()
    try artifacts.table("features", features)
    let stage = try ResampleStage(
      parameters: ParameterValues(ResampleStage.declaration.parameters, given: ["method": .string(method)]))
    _ = try artifacts.run(stage, StageContext(seed: 5, threads: 1))
    return try artifacts.table("examples", columns: nil).rowCount
  }

  @Test(arguments: ["smoteNC", "borderline", "adasyn"])
  func `without a number nothing says how far apart two categories are, so methods that keep them refuse`(
    method: String
  ) throws {
    let fault = #expect(throws: StageFault.self) { try rows(method) }
    #expect(fault?.kind == .data && fault?.description.contains(method) == true)
    #expect(fault?.remedy?.contains("over") == true)
    // One-hot numbers have distances of their own.
    #expect(try rows("smote") > 0)
    #expect(try rows("over") > 0)
  }
}
