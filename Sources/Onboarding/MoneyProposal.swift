import Clientele
import Fingerprints
import Tabular

/// What `rank` assumes of an offer and of a customer's value, in the file's own money; marked as assumed.
struct MoneyProposal: Sendable {
  /// Members of `parameters.rank`, in the order people read them.
  var parameters: [(name: String, value: JSONValue)]
  /// What the user should know, in sentences.
  var notes: [String]

  /// γ, ψ and w where nothing is known.
  static let (saveRate, takeRate, harmRate) = (0.25, 0.5, 0.01)
  /// V: this share of the balance a year, or this many monthly charges.
  static let (balanceRate, chargeMonths) = (0.01, 12.0)
  /// V where the file holds no money.
  static let equalValue = 1000.0
  /// d and f as shares of the median V.
  static let (offerShare, contactShare) = (0.05, 0.01)

  init(_ table: Table, _ contracts: [ColumnContract]) {
    func values(_ meaning: Meaning) -> (name: String, values: [Double])? {
      guard let place = contracts.firstIndex(where: { $0.role == .feature && $0.meaning == meaning }) else {
        return nil
      }
      switch table.columns[place] {
      case .real(let numbers): return (contracts[place].name, numbers.values)
      case .integer(let numbers): return (contracts[place].name, numbers.doubles())
      default: return nil
      }
    }
    notes = []
    var median = MoneyProposal.equalValue
    var source = "equal"
    if let balance = values(.balance),
      let middle = MoneyProposal.median(balance.values, MoneyProposal.balanceRate)
    {
      (median, source) = (middle, "balance")
      notes.append(
        "Assumed: a customer is worth 1 % of \"\(balance.name)\" a year, a missing one counting 0, cut at the 99th "
          + "percentile.")
    } else if let charge = values(.monthlyCharge),
      let middle = MoneyProposal.median(charge.values, MoneyProposal.chargeMonths)
    {
      (median, source) = (middle, "monthlyCharge")
      notes.append(
        "Assumed: a customer is worth twelve times \"\(charge.name)\", a missing one counting 0, cut at the 99th "
          + "percentile.")
    } else {
      notes.append(
        "The file holds neither a balance nor a monthly charge, so every customer is taken to be worth the same "
          + "(\(Wording.count(Int(MoneyProposal.equalValue)))): the list then orders by risk alone. Give a column "
          + "\"meaning\": \"balance\" or \"monthlyCharge\" to change that.")
    }
    let offer = MoneyProposal.twoDigits(median * MoneyProposal.offerShare)
    let contact = MoneyProposal.twoDigits(median * MoneyProposal.contactShare)
    let comment =
      "Assumptions, not measurements, until a campaign with a control group has measured them; money is in the file's "
      + "own. saveRate: of those about to leave, who stays if acted on. takeRate: of those who would stay, who takes "
      + "the offer. harmRate: of those who would stay, who leaves because of the contact. offerCost and contactCost: "
      + "5 % and 1 % of the median value."
    parameters = [
      ("comment", .string(comment)),
      ("saveRate", .number(MoneyProposal.saveRate)), ("takeRate", .number(MoneyProposal.takeRate)),
      ("harmRate", .number(MoneyProposal.harmRate)), ("offerCost", .number(offer)),
      ("contactCost", .number(contact)), ("valueSource", .string(source)),
    ]
    switch source {
    case "balance": parameters.append(("valueRate", .number(MoneyProposal.balanceRate)))
    case "monthlyCharge": parameters.append(("chargeMonths", .number(MoneyProposal.chargeMonths)))
    default: parameters.append(("equalValue", .number(MoneyProposal.equalValue)))
    }
    parameters += [
      ("valueCapPercentile", .number(99)), ("budget", .null), ("capacity", .null), ("population", "all"),
      ("currency", ""),
    ]
    notes.append(
      "Assumed: of customers about to leave 25 % stay if acted on, an offer costs \(MoneyProposal.shown(offer)) and a "
        + "contact \(MoneyProposal.shown(contact)). Change them under \"parameters\": {\"rank\": …} in pipeline.json."
    )
  }

  /// The middle value of `rate` · max(0, x), a missing x counting 0; where that is 0, the middle of those
  /// above 0; `nil` where there are none.
  static func median(_ values: [Double], _ rate: Double) -> Double? {
    let sorted = values.map { $0.isNaN ? 0 : max(0, $0) * rate }.sorted()
    func middle(_ part: ArraySlice<Double>) -> Double? {
      guard !part.isEmpty else { return nil }
      let upper = part[part.startIndex + part.count / 2]
      return part.count % 2 == 1 ? upper : (part[part.startIndex + part.count / 2 - 1] + upper) / 2
    }
    if let all = middle(sorted[...]), all > 0 { return all }
    return middle(sorted.drop { $0 <= 0 })
  }

  /// `value` rounded to two significant digits.
  static func twoDigits(_ value: Double) -> Double {
    guard value > 0, value.isFinite else { return 0 }
    // By powers of ten that are exact, so that 9.7 is written 9.7.
    var scale = 1.0
    if value >= 100 {
      while value / scale >= 100 { scale *= 10 }
      return (value / scale).rounded() * scale
    }
    while value * scale < 10, scale < 1e15 { scale *= 10 }
    return (value * scale).rounded() / scale
  }

  private static func shown(_ value: Double) -> String {
    var bytes: [UInt8] = []
    CanonicalJSON.appendNumber(value, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
