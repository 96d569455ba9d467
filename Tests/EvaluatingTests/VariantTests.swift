import Clientele
import Findings
import Fingerprints
import Staging
import Tabular
import Testing

@testable import Evaluating

struct VariantTests {
  private func variants(_ plain: TrainingFindings.PlainReference?) throws -> [MetricsFindings.Variant] {
    let count = 400
    let keys = Column.text(TextColumn((0..<count).map { "c\(1000 + $0)" }))
    let folds = Column.integer(IntegerColumn((0..<count).map { Int64($0 % 5) }))
    let labels = (0..<count).map { Int64($0 % 3 == 0 ? 1 : 0) }
    let probabilities = (0..<count).map { $0 % 4 == 0 ? 0.5 : 0.25 }
    let learner = TrainingFindings.LearnerFinding(
      name: "boosting", chosen: true, tenthLogLoss: 0.4, rawLogLoss: 0.5, logLoss: 0.45, rocAuc: 0.8,
      notes: [])
    let training = TrainingFindings(
      labelled: count, events: 134, folds: 5, calibration: "beta",
      resampling: plain == nil ? "none" : "smoteNC",
      withoutResampling: plain, learners: [learner], capacities: [], features: [], notes: [])
    let artifacts = MemoryArtifacts()
    try artifacts.table(
      "features", Table([("key", keys), ("fold", folds), ("label", .integer(IntegerColumn(labels)))]))
    try artifacts.table(
      "predictions",
      Table([("key", keys), ("fold", folds), ("probability", .real(RealColumn(probabilities)))]))
    try artifacts.document("training", JSONEncoding.encode(training))
    let stage = try EvaluateStage(
      parameters: ParameterValues(EvaluateStage.declaration.parameters, given: ["importanceRows": 0]))
    _ = try artifacts.run(stage, StageContext(seed: 1, threads: 1))
    return try artifacts.decode("metrics", MetricsFindings.self).variants
  }

  @Test func `a resampled model stands beside one that is not, on the customers it was measured on`() throws {
    let plain = TrainingFindings.PlainReference(
      learner: "boosting", sample: "200,000 customers drawn by key", rows: 200_000, logLoss: 0.4, rocAuc: 0.81
    )
    #expect(
      try variants(plain) == [
        MetricsFindings.Variant(name: "boosting", rows: 400, logLoss: 0.45, rocAuc: 0.8),
        MetricsFindings.Variant(
          name: "withoutResampling", sample: "200,000 customers drawn by key", rows: 200_000, logLoss: 0.4,
          rocAuc: 0.81),
      ])
    #expect(try variants(nil).map(\.name) == ["boosting"])
  }
}
