/// Whether groups are equally spread: analysis of variance of the distances from each group's centre. From the median
/// it holds for skewed numbers too (Brown and Forsythe, 1974); from the mean it is Levene's (1960).
package struct SpreadTest: Sendable, Equatable {
  /// What distances are taken from.
  package enum Centre: Sendable, Equatable {
    /// The median of the group.
    case median
    /// The mean of the group.
    case mean
  }

  /// Variance between groups over variance within them.
  package let f: Double
  /// Groups less one.
  package let numerator: Double
  /// Numbers less groups.
  package let denominator: Double
  /// p-value.
  package let pValue: Double

  /// The test of `groups`; `nil` with fewer than two groups, one of them empty, no more numbers than groups, where all
  /// distances of each group are the same, or where a number is NaN, infinite or too large to square.
  package init?(_ groups: [[Double]], from centre: Centre = .median) {
    let total = groups.reduce(0) { $0 + $1.count }
    // A median would pass over NaN.
    guard groups.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { return nil }
    guard groups.count > 1, groups.allSatisfy({ !$0.isEmpty }), total > groups.count else { return nil }
    let distances = groups.map { group in
      let middle = centre == .mean ? ProbabilityLoss.mean(group) : OrderStatistics.median(group)
      return group.map { ($0 - middle).magnitude }
    }
    let means = distances.map { ProbabilityLoss.mean($0) }
    let all = ProbabilityLoss.mean(distances.flatMap { $0 })
    var (between, within) = (0.0, 0.0)
    for (group, mean) in zip(distances, means) {
      between += Double(group.count) * (mean - all) * (mean - all)
      within += ProbabilityLoss.mean(group.map { ($0 - mean) * ($0 - mean) }) * Double(group.count)
    }
    guard within > 0, within < .infinity, between < .infinity else { return nil }
    numerator = Double(groups.count - 1)
    denominator = Double(total - groups.count)
    f = between / numerator / (within / denominator)
    pValue = fisherSurvival(f, numerator: numerator, denominator: denominator)
  }
}
