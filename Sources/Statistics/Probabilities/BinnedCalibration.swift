/// Calibration by groups of rows. Its figures depend on how rows are grouped and lie too high where groups are small:
/// they stand beside the calibration line and `BrierParts`, never in their place.
extension ScoreOrder {
  /// Expected calibration error over `bands` bands of equal width between 0 and 1 (the last holds 1): the mean
  /// distance between mean probability and share of events, weighted by rows. The order's values are probabilities.
  package func calibrationError(bandsOfEqualWidth bands: Int) -> Double {
    ScoreOrder.calibrationError(BandedBrierParts.groups(self, bands), count)
  }

  /// The same over at most `groups` groups of like size, tied probabilities together.
  package func calibrationError(groupsOfEqualSize groups: Int) -> Double {
    ScoreOrder.calibrationError(reliability(groups: groups), count)
  }

  private static func calibrationError(_ groups: [ReliabilityGroup], _ rows: Int) -> Double {
    guard rows > 0 else { return 0 }
    return groups.reduce(0.0) { $0 + ($1.sum - Double($1.events)).magnitude } / Double(rows)
  }
}

/// The Brier score in parts by bands of equal width: score = reliability − resolution + uncertainty + varianceWithin
/// − covarianceWithin (Murphy, 1973; the last two, without which the sum is off: Stephenson, Coelho and Jolliffe, 2008).
package struct BandedBrierParts: Sendable, Equatable {
  /// How far mean probabilities lie from shares of events; 0 is right.
  package let reliability: Double
  /// How far the bands' shares of events lie from the share of all.
  package let resolution: Double
  /// The score of the base rate.
  package let uncertainty: Double
  /// Variance of the probabilities within their bands.
  package let varianceWithin: Double
  /// Twice the covariance of outcomes and probabilities within their bands.
  package let covarianceWithin: Double

  /// The parts of the score of an order's values, taken as probabilities, over `bands` bands; all 0 without rows.
  package init(_ order: ScoreOrder, bands: Int) {
    guard order.count > 0 else {
      (reliability, resolution, uncertainty, varianceWithin, covarianceWithin) = (0, 0, 0, 0, 0)
      return
    }
    let total = Double(order.count)
    let share = Double(order.eventCount) / total
    let groups = BandedBrierParts.groups(order, bands)
    var (reliability, resolution) = (0.0, 0.0)
    for group in groups where group.rows > 0 {
      let (apart, away) = (group.predicted - group.observed, group.observed - share)
      reliability += Double(group.rows) * apart * apart
      resolution += Double(group.rows) * away * away
    }
    var (variance, covariance) = (0.0, 0.0)
    for place in order.values.indices {
      let group = groups[BandedBrierParts.band(order.values[place], bands)]
      let distance = order.values[place] - group.predicted
      variance += Double(order.rows[place]) * distance * distance
      covariance += (Double(order.events[place]) - Double(order.rows[place]) * group.observed) * distance
    }
    self.reliability = reliability / total
    self.resolution = resolution / total
    uncertainty = share * (1 - share)
    varianceWithin = variance / total
    covarianceWithin = 2 * covariance / total
  }

  /// The rows of each band, those without rows among them.
  static func groups(_ order: ScoreOrder, _ bands: Int) -> [ReliabilityGroup] {
    var groups = [ReliabilityGroup](repeating: ReliabilityGroup(), count: bands)
    for place in order.values.indices {
      let band = band(order.values[place], bands)
      groups[band].rows += order.rows[place]
      groups[band].events += order.events[place]
      groups[band].sum += order.values[place] * Double(order.rows[place])
    }
    return groups
  }

  private static func band(_ probability: Double, _ bands: Int) -> Int {
    min(bands - 1, Int(min(max(probability, 0), 1) * Double(bands)))
  }
}
