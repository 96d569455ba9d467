import Numerics

/// How sure an area under the ROC curve is: DeLong, DeLong and Clarke-Pearson (1988), on tied groups, so that the
/// cost after sorting is linear (the mid-rank form of Sun and Xu, 2014).
extension ScoreOrder {
  /// For the rows of each group: the share of others an event there beats, and the share of events that beat an
  /// other there, ties counting half.
  private func placements() -> (ofEvents: [Double], ofOthers: [Double]) {
    var ofEvents = [Double](repeating: 0, count: values.count)
    var ofOthers = ofEvents
    var (othersBelow, eventsBelow) = (0.0, 0.0)
    for group in values.indices {
      let (here, others) = (Double(events[group]), Double(rows[group] - events[group]))
      ofEvents[group] = (othersBelow + others / 2) / Double(otherCount)
      ofOthers[group] = (Double(eventCount) - eventsBelow - here / 2) / Double(eventCount)
      othersBelow += others
      eventsBelow += here
    }
    return (ofEvents, ofOthers)
  }

  /// Variance of `rocAuc`; `nil` with fewer than two rows of either kind.
  package var rocAucVariance: Double? {
    guard eventCount > 1, otherCount > 1, let area = rocAuc else { return nil }
    let (ofEvents, ofOthers) = placements()
    var (amongEvents, amongOthers) = (0.0, 0.0)
    for group in values.indices {
      let (here, others) = (Double(events[group]), Double(rows[group] - events[group]))
      amongEvents += here * (ofEvents[group] - area) * (ofEvents[group] - area)
      amongOthers += others * (ofOthers[group] - area) * (ofOthers[group] - area)
    }
    let (m, n) = (Double(eventCount), Double(otherCount))
    return amongEvents / (m - 1) / m + amongOthers / (n - 1) / n
  }

  /// The 95 % interval of `rocAuc`, made on the logit scale, so that it stays within 0 … 1.
  ///
  /// Where the area is 0 or 1 the logit has no end; there the bound is that of winning (or losing) each of as many
  /// independent pairs as the rarer kind has rows: .025^(1∕m). With fewer than two rows of a kind: 0 … 1. `nil`
  /// where one kind is absent.
  package var rocAucInterval: (lower: Double, upper: Double)? {
    guard let area = rocAuc else { return nil }
    guard let variance = rocAucVariance else { return (0, 1) }
    if area == 0 || area == 1 {
      let bound = exponential(logarithm(0.025) / Double(min(eventCount, otherCount)))
      return area == 1 ? (bound, 1) : (0, 1 - bound)
    }
    let step = normal975 * variance.squareRoot() / (area * (1 - area))
    let middle = logit(area)
    return (logistic(middle - step), logistic(middle + step))
  }

  /// Whether two scores of the same labelled rows rank them equally well (paired DeLong). `nil` with fewer than two
  /// rows of either kind.
  package static func compare(
    _ first: [Double], _ second: [Double], labels: [UInt8]
  ) -> AucComparison? {
    precondition(first.count == second.count, "both score the same rows")
    let orders = [ScoreOrder(first, labels: labels), ScoreOrder(second, labels: labels)]
    guard let a = orders[0].rocAuc, let b = orders[1].rocAuc, let varianceA = orders[0].rocAucVariance,
      let varianceB = orders[1].rocAucVariance
    else { return nil }
    let (p, q) = (orders[0].placements(), orders[1].placements())
    let groups = orders.map { $0.groups() }
    var (amongEvents, amongOthers) = (0.0, 0.0)
    for row in labels.indices {
      let (g, h) = (Int(groups[0][row]), Int(groups[1][row]))
      if labels[row] != 0 {
        amongEvents += (p.ofEvents[g] - a) * (q.ofEvents[h] - b)
      } else {
        amongOthers += (p.ofOthers[g] - a) * (q.ofOthers[h] - b)
      }
    }
    let (m, n) = (Double(orders[0].eventCount), Double(orders[0].otherCount))
    let covariance = amongEvents / (m - 1) / m + amongOthers / (n - 1) / n
    return AucComparison(
      first: a, second: b, firstVariance: varianceA, secondVariance: varianceB, covariance: covariance)
  }
}

/// Two areas under the ROC curve on the same rows.
package struct AucComparison: Sendable, Equatable {
  /// The first area.
  package let first: Double
  /// The second area.
  package let second: Double
  /// Variance of the first.
  package let firstVariance: Double
  /// Variance of the second.
  package let secondVariance: Double
  /// Their covariance.
  package let covariance: Double

  /// The difference over its standard error; 0 where both are the same.
  package var z: Double {
    let variance = firstVariance + secondVariance - 2 * covariance
    return variance > 0 ? (first - second) / variance.squareRoot() : 0
  }

  /// Two-sided p-value.
  package var pValue: Double { min(1, 2 * normalSurvival(z.magnitude)) }
}

/// The point a standard normal number stays below with probability .975.
let normal975 = 1.959963984540054
