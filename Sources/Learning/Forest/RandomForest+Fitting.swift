package import Numerics
import Synchronization

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
    let rules = parameters.rules
    let generator = CounterGenerator(seed: parameters.seed, label: "forest")
    let bag = Bag(labels, weights, training)
    let idle = Mutex<[ForestGrower]>([])
    let grown = crew.map(parameters.trees) { number in
      // Whoever grew a tree before hands on the room it grew in.
      var grower =
        idle.withLock { $0.popLast() }
        ?? ForestGrower(matrix, rules, columnsPerNode: parameters.columnsPerNode(of: matrix.columns))
      let draws = generator.deriving(number)
      let total = grower.records.fill(
        training, draws: draws.deriving("rows").bootstrapCounts(training.count), cell: bag.cell)
      let tree = grower.grow(total: total, units: bag.units, generator: draws.deriving("columns"))
      idle.withLock { [grower] in $0.append(grower) }
      return tree
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
  func columnsPerNode(of columns: Int) -> Int {
    columnsPerNode ?? min(columns, Int(Double(columns).squareRoot().rounded(.up)))
  }

  var rules: GrowthRules {
    GrowthRules(
      leaves: .max, depth: depth, minimumRows: minimumRows, minimumHessian: 0, lambda: 0, minimumGain: 0,
      categorySmoothing: 0, categoryLambda: 0, monotone: [], shrinkage: 1)
  }
}

/// What a row that was drawn so often adds to a tree's sums.
private struct Bag: Sendable {
  let labels: [Double]
  let weights: [Double]?
  var units = GradientUnits(gradient: 1, hessian: 1)
  private let isWhole: Bool

  init(_ labels: [Double], _ weights: [Double]?, _ training: [Int32]) {
    self.labels = labels
    self.weights = weights
    var sum = 0.0
    var isWhole = true
    for row in training {
      let weight = weights?[Int(row)] ?? 1
      sum += weight
      isWhole = isWhole && weight == weight.rounded() && (labels[Int(row)] == 0 || labels[Int(row)] == 1)
    }
    // Whole weights need no finer unit than 1, and their sums are exact. Even a single row that weighs more than all
    // others together is not drawn 16 times.
    self.isWhole = isWhole && sum < 0x1p27
    if !self.isWhole {
      units = GradientUnits.fitting(gradientSum: 16 * sum, hessianSum: 16 * sum, rows: training.count)
    }
  }

  @inline(__always)
  func cell(_ row: Int, _ draws: UInt8) -> Int64 {
    if isWhole, weights == nil {
      let count = Int64(draws)
      return (labels[row] == 0 ? 0 : count &<< 32) | count
    }
    let weight = (weights?[row] ?? 1) * Double(draws)
    if weight == 0 { return 0 }
    return GradientUnits.packed(
      gradient: weight * labels[row], hessian: weight, inverse: (1 / units.gradient, 1 / units.hessian))
  }
}
