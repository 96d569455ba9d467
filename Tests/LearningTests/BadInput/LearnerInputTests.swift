import Learning
import Numerics
import Testing

/// A way to learn log-odds from a frame.
enum Learner: String, CaseIterable, CustomTestStringConvertible {
  case boosting, forest, logistic, scorecard

  var testDescription: String { rawValue }

  /// The log-odds of all rows after learning from `training`.
  func logits(
    _ frame: FeatureFrame, _ labels: [Double], weights: [Double]? = nil, training: [Int32]? = nil
  ) throws(LearningError) -> [Double] {
    let crew = Crew(threads: 2)
    let all = SampleFrames.all(frame.rows)
    let rows = training ?? all
    switch self {
    case .boosting:
      let matrix = Binning.learn(frame, training: rows, crew: crew).apply(frame, crew: crew)
      var parameters = BoostingParameters()
      parameters.trees = 5
      return try BoostedTrees.fit(
        matrix, labels: labels, weights: weights, training: rows, parameters: parameters, crew: crew
      ).model.logits(matrix, rows: all, crew: crew)
    case .forest:
      let matrix = Binning.learn(frame, training: rows, crew: crew).apply(frame, crew: crew)
      var parameters = ForestParameters()
      parameters.trees = 5
      return try RandomForest.fit(
        matrix, labels: labels, weights: weights, training: rows, parameters: parameters, crew: crew
      ).logits(matrix, rows: all, crew: crew)
    case .logistic:
      let design = try LinearDesign.learn(frame, training: rows, crew: crew)
      let own = rows.map { labels.indices.contains(Int($0)) ? labels[Int($0)] : .nan }
      let fit = try LogisticRegression.fit(
        design.apply(frame, rows: rows, crew: crew), labels: own,
        weights: weights.map { all in rows.map { all[Int($0)] } }, penalty: 1, crew: crew)
      return fit.model.logits(design.apply(frame, rows: all, crew: crew), crew: crew)
    case .scorecard:
      return try Scorecard.fit(
        frame, labels: labels, weights: weights, training: rows, scale: PointScale(), crew: crew
      ).card.logits(frame, rows: all, crew: crew)
    }
  }

  /// Why it refused; `nil` where it did not.
  func refusal(
    _ frame: FeatureFrame, _ labels: [Double], weights: [Double]? = nil, training: [Int32]? = nil
  ) -> LearningError.Kind? {
    do throws(LearningError) {
      _ = try logits(frame, labels, weights: weights, training: training)
      return nil
    } catch { return error.kind }
  }
}

/// Every learner on tables that are no good: log-odds that are numbers, or an error with a kind.
struct LearnerInputTests {
  private let rows = 400

  private func labels(_ rows: Int) -> [Double] {
    let draws = CounterGenerator(seed: 17)
    return (0..<rows).map { draws.uniform(UInt64($0)) < 0.3 ? 1 : 0 }
  }

  private func draws(_ column: Int, _ rows: Int) -> [Double] {
    let generator = CounterGenerator(seed: 18).deriving(column)
    return (0..<rows).map { generator.uniform(UInt64($0)) }
  }

  @Test(arguments: Learner.allCases) func `columns that are missing, constant, infinite or huge`(
    learner: Learner
  )
    throws
  {
    let good = draws(0, rows)
    let columns: [FeatureFrame.Column] = [
      .numeric([Double](repeating: .nan, count: rows)),
      .numeric([Double](repeating: 3, count: rows)),
      .numeric([Double](repeating: .infinity, count: rows)),
      .numeric((0..<rows).map { $0 % 3 == 0 ? .infinity : $0 % 3 == 1 ? -.infinity : .nan }),
      .numeric((0..<rows).map { $0 % 2 == 0 ? 1e308 : -1e308 }),
      .numeric((0..<rows).map { $0 % 2 == 0 ? Double.leastNonzeroMagnitude : 0 }),
      .numeric((0..<rows).map { $0 == 7 ? 1e300 : good[$0] }),
      .categorical(codes: [Int32](repeating: -1, count: rows), levels: 0),
      .categorical(codes: [Int32](repeating: 2, count: rows), levels: 3),
      .categorical(codes: (0..<rows).map { Int32($0) }, levels: rows),
    ]
    let y = labels(rows)
    for column in columns {
      for beside in [[], [FeatureFrame.Column.numeric(good)]] {
        let frame = FeatureFrame(rows: rows, columns: [column] + beside)
        let found = try learner.logits(frame, y)
        #expect(found.allSatisfy { $0.isFinite }, "\(column)")
        // Values that no training row had.
        let half = (0..<Int32(rows / 2)).map { $0 }
        let unseen = try learner.logits(frame, y, training: half)
        #expect(unseen.allSatisfy { $0.isFinite })
      }
    }
    let found = try learner.logits(FeatureFrame(rows: rows, columns: columns), y)
    #expect(found.allSatisfy { $0.isFinite })
  }

  @Test(arguments: Learner.allCases) func `one class, one row, no rows and no columns have their kinds`(
    learner: Learner
  ) {
    let frame = FeatureFrame(rows: 4, columns: [.numeric([1, 2, 3, 4])])
    #expect(learner.refusal(frame, [1, 1, 1, 1]) == .oneClass)
    #expect(learner.refusal(frame, [0, 0, 0, 0]) == .oneClass)
    #expect(learner.refusal(frame, [0, 1, 0, 1], training: [2]) == .oneClass)
    #expect(learner.refusal(frame, [0, 1, 0, 1], training: []) == .noRows)
    #expect(learner.refusal(frame, [0, 1, 0, 1]) == nil)
    let one = FeatureFrame(rows: 1, columns: [.numeric([1])])
    #expect(learner.refusal(one, [1]) == .oneClass)
    #expect(learner.refusal(FeatureFrame(rows: 0, columns: [.numeric([])]), []) == .noRows)
    #expect(learner.refusal(frame, [0, 1, .nan, 1]) == .badLabel)
    #expect(learner.refusal(frame, [0, 1, .infinity, 1]) == .badLabel)
    // A linear model without columns is the base rate; the others ask for one.
    let none = learner.refusal(FeatureFrame(rows: 2, columns: []), [0, 1])
    #expect(none == (learner == .logistic ? nil : .noColumns))
  }

  @Test(arguments: Learner.allCases) func `weights of zero leave rows out, none but zeros nothing`(
    learner: Learner
  ) throws {
    let y = labels(rows)
    let x = draws(1, rows)
    let frame = FeatureFrame(rows: rows, columns: [.numeric(x)])
    #expect(learner.refusal(frame, y, weights: y.map { _ in 0 }) == .noRows)
    #expect(learner.refusal(frame, y, weights: y) == .oneClass)
    for bad in [-1, .nan, Double.infinity] {
      #expect(learner.refusal(frame, y, weights: y.map { $0 == 1 ? bad : 1 }) == .badWeight)
    }
    let some = (0..<rows).map { $0 % 5 == 0 ? 0.0 : 1 }
    let found = try learner.logits(frame, y, weights: some)
    #expect(found.allSatisfy { $0.isFinite })
    // What the rows of no weight say of themselves changes nothing.
    var spoilt = y
    for row in stride(from: 0, to: rows, by: 5) { spoilt[row] = 1 - spoilt[row] }
    let (a, b) = (
      try learner.logits(frame, y, weights: some), try learner.logits(frame, spoilt, weights: some)
    )
    #expect(a == b)
  }

  @Test(arguments: Learner.allCases) func `five thousand columns`(learner: Learner) throws {
    let rows = 200
    let frame = FeatureFrame(rows: rows, columns: (0..<5000).map { .numeric(draws($0, rows)) })
    guard learner != .logistic else {
      #expect(learner.refusal(frame, labels(rows)) == .tooManyColumns)
      return
    }
    let found = try learner.logits(frame, labels(rows))
    #expect(found.allSatisfy { $0.isFinite })
  }

  @Test(arguments: Learner.allCases) func `a category of a hundred thousand levels`(learner: Learner) throws {
    let rows = 3000
    let codes = (0..<rows).map { Int32($0 % 2 == 0 ? $0 * 33 : 5) }
    let frame = FeatureFrame(
      rows: rows, columns: [.categorical(codes: codes, levels: 100_000), .numeric(draws(3, rows))])
    let half = (0..<Int32(rows / 2)).map { $0 }
    let found = try learner.logits(frame, labels(rows), training: half)
    #expect(found.allSatisfy { $0.isFinite })
  }
}
