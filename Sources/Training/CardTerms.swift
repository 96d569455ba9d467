import Learning

/// What can be set of a scorecard.
struct CardTerms: Sendable, Equatable {
  /// Whether the points of each number must rise, or fall, from class to class.
  var isMonotone: Bool
  /// The points of a customer at the base odds.
  var basePoints: Double
  /// Customers who stay for each who leaves, at the base points.
  var baseOdds: Double
  /// The points that double these odds.
  var doubling: Double

  /// What is tried of a scorecard: small classes, and those of the customary twentieth of customers at least, which a
  /// table of few customers can ask for.
  func capacities() throws(LearningError) -> [Capacity] {
    let scale = try PointScale(base: basePoints, odds: baseOdds, doubling: doubling)
    return [0.05, 0.02].map { share in
      var parameters = ScorecardParameters()
      parameters.classing.leastShare = share
      parameters.classing.isMonotone = isMonotone
      return .scorecard(parameters, scale)
    }
  }
}

extension Trainer {
  /// What is tried of `learner`, the simplest first.
  func capacities(of learner: Learner) throws(LearningError) -> [Capacity] {
    guard learner == .scorecard else { return Capacity.all(of: learner, rows: rows, seed: seed) }
    let all = try parameters.card.capacities()
    return rows > Capacity.manyRows ? all.suffix(1) : all
  }

  /// How `learner` is fitted as members of a blend.
  func members(of learner: Learner, columns: Int) throws(LearningError) -> [Capacity] {
    guard learner == .scorecard else {
      return Capacity.members(of: learner, rows: rows, columns: columns, seed: seed)
    }
    return try parameters.card.capacities().suffix(1)
  }
}
