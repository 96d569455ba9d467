import Clientele
import Findings
import Fingerprints
import Learning
import Modelling
import Numerics
import Staging
import Tabular
import Testing

@testable import Training

struct ScorecardLearnerTests {
  private func train(
    _ features: Table, _ given: [String: JSONValue], threads: Int = 2
  ) throws -> (model: ChurnModel, training: TrainingFindings, document: JSONValue) {
    let artifacts = MemoryArtifacts()
    try artifacts.table("features", features)
    let stage = TrainStage(
      parameters: try ParameterValues(TrainStage.declaration.parameters, given: given))
    _ = try artifacts.run(stage, StageContext(seed: 1, threads: threads))
    let document = try artifacts.document("model")
    return (
      try ChurnModel(document: document),
      try JSONDecoding.decode(TrainingFindings.self, from: artifacts.document("training")), document
    )
  }

  private func fault(_ features: Table, _ given: [String: JSONValue]) -> StageFault? {
    do {
      _ = try train(features, given)
      return nil
    } catch { return error as? StageFault }
  }

  @Test func `a scorecard is fitted where it is asked for, and only there`() throws {
    #expect(TrainParameters.declarations.first { $0.name == "learners" }?.defaultValue.elements?.count == 5)
    let (model, training, document) = try train(FeatureTables.made(1500), ["learners": ["scorecard"]])
    #expect(model.learner == "scorecard" && training.calibration == "beta")
    #expect(training.learners.map(\.name) == ["scorecard"] && training.learners[0].rocAuc > 0.7)
    #expect(training.capacities.map(\.capacity).contains("classes of 5 % or more"))
    let cards = try #require(training.scorecards)
    #expect(cards.map(\.fold) == [0, 1, 2, 3, 4])
    for (fold, card) in cards.enumerated() {
      guard case .scorecard(let scoring) = model.folds[fold].predictor else {
        Issue.record("a scorecard scores")
        return
      }
      #expect(card.basePoints == 600 && card.baseOdds == 50 && card.doublingPoints == 20)
      #expect(card.attributes.map { $0.classes.map(\.points) } == scoring.table)
      #expect(card.intercept == scoring.intercept)
      #expect(card.attributes.map(\.coefficient) == scoring.lines.map(\.coefficient))
      #expect(
        card.attributes.allSatisfy { ($0.standardError ?? 0) > 0 } && card.interceptStandardError != nil)
      for attribute in card.attributes {
        #expect((attribute.classes.reduce(0) { $0 + $1.share } - 1).magnitude < 1e-9)
        #expect(attribute.classes.allSatisfy { !$0.words.isEmpty })
      }
      #expect(Set(card.attributes.map(\.name)).isDisjoint(with: card.leftOut.map(\.name)))
    }
    let age = try #require(cards[0].attributes.first { $0.name == "age" })
    #expect(age.protected && age.informationValue > 0.1)
    #expect(age.classes.first?.words.hasPrefix("up to ") == true && age.classes.last?.words == "missing")
    #expect(age.classes.contains { $0.words.hasPrefix("above ") && $0.words.contains(" to ") })
    #expect(
      CanonicalJSON.encode(document)
        == CanonicalJSON.encode(
          try train(FeatureTables.made(1500), ["learners": ["scorecard"]], threads: 4).document))
  }

  @Test func `other points, other terms`() throws {
    let (model, training, _) = try train(
      FeatureTables.made(900),
      [
        "learners": ["scorecard"], "cardBasePoints": 500, "cardBaseOdds": 10, "cardDoublingPoints": 40,
        "cardIsMonotone": true,
      ])
    let card = try #require(training.scorecards?.first)
    #expect(card.basePoints == 500 && card.baseOdds == 10 && card.doublingPoints == 40)
    for fold in model.folds {
      guard case .scorecard(let card) = fold.predictor else { continue }
      for line in card.lines {
        guard case .edges = line.classes.rule else { continue }
        let weights = Array(line.classes.weights.dropLast())
        #expect(weights.sorted() == weights || weights.sorted(by: >) == weights)
      }
    }
  }

  @Test func `it is a member of a blend that asks for it`() throws {
    let (model, training, _) = try train(
      FeatureTables.made(1200), ["learners": ["logistic", "scorecard"], "blend": "always"])
    #expect(training.learners.map(\.name) == ["blend", "logistic", "scorecard"])
    let weight = try #require(training.learners[2].weight)
    #expect(weight > 0 && training.scorecards?.count == 5)
    #expect(training.coefficients == nil)
    let isMember = model.folds.contains { fold in
      guard case .blend(let blend) = fold.predictor else { return false }
      return blend.members.contains { $0.learner == "scorecard" }
    }
    #expect(isMember)
  }

  @Test func `classes that separate the outcomes are said, and have no standard errors`() throws {
    let features = FeatureTables.table(
      keys: (0..<600).map { "k\($0)" },
      labels: IntegerColumn((0..<600).map { $0 % 4 == 0 ? 1 : 0 }), folds: 5,
      features: [
        (Field("sure", .real), .real(RealColumn((0..<600).map { $0 % 4 == 0 ? 5 : 1 }))),
        (Field("noise", .real), .real(RealColumn((0..<600).map { Double($0 * 7919 % 101) }))),
      ])
    let (_, training, _) = try train(features, ["learners": ["logistic"]])
    let coefficients = try #require(training.coefficients)
    #expect(coefficients.terms.allSatisfy { $0.standardError == nil })
    #expect(coefficients.notes.first?.contains("sure per") == true)
    #expect(training.learners[0].logLoss < 0.05)
  }

  @Test func `a logistic regression that scores shows its coefficients with standard errors`() throws {
    let (_, training, _) = try train(FeatureTables.made(1500), ["learners": ["logistic"]])
    let found = try #require(training.coefficients)
    #expect(found.rows == 1500 && found.logLikelihood < 0 && found.notes.count <= 1)
    let age = try #require(found.terms.first { $0.name == "age" })
    #expect(age.words.hasPrefix("per 17") && age.coefficient > 1)
    // The state says what the gap's mark says: the equations have no unique solution, which is said.
    #expect(age.standardError == nil && found.notes[0].contains("the same"))
    #expect(training.scorecards == nil)
    let plain = FeatureTables.table(
      keys: (0..<800).map { "k\($0)" },
      labels: IntegerColumn((0..<800).map { ($0 * 31) % 97 < 20 + ($0 % 50) ? 1 : 0 }), folds: 5,
      features: [(Field("x", .real), .real(RealColumn((0..<800).map { Double($0 % 50) })))])
    let errors = try #require(try train(plain, ["learners": ["logistic"]]).training.coefficients)
    #expect(errors.notes.isEmpty && errors.terms.count == 1)
    #expect((errors.terms[0].standardError ?? 0) > 0.05 && (errors.terms[0].standardError ?? 1) < 0.15)
    #expect((errors.interceptStandardError ?? 0) > 0)
  }

  @Test func `each fold's band is calibrated on the others' held-out customers`() throws {
    let features = FeatureTables.made(1200)
    let (model, _, _) = try train(features, ["learners": ["scorecard"]])
    let scores = try model.score(features, crew: Crew(threads: 1))
    let labels = try features.integers("label").values
    for fold in 0..<5 {
      let others = scores.folds.indices.filter { scores.folds[$0] != Int64(fold) }
      let band = try VennAbers(
        scores: others.map { scores.scores[$0] }, labels: others.map { UInt8(labels[$0]) }
      ).band
      #expect(model.folds[fold].band == band)
    }
    // Of twenty groups by probability, what happened lies in most within the groups' mean range, give or take chance.
    let order = scores.probabilities.indices.sorted { scores.probabilities[$0] < scores.probabilities[$1] }
    var agrees = 0
    for group in 0..<20 {
      let rows = order[group * 60..<(group + 1) * 60]
      let left = rows.reduce(0.0) { $0 + Double(labels[$1]) } / 60
      let chance = 2 * (left * (1 - left) / 60).squareRoot() + 0.02
      let low = rows.reduce(0.0) { $0 + scores.lows[$1] } / 60
      let high = rows.reduce(0.0) { $0 + scores.highs[$1] } / 60
      if left > low - chance, left < high + chance { agrees += 1 }
    }
    #expect(agrees >= 17)
  }

  // MARK: Directions

  /// Scores of made customers who differ in age alone.
  private func logits(_ model: ChurnModel, balance: Double, city: Int32) throws -> [Double] {
    let ages = (0..<60).map { Int64(18 + $0) }
    let table = Table([
      ("balance", .real(RealColumn(ages.map { _ in balance }))),
      (
        "balance.state",
        .category(
          CategoryColumn(codes: ages.map { _ in balance.isNaN ? 1 : 0 }, dictionary: ["value", "unknown"]))
      ),
      ("age", .integer(IntegerColumn(ages))),
      (
        "city",
        .category(CategoryColumn(codes: ages.map { _ in city }, dictionary: ["A", "B", "C", "D", "E"]))
      ),
    ])
    let frame = try model.encoding.encode(table).frame
    return model.score(frame, folds: ages.map { _ in 2 }, crew: Crew(threads: 1)).scores
  }

  @Test(arguments: ["boosting", "symmetric", "randomised", "scorecard", "blend"])
  func `the risk rises or falls with a column where it must`(name: String) throws {
    let learners: JSONValue =
      name == "blend"
      ? ["boosting", "symmetric", "randomised", "scorecard", "forest"] : .array([.string(name)])
    // Age truly raises the risk: held to fall, it may not move it at all or must find nothing that rises.
    for (parameter, sign) in [("rising", 1.0), ("falling", -1.0)] {
      let (model, training, _) = try train(
        FeatureTables.made(900),
        ["learners": learners, "blend": name == "blend" ? "always" : "never", parameter: ["age"]])
      for (balance, city) in [(Double.nan, Int32(2)), (100, 0), (8000, 4)] {
        let scores = try logits(model, balance: balance, city: city)
        #expect(zip(scores, scores.dropFirst()).allSatisfy { sign * ($1 - $0) >= -1e-12 })
        if sign > 0 { #expect(scores[59] - scores[0] > 1) }
      }
      if name == "blend" { #expect(training.notes.contains { $0.hasPrefix("forest left out") }) }
    }
  }

  @Test func `directions that cannot be kept are refused`() throws {
    let features = FeatureTables.made(300)
    #expect(fault(features, ["rising": ["wealth"]])?.kind == .configuration)
    #expect(fault(features, ["rising": ["city"]])?.kind == .configuration)
    #expect(fault(features, ["rising": ["age"], "falling": ["age"]])?.kind == .configuration)
    #expect(
      fault(features, ["rising": ["age"], "learners": ["forest", "logistic"]])?.kind == .configuration)
  }
}
