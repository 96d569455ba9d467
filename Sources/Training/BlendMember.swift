import Clientele
import Findings
import Learning
import Modelling
import Numerics

/// One learner of a blend, fitted to the whole of every fold's training part.
struct BlendMember: Sendable {
  let learner: Learner
  /// The learner's name, with its capacity where the blend has several of it.
  let name: String
  /// The model of each fold.
  private(set) var predictors: [Predictor]
  /// The log-odds of each fold's held-out customers.
  private(set) var logits: [[Double]]
  /// Each fold's fit, where it is a scorecard's.
  let cards: [ScorecardFit]
  /// What it is, and anything to know of it, in sentences.
  private(set) var notes: [String]

  /// How much worse than averaging probabilities a forest that averages log-odds may be, in log-loss: for that it is
  /// explained exactly.
  static let priceOfExactReasons = 0.001

  /// The member `learner`, of what was `fitted` a fold and what its `capacity` is called.
  init(
    _ learner: Learner, _ capacity: Capacity, isOneOfSeveral: Bool,
    _ fitted: [(model: FittedCapacity, heldOut: [Double])]
  ) {
    self.learner = learner
    name = learner.rawValue + (isOneOfSeveral ? " (\(capacity.words))" : "")
    predictors = fitted.map(\.model.predictor)
    logits = fitted.map(\.heldOut)
    cards = fitted.compactMap(\.model.card)
    notes = [capacity.words + "."]
    for note in fitted.flatMap(\.model.notes) where !notes.contains(note) { notes.append(note) }
  }

  /// Its figures, calibrated across folds as if it scored alone.
  func finding(
    _ method: CalibrationMethod, _ labels: [[Double]], crew: Crew
  ) -> TrainingFindings.LearnerFinding {
    let maps = CalibrationMap.acrossFolds(method, logits, labels, crew: crew)
    var finding = OutOfFold(labels: labels).finding(
      of: name, probabilities: zip(maps, logits).map { $0.probabilities($1) }, scores: logits, crew: crew)
    finding.notes = notes
    return finding
  }

  /// A forest that averages what does better on held-out customers: log-odds, unless probabilities are better by more
  /// than `priceOfExactReasons`. Says both figures. Any other learner as it is.
  func averagedBest(
    _ parts: [FoldPart], _ method: CalibrationMethod, _ labels: [[Double]], crew: Crew
  ) -> BlendMember {
    guard learner == .forest else { return self }
    var other = self
    other.predictors = predictors.map { $0.averaging(.probabilities) }
    let changed = other.predictors
    other.logits = crew.mapSharing(parts.count) { fold, crew in
      parts[fold].heldOutLogits(changed[fold], crew: crew)
    }
    let (mine, theirs) = (
      finding(method, labels, crew: crew).logLoss, other.finding(method, labels, crew: crew).logLoss
    )
    let isWorse = mine > theirs + BlendMember.priceOfExactReasons
    var best = isWorse ? other : self
    best.notes.append(
      "Log-loss \(Wording.decimals(mine, 4)) averaging its trees' log-odds, \(Wording.decimals(theirs, 4)) averaging "
        + (isWorse
          ? "probabilities, which it does: its part in the reasons is sampled."
          : "probabilities; the former is explained exactly."))
    return best
  }
}

extension Predictor {
  /// A forest that averages in another way; any other learner as it is.
  fileprivate func averaging(_ averaging: RandomForest.Averaging) -> Predictor {
    guard case .forest(let binning, let model) = self else { return self }
    return .forest(binning, model.averaging(averaging))
  }
}

extension FoldPart {
  /// The log-odds that a model of this part gives the held-out customers.
  func heldOutLogits(_ predictor: Predictor, crew: Crew) -> [Double] {
    switch predictor {
    case .boosting(_, let model):
      return binned.map { model.logits($0.matrix, rows: heldOut, crew: crew) } ?? []
    case .forest(_, let model):
      return binned.map { model.logits($0.matrix, rows: heldOut, crew: crew) } ?? []
    case .logistic, .scorecard, .blend: return predictor.logits(frame, rows: heldOut, crew: crew)
    }
  }
}
