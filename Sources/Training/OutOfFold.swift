import Findings
import Modelling
import Numerics
import Statistics

/// Measures what learners say of customers they have not seen, all folds pooled.
struct OutOfFold: Sendable {
  private let labels: [UInt8]

  /// `labels` (0 or 1) are by fold and place in it, as all that is measured.
  init(labels: [[Double]]) { self.labels = labels.flatMap { $0.map { $0 > 0 ? 1 : 0 } } }

  /// The figures of a learner: of its `probabilities`, and before calibration of its `scores` (log-odds) where they
  /// differ.
  func finding(
    of name: String, probabilities: [[Double]], scores: [[Double]]? = nil, crew: Crew
  ) -> TrainingFindings.LearnerFinding {
    let pooled = probabilities.flatMap { $0 }
    let labels = labels
    let rocAuc = ScoreOrder(pooled, labels: labels, crew: crew).rocAuc
    let (raw, logLoss) = crew.all(
      {
        scores.map { scores in
          ProbabilityLoss.logLoss(scores.flatMap { $0.map { logistic($0) } }, labels: labels)
        }
      }, { ProbabilityLoss.logLoss(pooled, labels: labels) })
    return TrainingFindings.LearnerFinding(
      name: name, chosen: false, tenthLogLoss: nil, rawLogLoss: raw ?? logLoss, logLoss: logLoss,
      rocAuc: rocAuc ?? 0.5, notes: [])
  }
}

extension CalibrationMap {
  /// One map a fold, each fitted on the other folds' held-out `scores` and `labels`.
  static func acrossFolds(
    _ method: CalibrationMethod, _ scores: [[Double]], _ labels: [[Double]], crew: Crew
  ) -> [CalibrationMap] {
    crew.mapSharing(scores.count) { fold, crew in
      let others = scores.indices.filter { $0 != fold }
      return CalibrationMap.fit(
        method, scores: others.flatMap { scores[$0] }, labels: others.flatMap { labels[$0] }, crew: crew)
    }
  }
}
