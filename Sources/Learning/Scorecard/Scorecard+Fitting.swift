package import Numerics

/// How a scorecard is made.
package struct ScorecardParameters: Sendable, Equatable {
  /// How columns are put into classes.
  package var classing = ClassingParameters()
  /// Columns that tell less (information value) are left out.
  package var leastInformation = 0.02
  /// The most columns of a card; the most telling are kept.
  package var mostColumns = 40
  /// For each column of the frame whether the share of those who left may only rise (1) or fall (−1) along it; 0, and
  /// an empty list, leave it free.
  package var directions: [Int8] = []

  /// The defaults.
  package init() {}
}

/// What came of making a scorecard.
package struct ScorecardFit: Sendable, Equatable {
  /// The card.
  package let card: Scorecard
  /// The information value of each column of the frame.
  package let informationValues: [Double]
  /// Columns left out because beside the others their safer classes would have cost points (the coefficient had the
  /// wrong sign), in the order they went.
  package let reversed: [Int]
  /// The regression on the weights of evidence of the card's lines, in their order.
  package let regression: LogisticFit
  /// Whether the regression needed a penalty of 1, because its equations had no finite, unique solution without.
  package let isPenalised: Bool
  /// Whether it had none because some class (nearly) separates those who left from those who stayed; else columns say the
  /// same as others together.
  package let isSeparated: Bool
}

extension Scorecard {
  /// A card learnt from the `training` rows of `frame`: classes, then a logistic regression on their weights of
  /// evidence, without penalty where it can be.
  ///
  /// `labels` (0 … 1) and `weights` (≥ 0; `nil` for all 1) are by row of the frame. Where no column tells anything the
  /// card is empty and gives everyone the base rate. Throws what `LogisticRegression.fit` throws of labels and weights.
  package static func fit(
    _ frame: FeatureFrame, labels: [Double], weights: [Double]? = nil, training: [Int32],
    scale: PointScale, parameters: ScorecardParameters = ScorecardParameters(), crew: Crew
  ) throws(LearningError) -> ScorecardFit {
    try parameters.classing.check()
    guard parameters.leastInformation >= 0, parameters.mostColumns > 0 else {
      throw LearningError(
        .badParameter, "scorecard: the least information must be 0 or more, and a column must be allowed")
    }
    guard parameters.directions.isEmpty || parameters.directions.count == frame.columns.count else {
      throw LearningError(.badParameter, "scorecard: there must be no directions, or one for each column")
    }
    guard labels.count == frame.rows, weights.map({ $0.count == frame.rows }) ?? true else {
      throw LearningError(
        .shapeMismatch, "labels and weights must have one entry for each of the \(frame.rows) rows")
    }
    guard !frame.columns.isEmpty else {
      throw LearningError(.noColumns, "there is no feature column to learn from")
    }
    _ = try TrainingRows.meanLabel(labels: labels, weights: weights, training: training)
    let all = crew.map(frame.columns.count) { column in
      var classing = parameters.classing
      if !parameters.directions.isEmpty { classing.direction = parameters.directions[column] }
      return CoarseClasses.learn(
        frame.columns[column], labels: labels, weights: weights, training: training, parameters: classing)
    }
    let ranked = all.indices.filter {
      all[$0].tells && all[$0].informationValue >= parameters.leastInformation
    }.sorted { (-all[$0].informationValue, $0) < (-all[$1].informationValue, $1) }
    var columns = Array(ranked.prefix(parameters.mostColumns))
    var reversed: [Int] = []
    while true {
      let (fit, isPenalised, isSeparated) = try regression(
        frame, columns.map { ($0, all[$0]) }, labels, weights, training, crew)
      // The one most against the evidence goes first; without it the others may be right again.
      let worst = columns.indices.filter { fit.model.coefficients[$0] > 0 }.max {
        fit.model.coefficients[$0] < fit.model.coefficients[$1]
      }
      guard let worst else {
        let lines = columns.enumerated().map { place, column in
          Line(column: column, classes: all[column], coefficient: fit.model.coefficients[place])
        }
        return ScorecardFit(
          card: Scorecard(intercept: fit.model.intercept, lines: lines, scale: scale),
          informationValues: all.map(\.informationValue), reversed: reversed, regression: fit,
          isPenalised: isPenalised, isSeparated: isSeparated)
      }
      reversed.append(columns.remove(at: worst))
    }
  }

  /// The regression of `labels` on the weights of evidence of some columns.
  private static func regression(
    _ frame: FeatureFrame, _ columns: [(Int, CoarseClasses)], _ labels: [Double], _ weights: [Double]?,
    _ training: [Int32], _ crew: Crew
  ) throws(LearningError) -> (LogisticFit, isPenalised: Bool, isSeparated: Bool) {
    let evidence = crew.map(columns.count) { place in
      let (column, classes) = columns[place]
      return classes.classes(frame.columns[column], rows: training).map { classes.weights[Int($0)] }
    }
    var values = [Double](repeating: 0, count: training.count * columns.count)
    crew.rewrite(&values, width: max(1, columns.count), blockSize: 4096) { range, part in
      for row in range {
        for place in evidence.indices {
          part[(row - range.lowerBound) * evidence.count + place] = evidence[place][row]
        }
      }
    }
    let design = DesignMatrix(rows: training.count, columns: columns.count, values: values)
    let own = training.map { labels[Int($0)] }
    let ownWeights = weights.map { all in training.map { all[Int($0)] } }
    let free = try LogisticRegression.fit(
      design, labels: own, weights: ownWeights, penalty: 0, crew: crew)
    if !free.isSingular, free.separated.isEmpty { return (free, false, false) }
    return (
      try LogisticRegression.fit(design, labels: own, weights: ownWeights, penalty: 1, crew: crew), true,
      !free.separated.isEmpty
    )
  }
}
