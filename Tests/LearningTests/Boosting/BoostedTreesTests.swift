import Numerics
import Testing

@testable import Learning

struct BoostedTreesTests {
  private let crew = Crew(threads: 1)

  private func matrix(_ frame: FeatureFrame) -> BinnedMatrix {
    Binning.learn(frame, training: SampleFrames.all(frame.rows), crew: crew).apply(frame, crew: crew)
  }

  private func fit(
    _ frame: FeatureFrame, _ labels: [Double], weights: [Double]? = nil,
    _ change: (inout BoostingParameters) -> Void = { _ in }
  ) throws -> (matrix: BinnedMatrix, model: BoostedTrees) {
    var parameters = BoostingParameters()
    parameters.trees = 20
    change(&parameters)
    let matrix = matrix(frame)
    let fit = try BoostedTrees.fit(
      matrix, labels: labels, weights: weights, training: SampleFrames.all(frame.rows),
      parameters: parameters,
      crew: crew)
    return (matrix, fit.model)
  }

  /// A walk as the documentation of `DecisionTrees` tells it.
  private func answer(_ trees: DecisionTrees, _ tree: Int, _ matrix: BinnedMatrix, _ row: Int) -> Double {
    var node = Int(trees.roots[tree])
    while trees.kinds[node] != DecisionTrees.Kind.leaf.rawValue {
      let bin = Int(matrix.bins[row * matrix.stride + Int(trees.features[node])])
      let threshold = Int(trees.thresholds[node])
      let goesLeft: Bool
      switch DecisionTrees.Kind(rawValue: trees.kinds[node]) {
      case .missingLeft: goesLeft = bin <= threshold
      case .missingRight: goesLeft = bin != 0 && bin <= threshold
      default: goesLeft = trees.categorySets[threshold * 4 + bin / 64] >> UInt64(bin % 64) & 1 == 1
      }
      node = Int(trees.left[node]) + (goesLeft ? 0 : 1)
    }
    return trees.values[node]
  }

  @Test func `scores are the base and the answers in tree order`() throws {
    let (frame, labels) = SampleFrames.made(2000)
    let (matrix, model) = try fit(frame, labels)
    #expect(model.trees.isWellFormed(columns: 5))
    #expect(!model.trees.isWellFormed(columns: 1))
    let rows: [Int32] = [1999, 0, 7, 7, 512]
    let scores = model.logits(matrix, rows: rows, crew: crew)
    for (row, score) in zip(rows, scores) {
      var expected = model.base
      for tree in 0..<model.trees.count { expected += answer(model.trees, tree, matrix, Int(row)) }
      #expect(score == expected)
    }
    let all = model.logits(matrix, rows: SampleFrames.all(2000), crew: Crew(threads: 3))
    #expect(all == model.logits(matrix, rows: SampleFrames.all(2000), crew: crew))
  }

  /// Every split of the root, tried one by one in plain doubles.
  private func bestGain(_ matrix: BinnedMatrix, _ labels: [Double], lambda: Double) -> Double {
    let mean = labels.reduce(0, +) / Double(labels.count)
    let h = mean * (1 - mean)
    func score(_ rows: [Int]) -> Double {
      let g = rows.reduce(0.0) { $0 + mean - labels[$1] }
      return g * g / (h * Double(rows.count) + lambda)
    }
    let everyone = Array(0..<matrix.rows)
    var best = 0.0
    for column in 0..<matrix.columns where !matrix.isCategorical[column] {
      let bins = everyone.map { Int(matrix.bins[$0 * matrix.stride + column]) }
      for threshold in 1...matrix.valueBins[column] {
        for missingLeft in [false, true] {
          let left = everyone.filter { bins[$0] <= threshold && (bins[$0] > 0 || missingLeft) }
          let right = everyone.filter { !(bins[$0] <= threshold && (bins[$0] > 0 || missingLeft)) }
          if left.count < 20 || right.count < 20 { continue }
          best = max(best, 0.5 * (score(left) + score(right) - score(everyone)))
        }
      }
    }
    return best
  }

  @Test func `the root's split gains as much as the best of all splits`() throws {
    let (made, labels) = SampleFrames.made(600, seed: 5)
    let frame = FeatureFrame(rows: 600, columns: [made.columns[0], made.columns[1], made.columns[3]])
    let (matrix, model) = try fit(frame, labels) {
      $0.trees = 1
      $0.leaves = 2
      $0.learningRate = 1
      $0.minimumHessian = 0
    }
    let mean = labels.reduce(0, +) / 600
    let h = mean * (1 - mean)
    // With leaf values −G∕(H + λ), a side's score G²∕(H + λ) is value² · (H + λ).
    func score(_ node: Int) -> Double {
      let value = model.trees.values[node]
      return value * value * (h * model.trees.covers[node] + 1)
    }
    #expect(model.trees.kinds.count == 3)
    let gained = 0.5 * (score(1) + score(2) - score(0))
    #expect((gained - bestGain(matrix, labels, lambda: 1)).magnitude < 1e-4)
  }

  /// Of three stretches; of few columns leaves are told by codes, of many by walking.
  @Test(arguments: [0, 40]) func `each tree is grown on one stretch, from what all trees before it say`(
    more: Int
  ) throws {
    var (frame, labels) = SampleFrames.made(60_000)
    let draws = CounterGenerator(seed: 8)
    for column in 0..<more {
      let noise = (0..<frame.rows).map { draws.deriving(column).uniform(UInt64($0)) }
      frame = FeatureFrame(rows: frame.rows, columns: frame.columns + [.numeric(noise)])
    }
    let binned = matrix(frame)
    var parameters = BoostingParameters()
    parameters.trees = 7
    parameters.stretches = 3
    parameters.leaves = 6
    parameters.lambda = 2
    let rows = SampleFrames.all(60_000)
    let (training, heldOut) = (rows.filter { $0 % 10 != 0 }, rows.filter { $0 % 10 == 0 })
    let fits = try [1, 3].map { threads in
      try BoostedTrees.fit(
        binned, labels: labels, training: training, heldOut: heldOut, parameters: parameters,
        crew: Crew(threads: threads))
    }
    let (model, losses) = (fits[0].model, fits[0].heldOutLoss)
    #expect(model == fits[1].model && losses == fits[1].heldOutLoss)
    #expect(model.trees.count == 7)
    #expect(
      (losses[7]
        - SampleFrames.loss(model.logits(binned, rows: heldOut, crew: crew), heldOut.map { labels[Int($0)] }))
        .magnitude < 1e-12)
    let dealing = CounterGenerator(seed: parameters.seed, label: "boosting.stretches")
    for tree in 0..<7 {
      let stretch = training.filter { dealing.uniform(UInt64($0), below: 3) == tree % 3 }
      #expect(model.trees.covers[Int(model.trees.roots[tree])] == Double(stretch.count))
      let before = BoostedTrees(base: model.base, trees: model.trees.prefix(tree))
        .logits(binned, rows: stretch, crew: crew)
      let after = BoostedTrees(base: model.base, trees: model.trees.prefix(tree + 1))
        .logits(binned, rows: stretch, crew: crew)
      // By leaf, which is known by its value.
      var sums: [Int: (value: Double, gradient: Double, hessian: Double)] = [:]
      for (place, row) in stretch.enumerated() {
        let value = after[place] - before[place]
        let p = logistic(before[place])
        var sum = sums[Int((value * 1e9).rounded())] ?? (value, 0, 0)
        sum.gradient += p - labels[Int(row)]
        sum.hessian += p * (1 - p)
        sums[Int((value * 1e9).rounded())] = sum
      }
      #expect(sums.count == 6)
      for sum in sums.values {
        let wanted = -parameters.learningRate * sum.gradient / (sum.hessian + 2)
        // Gradients are packed to some 16 bits.
        #expect((sum.value - wanted).magnitude < 1e-5)
      }
    }
  }

  @Test(arguments: [2, 4]) func `the same bits for any number of threads`(threads: Int) throws {
    let (frame, labels) = SampleFrames.made(150_000)
    let binned = matrix(frame)
    var parameters = BoostingParameters()
    parameters.trees = 6
    parameters.rowFraction = 0.9
    parameters.columnFraction = 0.8
    let rows = SampleFrames.all(150_000)
    let training = rows.filter { $0 % 10 != 0 }
    let heldOut = rows.filter { $0 % 10 == 0 }
    let one = try BoostedTrees.fit(
      binned, labels: labels, training: training, heldOut: heldOut, parameters: parameters, crew: crew)
    let many = try BoostedTrees.fit(
      binned, labels: labels, training: training, heldOut: heldOut, parameters: parameters,
      crew: Crew(threads: threads))
    #expect(one.model == many.model)
    #expect(one.heldOutLoss == many.heldOutLoss)
    #expect(one.model.trees.count == 6)
  }

  @Test func `held-out rows are judged with the shift, and the model is grown without it`() throws {
    let (frame, labels) = SampleFrames.made(3000)
    let rows = SampleFrames.all(3000)
    var parameters = BoostingParameters()
    parameters.trees = 5
    let (training, heldOut) = (rows.filter { $0 % 5 != 0 }, rows.filter { $0 % 5 == 0 })
    func fit(_ shift: Double) throws -> BoostingFit {
      try BoostedTrees.fit(
        matrix(frame), labels: labels, training: training, heldOut: heldOut, heldOutShift: shift,
        parameters: parameters, crew: crew)
    }
    let (plain, shifted) = (try fit(0), try fit(-0.7))
    #expect(shifted.heldOutLoss.count == 6)
    let events = training.reduce(0.0) { $0 + labels[Int($1)] }
    let base = logit(events / Double(training.count))
    let wanted = SampleFrames.loss(heldOut.map { _ in base - 0.7 }, heldOut.map { labels[Int($0)] })
    #expect((shifted.heldOutLoss[0] - wanted).magnitude < 1e-12)
    #expect(plain.model.base == shifted.model.base && plain.heldOutLoss[0] != shifted.heldOutLoss[0])
    let scores = shifted.model.logits(matrix(frame), rows: heldOut, crew: crew).map { $0 - 0.7 }
    let best = SampleFrames.loss(scores, heldOut.map { labels[Int($0)] })
    #expect((try #require(shifted.bestLoss) - best).magnitude < 1e-12)
  }

  @Test func `growth ends where the held-out loss was best`() throws {
    let (frame, labels) = SampleFrames.made(3000)
    let rows = SampleFrames.all(3000)
    var parameters = BoostingParameters()
    parameters.learningRate = 0.5
    parameters.patience = 5
    let fit = try BoostedTrees.fit(
      matrix(frame), labels: labels, training: rows.filter { $0 % 5 != 0 },
      heldOut: rows.filter { $0 % 5 == 0 },
      parameters: parameters, crew: crew)
    let best = try #require(fit.heldOutLoss.indices.min { fit.heldOutLoss[$0] < fit.heldOutLoss[$1] })
    #expect(fit.model.trees.count == best)
    #expect(fit.heldOutLoss.count == best + 1 + 5)
    let heldOut = rows.filter { $0 % 5 == 0 }
    let scores = fit.model.logits(matrix(frame), rows: heldOut, crew: crew)
    let loss = SampleFrames.loss(scores, heldOut.map { labels[Int($0)] })
    #expect((loss - fit.heldOutLoss[best]).magnitude < 1e-12)
  }

  @Test func `a weight of two counts like the row twice`() throws {
    let (made, labels) = SampleFrames.made(400)
    let frame = FeatureFrame(rows: 400, columns: [made.columns[0], made.columns[1]])
    let binning = Binning.learn(frame, training: SampleFrames.all(400), crew: crew)
    let rows = SampleFrames.all(400)
    let doubled = rows + rows.filter { $0 % 3 == 0 }
    var parameters = BoostingParameters()
    parameters.trees = 20
    parameters.minimumRows = 1
    let single = binning.apply(frame, crew: crew)
    let twice = try BoostedTrees.fit(
      binning.apply(frame.taking(doubled), crew: crew), labels: doubled.map { labels[Int($0)] },
      training: SampleFrames.all(doubled.count), parameters: parameters, crew: crew)
    let weighted = try BoostedTrees.fit(
      single, labels: labels, weights: rows.map { $0 % 3 == 0 ? 2 : 1 }, training: rows,
      parameters: parameters,
      crew: crew)
    let a = twice.model.logits(single, rows: rows, crew: crew)
    let b = weighted.model.logits(single, rows: rows, crew: crew)
    #expect(zip(a, b).allSatisfy { ($0 - $1).magnitude < 1e-4 })
  }

  @Test func `rows of weight zero teach nothing`() throws {
    let (frame, labels) = SampleFrames.made(500)
    let flipped = labels.enumerated().map { $0 % 2 == 0 ? $1 : 1 - $1 }
    let weights = (0..<500).map { $0 % 2 == 0 ? 1.0 : 0 }
    let (_, a) = try fit(frame, labels, weights: weights)
    let (_, b) = try fit(frame, flipped, weights: weights)
    #expect(a == b)
  }

  @Test func `limits of leaves, depth and rows hold`() throws {
    let (frame, labels) = SampleFrames.made(5000)
    let (_, model) = try fit(frame, labels) {
      $0.leaves = 7
      $0.depth = 3
      $0.minimumRows = 100
    }
    for tree in 0..<model.trees.count {
      let nodes = model.trees.nodes(of: tree)
      let leaves = nodes.filter { model.trees.features[$0] < 0 }
      #expect(leaves.count <= 7)
      #expect(leaves.allSatisfy { model.trees.covers[$0] >= 100 })
      var depth = [Int: Int]()
      for node in nodes where model.trees.features[node] >= 0 {
        let child = Int(model.trees.left[node])
        depth[child] = depth[node, default: 0] + 1
        depth[child + 1] = depth[node, default: 0] + 1
      }
      #expect(depth.values.allSatisfy { $0 <= 3 })
    }
  }

  @Test func `missing numbers learn their side`() throws {
    let values = (0..<400).map { $0 % 4 == 0 ? Double.nan : Double($0 % 50) }
    let labels = values.map { $0.isNaN || $0 > 40 ? 1.0 : 0 }
    let (matrix, model) = try fit(FeatureFrame(rows: 400, columns: [.numeric(values)]), labels)
    let scores = model.logits(matrix, rows: SampleFrames.all(400), crew: crew)
    for (score, label) in zip(scores, labels) { #expect((score > 0) == (label == 1)) }
  }

  @Test func `a category never seen goes where the missing go`() throws {
    let (frame, labels) = SampleFrames.made(3000)
    let binning = Binning.learn(frame, training: SampleFrames.all(3000), crew: crew)
    let (_, model) = try fit(frame, labels)
    func scores(_ code: Int32) -> [Double] {
      var columns = frame.columns
      columns[4] = .categorical(codes: [Int32](repeating: code, count: 3000), levels: 40)
      let matrix = binning.apply(FeatureFrame(rows: 3000, columns: columns), crew: crew)
      return model.logits(matrix, rows: SampleFrames.all(3000), crew: crew)
    }
    #expect(scores(11) == scores(-1))
    #expect(scores(39) == scores(-1))
    #expect(scores(9) != scores(-1))
  }

  @Test func `a category set is found that no order of codes would give`() throws {
    let codes = (0..<2000).map { Int32($0 % 20) }
    let labels = codes.enumerated().map { ($1 % 3 == 0) == ($0 % 7 != 6) ? 1.0 : 0 }
    let (_, model) = try fit(
      FeatureFrame(rows: 2000, columns: [.categorical(codes: codes, levels: 20)]), labels
    ) {
      $0.trees = 1
      $0.leaves = 2
    }
    let set = model.trees.categorySets[0]
    // Bin 1 is category 0. The stayers' categories have the higher gradients; whichever side, they are together.
    let leftCodes = Set((0..<20).filter { set >> UInt64($0 + 1) & 1 == 1 })
    let threes = Set((0..<20).filter { $0 % 3 == 0 })
    #expect(leftCodes == threes || leftCodes == Set(0..<20).subtracting(threes))
  }

  @Test(arguments: [1, -1] as [Int8]) func `a monotone column never turns`(direction: Int8) throws {
    let (frame, labels) = SampleFrames.made(4000)
    let (_, model) = try fit(frame, labels) {
      $0.trees = 60
      $0.monotone = [direction, 0, 0, 0, 0]
    }
    let binning = Binning.learn(frame, training: SampleFrames.all(4000), crew: crew)
    for row in [0, 17, 333] as [Int32] {
      let one = frame.taking([Int32](repeating: row, count: 61))
      var columns = one.columns
      columns[0] = .numeric((18...78).map(Double.init))
      let matrix = binning.apply(FeatureFrame(rows: 61, columns: columns), crew: crew)
      let scores = model.logits(matrix, rows: SampleFrames.all(61), crew: crew)
      for (a, b) in zip(scores, scores.dropFirst()) {
        #expect(direction > 0 ? a <= b + 1e-12 : a >= b - 1e-12)
      }
    }
  }

  @Test func `held-out churners of the bank are foretold`() throws {
    guard let table = SampleFrames.shared("churn-modelling/Churn_Modelling.csv") else { return }
    let labels = try #require(table["Exited"]).map { $0 == "1" ? 1.0 : 0 }
    let names = ["CreditScore", "Age", "Tenure", "Balance", "NumOfProducts", "HasCrCard", "IsActiveMember"]
    var columns = try names.map {
      FeatureFrame.Column.numeric(try #require(table[$0]).map { Double($0) ?? .nan })
    }
    let places = try #require(table["Geography"])
    let levels = Set(places).sorted()
    columns.append(
      .categorical(codes: places.map { Int32(levels.firstIndex(of: $0) ?? -1) }, levels: levels.count))
    columns.append(.numeric(try #require(table["Gender"]).map { $0 == "Male" ? 1 : 0 }))
    let frame = FeatureFrame(rows: labels.count, columns: columns)
    let rows = SampleFrames.all(labels.count)
    let test = rows.filter { $0 % 5 == 0 }
    let heldOut = rows.filter { $0 % 5 == 1 && $0 % 2 == 0 }
    let training = rows.filter { $0 % 5 > 1 || ($0 % 5 == 1 && $0 % 2 == 1) }
    let matrix = Binning.learn(frame, training: training, crew: crew).apply(frame, crew: crew)
    var parameters = BoostingParameters()
    parameters.leaves = 8
    let fit = try BoostedTrees.fit(
      matrix, labels: labels, training: training, heldOut: heldOut, parameters: parameters, crew: crew)
    let scores = fit.model.logits(matrix, rows: test, crew: crew)
    #expect(SampleFrames.loss(scores, test.map { labels[Int($0)] }) < 0.345)
  }
}
