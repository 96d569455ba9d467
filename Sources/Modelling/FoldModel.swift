package import Learning
package import Numerics

/// What gives a fold's log-odds.
package indirect enum Predictor: Sendable, Equatable {
  /// Boosted trees over these bins.
  case boosting(Binning, BoostedTrees)
  /// A forest over these bins; its log-odds are the mean of the leaves'.
  case forest(Binning, RandomForest)
  /// A logistic regression over this design.
  case logistic(LinearDesign, LogisticRegression)
  /// Points for the classes of each column.
  case scorecard(Scorecard)
  /// The weighted sum of several models' log-odds.
  case blend(PredictorBlend)

  /// The log-odds of `rows` of a filled frame.
  package func logits(_ frame: FeatureFrame, rows: [Int32], crew: Crew) -> [Double] {
    var bins: BinnedFrame?
    return logits(frame, rows: rows, crew: crew, &bins, wanted: usedColumns(frame.columns.count))
  }

  /// A frame in the bins of one binning; members of a blend mostly share theirs.
  private struct BinnedFrame {
    var binning: Binning
    var matrix: BinnedMatrix
  }

  private func logits(
    _ frame: FeatureFrame, rows: [Int32], crew: Crew, _ bins: inout BinnedFrame?, wanted: [Bool]
  ) -> [Double] {
    func matrix(_ binning: Binning) -> BinnedMatrix {
      if let bins, bins.binning == binning { return bins.matrix }
      let matrix = binning.apply(frame, wanted: wanted, crew: crew)
      bins = BinnedFrame(binning: binning, matrix: matrix)
      return matrix
    }
    switch self {
    case .boosting(let binning, let model): return model.logits(matrix(binning), rows: rows, crew: crew)
    case .forest(let binning, let model): return model.logits(matrix(binning), rows: rows, crew: crew)
    case .logistic(let design, let model):
      return model.logits(design.apply(frame, rows: rows, crew: crew), crew: crew)
    case .scorecard(let card): return card.logits(frame, rows: rows, crew: crew)
    case .blend(let blend):
      var sums = [Double](repeating: blend.intercept, count: rows.count)
      for member in blend.members {
        let part = member.predictor.logits(frame, rows: rows, crew: crew, &bins, wanted: wanted)
        for row in sums.indices { sums[row] += member.weight * part[row] }
      }
      return sums
    }
  }

  /// How much the log-odds lean on each of the `columns` of a filled frame, 1 in all: by the customers that splits
  /// divide, or by the size of coefficients of scaled columns. A rough order, at no cost.
  func columnUses(_ columns: Int) -> [Double] {
    var uses = [Double](repeating: 0, count: columns)
    switch self {
    case .boosting(_, let model): uses = model.trees.columnUses(columns)
    case .forest(_, let model): uses = model.trees.columnUses(columns)
    case .logistic(let design, let model):
      for (source, coefficient) in zip(design.sources, model.coefficients) {
        uses[source] += coefficient.magnitude
      }
    case .scorecard(let card):
      for line in card.lines { uses[line.column] += line.coefficient.magnitude }
    case .blend(let blend):
      for member in blend.members {
        for (column, use) in member.predictor.columnUses(columns).enumerated() {
          uses[column] += member.weight * use
        }
      }
    }
    let sum = uses.reduce(0, +)
    return sum > 0 ? uses.map { $0 / sum } : uses
  }

  /// Of the `columns` of a filled frame, those the log-odds depend on.
  func usedColumns(_ columns: Int) -> [Bool] {
    switch self {
    case .boosting(_, let model): return model.trees.usedColumns(columns)
    case .forest(_, let model): return model.trees.usedColumns(columns)
    case .logistic(let design, let model):
      var used = [Bool](repeating: false, count: columns)
      for (source, coefficient) in zip(design.sources, model.coefficients) where coefficient != 0 {
        used[source] = true
      }
      return used
    case .scorecard(let card):
      var used = [Bool](repeating: false, count: columns)
      for line in card.lines where line.coefficient != 0 { used[line.column] = true }
      return used
    case .blend(let blend):
      var used = [Bool](repeating: false, count: columns)
      for member in blend.members {
        for (column, isUsed) in member.predictor.usedColumns(columns).enumerated() where isUsed {
          used[column] = true
        }
      }
      return used
    }
  }
}

/// Several models and what each one's log-odds count for; their sum needs no calibration of its own.
package struct PredictorBlend: Sendable, Equatable {
  /// One model of a blend.
  package struct Member: Sendable, Equatable {
    /// What kind of model it is, as `train` names it.
    package let learner: String
    /// What its log-odds are multiplied by, above 0.
    package let weight: Double
    /// The model.
    package let predictor: Predictor

    /// A member.
    package init(learner: String, weight: Double, predictor: Predictor) {
      self.learner = learner
      self.weight = weight
      self.predictor = predictor
    }
  }

  /// Added to the weighted sum.
  package let intercept: Double
  /// The models that count for something.
  package let members: [Member]

  /// A blend.
  package init(intercept: Double, members: [Member]) {
    self.intercept = intercept
    self.members = members
  }
}

/// The model that scores the customers of one fold, and has seen none of them.
package struct FoldModel: Sendable, Equatable {
  /// What is put where values are missing.
  package let fill: MissingFill
  /// What gives the log-odds.
  package let predictor: Predictor
  /// What turns them into a probability; fitted on the other folds' held-out log-odds.
  package let calibration: CalibrationMap
  /// Between which shares customers of a score leave, by the same held-out log-odds; `nil` where these held one kind of
  /// customer only.
  package var band: ProbabilityBand?

  /// A model of these parts.
  package init(
    fill: MissingFill, predictor: Predictor, calibration: CalibrationMap, band: ProbabilityBand? = nil
  ) {
    self.fill = fill
    self.predictor = predictor
    self.calibration = calibration
    self.band = band
  }

  /// How much the log-odds lean on each of an encoding's `columns`, the mark of its gaps counted with it.
  func columnUses(_ columns: Int) -> [Double] {
    let filled = fill.rules.indices.filter { fill.rules[$0] != .keep }
    let direct = predictor.columnUses(columns + filled.count)
    var uses = Array(direct.prefix(columns))
    for (place, column) in filled.enumerated() { uses[column] += direct[columns + place] }
    return uses
  }

  /// Of an encoding's `columns`, those the log-odds depend on: by themselves, by the mark of their gaps, or by the
  /// group they tell for another's gaps.
  func usedColumns(_ columns: Int) -> [Bool] {
    let filled = fill.rules.indices.filter { fill.rules[$0] != .keep }
    let direct = predictor.usedColumns(columns + filled.count)
    var used = Array(direct.prefix(columns))
    for (place, column) in filled.enumerated() where direct[columns + place] { used[column] = true }
    for (column, rule) in fill.rules.enumerated() where direct[column] {
      if case .number(_, let grouping, _) = rule { for other in grouping { used[other] = true } }
    }
    return used
  }
}
