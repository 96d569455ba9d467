import Clientele
import Findings
import Fingerprints
import Learning
import Modelling
import Numerics
import Scoring
import Staging
import Tabular
import Testing

struct ScoreStageTests {
  /// Two folds; log-odds x − 1 in the first, x + 1 in the second; a city that moves nothing.
  private var model: ChurnModel {
    let encoding = FeatureEncoding(columns: [
      .init(name: "x", kind: .number, isProtected: false, group: "x", missingPolicy: .keep),
      .init(
        name: "city", kind: .category(levels: ["A"]), isProtected: false, group: "city", missingPolicy: .keep),
    ])
    let design = LinearDesign(terms: [
      .numeric(fill: 0, mean: 0, sd: 1, indicatesMissing: false),
      .categorical(codes: [], indicatesMissing: false),
    ])
    return ChurnModel(
      assignment: FoldAssignment(seed: 1, count: 2), encoding: encoding, learner: "logistic",
      contract: ChurnModel.TrainingContract(labelled: 4, events: 2, calibration: "platt", resampling: "none"),
      folds: [-1.0, 1.0].map { intercept in
        FoldModel(
          fill: MissingFill(rules: [.keep, .keep]),
          predictor: .logistic(design, LogisticRegression(intercept: intercept, coefficients: [1])),
          calibration: .platt(slope: 2, intercept: 0.5))
      })
  }

  private func features(_ keys: [String], _ x: [Double], city: String = "A") -> Table {
    Table([
      ("key", .text(TextColumn(keys))), ("x", .real(RealColumn(x))),
      ("city", .category(CategoryColumn(codes: keys.map { _ in 0 }, dictionary: [city]))),
    ])
  }

  private func run(_ features: Table, _ model: JSONValue, threads: Int = 2) throws -> (Table, StageSummary) {
    let artifacts = MemoryArtifacts()
    try artifacts.table("features", features)
    try artifacts.document("model", model)
    let stage = ScoreStage(parameters: try ParameterValues(ScoreStage.declaration.parameters))
    let summary = try artifacts.run(stage, StageContext(seed: 0, threads: threads))
    return (try artifacts.table("predictions", columns: nil), summary)
  }

  @Test func `each customer is scored by the model of its own fold and calibrated`() throws {
    let keys = ["a", "b", "c", "d", "e"]
    let x = [0, 0.5, 1, -2, 3.0]
    let (predictions, summary) = try run(features(keys, x), model.document)
    #expect(
      predictions.schema.fields.map(\.name)
        == ["key", "fold", "score", "probability", "probabilityLow", "probabilityHigh"])
    let folds = try predictions.integers("fold").values
    let scores = try predictions.numbers("score")
    let probabilities = try predictions.numbers("probability")
    #expect(Set(folds) == [0, 1])
    for row in keys.indices {
      #expect(folds[row] == Int64(FoldAssignment(seed: 1, count: 2).fold(of: keys[row].utf8)))
      #expect(scores[row] == x[row] + (folds[row] == 0 ? -1 : 1))
      #expect(probabilities[row] == logistic(2 * scores[row] + 0.5))
    }
    #expect(summary.rowsIn == 5 && summary.rowsOut == 5 && summary.remark == nil)
  }

  @Test func `the stage and a file scored by hand give the same bits`() throws {
    let keys = (0..<5000).map { "k\($0)" }
    let x = (0..<5000).map { Double($0 % 77) / 7 - 5 }
    let table = features(keys, x)
    let (predictions, _) = try run(table, model.document, threads: 4)
    #expect(try CustomerScores(features: table, model: model.document, threads: 1).predictions == predictions)
    let one = try CustomerScores(features: table.taking([4321]), model: model.document, threads: 1)
    #expect(one.predictions == predictions.taking([4321]))
    let inPieces = try CustomerScores(rows: 5000, model: model.document, threads: 2, together: 1024) {
      rows, columns in
      #expect(rows.count <= 1024 && columns.contains("key"))
      return table.taking(rows.map { Int32($0) })
    }
    #expect(inPieces.predictions == predictions)
  }

  @Test func `unseen texts are counted and said`() throws {
    let (_, summary) = try run(features(["a", "b"], [1, 2], city: "Z"), model.document)
    #expect(summary.remark == "2 unseen texts in city")
    let table = features(["a", "b", "c"], [1, 2, 3], city: "Z")
    let inPieces = try CustomerScores(rows: 3, model: model.document, threads: 1, together: 1) { rows, _ in
      table.taking(rows.map { Int32($0) })
    }
    #expect(inPieces.unseen.map(\.column) == ["city"] && inPieces.unseen.map(\.rows) == [3])
  }

  @Test func `no customers give an empty table`() throws {
    let (predictions, summary) = try run(features([], []), model.document)
    #expect(predictions.rowCount == 0 && summary.rowsOut == 0)
  }

  @Test func `a table or a model that does not fit is refused by kind`() throws {
    func kind(_ features: Table, _ model: JSONValue) -> StageFault.Kind? {
      do {
        _ = try run(features, model)
        return nil
      } catch { return (error as? StageFault)?.kind }
    }
    let lacking = Table([("key", .text(TextColumn(["a"])))])
    #expect(kind(lacking, model.document) == .data)
    #expect(kind(features(["a"], [1]), ["schema": "holdfast.model/v2"]) == .model)
    #expect(kind(features(["a"], [1]), ["schema": "holdfast.model/v1"]) == .model)
  }
}
