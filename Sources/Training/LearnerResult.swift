import Findings
import Learning
import Modelling
import Numerics

/// What one learner came to over all folds.
struct LearnerResult: Sendable {
  let learner: Learner
  /// The capacity taken in each fold.
  let chosen: [FittedCapacity]
  let capacities: [TrainingFindings.CapacityFinding]
  /// Log-loss on the tenths, pooled.
  let tenthLogLoss: Double
  /// One map a fold, fitted on the other folds' held-out log-odds.
  let maps: [CalibrationMap]
  /// Each fold's held-out log-odds, and whether these customers left.
  let heldOut: (scores: [[Double]], labels: [[Double]])
  private let figures: TrainingFindings.LearnerFinding

  /// Chooses each fold's capacity (the simplest among equals) and calibrates across folds.
  init(
    _ learner: Learner, _ tried: [[FittedCapacity]], _ capacities: [Capacity], _ parts: [FoldPart],
    _ method: CalibrationMethod, crew: Crew
  ) {
    self.learner = learner
    var chosen: [FittedCapacity] = []
    var findings: [TrainingFindings.CapacityFinding] = []
    var lossSum = 0.0
    var judged = 0
    for (fold, fits) in tried.enumerated() {
      var best = 0
      for place in fits.indices where fits[place].tenthLogLoss < fits[best].tenthLogLoss { best = place }
      for (place, fit) in fits.enumerated() {
        findings.append(
          TrainingFindings.CapacityFinding(
            learner: learner.rawValue, fold: fold, capacity: capacities[place].words, trees: fit.trees,
            tenthLogLoss: fit.tenthLogLoss, chosen: place == best))
      }
      chosen.append(fits[best])
      lossSum += fits[best].tenthLogLoss * Double(parts[fold].judging.count)
      judged += parts[fold].judging.count
    }
    let picked = chosen
    self.chosen = picked
    self.capacities = findings
    tenthLogLoss = judged > 0 ? lossSum / Double(judged) : 0
    let scores = crew.mapSharing(parts.count) { fold, crew in
      parts[fold].heldOutLogits(picked[fold].predictor, crew: crew)
    }
    let labels = parts.map { part in part.heldOut.map { part.labels[Int($0)] } }
    heldOut = (scores, labels)
    maps = CalibrationMap.acrossFolds(method, scores, labels, crew: crew)
    figures = OutOfFold(labels: labels).finding(
      of: learner.rawValue, probabilities: zip(maps, scores).map { $0.probabilities($1) }, scores: scores,
      crew: crew)
  }

  /// The learner's line in the findings.
  func finding(chosen isChosen: Bool) -> TrainingFindings.LearnerFinding {
    var finding = figures
    finding.chosen = isChosen
    finding.tenthLogLoss = tenthLogLoss
    for note in chosen.flatMap(\.notes) where !finding.notes.contains(note) { finding.notes.append(note) }
    return finding
  }
}
