import Learning
import Numerics
import Testing

/// What boosting does with input that is no good.
struct BoostingRefusalTests {
  private let crew = Crew(threads: 1)

  private func kind(
    _ frame: FeatureFrame, _ labels: [Double], weights: [Double]? = nil, training: [Int32]? = nil,
    _ change: (inout BoostingParameters) -> Void = { _ in }
  ) -> LearningError.Kind? {
    var parameters = BoostingParameters()
    parameters.trees = 3
    change(&parameters)
    let rows = training ?? SampleFrames.all(frame.rows)
    let matrix = Binning.learn(frame, training: rows, crew: crew).apply(frame, crew: crew)
    do throws(LearningError) {
      _ = try BoostedTrees.fit(
        matrix, labels: labels, weights: weights, training: rows, parameters: parameters, crew: crew)
      return nil
    } catch { return error.kind }
  }

  private let two = FeatureFrame(rows: 2, columns: [.numeric([1, 2])])

  @Test func `each fault has its kind`() {
    #expect(kind(two, [0, 0]) == .oneClass)
    #expect(kind(two, [0, 1], training: []) == .noRows)
    #expect(kind(two, [0, 1], training: [0]) == .oneClass)
    #expect(kind(two, [0, 1], weights: [0, 0]) == .noRows)
    #expect(kind(two, [0, 1], weights: [0, 1]) == .oneClass)
    #expect(kind(two, [0, 1], weights: [1, -1]) == .badWeight)
    #expect(kind(two, [0, 1], weights: [1, .nan]) == .badWeight)
    #expect(kind(two, [0, 2]) == .badLabel)
    #expect(kind(two, [0, .nan]) == .badLabel)
    #expect(kind(two, [0]) == .shapeMismatch)
    #expect(kind(FeatureFrame(rows: 2, columns: []), [0, 1]) == .noColumns)
  }

  @Test func `each setting has its range`() {
    let changes: [(inout BoostingParameters) -> Void] = [
      { $0.trees = 0 }, { $0.learningRate = 0 }, { $0.learningRate = 1.5 }, { $0.leaves = 1 },
      { $0.depth = 0 },
      { $0.minimumRows = 0 }, { $0.minimumHessian = -1 }, { $0.lambda = .nan }, { $0.minimumGain = -1 },
      { $0.stretches = 0 }, { $0.stretches = 257 }, { $0.rowFraction = 0 }, { $0.columnFraction = 1.1 },
      { $0.categorySmoothing = -1 },
      { $0.categoryLambda = -1 }, { $0.patience = 0 }, { $0.monotone = [2] }, { $0.monotone = [0, 0] },
      { $0.splitNoise = 1 },
      {
        $0.shape = .symmetric; $0.splitNoise = -1
      },
    ]
    for change in changes { #expect(kind(two, [0, 1], change) == .badParameter) }
  }

  @Test func `columns that tell nothing leave the mean`() throws {
    let frame = FeatureFrame(
      rows: 100,
      columns: [
        .numeric([Double](repeating: .nan, count: 100)), .numeric([Double](repeating: 4, count: 100)),
        .categorical(codes: [Int32](repeating: -1, count: 100), levels: 0),
      ])
    let labels = (0..<100).map { $0 < 20 ? 1.0 : 0 }
    let rows = SampleFrames.all(100)
    let matrix = Binning.learn(frame, training: rows, crew: crew).apply(frame, crew: crew)
    let fit = try BoostedTrees.fit(
      matrix, labels: labels, training: rows, heldOut: [0, 99], parameters: BoostingParameters(), crew: crew)
    #expect(fit.model.trees.count == 0)
    #expect(fit.model.logits(matrix, rows: [5], crew: crew) == [logit(0.2)])
  }

  @Test func `infinities, three thousand columns and a hundred thousand categories are taken`() {
    let rows = 300
    let generator = CounterGenerator(seed: 9)
    let labels = (0..<rows).map { generator.uniform(UInt64($0)) < 0.3 ? 1.0 : 0 }
    var columns = (0..<3000).map { column in
      FeatureFrame.Column.numeric((0..<rows).map { generator.deriving(column).uniform(UInt64($0)) })
    }
    columns.append(.numeric((0..<rows).map { $0 % 3 == 0 ? .infinity : $0 % 3 == 1 ? -.infinity : 0 }))
    columns.append(.categorical(codes: (0..<rows).map { Int32($0 * 331) }, levels: 100_000))
    #expect(kind(FeatureFrame(rows: rows, columns: columns), labels) == nil)
  }
}
