package import Numerics
import Statistics

/// How well numbers tell two kinds of rows apart: rows that lack a value from rows that have it, one
/// night's customers from another's, those who left from those who stayed by a single column.
package enum Separability {
  /// The fewest rows of either kind that can be told apart with any confidence.
  package static let fewest = 10

  /// The area under the ROC curve of a small boosted model that is fitted on one half of the rows and scores the
  /// other, and the other way round; the mean of both halves. Rows fall into halves at random by `seed`.
  /// `nil` where a half has fewer than five rows of either kind, or no column tells anything.
  package static func crossFitted(
    _ frame: FeatureFrame, _ labels: [Bool], seed: UInt64, crew: Crew
  ) -> Double? {
    precondition(frame.rows == labels.count, "one label a row")
    guard !frame.columns.isEmpty else { return nil }
    let draws = CounterGenerator(seed: seed, label: "separability.halves")
    var halves: [[Int32]] = [[], []]
    for row in 0..<frame.rows { halves[draws.bits(UInt64(row)) & 1 == 0 ? 0 : 1].append(Int32(row)) }
    for half in halves {
      let positives = half.reduce(0) { $0 + (labels[Int($1)] ? 1 : 0) }
      guard positives >= fewest / 2, half.count - positives >= fewest / 2 else { return nil }
    }
    var parameters = BoostingParameters()
    parameters.trees = 30
    parameters.learningRate = 0.3
    parameters.leaves = 8
    parameters.depth = 4
    parameters.minimumRows = max(2, min(20, frame.rows / 100))
    parameters.minimumHessian = 0.1
    let targets = labels.map { $0 ? 1.0 : 0.0 }
    // The bins look at no label, so both halves may share them.
    let all = (0..<Int32(frame.rows)).map { $0 }
    let matrix = Binning.learn(frame, training: all, bins: 64, seed: seed, crew: crew).apply(
      frame, crew: crew)
    let shares = crew.mapSharing(2) { [halves, parameters] half, crew -> Double? in
      let scored = halves[1 - half]
      let fit = try? BoostedTrees.fit(
        matrix, labels: targets, training: halves[half], parameters: parameters, crew: crew)
      return fit.flatMap { fit in
        ScoreOrder(
          fit.model.logits(matrix, rows: scored, crew: crew), labels: scored.map { labels[Int($0)] ? 1 : 0 }
        ).rocAuc
      }
    }
    guard let first = shares[0], let second = shares[1] else { return nil }
    return first / 2 + second / 2
  }
}
