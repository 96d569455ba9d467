package import Learning
package import Numerics

/// What gives a fold's log-odds.
package enum Predictor: Sendable, Equatable {
  /// Boosted trees over these bins.
  case boosting(Binning, BoostedTrees)
  /// A forest over these bins; its log-odds are the mean of the leaves'.
  case forest(Binning, RandomForest)
  /// A logistic regression over this design.
  case logistic(LinearDesign, LogisticRegression)

  /// The log-odds of `rows` of a filled frame.
  package func logits(_ frame: FeatureFrame, rows: [Int32], crew: Crew) -> [Double] {
    switch self {
    case .boosting(let binning, let model):
      let matrix = binning.apply(frame, wanted: usedColumns(frame.columns.count), crew: crew)
      return model.logits(matrix, rows: rows, crew: crew)
    case .forest(let binning, let model):
      let matrix = binning.apply(frame, wanted: usedColumns(frame.columns.count), crew: crew)
      return model.logits(matrix, rows: rows, crew: crew)
    case .logistic(let design, let model):
      return model.logits(design.apply(frame, rows: rows, crew: crew), crew: crew)
    }
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
    }
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

  /// A model of these parts.
  package init(fill: MissingFill, predictor: Predictor, calibration: CalibrationMap) {
    self.fill = fill
    self.predictor = predictor
    self.calibration = calibration
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
