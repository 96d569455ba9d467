/// The checks every learner makes of labels and weights.
enum TrainingRows {
  /// The weighted mean label of `training`, which must lie between 0 and 1: there are two classes.
  static func meanLabel(
    _ matrix: BinnedMatrix, labels: [Double], weights: [Double]?, training: [Int32]
  ) throws(LearningError) -> Double {
    guard matrix.columns > 0 else {
      throw LearningError(.noColumns, "there is no feature column to learn from")
    }
    guard matrix.columns <= 65_535 else {
      throw LearningError(.tooManyColumns, "\(matrix.columns) feature columns; trees take at most 65535")
    }
    guard labels.count == matrix.rows, weights.map({ $0.count == matrix.rows }) ?? true else {
      throw LearningError(
        .shapeMismatch, "labels and weights must have one entry for each of the \(matrix.rows) rows")
    }
    return try meanLabel(labels: labels, weights: weights, training: training)
  }

  /// The weighted mean label of `training`.
  static func meanLabel(
    labels: [Double], weights: [Double]?, training: [Int32]
  ) throws(LearningError) -> Double {
    try check(labels, weights, training)
    var sum = 0.0
    var events = 0.0
    for row in training {
      let weight = weights?[Int(row)] ?? 1
      sum += weight
      events += weight * labels[Int(row)]
    }
    guard sum > 0 else {
      throw LearningError(.noRows, "no training row with a positive weight; nothing can be learnt")
    }
    guard events > 0, events < sum else {
      throw LearningError(
        .oneClass,
        "all \(training.count) training rows have the same label; learning needs some of both kinds")
    }
    return events / sum
  }

  /// Throws when a label or weight of `rows` is none.
  static func check(_ labels: [Double], _ weights: [Double]?, _ rows: [Int32]) throws(LearningError) {
    for row in rows {
      let label = labels[Int(row)]
      guard label >= 0, label <= 1 else {
        throw LearningError(.badLabel, "the label of row \(row + 1) is not between 0 and 1")
      }
      guard let weight = weights?[Int(row)] else { continue }
      guard weight >= 0, weight < .infinity else {
        throw LearningError(.badWeight, "the weight of row \(row + 1) is negative or not finite")
      }
    }
  }
}
