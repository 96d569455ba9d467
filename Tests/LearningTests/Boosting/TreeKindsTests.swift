import Learning
import Numerics
import Testing

/// What symmetric trees and randomised splits have in common with, and apart from, the default trees.
struct TreeKindsTests {
  private let crew = Crew(threads: 1)

  private enum Kind: String, CaseIterable, Sendable {
    case symmetric, randomised, both, blurred

    func apply(_ parameters: inout BoostingParameters) {
      if self != .randomised { parameters.shape = .symmetric }
      if self == .randomised || self == .both { parameters.splits = .randomised }
      if self == .blurred { parameters.splitNoise = 1 }
    }
  }

  private func matrix(_ frame: FeatureFrame) -> BinnedMatrix {
    Binning.learn(frame, training: SampleFrames.all(frame.rows), crew: crew).apply(frame, crew: crew)
  }

  private func fit(
    _ frame: FeatureFrame, _ labels: [Double], weights: [Double]? = nil, _ kind: Kind,
    _ change: (inout BoostingParameters) -> Void = { _ in }
  ) throws -> (matrix: BinnedMatrix, model: BoostedTrees) {
    var parameters = BoostingParameters()
    parameters.trees = 15
    kind.apply(&parameters)
    change(&parameters)
    let matrix = matrix(frame)
    let fit = try BoostedTrees.fit(
      matrix, labels: labels, weights: weights, training: SampleFrames.all(frame.rows),
      parameters: parameters, crew: crew)
    return (matrix, fit.model)
  }

  /// The splits met on the way to each leaf of a tree, from the root.
  private func paths(_ trees: DecisionTrees, _ tree: Int) -> [[[Int32]]] {
    var paths: [[[Int32]]] = []
    func follow(_ node: Int, _ path: [[Int32]]) {
      guard trees.features[node] >= 0 else { return paths.append(path) }
      let split = [trees.features[node], Int32(trees.kinds[node]), trees.thresholds[node]]
      follow(Int(trees.left[node]), path + [split])
      follow(Int(trees.left[node]) + 1, path + [split])
    }
    follow(Int(trees.roots[tree]), [])
    return paths
  }

  @Test func `the leaves of a symmetric tree's level share their split`() throws {
    let (frame, labels) = SampleFrames.made(4000)
    let (_, model) = try fit(frame, labels, .symmetric) {
      $0.depth = 4
      $0.minimumRows = 1
      $0.minimumHessian = 0
    }
    #expect(model.trees.isWellFormed(columns: 5))
    #expect(model.trees.covers.allSatisfy { $0 > 0 })
    var fullest = 0
    for tree in 0..<model.trees.count {
      let paths = paths(model.trees, tree)
      fullest = max(fullest, paths.count)
      // A leaf that a level's split cannot divide skips it; all paths keep the order of the levels.
      #expect(Set(paths.joined()).count <= 4)
      let pairs = paths.flatMap { path in
        path.indices.flatMap { place in path[..<place].map { [$0, path[place]] } }
      }
      #expect(Set(pairs).isDisjoint(with: pairs.map { [$0[1], $0[0]] }))
    }
    #expect(fullest > 8)
  }

  /// Every edge for two leaves at once, tried one by one in plain doubles.
  @Test func `a level's split gains most over all of its leaves together`() throws {
    let (made, labels) = SampleFrames.made(500, seed: 3)
    let frame = FeatureFrame(rows: 500, columns: [made.columns[0], made.columns[1], made.columns[3]])
    let (matrix, model) = try fit(frame, labels, .symmetric) {
      $0.trees = 1
      $0.depth = 2
      $0.learningRate = 1
      $0.minimumRows = 1
      $0.minimumHessian = 0
    }
    let mean = labels.reduce(0, +) / 500
    let h = mean * (1 - mean)
    func score(_ rows: [Int]) -> Double {
      let g = rows.reduce(0.0) { $0 + mean - labels[$1] }
      return g * g / (h * Double(rows.count) + 1)
    }
    func goesLeft(_ row: Int, _ column: Int, _ threshold: Int, missingLeft: Bool) -> Bool {
      let bin = Int(matrix.bins[row * matrix.stride + column])
      return bin <= threshold && (bin > 0 || missingLeft)
    }
    func divided(_ leaves: [[Int]], _ column: Int, _ threshold: Int, _ missingLeft: Bool) -> [[Int]] {
      leaves.flatMap { rows -> [[Int]] in
        let left = rows.filter { goesLeft($0, column, threshold, missingLeft: missingLeft) }
        let right = rows.filter { !goesLeft($0, column, threshold, missingLeft: missingLeft) }
        return left.isEmpty || right.isEmpty ? [rows] : [left, right]
      }
    }
    var leaves = [Array(0..<500)]
    for _ in 0..<2 {
      var best = (0.0, leaves)
      for column in 0..<3 {
        for threshold in 1...matrix.valueBins[column] {
          for missingLeft in [false, true] {
            let next = divided(leaves, column, threshold, missingLeft)
            let gain = next.map(score).reduce(0, +)
            if gain > best.0 + 1e-9 { best = (gain, next) }
          }
        }
      }
      leaves = best.1
    }
    let expected = leaves.map(score).reduce(0, +)
    let found = model.trees.kinds.indices.filter { model.trees.features[$0] < 0 }
      .reduce(0.0) { sum, leaf in
        let value = model.trees.values[leaf]
        return sum + value * value * (h * model.trees.covers[leaf] + 1)
      }
    #expect((expected - found).magnitude < 1e-4)
  }

  @Test func `randomised splits are others for other seeds, the same for the same`() throws {
    let (frame, labels) = SampleFrames.made(2000)
    for kind in [Kind.randomised, .both] {
      let models = try [1, 1, 2].map { seed in try fit(frame, labels, kind) { $0.seed = seed }.model }
      #expect(models[0] == models[1])
      #expect(models[0] != models[2])
    }
    #expect(
      try fit(frame, labels, .symmetric) { $0.seed = 1 }.model
        == fit(frame, labels, .symmetric) { $0.seed = 2 }.model)
  }

  @Test func `randomised splits of one column lie at many edges`() throws {
    let (made, labels) = SampleFrames.made(2000)
    let frame = FeatureFrame(rows: 2000, columns: [made.columns[0]])
    let (_, model) = try fit(frame, labels, .randomised) {
      $0.trees = 60
      $0.leaves = 2
      $0.minimumRows = 1
    }
    // The best split would be one of few.
    #expect(Set(model.trees.thresholds.filter { $0 > 0 }).count > 20)
  }

  @Test(arguments: Kind.allCases) private func `the same bits for any number of threads`(_ kind: Kind) throws
  {
    let (frame, labels) = SampleFrames.made(60_000)
    let binned = matrix(frame)
    let rows = SampleFrames.all(60_000)
    var parameters = BoostingParameters()
    parameters.trees = 4
    parameters.rowFraction = 0.9
    parameters.columnFraction = 0.8
    kind.apply(&parameters)
    let fits = try [1, 2, 4].map { threads in
      try BoostedTrees.fit(
        binned, labels: labels, training: rows.filter { $0 % 10 != 0 }, heldOut: rows.filter { $0 % 10 == 0 },
        parameters: parameters, crew: Crew(threads: threads))
    }
    #expect(fits[0].model == fits[1].model && fits[0].model == fits[2].model)
    #expect(fits[0].heldOutLoss == fits[2].heldOutLoss)
    #expect(fits[0].model.trees.count > 0)
  }

  @Test(arguments: Kind.allCases) private func `growth ends where the held-out loss was best`(_ kind: Kind)
    throws
  {
    let (frame, labels) = SampleFrames.made(3000)
    let rows = SampleFrames.all(3000)
    let heldOut = rows.filter { $0 % 5 == 0 }
    var parameters = BoostingParameters()
    parameters.learningRate = 0.5
    parameters.patience = 5
    kind.apply(&parameters)
    let fit = try BoostedTrees.fit(
      matrix(frame), labels: labels, training: rows.filter { $0 % 5 != 0 }, heldOut: heldOut,
      parameters: parameters, crew: crew)
    let best = try #require(fit.heldOutLoss.indices.min { fit.heldOutLoss[$0] < fit.heldOutLoss[$1] })
    #expect(best > 0)
    #expect(fit.model.trees.count == best)
    let scores = fit.model.logits(matrix(frame), rows: heldOut, crew: crew)
    let loss = SampleFrames.loss(scores, heldOut.map { labels[Int($0)] })
    #expect((loss - fit.heldOutLoss[best]).magnitude < 1e-12)
  }

  @Test(arguments: Kind.allCases) private func `limits of depth and rows hold`(_ kind: Kind) throws {
    let (frame, labels) = SampleFrames.made(5000)
    let (_, model) = try fit(frame, labels, kind) {
      $0.depth = 3
      $0.minimumRows = 100
    }
    for tree in 0..<model.trees.count {
      let nodes = model.trees.nodes(of: tree)
      #expect(nodes.allSatisfy { model.trees.covers[$0] >= 100 })
      #expect(paths(model.trees, tree).allSatisfy { $0.count <= 3 })
      // The covers of two children are those of their parent.
      for node in nodes where model.trees.features[node] >= 0 {
        let left = Int(model.trees.left[node])
        #expect(model.trees.covers[node] == model.trees.covers[left] + model.trees.covers[left + 1])
      }
    }
  }

  @Test(arguments: Kind.allCases) private func `a monotone column never turns`(_ kind: Kind) throws {
    let (frame, labels) = SampleFrames.made(4000)
    let binning = Binning.learn(frame, training: SampleFrames.all(4000), crew: crew)
    for direction in [1, -1] as [Int8] {
      let (_, model) = try fit(frame, labels, kind) {
        $0.trees = 60
        $0.monotone = [direction, 0, 0, 0, 0]
      }
      for row in [0, 17, 333] as [Int32] {
        var columns = frame.taking([Int32](repeating: row, count: 61)).columns
        columns[0] = .numeric((18...78).map(Double.init))
        let ages = binning.apply(FeatureFrame(rows: 61, columns: columns), crew: crew)
        let scores = model.logits(ages, rows: SampleFrames.all(61), crew: crew)
        for (a, b) in zip(scores, scores.dropFirst()) {
          #expect(direction > 0 ? a <= b + 1e-12 : a >= b - 1e-12)
        }
      }
    }
  }

  @Test(arguments: Kind.allCases) private func `explanations add up to the score`(_ kind: Kind) throws {
    let (frame, labels) = SampleFrames.made(1500)
    let (matrix, model) = try fit(frame, labels, kind)
    let rows = SampleFrames.all(50)
    let attribution = TreeAttribution(trees: model.trees, base: model.base, columns: 5, mode: .pathDependent)
    let contributions = attribution.contributions(matrix, rows: rows, crew: crew)
    for (row, score) in model.logits(matrix, rows: rows, crew: crew).enumerated() {
      let sum = contributions[(row * 5)..<(row * 5 + 5)].reduce(attribution.base, +)
      #expect((sum - score).magnitude < 1e-9)
    }
  }

  @Test(arguments: Kind.allCases) private func `rows of weight zero teach nothing`(_ kind: Kind) throws {
    let (frame, labels) = SampleFrames.made(500)
    let flipped = labels.enumerated().map { $0 % 2 == 0 ? $1 : 1 - $1 }
    let weights = (0..<500).map { $0 % 2 == 0 ? 1.0 : 0 }
    let (_, a) = try fit(frame, labels, weights: weights, kind)
    let (_, b) = try fit(frame, flipped, weights: weights, kind)
    #expect(a == b)
    #expect(a.trees.values.allSatisfy { $0.isFinite })
  }

  @Test(arguments: Kind.allCases) private func `columns that tell nothing leave the mean`(_ kind: Kind) throws
  {
    let nothing: [FeatureFrame.Column] = [
      .numeric([Double](repeating: .nan, count: 100)), .numeric([Double](repeating: 4, count: 100)),
      .categorical(codes: [Int32](repeating: -1, count: 100), levels: 0),
      .categorical(codes: [Int32](repeating: 0, count: 100), levels: 1),
    ]
    let labels = (0..<100).map { $0 < 20 ? 1.0 : 0 }
    for columns in nothing.map({ [$0] }) + [nothing] {
      let (matrix, model) = try fit(FeatureFrame(rows: 100, columns: columns), labels, kind)
      #expect(model.trees.features.allSatisfy { $0 < 0 })
      let score = model.logits(matrix, rows: [5], crew: crew)[0]
      #expect((score - logit(0.2)).magnitude < 1e-6)
    }
  }

  @Test(arguments: Kind.allCases) private func `small and one-sided frames give finite trees`(_ kind: Kind)
    throws
  {
    let two = FeatureFrame(rows: 2, columns: [.numeric([1, 2])])
    for (lambda, minimum) in [(0.0, 0.0), (1, 0), (0, 1)] {
      let (_, model) = try fit(two, [0, 1], kind) {
        $0.lambda = lambda
        $0.minimumHessian = minimum
        $0.minimumRows = 1
      }
      #expect(model.trees.values.allSatisfy { $0.isFinite })
      #expect((model.trees.kinds.count > model.trees.count) == (minimum == 0))
    }
    // Half of the values missing, and nothing else known.
    let values = (0..<200).map { $0 % 2 == 0 ? Double.nan : 1 }
    let labels = (0..<200).map { $0 % 2 == 0 || $0 % 7 == 1 ? 1.0 : 0 }
    let (matrix, model) = try fit(FeatureFrame(rows: 200, columns: [.numeric(values)]), labels, kind) {
      $0.minimumRows = 1
    }
    let scores = model.logits(matrix, rows: [0, 1], crew: crew)
    #expect(scores[0] > scores[1])
    #expect(throws: LearningError.self) { try fit(two, [1, 1], kind) }
  }

  @Test func `a symmetric tree is at most eight levels deep`() {
    let two = FeatureFrame(rows: 2, columns: [.numeric([1, 2])])
    let error = #expect(throws: LearningError.self) {
      try fit(two, [0, 1], .symmetric) { $0.depth = 9 }
    }
    #expect(error?.kind == .badParameter)
  }
}
