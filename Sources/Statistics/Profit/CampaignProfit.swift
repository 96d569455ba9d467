import Numerics

/// What a campaign earns per customer of the base if the share of customers that pays best is contacted
/// (Verbraken, Verbeke and Baesens, 2013): a figure to choose models by, in money.
package struct CampaignProfit: Sendable, Equatable {
  /// What a kept customer is worth.
  package var value: Double
  /// What an accepted offer costs.
  package var offer: Double
  /// What contacting a customer costs.
  package var contact: Double
  /// The save rate is taken as a beta number with these two parameters.
  package var saveRate: (alpha: Double, beta: Double)

  package static func == (left: CampaignProfit, right: CampaignProfit) -> Bool {
    left.value == right.value && left.offer == right.offer && left.contact == right.contact
      && left.saveRate == right.saveRate
  }

  /// Terms; `value` is above `offer`.
  package init(
    value: Double = 200, offer: Double = 10, contact: Double = 1, alpha: Double = 6, beta: Double = 14
  ) {
    precondition(value > offer && offer >= 0 && contact >= 0 && alpha > 0 && beta > 0, "terms make sense")
    (self.value, self.offer, self.contact, saveRate) = (value, offer, contact, (alpha, beta))
  }

  /// Profit and the share of customers to contact for it.
  package struct Outcome: Sendable, Equatable {
    /// Profit per customer of the base.
    package let profit: Double
    /// Share of customers contacted.
    package let share: Double
  }

  /// The most at the mean save rate (MPC).
  package func maximum(_ order: ScoreOrder) -> Outcome? {
    guard let hull = Hull(order) else { return nil }
    let mean = saveRate.alpha / (saveRate.alpha + saveRate.beta)
    var best = Outcome(profit: 0, share: 0)
    for corner in hull.corners {
      let gain = corner.events * (mean * (value - offer) - contact) - corner.others * (offer + contact)
      if gain > best.profit { best = Outcome(profit: gain, share: corner.events + corner.others) }
    }
    return best
  }

  /// The most on average over the save rate (EMPC), exactly: between the save rates at which the best cut moves
  /// from one corner of the convex hull to the next, profit is a straight line in it.
  package func expectedMaximum(_ order: ScoreOrder) -> Outcome? {
    guard let hull = Hull(order) else { return nil }
    let (a, b) = saveRate
    var (profit, share) = (0.0, 0.0)
    var (low, lowMass, lowMoment) = (0.0, 0.0, 0.0)
    for place in hull.corners.indices {
      let corner = hull.corners[place]
      var high = 1.0
      if place + 1 < hull.corners.count {
        let next = hull.corners[place + 1]
        let (events, others) = (next.events - corner.events, next.others - corner.others)
        let gain = events * (value - offer)
        high = gain > 0 ? min(1, (others * (offer + contact) + events * contact) / gain) : 1
      }
      guard high > low else { continue }
      // Beta mass below `high`, and the mass times the mean: a∕(a+b) of a beta number with a + 1.
      let mass = incompleteBeta(a, b, high).lower
      let moment = incompleteBeta(a + 1, b, high).lower * a / (a + b)
      profit +=
        corner.events * ((value - offer) * (moment - lowMoment) - contact * (mass - lowMass))
        - corner.others * (offer + contact) * (mass - lowMass)
      share += (corner.events + corner.others) * (mass - lowMass)
      (low, lowMass, lowMoment) = (high, mass, moment)
    }
    return Outcome(profit: profit, share: share)
  }

  /// The upper convex hull of the ROC curve, in shares of all customers, from nobody to everybody.
  private struct Hull {
    var corners: [(events: Double, others: Double)] = [(0, 0)]

    init?(_ order: ScoreOrder) {
      guard order.eventCount > 0, order.otherCount > 0 else { return nil }
      let total = Double(order.count)
      var (events, others) = (0, 0)
      for group in order.values.indices.reversed() {
        events += order.events[group]
        others += order.rows[group] - order.events[group]
        let next = (events: Double(events) / total, others: Double(others) / total)
        while corners.count > 1 {
          let (a, b) = (corners[corners.count - 2], corners[corners.count - 1])
          let turn =
            (b.others - a.others) * (next.events - a.events) - (b.events - a.events)
            * (next.others - a.others)
          guard turn >= 0 else { break }
          corners.removeLast()
        }
        corners.append(next)
      }
    }
  }
}
