import Clientele
import Statistics
package import Tabular

/// V: the money a customer brings over the horizon if kept.
package struct CustomerValues: Sendable, Equatable {
  /// Where a customer's value comes from.
  package enum Source: String, Sendable, CaseIterable {
    /// A share of the balance, and of products held.
    case balance
    /// Monthly charges.
    case monthlyCharge
    /// The same for everyone.
    case equal
    /// The balance is unknown and counts 0, never the median's margin.
    case missingBalance
    /// Above the cap, and cut to it.
    case capped
  }

  /// One value a row of `features`.
  package private(set) var values: [Double]
  /// Where each comes from.
  package let sources: [Source]
  /// The cap: the declared percentile of the values.
  package let cap: Double?
  /// How many were cut to it.
  package let capped: Int
  /// How V was made, in a sentence.
  package let rule: String

  /// The columns of features that values are made of, with the customers' keys and labels.
  package static func columns(of features: Schema) -> [String] {
    [FeatureColumn.key, FeatureColumn.label]
      + features.fields.filter { field in
        let facts = FeatureFacts(field)
        return facts.role == .feature && [.balance, .monthlyCharge, .products].contains(facts.meaning)
      }.map(\.name)
  }

  /// Lets go of the values, where what they came from is all that is still asked for.
  mutating func dropValues() { values = [] }

  /// The values of the customers in `features` by `parameters`; one row may not rule the list, so
  /// values are cut at a percentile of those above zero.
  package init(_ features: Table, _ parameters: RankParameters) throws {
    let rows = features.rowCount
    func column(_ meaning: Meaning) throws -> (name: String, values: [Double])? {
      for field in features.schema.fields {
        let facts = FeatureFacts(field)
        if facts.role == .feature, facts.meaning == meaning {
          return (field.name, try features.numbers(field.name))
        }
      }
      return nil
    }
    var values = [Double](repeating: parameters.equalValue, count: rows)
    var sources = [Source](repeating: .equal, count: rows)
    var rule = "V is \(parameters.equalValue) for every customer: the file holds no balance or charge."
    let chosen = parameters.valueSource
    if chosen == .balance || chosen == .automatic, let balance = try column(.balance) {
      for row in 0..<rows {
        let known = !balance.values[row].isNaN
        values[row] = known ? max(0, balance.values[row]) * parameters.valueRate : 0
        sources[row] = known ? .balance : .missingBalance
      }
      rule = "V is \(parameters.valueRate) of \(balance.name) a year; a missing balance counts 0"
      if parameters.productValue > 0, let products = try column(.products) {
        for row in 0..<rows where !products.values[row].isNaN {
          values[row] += products.values[row] * parameters.productValue
        }
        rule += ", and \(parameters.productValue) a product held"
      }
      rule += "."
    } else if chosen == .monthlyCharge || chosen == .automatic, let charge = try column(.monthlyCharge) {
      for row in 0..<rows {
        let known = !charge.values[row].isNaN
        values[row] = known ? max(0, charge.values[row]) * parameters.chargeMonths : 0
        sources[row] = known ? .monthlyCharge : .missingBalance
      }
      rule = "V is \(parameters.chargeMonths) times \(charge.name); a missing charge counts 0."
    } else if chosen == .balance || chosen == .monthlyCharge {
      throw RankError.noSuchMoney(chosen.rawValue)
    }
    let positive = values.filter { $0 > 0 }
    var cap: Double?
    var capped = 0
    if !positive.isEmpty, sources.contains(where: { $0 != .equal }) {
      let place = Int((Double(positive.count - 1) * parameters.valueCapPercentile / 100).rounded(.down))
      let limit = OrderStatistics.value(at: place, of: positive)
      for row in 0..<rows where values[row] > limit {
        values[row] = limit
        sources[row] = .capped
        capped += 1
      }
      cap = limit
    }
    self.values = values
    self.sources = sources
    self.cap = cap
    self.capped = capped
    self.rule = rule
  }
}
