package import Numerics

extension BoostedTrees {
  /// Grows trees on the `training` rows of `matrix` until the log-loss of the `heldOut` rows has not improved for
  /// `patience` trees; with no held-out rows, all of them.
  ///
  /// `labels` (0 … 1) and `weights` (≥ 0; `nil` for all 1) are by row of the matrix. Newton steps on the log-loss:
  /// gradient w(p − y), hessian w·p(1 − p). The held-out rows are judged with `heldOutShift` added to their log-odds:
  /// where the training rows were resampled, what takes their share of events back to that of the world; the model
  /// itself is not shifted. The same bits for any crew.
  package static func fit(
    _ matrix: BinnedMatrix, labels: [Double], weights: [Double]? = nil, training: [Int32],
    heldOut: [Int32] = [], heldOutShift: Double = 0, parameters: BoostingParameters, crew: Crew
  ) throws(LearningError) -> BoostingFit {
    try parameters.check(columns: matrix.columns)
    let mean = try TrainingRows.meanLabel(matrix, labels: labels, weights: weights, training: training)
    try TrainingRows.check(labels, weights, heldOut)
    let rows = BoostingRows(
      matrix, labels, weights, training: training, heldOut: heldOut, heldOutShift: heldOutShift,
      stretches: (
        parameters.stretches, CounterGenerator(seed: parameters.seed, label: "boosting.stretches")
      ), crew: crew)
    let fit = { @Sendable (crew: Crew) in grown(rows, parameters, base: logit(mean), crew) }
    return training.count < LeafExpansion.fewestRows ? fit(crew) : crew.gathered(fit)
  }

  private static func grown(
    _ all: BoostingRows, _ parameters: BoostingParameters, base: Double, _ crew: Crew
  ) -> BoostingFit {
    var state = BoostingState(all, base: base, crew)
    let matrix = all.matrix
    let capacity = all.stretches.map(\.count).max() ?? 0
    let grower = TreeGrower(matrix, parameters.rules, capacity: capacity, crew: crew)
    var grown = GrownTrees()
    // Where rows are in several stretches: the trees since this one's last turn, which were not grown on it.
    var lookups: [TreeGrower.Lookup] = []
    var losses = all.heldOut.isEmpty ? [] : [state.heldOutLoss()]
    var best = 0
    let rowDraws = CounterGenerator(seed: parameters.seed, label: "boosting.rows")
    let columnDraws = CounterGenerator(seed: parameters.seed, label: "boosting.columns")
    let cutDraws = CounterGenerator(seed: parameters.seed, label: "boosting.cuts")
    let noiseDraws = CounterGenerator(seed: parameters.seed, label: "boosting.noise")
    let isDrawn =
      parameters.rowFraction < 1 || parameters.columnFraction < 1 || parameters.splits == .randomised
      || all.stretches.count > 1
    let allColumns = (0..<Int32(matrix.columns)).map { $0 }
    for number in 0..<parameters.trees {
      let stretch = all.stretches[number % all.stretches.count]
      grower.add(lookups[...], all.training[stretch], to: &state.scores)
      let units = state.refresh(stretch)
      let (rows, rest) = all.drawn(parameters.rowFraction, of: stretch, rowDraws.deriving(number))
      guard !rows.isEmpty else { break }
      var columns = allColumns
      if parameters.columnFraction < 1 {
        let count = max(1, Int((Double(allColumns.count) * parameters.columnFraction).rounded()))
        columns = columnDraws.deriving(number).sample(count, of: allColumns.count)
      }
      let cuts = parameters.splits == .randomised ? cutDraws.deriving(number) : nil
      let tree =
        switch parameters.shape {
        case .leafwise:
          grower.grow(
            rows: rows, gradients: state.gradients, units: units, columns: columns, cuts: cuts)
        case .symmetric:
          grower.growSymmetric(
            rows: rows, gradients: state.gradients, units: units, columns: columns, cuts: cuts,
            noise: SplitNoise(parameters, tree: number, rows: stretch.count, noiseDraws))
        }
      // A tree that cannot divide its rows would repeat for ever, unless the next one draws others.
      if tree.kinds.count == 1, !isDrawn { break }
      lookups.append(grower.add(tree, rows, others: [rest, all.heldOut], to: &state.scores))
      if lookups.count == all.stretches.count { lookups.removeFirst() }
      grown.append(tree)
      if all.heldOut.isEmpty { continue }
      losses.append(state.heldOutLoss())
      if losses[number + 1] < losses[best] { best = number + 1 }
      if number + 1 - best >= parameters.patience { break }
    }
    let trees = grown.trees.prefix(all.heldOut.isEmpty ? .max : best)
    return BoostingFit(model: BoostedTrees(base: base, trees: trees), heldOutLoss: losses)
  }
}

extension BoostingParameters {
  /// The part that bounds a single tree.
  var rules: GrowthRules {
    GrowthRules(
      shape: shape, leaves: leaves, depth: depth, minimumRows: minimumRows, minimumHessian: minimumHessian,
      lambda: lambda,
      minimumGain: minimumGain, categorySmoothing: categorySmoothing, categoryLambda: categoryLambda,
      monotone: monotone.contains { $0 != 0 } ? monotone : [], shrinkage: learningRate)
  }
}

/// Trees as they come, one after another.
struct GrownTrees {
  private var roots: [Int32] = []
  private var all = TreeGrower.Tree()

  mutating func append(_ tree: TreeGrower.Tree) {
    let start = Int32(all.kinds.count)
    let sets = Int32(all.categorySets.count / 4)
    roots.append(start)
    all.kinds += tree.kinds
    all.features += tree.features
    all.thresholds += zip(tree.kinds, tree.thresholds).map { kind, threshold in
      kind == DecisionTrees.Kind.categories.rawValue ? threshold + sets : threshold
    }
    all.left += tree.left.map { $0 < 0 ? -1 : $0 + start }
    all.values += tree.values
    all.covers += tree.covers
    all.categorySets += tree.categorySets
  }

  var trees: DecisionTrees { DecisionTrees(all, roots: roots) }
}

extension DecisionTrees {
  init(_ tree: TreeGrower.Tree, roots: [Int32] = [0]) {
    self.init(
      roots: roots, kinds: tree.kinds, features: tree.features, thresholds: tree.thresholds, left: tree.left,
      values: tree.values, covers: tree.covers, categorySets: tree.categorySets)
  }
}
