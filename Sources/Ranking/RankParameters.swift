import Fingerprints
package import Staging

/// The parameters of `rank`, checked.
package struct RankParameters: Sendable, Equatable {
  /// Where V comes from.
  package enum ValueSource: String, Sendable, CaseIterable {
    /// The balance where there is one, else monthly charges, else equal.
    case automatic
    /// The column with the meaning `balance`.
    case balance
    /// The column with the meaning `monthlyCharge`.
    case monthlyCharge
    /// The same for everyone.
    case equal
  }

  /// γ, ψ, w, d, f.
  package var offer: OfferAssumptions
  /// Where V comes from.
  package var valueSource: ValueSource
  /// Share of the balance a year.
  package var valueRate: Double
  /// Months of charges.
  package var chargeMonths: Double
  /// Money a product held a year.
  package var productValue: Double
  /// V where it is the same for everyone.
  package var equalValue: Double
  /// Percentile V is cut at.
  package var valueCapPercentile: Double
  /// Most money to spend.
  package var budget: Double?
  /// Most customers to contact.
  package var capacity: Int?
  /// Whether customers with a label are ranked too.
  package var ranksLabelled: Bool
  /// The money's name on the page.
  package var currency: String
  /// How many customers from the top get their reasons in words, besides those to act on.
  package var explained: Int

  /// The parameters as declared.
  package init(_ values: ParameterValues) throws(ParameterError) {
    func number(_ name: String) -> Double { values.number(name) ?? 0 }
    offer = OfferAssumptions(
      saveRate: number("saveRate"), takeRate: number("takeRate"), harmRate: number("harmRate"),
      offerCost: number("offerCost"), contactCost: number("contactCost"))
    valueSource = values.text("valueSource").flatMap(ValueSource.init) ?? .automatic
    valueRate = number("valueRate")
    chargeMonths = number("chargeMonths")
    productValue = number("productValue")
    equalValue = number("equalValue")
    valueCapPercentile = number("valueCapPercentile")
    budget = values.number("budget")
    capacity = values.integer("capacity")
    ranksLabelled = values.text("population") != "unlabelled"
    currency = values.text("currency") ?? ""
    explained = values.integer("explained") ?? 0
    if offer.saveRate == 0 {
      throw ParameterError(
        "saveRate", "at 0 nobody is ever kept and no list can be made; give a share above 0")
    }
  }

  /// What `stages/rank.json` declares.
  package static let declarations: [ParameterDeclaration] = [
    ParameterDeclaration(
      "saveRate", .number(0...1), default: 0.25,
      help: "γ: share of customers about to leave that stays if acted on. Assumed until measured."),
    ParameterDeclaration(
      "takeRate", .number(0...1), default: 0.5,
      help: "ψ: share of customers who would stay anyway that takes the offer. Assumed until measured."),
    ParameterDeclaration(
      "harmRate", .number(0...1), default: 0.01,
      help: "w: share of customers who would stay that leaves because of the contact. Assumed until measured."
    ),
    ParameterDeclaration(
      "offerCost", .number(0...(.greatestFiniteMagnitude)), default: 50,
      help: "d: money an offer costs when taken."),
    ParameterDeclaration(
      "contactCost", .number(0...(.greatestFiniteMagnitude)), default: 10,
      help: "f: money a contact costs, taken or not."),
    ParameterDeclaration(
      "valueSource", .choice(ValueSource.allCases.map(\.rawValue)), default: "automatic",
      help:
        "Where a customer's value V comes from; automatic takes the balance, else monthly charges, else equal."
    ),
    ParameterDeclaration(
      "valueRate", .number(0...1000), default: 0.01, help: "V as a share of the balance a year."),
    ParameterDeclaration(
      "chargeMonths", .number(0...1200), default: 12, help: "V as a number of monthly charges."),
    ParameterDeclaration(
      "productValue", .number(0...(.greatestFiniteMagnitude)), default: 0,
      help: "Money added to V for each product held."),
    ParameterDeclaration(
      "equalValue", .number(0...(.greatestFiniteMagnitude)), default: 1000,
      help: "V where it is the same for everyone."),
    ParameterDeclaration(
      "valueCapPercentile", .number(50...100), default: 99,
      help: "V is cut at this percentile, so that one customer cannot rule the list."),
    ParameterDeclaration(
      "budget", .number(0...(.greatestFiniteMagnitude)), default: nil,
      help: "Most money to spend, as expected cost; null for no limit."),
    ParameterDeclaration(
      "capacity", .integer(0...1_000_000_000), default: nil,
      help: "Most customers to contact; null for no limit."),
    ParameterDeclaration(
      "population", .choice(["all", "unlabelled"]), default: "all",
      help: "Who is ranked: everyone as of the snapshot, or only customers whose outcome is not known."),
    ParameterDeclaration(
      "currency", .text, default: "", help: "The money's name on the page, such as EUR; empty for none."),
    ParameterDeclaration(
      "explained", .integer(0...100_000), default: 500,
      help: "How many customers, from the top, get the reasons of their score in words."),
  ]
}
