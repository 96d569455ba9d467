import Clientele
import Findings
import Fingerprints
import Learning
import Modelling
import Numerics
import Staging
import Tabular
import Testing

@testable import Evaluating

struct PermutationImportanceTests {
  private static let assignment = FoldAssignment(seed: 5, count: 3)

  /// Customers who leave by balance (and its absence) alone; age is noise, and protected.
  private static func features(_ rows: Int) -> Table {
    let draws = CounterGenerator(seed: 8)
    let keys = TextColumn((0..<rows).map { "c\(100_000 + $0)" })
    let balances = (0..<rows).map { row in
      draws.deriving(1).uniform(UInt64(row)) < 0.3
        ? Double.nan : draws.deriving(2).uniform(UInt64(row)) * 8 - 4
    }
    let labels = balances.enumerated().map { row, balance -> Int64 in
      draws.deriving(3).uniform(UInt64(row)) < logistic(balance.isNaN ? -3 : balance) ? 1 : 0
    }
    let ages = (0..<rows).map { Int64(draws.deriving(4).uniform(UInt64($0)) * 60) }
    return Table(
      schema: Schema(
        [
          Field("key", .text, metadata: FeatureFacts(role: .key).metadata),
          Field("fold", .integer, metadata: FeatureFacts(role: .fold).metadata),
          Field("label", .integer, metadata: FeatureFacts(role: .label).metadata),
          Field("age", .integer, metadata: FeatureFacts(role: .feature, protected: true).metadata),
          Field("balance", .real, metadata: FeatureFacts(role: .feature).metadata),
          Field(
            "balance.state", .category, metadata: FeatureFacts(role: .state, stateOf: "balance").metadata),
        ],
        metadata: [FeatureColumn.foldSeed: "5", FeatureColumn.foldCount: "3"]),
      columns: [
        .text(keys), .integer(IntegerColumn(assignment.folds(of: keys))), .integer(IntegerColumn(labels)),
        .integer(IntegerColumn(ages)), .real(RealColumn(balances)),
        .category(
          CategoryColumn(codes: balances.map { $0.isNaN ? 1 : 0 }, dictionary: ["value", "unknown"])),
      ])
  }

  private static func model(_ features: Table) throws -> ChurnModel {
    let crew = Crew(threads: 1)
    let encoding = try FeatureEncoding.learn(from: features, usesProtected: true).encoding
    let frame = try encoding.encode(features).frame
    let labels = try features.integers("label").doubles()
    let folds = try features.integers("fold").values
    let models = try (0..<3).map { fold in
      let training = (0..<Int32(features.rowCount)).filter { folds[Int($0)] != fold }
      let fill = MissingFill.learn(frame, encoding, grouping: [], training: training)
      let filled = fill.apply(frame)
      let design = try LinearDesign.learn(filled, training: training, crew: crew)
      let fit = try LogisticRegression.fit(
        design.apply(filled, rows: training, crew: crew), labels: training.map { labels[Int($0)] },
        penalty: 1,
        crew: crew)
      return FoldModel(fill: fill, predictor: .logistic(design, fit.model), calibration: .identity)
    }
    return ChurnModel(
      assignment: assignment, encoding: encoding, learner: "logistic",
      contract: ChurnModel.TrainingContract(
        labelled: features.rowCount, events: 1, calibration: "beta", resampling: "none"),
      folds: models)
  }

  private func evaluate(threads: Int) throws -> MetricsFindings {
    let features = PermutationImportanceTests.features(1500)
    let model = try PermutationImportanceTests.model(features)
    let scores = try model.score(features, crew: Crew(threads: 1))
    let artifacts = MemoryArtifacts()
    try artifacts.table("features", features)
    try artifacts.table(
      "predictions",
      Table([
        ("key", try features.column("key")), ("fold", .integer(IntegerColumn(scores.folds))),
        ("probability", .real(RealColumn(scores.probabilities))),
      ]))
    try artifacts.document("model", model.document)
    let stage = try EvaluateStage(
      parameters: ParameterValues(EvaluateStage.declaration.parameters, given: ["importanceRows": 1000]))
    _ = try artifacts.run(stage, StageContext(seed: 1, threads: threads))
    return try artifacts.decode("metrics", MetricsFindings.self)
  }

  @Test func `the column that decides costs most when shuffled, with its state, and noise costs nothing`()
    throws
  {
    let metrics = try evaluate(threads: 1)
    #expect(metrics.importance.map(\.feature) == ["balance", "age"])
    #expect(metrics.importanceRows == 1000)
    let (balance, age) = (metrics.importance[0], metrics.importance[1])
    #expect(balance.logLossIncrease > 0.3 && !balance.protected)
    #expect(age.logLossIncrease.magnitude < 0.02 && age.protected)
    #expect(balance.standardError < balance.logLossIncrease / 4)
    #expect(metrics == (try evaluate(threads: 3)))
  }

  @Test func `of a wide model the columns it leans on most are shuffled, and the others are counted`() throws
  {
    let features = PermutationImportanceTests.features(1500)
    let model = try PermutationImportanceTests.model(features)
    let uses = model.columnUses
    let age = try #require(model.encoding.columns.firstIndex { $0.name == "age" })
    let balance = try #require(model.encoding.columns.firstIndex { $0.name == "balance" })
    #expect(uses[balance] > uses[age] && uses[age] > 0)
    #expect((uses.reduce(0, +) - 3).magnitude < 1e-12)
    let labels = try features.integers("label").values.map { UInt8($0) }
    let (found, notShuffled) = try PermutationImportance(seed: 1, repeats: 2, most: 1).measure(
      features, labels: labels, model, Crew(threads: 2)
    ) { _, _ in }
    #expect(found.map(\.feature) == ["balance"] && notShuffled == 1)
  }
}

extension FeatureEncoding {
  /// The encoding of a table in memory.
  static func learn(
    from features: Table, usesProtected: Bool
  ) throws -> (encoding: FeatureEncoding, leftOut: [LeftOut]) {
    let (encoding, leftOut, _) = try learnAndEncode(
      features.schema, rows: features.rowCount, usesProtected: usesProtected, crew: Crew(threads: 2)
    ) { try features.column($0) }
    return (encoding, leftOut)
  }
}
