package import Numerics

extension RandomForest {
  /// Grows a forest on the `training` rows of `matrix`: each tree on as many draws with replacement as there are
  /// rows, each node on its own draw of columns; splits by the decrease of squared error, which for two classes is
  /// Gini's. The same bits for any crew, since each tree draws by its own number.
  package static func fit(
    _ matrix: BinnedMatrix, labels: [Double], weights: [Double]? = nil, training: [Int32],
    parameters: ForestParameters, crew: Crew
  ) throws(LearningError) -> RandomForest {
    try parameters.check(columns: matrix.columns)
    let mean = try TrainingRows.meanLabel(matrix, labels: labels, weights: weights, training: training)
    let rules = parameters.rules(columns: matrix.columns)
    let columns = (0..<Int32(matrix.columns)).map { $0 }
    let generator = CounterGenerator(seed: parameters.seed, label: "forest")
    let grown = crew.map(parameters.trees) { number in
      var grower = TreeGrower(matrix, rules, crew: Crew(threads: 1))
      let draws = generator.deriving(number)
      let bag = Bag(matrix, labels, weights, training, draws.deriving("rows"))
      return grower.grow(
        rows: bag.rows, gradients: bag.gradients, units: bag.units, columns: columns,
        generator: draws.deriving("columns"))
    }
    var all = GrownTrees()
    var logOdds: [Double] = []
    for tree in grown {
      all.append(tree)
      for (value, cover) in zip(tree.values, tree.covers) {
        let events = value * cover + parameters.smoothing * mean
        let others = (1 - value) * cover + parameters.smoothing * (1 - mean)
        logOdds.append(logarithm(events / others))
      }
    }
    return RandomForest(trees: all.trees, logOdds: logOdds)
  }
}

extension ForestParameters {
  func rules(columns: Int) -> GrowthRules {
    let root = Int(Double(columns).squareRoot().rounded(.up))
    return GrowthRules(
      leaves: .max, depth: depth, minimumRows: minimumRows, minimumHessian: 0, lambda: 0, minimumGain: 0,
      categorySmoothing: 0, categoryLambda: 0, monotone: [],
      columnsPerNode: columnsPerNode ?? min(columns, root),
      shrinkage: 1)
  }
}

/// The rows of one tree, with how often each was drawn.
private struct Bag {
  var rows: [Int32] = []
  var gradients: [Int64]
  var units = GradientUnits(gradient: 1, hessian: 1)

  init(
    _ matrix: BinnedMatrix, _ labels: [Double], _ weights: [Double]?, _ training: [Int32],
    _ generator: CounterGenerator
  ) {
    let counts = generator.bootstrapCounts(training.count)
    gradients = [Int64](repeating: 0, count: matrix.rows)
    var sum = 0.0
    var isWhole = true
    for (place, row) in training.enumerated() where counts[place] > 0 {
      let weight = weights?[Int(row)] ?? 1
      if weight == 0 { continue }
      rows.append(row)
      sum += weight * Double(counts[place])
      isWhole = isWhole && weight == weight.rounded() && (labels[Int(row)] == 0 || labels[Int(row)] == 1)
    }
    // Whole weights need no finer unit than 1, and their sums are exact.
    if !isWhole || sum > 1e9 {
      units = GradientUnits.fitting(gradientSum: sum, hessianSum: sum, rows: training.count)
    }
    let inverse = (1 / units.gradient, 1 / units.hessian)
    for (place, row) in training.enumerated() where counts[place] > 0 {
      let weight = (weights?[Int(row)] ?? 1) * Double(counts[place])
      gradients[Int(row)] = GradientUnits.packed(
        gradient: -weight * labels[Int(row)], hessian: weight, inverse: inverse)
    }
  }
}
