package import Numerics

/// How well numbers tell two kinds of rows apart: rows that lack a value from rows that have it, one
/// night's customers from another's, those who left from those who stayed by a single column.
package enum Separability {
  /// The share of pairs (a `true` row, a `false` row) in which the `true` row has the higher score, ties
  /// counting half: the area under the ROC curve. `nil` where one kind is absent. Scores are not NaN.
  package static func concordance(_ scores: [Double], _ labels: [Bool]) -> Double? {
    precondition(scores.count == labels.count, "one label a score")
    var order = (0..<Int32(scores.count)).map { $0 }
    order.sort { scores[Int($0)] < scores[Int($1)] }
    // Twice the count of pairs, so that halves stay whole numbers.
    var (doubled, positives, negatives) = (0.0, 0.0, 0.0)
    var first = 0
    while first < order.count {
      var (here, others) = (0.0, 0.0)
      var past = first
      while past < order.count, scores[Int(order[past])] == scores[Int(order[first])] {
        if labels[Int(order[past])] { here += 1 } else { others += 1 }
        past += 1
      }
      doubled += here * (2 * negatives + others)
      positives += here
      negatives += others
      first = past
    }
    return positives == 0 || negatives == 0 ? nil : doubled / (2 * positives * negatives)
  }

  /// The fewest rows of either kind that can be told apart with any confidence.
  package static let fewest = 10

  /// The concordance of a small boosted model that is fitted on one half of the rows and scores the
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
    var total = 0.0
    for half in 0..<2 {
      let scored = halves[1 - half]
      guard
        let fit = try? BoostedTrees.fit(
          matrix, labels: targets, training: halves[half], parameters: parameters, crew: crew),
        let share = concordance(
          fit.model.logits(matrix, rows: scored, crew: crew), scored.map { labels[Int($0)] })
      else { return nil }
      total += share / 2
    }
    return total
  }
}
