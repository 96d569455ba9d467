import Learning
import Numerics
import Testing

struct RandomForestTests {
  private let crew = Crew(threads: 1)

  private func fit(
    _ rows: Int, threads: Int = 1, weights: [Double]? = nil,
    _ change: (inout ForestParameters) -> Void = { _ in }
  ) throws -> (matrix: BinnedMatrix, labels: [Double], forest: RandomForest) {
    let (frame, labels) = SampleFrames.made(rows)
    var parameters = ForestParameters()
    parameters.trees = 30
    change(&parameters)
    let matrix = Binning.learn(frame, training: SampleFrames.all(rows), bins: 64, crew: crew)
      .apply(frame, crew: crew)
    let forest = try RandomForest.fit(
      matrix, labels: labels, weights: weights, training: SampleFrames.all(rows * 3 / 4),
      parameters: parameters,
      crew: Crew(threads: threads))
    return (matrix, labels, forest)
  }

  @Test func `the same bits for any number of threads`() throws {
    let one = try fit(3000).forest
    #expect(try fit(3000, threads: 2).forest == one)
    #expect(try fit(3000, threads: 4).forest == one)
    #expect(try fit(3000) { $0.seed = 1 }.forest != one)
  }

  @Test func `probabilities are means of shares and rank the unseen`() throws {
    let (matrix, labels, forest) = try fit(4000)
    #expect(forest.trees.isWellFormed(columns: 5))
    #expect(forest.trees.values.allSatisfy { $0 >= 0 && $0 <= 1 })
    let unseen = SampleFrames.all(4000).filter { $0 >= 3000 }
    let probabilities = forest.probabilities(matrix, rows: unseen, crew: crew)
    let truth = unseen.map { labels[Int($0)] }
    let mean = truth.reduce(0, +) / Double(truth.count)
    let null = SampleFrames.loss([Double](repeating: logit(mean), count: truth.count), truth)
    #expect(SampleFrames.loss(probabilities.map { logit(min(max($0, 1e-6), 1 - 1e-6)) }, truth) < null - 0.02)
    #expect(SampleFrames.loss(forest.logits(matrix, rows: unseen, crew: crew), truth) < null - 0.02)
  }

  @Test func `leaves hold their share of rows and smooth their odds`() throws {
    let (_, labels, forest) = try fit(2000) { $0.minimumRows = 25 }
    let mean = labels[0..<1500].reduce(0, +) / 1500
    for node in forest.trees.kinds.indices where forest.trees.features[node] < 0 {
      let cover = forest.trees.covers[node]
      #expect(cover >= 25)
      let events = forest.trees.values[node] * cover + 2 * mean
      let expected = logarithm(events / (cover + 2 - events))
      #expect((forest.logOdds[node] - expected).magnitude < 1e-9)
    }
  }

  @Test func `rows of weight zero teach nothing, and fractions are taken`() throws {
    let (frame, labels) = SampleFrames.made(600)
    let matrix = Binning.learn(frame, training: SampleFrames.all(600), crew: crew).apply(frame, crew: crew)
    let weights = (0..<600).map { $0 % 2 == 0 ? 0.7 : 0 }
    let flipped = labels.enumerated().map { $0 % 2 == 0 ? $1 : 1 - $1 }
    var parameters = ForestParameters()
    parameters.trees = 5
    func fit(_ labels: [Double]) throws -> RandomForest {
      try RandomForest.fit(
        matrix, labels: labels, weights: weights, training: SampleFrames.all(600), parameters: parameters,
        crew: crew)
    }
    let forest = try fit(labels)
    #expect(try fit(flipped) == forest)
    #expect(forest.trees.values.allSatisfy { $0 >= 0 && $0 < 1 + 1e-6 })
  }

  @Test func `settings out of range and single classes are refused`() {
    let changes: [(inout ForestParameters) -> Void] = [
      { $0.trees = 0 }, { $0.minimumRows = 0 }, { $0.depth = 65 }, { $0.columnsPerNode = 6 },
      { $0.smoothing = 0 },
    ]
    for change in changes { #expect(throws: LearningError.self) { try fit(100, change) } }
    #expect(throws: LearningError.self) { try fit(100, weights: [Double](repeating: 0, count: 100)) }
  }
}
