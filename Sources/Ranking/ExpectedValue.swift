/// What a bank believes of acting on a customer; every number is an assumption until a campaign with
/// a control group has measured it.
package struct OfferAssumptions: Sendable, Equatable {
  /// γ: share of those who would leave that stays if acted on.
  package var saveRate: Double
  /// ψ: share of those who would stay anyway that takes the offer.
  package var takeRate: Double
  /// w: share of those who would stay that leaves *because* of being contacted.
  package var harmRate: Double
  /// d: money an offer costs when taken.
  package var offerCost: Double
  /// f: money a contact costs, taken or not.
  package var contactCost: Double

  /// Assumptions.
  package init(
    saveRate: Double, takeRate: Double, harmRate: Double, offerCost: Double, contactCost: Double
  ) {
    self.saveRate = saveRate
    self.takeRate = takeRate
    self.harmRate = harmRate
    self.offerCost = offerCost
    self.contactCost = contactCost
  }
}

/// What acting on one customer is expected to bring.
package struct ExpectedValue: Sendable, Equatable {
  /// τ = pγ − (1−p)w: by how much acting lowers the probability of leaving.
  package let tau: Double
  /// E[cost] = f + d(pγ + (1−p)ψ).
  package let cost: Double
  /// ΔEV = τV − E[cost] = pγ(V−d) − (1−p)(ψd+wV) − f.
  package let net: Double
  /// γ* = (f + (1−p)(ψd+wV)) / (p(V−d)): acting pays if at least this share of such customers is
  /// kept. `nil` where no share up to everyone would do.
  package let breakEvenSaveRate: Double?

  /// The expectation for a customer who leaves with `probability` if nothing is done and is worth
  /// `value` if kept. The offer's cost is charged to stayers driven away too (they were offered it).
  package init(probability p: Double, value: Double, _ assumed: OfferAssumptions) {
    let stay = 1 - p
    tau = p * assumed.saveRate - stay * assumed.harmRate
    cost = assumed.contactCost + assumed.offerCost * (p * assumed.saveRate + stay * assumed.takeRate)
    net = tau * value - cost
    let gain = p * (value - assumed.offerCost)
    let loss =
      assumed.contactCost + stay * (assumed.takeRate * assumed.offerCost + assumed.harmRate * value)
    let share = gain > 0 ? loss / gain : .infinity
    breakEvenSaveRate = share <= 1 ? share : nil
  }

  /// p* = (f+ψd+wV) / (γ(V−d)+ψd+wV): the probability of leaving from which acting pays; `nil` where
  /// it never does.
  package static func breakEvenProbability(value: Double, _ assumed: OfferAssumptions) -> Double? {
    let harm = assumed.takeRate * assumed.offerCost + assumed.harmRate * value
    let denominator = assumed.saveRate * (value - assumed.offerCost) + harm
    guard denominator > 0 else { return nil }
    let probability = (assumed.contactCost + harm) / denominator
    return probability <= 1 ? probability : nil
  }
}
