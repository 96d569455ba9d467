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
  let rawLogLoss: Double
  let logLoss: Double
  let rocAuc: Double

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
    let inner = Crew(threads: max(1, crew.threads / parts.count))
    let scores = crew.map(parts.count) { picked[$0].heldOutLogits(parts[$0], crew: inner) }
    let labels = parts.map { part in part.heldOut.map { part.labels[Int($0)] } }
    let maps = crew.map(parts.count) { fold in
      let others = parts.indices.filter { $0 != fold }
      return CalibrationMap.fit(
        method, scores: others.flatMap { scores[$0] }, labels: others.flatMap { labels[$0] }, crew: inner)
    }
    self.maps = maps
    let probabilities = zip(maps, scores).flatMap { $0.probabilities($1) }
    let all = labels.flatMap { $0 }
    rawLogLoss = LearnerResult.logLoss(scores.flatMap { $0.map { logistic($0) } }, all)
    logLoss = LearnerResult.logLoss(probabilities, all)
    rocAuc = LearnerResult.rocAuc(probabilities, all)
  }

  /// The learner's line in the findings.
  func finding(chosen isChosen: Bool) -> TrainingFindings.LearnerFinding {
    var notes: [String] = []
    for note in chosen.flatMap(\.notes) where !notes.contains(note) { notes.append(note) }
    return TrainingFindings.LearnerFinding(
      name: learner.rawValue, chosen: isChosen, tenthLogLoss: tenthLogLoss, rawLogLoss: rawLogLoss,
      logLoss: logLoss, rocAuc: rocAuc, notes: notes)
  }

  /// Mean of −ln of the probability given to what happened; probabilities kept 1e-15 away from 0 and 1.
  static func logLoss(_ probabilities: [Double], _ labels: [Double]) -> Double {
    var sum = 0.0
    for (p, label) in zip(probabilities, labels) {
      sum -= logarithm(max(1e-15, label > 0 ? p : 1 - p))
    }
    return labels.isEmpty ? 0 : sum / Double(labels.count)
  }

  /// The share of (left, stayed) pairs in the right order, ties counted half.
  static func rocAuc(_ scores: [Double], _ labels: [Double]) -> Double {
    let order = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
    var rankSum = 0.0
    var events = 0.0
    var start = 0
    while start < order.count {
      var end = start
      var tied = 0.0
      while end < order.count, scores[order[end]] == scores[order[start]] {
        tied += labels[order[end]]
        end += 1
      }
      rankSum += tied * Double(start + end + 1) / 2
      events += tied
      start = end
    }
    let others = Double(labels.count) - events
    return events > 0 && others > 0 ? (rankSum - events * (events + 1) / 2) / (events * others) : 0.5
  }
}
