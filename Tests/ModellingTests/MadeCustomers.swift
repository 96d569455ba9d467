import Clientele
import Learning
import Modelling
import Numerics
import Tabular

/// A features table of made customers, and models trained on it without a stage.
enum MadeCustomers {
  static let assignment = FoldAssignment(seed: 5, count: 3)

  /// Key, fold, label, a balance with its state, an age, a city; `cities` in the dictionary's order wanted.
  static func features(
    _ rows: Int, cities: [String] = ["Bern", "Basel", "Genf", "Chur"], policy: MissingPolicy = .keep,
    from first: Int = 0
  ) -> Table {
    let generator = CounterGenerator(seed: 3)
    func draw(_ column: Int, _ row: Int) -> Double { generator.deriving(column).uniform(UInt64(row)) }
    let all = first..<first + rows
    let keys = TextColumn(all.map { "c\(100_000 + $0)" })
    let names = ["Bern", "Basel", "Genf", "Chur"]
    let city = all.map { Int(draw(0, $0) * 4.4) }
    let balances = all.map { draw(1, $0) < 0.3 ? Double.nan : (draw(2, $0) * 5000).rounded() }
    let ages = all.map { Int64(18 + draw(3, $0) * 60) }
    let labels = all.enumerated().map { place, row -> Int64 in
      var z = -2 + Double(ages[place] - 40) / 15
      z += balances[place].isNaN ? -1.5 : balances[place] / 4000
      z += city[place] == 2 ? 1.5 : 0
      return draw(4, row) < logistic(z) ? 1 : 0
    }
    let codes = city.map { $0 < 4 ? Int32(cities.firstIndex(of: names[$0]) ?? -1) : -1 }
    let states = balances.map { Int32($0.isNaN ? 1 : 0) }
    return Table(
      schema: Schema(
        [
          Field("key", .text, metadata: FeatureFacts(role: .key).metadata),
          Field("fold", .integer, metadata: FeatureFacts(role: .fold).metadata),
          Field("label", .integer, metadata: FeatureFacts(role: .label).metadata),
          Field("balance", .real, metadata: FeatureFacts(role: .feature, missingPolicy: policy).metadata),
          Field(
            "balance.state", .category, metadata: FeatureFacts(role: .state, stateOf: "balance").metadata),
          Field("age", .integer, metadata: FeatureFacts(role: .feature, protected: true).metadata),
          Field("city", .category, metadata: FeatureFacts(role: .feature).metadata),
          Field("remark", .text, metadata: FeatureFacts(role: .feature).metadata),
        ],
        metadata: [FeatureColumn.foldSeed: "5", FeatureColumn.foldCount: "3"]),
      columns: [
        .text(keys), .integer(IntegerColumn(assignment.folds(of: keys))), .integer(IntegerColumn(labels)),
        .real(RealColumn(balances)),
        .category(CategoryColumn(codes: states, dictionary: ["value", "unknown"])),
        .integer(IntegerColumn(ages)), .category(CategoryColumn(codes: codes, dictionary: cities)),
        .text(TextColumn(all.map { "remark \($0)" })),
      ])
  }

  /// What the fold models are made of.
  enum Learner { case boosting, forest, probabilityForest, logistic, scorecard, blend }

  /// A model of `features`, each fold's by the other folds' customers.
  static func model(_ features: Table, _ learner: Learner) throws -> ChurnModel {
    let encoding = try FeatureEncoding.learn(from: features, usesProtected: true).encoding
    let frame = try encoding.encode(features).frame
    let labels = try features.integers("label").doubles()
    let folds = try features.integers("fold").values
    let models = try (0..<3).map { fold in
      let training = (0..<Int32(features.rowCount)).filter { folds[Int($0)] != fold }
      let fill = MissingFill.learn(frame, encoding, grouping: [], training: training)
      let filled = fill.apply(frame)
      let predictor = try predictor(learner, filled, labels, training)
      let held = (0..<Int32(features.rowCount)).filter { folds[Int($0)] == fold }
      let band = try VennAbers(
        scores: predictor.logits(filled, rows: held, crew: Crew(threads: 1)),
        labels: held.map { labels[Int($0)] > 0 ? 1 : 0 }
      ).band
      return FoldModel(
        fill: fill, predictor: predictor, calibration: .beta(a: 0.9, b: 1.1, c: 0.05),
        band: fold == 1 ? nil : band)
    }
    return ChurnModel(
      assignment: assignment, encoding: encoding, learner: "\(learner)",
      contract: ChurnModel.TrainingContract(
        labelled: features.rowCount, events: 1, calibration: "beta", resampling: "none"),
      folds: models)
  }

  private static func predictor(
    _ learner: Learner, _ filled: FeatureFrame, _ labels: [Double], _ training: [Int32]
  ) throws -> Predictor {
    let crew = Crew(threads: 1)
    switch learner {
    case .boosting, .forest, .probabilityForest:
      let binning = Binning.learn(filled, training: training, bins: 32, crew: crew)
      let matrix = binning.apply(filled, crew: crew)
      if learner == .boosting {
        var parameters = BoostingParameters()
        parameters.trees = 15
        parameters.leaves = 8
        let fit = try BoostedTrees.fit(
          matrix, labels: labels, training: training, parameters: parameters, crew: crew)
        return .boosting(binning, fit.model)
      }
      var parameters = ForestParameters()
      parameters.trees = 5
      let forest = try RandomForest.fit(
        matrix, labels: labels, training: training, parameters: parameters, crew: crew)
      return .forest(binning, learner == .forest ? forest : forest.averaging(.probabilities))
    case .logistic:
      let design = try LinearDesign.learn(filled, training: training, crew: crew)
      let fit = try LogisticRegression.fit(
        design.apply(filled, rows: training, crew: crew), labels: training.map { labels[Int($0)] },
        penalty: 1,
        crew: crew)
      return .logistic(design, fit.model)
    case .scorecard:
      return .scorecard(
        try Scorecard.fit(filled, labels: labels, training: training, scale: PointScale(), crew: crew).card)
    case .blend:
      let members = try [
        (Learner.boosting, 0.5), (.forest, 0.125), (.probabilityForest, 0.125), (.logistic, 0.25),
        (.scorecard, 0.125),
      ].map { learner, weight in
        PredictorBlend.Member(
          learner: "\(learner)", weight: weight, predictor: try predictor(learner, filled, labels, training))
      }
      return .blend(PredictorBlend(intercept: -0.1, members: members))
    }
  }
}
