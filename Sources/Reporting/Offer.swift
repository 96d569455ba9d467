import Findings
import Markup

/// The numbers taken for granted about a call, as far as the assumptions name them.
struct Offer {
  /// γ: share of leavers that stays if called.
  let saveRate: Double
  /// ψ: share of stayers that takes the offer.
  let takeRate: Double
  /// w: share of stayers that leaves because of the call.
  let harmRate: Double
  /// d: money an offer costs when taken.
  let offerCost: Double
  /// f: money a call costs.
  let contactCost: Double

  /// The offer, `nil` where one of the five is not one number for all.
  init?(_ findings: AssumptionsFindings) {
    func value(_ symbol: String) -> Double? {
      findings.assumptions.first { $0.symbol == symbol }?.value.flatMap { $0.isFinite ? $0 : nil }
    }
    guard let save = value("γ"), let take = value("ψ"), let harm = value("w"), let cost = value("d"),
      let contact = value("f")
    else { return nil }
    (saveRate, takeRate, harmRate, offerCost, contactCost) = (save, take, harm, cost, contact)
  }

  /// Where the net value of calling `places` comes from; the parts add up to the sum of ΔEV.
  func parts(_ customers: RankedCustomers, _ places: [Int]) -> [WaterfallChart.Step] {
    var (kept, lost, offers) = (0.0, 0.0, 0.0)
    for place in places {
      let (p, value) = (customers.probabilities[place], customers.values[place])
      kept += p * saveRate * value
      lost += (1 - p) * harmRate * value
      offers += offerCost * (p * saveRate + (1 - p) * takeRate)
    }
    return [
      WaterfallChart.Step("Value kept", kept), WaterfallChart.Step("Driven away", -lost),
      WaterfallChart.Step("Offers taken", -offers),
      WaterfallChart.Step("Calls", -contactCost * Double(places.count)),
    ]
  }
}

extension AssumptionsFindings.Assumption {
  /// Its value with its unit: shares as per cent, money with its name.
  func text(_ currency: String?) -> String {
    guard let value else { return "differs by customer" }
    return switch symbol {
    case "γ", "ψ", "w":
      NumberText.percent(value, (1000 * value).rounded() == 10 * (100 * value).rounded() ? 0 : 1)
    case "d", "f", "V": NumberText.money(value, currency)
    default: NumberText.significant(value, 4)
    }
  }

  /// How it is known, in a word.
  var sourceWord: String {
    switch source {
    case "declared": "declared"
    case "fromData": "from the data"
    default: "assumed"
    }
  }

  /// Its short name in a sentence.
  var name: String {
    switch symbol {
    case "γ": "save rate"
    case "ψ": "take rate"
    case "w": "harm rate"
    case "d": "offer"
    case "f": "call"
    case "V": "value of a customer"
    default: parameter.isEmpty ? symbol : parameter
    }
  }
}
