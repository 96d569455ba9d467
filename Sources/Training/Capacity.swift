import Learning
import Modelling
import Numerics

/// How one learner is fitted: one of a few capacities tried, or as the member of a blend.
enum Capacity: Sendable {
  /// Boosted trees; where nothing stops their growth, that many.
  case boosting(BoostingParameters, unstopped: Int)
  case forest(ForestParameters)
  case logistic(penalty: Double)
  case scorecard(ScorecardParameters, PointScale)

  /// Training rows above which one capacity is tried, of fewer and larger steps, each on some of the columns (`large`):
  /// far quicker than two capacities in small steps, for a log-loss hardly worse, and better where rows are most.
  static let manyRows = 40_000
  /// Training rows above which that capacity has more leaves.
  static let mostRows = 200_000

  /// Sets what boosting of many rows has in common: all rows, or all of a stretch, since a row left out of a tree must be
  /// walked down it all the same; columns drawn; and an end soon after held-out rows, of which there are many, gain no more.
  private static func large(_ parameters: inout BoostingParameters, rate: Double) {
    parameters.trees = 200
    parameters.learningRate = rate
    parameters.columnFraction = 0.7
    parameters.patience = 8
  }

  /// Of twice as many rows to learn from, or more, each tree is grown on a stretch of at least that many: on shorter ones
  /// growth ends sooner and at a worse log-loss.
  static let rowsOfStretch = 2_000_000

  /// How many stretches so many rows to learn from are dealt to.
  static func stretches(_ rows: Int) -> Int { min(256, max(1, rows / rowsOfStretch)) }

  /// What is tried of `learner` on `rows` training rows, the simplest first.
  ///
  /// Those of few rows were chosen by pooled out-of-fold log-loss on four public tables of 7,000 to 10,000 customers;
  /// those of many on customers of the generator's.
  static func all(of learner: Learner, rows: Int, seed: UInt64) -> [Capacity] {
    let isLarge = rows > manyRows
    let isLargest = rows > mostRows
    switch learner {
    case .boosting:
      if isLarge {
        return [
          isLargest
            ? boosted(leaves: 31, depth: 8, lambda: 5, rows, seed) { large(&$0, rate: 0.25) }
            : boosted(leaves: 10, depth: 4, lambda: 1, rows, seed) { large(&$0, rate: 0.2) }
        ]
      }
      return [
        boosted(leaves: 8, depth: 4, lambda: 1, rows, seed),
        boosted(leaves: 24, depth: 6, lambda: 5, rows, seed),
      ]
    case .symmetric:
      return (isLargest ? [7] : isLarge ? [5] : [4, 6]).map { depth in
        boosted(leaves: 1 << depth, depth: depth, lambda: 3, rows, seed) {
          $0.shape = .symmetric; $0.splitNoise = 1
          if isLarge { large(&$0, rate: isLargest ? 0.3 : 0.25) }
        }
      }
    case .randomised:
      return (isLargest ? [8] : isLarge ? [6] : [5]).map { depth in
        boosted(leaves: 31, depth: depth, lambda: 5, rows, seed) {
          $0.splits = .randomised; $0.rowFraction = 0.8; $0.columnFraction = 0.8; $0.learningRate = 0.15
          if isLarge { $0.rowFraction = 1; large(&$0, rate: 0.2) }
        }
      }
    case .forest:
      return (isLargest ? [50] : isLarge ? [20] : [5, 20]).map { minimumRows in
        var parameters = ForestParameters()
        parameters.trees = isLargest ? 60 : 200
        parameters.minimumRows = minimumRows
        parameters.seed = seed
        return .forest(parameters)
      }
    case .logistic: return (isLarge ? [1] : [1, 100]).map { .logistic(penalty: $0) }
    case .scorecard: preconditionFailure("the terms of a card make its capacities")
    }
  }

  /// How `learner` is fitted as members of a blend of `rows` training rows and `columns` columns: to the end and on
  /// every row, since the weights, fitted on customers it has not seen, take back what it is too sure of. Two depths of
  /// symmetric trees, since which of them is right differs most by table.
  static func members(of learner: Learner, rows: Int, columns: Int, seed: UInt64) -> [Capacity] {
    switch learner {
    case .boosting:
      return [
        grown(150, leaves: 12, depth: 6, lambda: 1, rows, seed) {
          $0.learningRate = 0.06; $0.rowFraction = 0.7; $0.columnFraction = 0.6
          $0.minimumRows = min(30, $0.minimumRows)
        }
      ]
    case .symmetric:
      return [
        grown(300, leaves: 16, depth: 4, lambda: 5, rows, seed) {
          $0.shape = .symmetric; $0.splitNoise = 1; $0.learningRate = 0.06; $0.rowFraction = 0.8;
          $0.columnFraction = 0.8
          $0.minimumRows = min(5, $0.minimumRows)
        },
        grown(150, leaves: 64, depth: 6, lambda: 3, rows, seed) {
          $0.shape = .symmetric; $0.splitNoise = 1; $0.learningRate = 0.1; $0.rowFraction = 0.8
          $0.minimumRows = min(5, $0.minimumRows)
        },
      ]
    case .randomised:
      return [
        grown(250, leaves: 24, depth: 5, lambda: 10, rows, seed) {
          $0.splits = .randomised; $0.learningRate = 0.06; $0.columnFraction = 0.8
          $0.minimumRows = min(5, $0.minimumRows)
        }
      ]
    case .forest:
      var parameters = ForestParameters()
      parameters.trees = 80
      parameters.minimumRows = 8
      // More than √p: few columns of a bank's table are noise.
      parameters.columnsPerNode = max(1, (columns * 3 + 4) / 5)
      parameters.seed = seed
      return [.forest(parameters)]
    case .logistic: return [.logistic(penalty: 1)]
    case .scorecard: preconditionFailure("the terms of a card make its capacities")
    }
  }

  private static func grown(
    _ trees: Int, leaves: Int, depth: Int, lambda: Double, _ rows: Int, _ seed: UInt64,
    _ change: (inout BoostingParameters) -> Void
  ) -> Capacity {
    guard
      case .boosting(var parameters, _) = boosted(
        leaves: leaves, depth: depth, lambda: lambda, rows, seed, change)
    else { preconditionFailure("boosted gives boosting") }
    parameters.trees = trees
    return .boosting(parameters, unstopped: trees)
  }

  private static func boosted(
    leaves: Int, depth: Int, lambda: Double, _ rows: Int, _ seed: UInt64,
    _ change: (inout BoostingParameters) -> Void = { _ in }
  ) -> Capacity {
    var parameters = BoostingParameters()
    parameters.trees = 400
    parameters.learningRate = 0.12
    parameters.patience = 15
    parameters.leaves = leaves
    parameters.depth = depth
    parameters.lambda = lambda
    parameters.minimumRows = min(20, max(2, rows / 20))
    parameters.seed = seed
    change(&parameters)
    return .boosting(parameters, unstopped: treesUnstopped)
  }

  /// Trees grown where nothing stops boosting.
  static let treesUnstopped = 40

  /// The capacity in words.
  var words: String {
    switch self {
    case .boosting(let parameters, _):
      parameters.shape == .symmetric ? "depth \(parameters.depth)" : "\(parameters.leaves) leaves"
    case .forest(let parameters): "\(parameters.minimumRows) rows a leaf"
    case .logistic(let penalty): "penalty \(Int(penalty))"
    case .scorecard(let parameters, _):
      "classes of \(Int((100 * parameters.classing.leastShare).rounded())) % or more"
    }
  }
}

/// One learner of one capacity, fitted to one fold's training part.
struct FittedCapacity: Sendable {
  let predictor: Predictor
  /// Trees where boosting stopped.
  let trees: Int?
  /// Log-loss on the rows that judge.
  let tenthLogLoss: Double
  let notes: [String]
  /// The whole fit, where it is a scorecard's.
  var card: ScorecardFit?

  /// Columns that a boosted tree is grown on, drawn where there are more: every split looks at all of them.
  static let mostColumnsPerTree = 500

  /// The share of so many columns that a tree draws where `fraction` of them is asked for.
  static func drawn(_ fraction: Double, of columns: Int) -> Double {
    min(fraction, Double(mostColumnsPerTree) / Double(max(1, columns)))
  }

  init(_ capacity: Capacity, _ part: FoldPart, crew: Crew) throws(LearningError) {
    switch capacity {
    case .boosting(var parameters, let unstopped):
      guard let (binning, matrix) = part.binned else { preconditionFailure("trees need bins") }
      if part.tenth.isEmpty { parameters.trees = unstopped }
      parameters.monotone = part.directions
      parameters.stretches = Capacity.stretches(part.fitting.count)
      parameters.columnFraction = FittedCapacity.drawn(parameters.columnFraction, of: matrix.columns)
      let fit = try BoostedTrees.fit(
        matrix, labels: part.labels, weights: part.weights, training: part.fitting, heldOut: part.tenth,
        heldOutShift: part.shift, parameters: parameters, crew: crew)
      predictor = .boosting(binning, fit.model)
      trees = fit.model.trees.count
      tenthLogLoss =
        fit.bestLoss
        ?? part.meanLoss(fit.model.logits(matrix, rows: part.judging, crew: crew), part.judging)
      notes = []
    case .forest(let parameters):
      guard let (binning, matrix) = part.binned else { preconditionFailure("trees need bins") }
      let forest = try RandomForest.fit(
        matrix, labels: part.labels, weights: part.weights, training: part.fitting, parameters: parameters,
        crew: crew)
      predictor = .forest(binning, forest)
      trees = nil
      tenthLogLoss = part.meanLoss(forest.logits(matrix, rows: part.judging, crew: crew), part.judging)
      notes = []
    case .logistic(let penalty):
      let design = try LinearDesign.learn(part.frame, training: part.fitting, crew: crew)
      let matrix = design.apply(part.frame, rows: part.fitting, crew: crew)
      let fit = try LogisticRegression.fit(
        matrix, labels: part.fitting.map { part.labels[Int($0)] },
        weights: part.weights.map { weights in part.fitting.map { weights[Int($0)] } }, penalty: penalty,
        crew: crew)
      predictor = .logistic(design, fit.model)
      trees = nil
      let judged = design.apply(part.frame, rows: part.judging, crew: crew)
      tenthLogLoss = part.meanLoss(fit.model.logits(judged, crew: crew), part.judging)
      notes =
        fit.separated.isEmpty && !fit.isSingular
        ? [] : ["logistic: some column all but separates those who left from those who stayed"]
    case .scorecard(var parameters, let scale):
      parameters.directions = part.directions
      let fit = try Scorecard.fit(
        part.frame, labels: part.labels, weights: part.weights, training: part.fitting, scale: scale,
        parameters: parameters, crew: crew)
      predictor = .scorecard(fit.card)
      card = fit
      trees = nil
      tenthLogLoss = part.meanLoss(fit.card.logits(part.frame, rows: part.judging, crew: crew), part.judging)
      notes =
        fit.isPenalised ? ["\(fit.penaltyWords)."] : []
    }
  }
}
