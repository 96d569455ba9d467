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
      return model.logits(binning.apply(frame, crew: crew), rows: rows, crew: crew)
    case .forest(let binning, let model):
      return model.logits(binning.apply(frame, crew: crew), rows: rows, crew: crew)
    case .logistic(let design, let model):
      return model.logits(design.apply(frame, rows: rows, crew: crew), crew: crew)
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
}
