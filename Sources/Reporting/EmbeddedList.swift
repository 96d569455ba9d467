import Findings
import Markup
import Tabular

/// The customers as the page's script reads them: a list a column, words by their place in a dictionary.
/// `format` is raised when the script has to read it otherwise.
enum EmbeddedList {
  /// The first `count` customers, most worth a call first.
  static func datum(_ customers: RankedCustomers, count: Int, _ found: AssumptionsFindings) -> Datum {
    func column(_ value: (Int) -> Datum) -> Datum { .list((0..<count).map(value)) }
    func number(_ value: Double, _ scale: Double) -> Datum {
      value.isFinite ? .number((value * scale).rounded() / scale) : .missing
    }
    var words: [String] = []
    var places: [String: Int] = [:]
    let why = column { place in
      let parts = customers.drivers(place)
      if parts.isEmpty { return .whole(0) }
      return .list(
        parts.map { part in
          if let known = places[part] { return .whole(known) }
          places[part] = words.count
          words.append(part)
          return .whole(words.count - 1)
        })
    }
    func bound(_ values: [Double]?) -> Datum {
      guard let values else { return .missing }
      return column { number(values[$0], 1000) }
    }
    let (low, high) = (bound(customers.ranges?.low), bound(customers.ranges?.high))
    let reasons = DecisionReason.allCases
    let bands = RiskBand.allCases
    let offer: Datum =
      if let offer = Offer(found) {
        .object([
          ("g", .number(offer.saveRate)), ("t", .number(offer.takeRate)), ("w", .number(offer.harmRate)),
          ("d", .number(offer.offerCost)), ("f", .number(offer.contactCost)),
        ])
      } else { .missing }
    return .object([
      ("format", .whole(1)), ("total", .whole(customers.count)), ("written", .whole(CallSection.written)),
      ("currency", found.currency.map { .text($0) } ?? .missing), ("offer", offer),
      ("budget", found.budget.map { .number($0) } ?? .missing),
      ("capacity", found.capacity.map { .whole($0) } ?? .missing),
      ("reasons", .list(reasons.map { .list([.text($0.rawValue), .text($0.words)]) })),
      ("bands", .list(bands.map { .list([.text($0.rawValue), .text($0.word)]) })),
      ("segments", customers.segments.map { .list($0.dictionary.map { .text($0) }) } ?? .missing),
      ("words", .list(words.map { .text($0) })),
      ("key", column { .text(customers.keys.text($0) ?? "") }),
      ("p", column { number(customers.probabilities[$0], 1e5) }),
      ("low", low), ("high", high),
      ("v", column { number(customers.values[$0], 100) }),
      ("ev", column { number(customers.nets[$0], 100) }),
      ("be", column { number(customers.breakEvens[$0], 1000) }),
      ("reason", column { .whole(reasons.firstIndex(of: customers.reasons[$0]) ?? 0) }),
      ("band", column { .whole(bands.firstIndex(of: customers.bands[$0]) ?? 0) }),
      (
        "segment",
        customers.segments.map { segments in column { .whole(Int(segments.codes[$0])) } } ?? .missing
      ),
      ("why", why),
    ])
  }
}
