import Learning
import Modelling
import Numerics

/// One fold's training part, ready for every learner: bins, fills and designs learnt from it alone.
struct FoldPart: Sendable {
  /// The fold that is held out.
  let fold: Int
  let fill: MissingFill
  /// The filled features of all customers, then the synthetic rows; `nil` where only trees are grown, on bins.
  private let filled: FeatureFrame?
  let labels: [Double]
  /// By row of `frame`; `nil` where all are 1.
  let weights: [Double]?
  /// Rows learnt from, synthetic ones among them.
  let fitting: [Int32]
  /// Rows that stop boosting and choose; none where there are too few of both kinds.
  let tenth: [Int32]
  /// Labelled rows of the held-out fold.
  let heldOut: [Int32]
  /// Added to the log-odds of a model of this part where it is judged on the tenth: what takes the share of events it
  /// learnt from, where that was resampled, back to the share among the customers as they are.
  let shift: Double
  /// For each column of `frame` whether the risk may only rise (1) or fall (−1) along it; empty where all are free.
  let directions: [Int8]
  /// The frame in bins; only where trees are asked for.
  let binned: (binning: Binning, matrix: BinnedMatrix)?

  /// How many bins a column has where one learner scores: finer edges learn noise on tables of this size.
  static let bins = 128
  /// And where several are blended, half of them evenly spaced: what one member learns of noise the others outvote.
  static let blendedBins = 250

  /// The part of `fold`; with `keepsTenth` a keyed tenth is kept from learning, to stop and to choose by.
  init(
    _ data: TrainingData, fold: Int, _ examples: Examples, keepsTenth: Bool, needsBins: Bool,
    needsFrame: Bool = true, crew: Crew
  ) {
    self.fold = fold
    heldOut = data.labelled.filter { data.folds[Int($0)] == fold }
    let training = data.labelled.filter { data.folds[Int($0)] != fold }
    let tenth = training.filter { data.isTenth[Int($0)] }
    let events = tenth.reduce(0) { $0 + (data.labels[Int($1)] == 1 ? 1 : 0) }
    let usesTenth = keepsTenth && events >= 3 && tenth.count - events >= 3
    self.tenth = usesTenth ? tenth : []
    fill = MissingFill.learn(data.frame, data.encoding, grouping: data.grouping, training: training)
    let synthetic = examples.synthetic
    let whole = synthetic.map { data.frame.appending($0) } ?? data.frame
    let frame = fill.apply(whole)
    filled = needsFrame ? frame : nil
    directions =
      data.directions.isEmpty
      ? [] : data.directions + [Int8](repeating: 0, count: frame.columns.count - data.directions.count)
    labels = examples.syntheticLabels.isEmpty ? data.labels : data.labels + examples.syntheticLabels
    var fitting = usesTenth ? training.filter { !data.isTenth[Int($0)] } : training
    let real = fitting.count
    for (place, ends) in examples.syntheticEnds.enumerated() {
      // A row that starts from one of the tenth or lies towards it would tell the model about it, and the tenth would
      // say "go on" for too long.
      if usesTenth, data.isTenth[ends.base] || data.isTenth[ends.neighbour] { continue }
      fitting.append(Int32(data.labels.count + place))
    }
    self.fitting = fitting
    weights = FoldPart.weights(data, examples, usesTenth)
    shift =
      weights == nil && synthetic == nil
      ? 0
      : FoldPart.logOdds(fitting[..<real], labels, nil) - FoldPart.logOdds(fitting[...], labels, weights)
    if needsBins {
      // Edges come from real customers only.
      let binning = Binning.learn(
        frame, training: training, bins: keepsTenth ? FoldPart.bins : FoldPart.blendedBins,
        spaced: !keepsTenth,
        crew: crew)
      binned = (binning, binning.apply(frame, crew: crew))
    } else {
      binned = nil
    }
  }

  /// The filled features of all customers, then the synthetic rows.
  var frame: FeatureFrame {
    guard let filled else { preconditionFailure("a part for trees alone has no features but their bins") }
    return filled
  }

  /// Whether a linear model takes as many numbers as this part's columns give.
  func fitsLinear(crew: Crew) -> Bool {
    let most = frame.columns.reduce(0) { sum, column in
      switch column {
      case .numeric: sum + 2
      case .categorical(_, let levels): sum + min(levels, LinearDesign.mostCategories) + 1
      }
    }
    return most <= LinearDesign.mostColumns
      || (try? LinearDesign.learn(frame, training: fitting, crew: crew)) != nil
  }

  private static func weights(_ data: TrainingData, _ examples: Examples, _ usesTenth: Bool) -> [Double]? {
    if examples.weights.isEmpty, examples.syntheticWeights.allSatisfy({ $0 == 1 }) { return nil }
    var weights = [Double](repeating: 1, count: data.labels.count) + examples.syntheticWeights
    // The tenth judges as the world is, not as resampled.
    for (row, weight) in examples.weights where !usesTenth || !data.isTenth[row] { weights[row] = weight }
    return weights
  }

  /// The log-odds of the weighted share of events among `rows`.
  private static func logOdds(_ rows: ArraySlice<Int32>, _ labels: [Double], _ weights: [Double]?) -> Double {
    var (events, sum) = (0.0, 0.0)
    for row in rows {
      let weight = weights?[Int(row)] ?? 1
      sum += weight
      events += weight * labels[Int(row)]
    }
    // Of one kind alone nothing is learnt, and nothing judged.
    return events > 0 && events < sum ? logit(events / sum) : 0
  }

  /// The rows a choice is judged on: the tenth, or what was learnt from where there is none.
  var judging: [Int32] { tenth.isEmpty ? fitting : tenth }

  /// The mean log-loss of `scores` on `rows`: of the tenth, shifted to the customers as they are.
  func meanLoss(_ scores: [Double], _ rows: [Int32]) -> Double {
    let shift = tenth.isEmpty ? 0 : shift
    var sum = 0.0
    for (score, row) in zip(scores, rows) {
      sum += logOnePlusExponential(score + shift) - labels[Int(row)] * (score + shift)
    }
    return rows.isEmpty ? 0 : sum / Double(rows.count)
  }
}
