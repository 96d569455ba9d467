import Findings
import Markup
import Tabular

/// The table `ranking`, its columns at hand.
struct RankedCustomers {
  /// Customer keys, most worth a call first.
  let keys: TextColumn
  /// p.
  let probabilities: [Double]
  /// The range that holds each; `nil` where the ranking gives none.
  let ranges: (low: [Double], high: [Double])?
  /// V.
  let values: [Double]
  /// ΔEV.
  let nets: [Double]
  /// γ*; NaN where no share would do.
  let breakEvens: [Double]
  /// Why or why not, a code a customer.
  let reasons: [DecisionReason]
  /// How likely to leave, in a word.
  let bands: [RiskBand]
  /// The segments' names, where there are segments.
  let segments: CategoryColumn?
  /// The strongest reasons of the score, joined with "; ".
  let drivers: TextColumn

  /// Number of customers.
  var count: Int { probabilities.count }

  /// The columns of `ranking` that are looked at, where it has them.
  static let columns = [
    RankingColumn.key, RankingColumn.probability, RankingColumn.value, RankingColumn.expectedValue,
    RankingColumn.breakEvenSaveRate, RankingColumn.reason, RankingColumn.drivers, RankingColumn.band,
    RankingColumn.segment, RankingColumn.probabilityLow, RankingColumn.probabilityHigh,
  ]

  /// Reads the columns; an unknown code is taken for the most careful one.
  init(_ table: Table) throws {
    keys = try table.texts(RankingColumn.key)
    probabilities = try table.numbers(RankingColumn.probability)
    ranges =
      table.schema.index(of: RankingColumn.probabilityLow) == nil
      ? nil
      : (
        try table.numbers(RankingColumn.probabilityLow), try table.numbers(RankingColumn.probabilityHigh)
      )
    values = try table.numbers(RankingColumn.value)
    nets = try table.numbers(RankingColumn.expectedValue)
    breakEvens = try table.numbers(RankingColumn.breakEvenSaveRate)
    drivers = try table.texts(RankingColumn.drivers)
    let reasonColumn = try table.categories(RankingColumn.reason)
    reasons = RankedCustomers.words(reasonColumn) { DecisionReason(rawValue: $0) ?? .belowCost }
    let bandColumn = try table.categories(RankingColumn.band)
    bands = RankedCustomers.words(bandColumn) { RiskBand(rawValue: $0) ?? .low }
    segments =
      table.schema.index(of: RankingColumn.segment) == nil ? nil : try table.categories(RankingColumn.segment)
  }

  private static func words<Word>(_ column: CategoryColumn, _ word: (String) -> Word) -> [Word] {
    let dictionary = column.dictionary.map(word)
    let unknown = word("")
    return column.codes.map { $0 < 0 ? unknown : dictionary[Int($0)] }
  }

  /// Places of the customers to act on, most worth a call first.
  var toCall: [Int] { reasons.indices.filter { reasons[$0] == .worthIt } }

  /// The range of one probability in words; `nil` where it is not known.
  func range(_ place: Int) -> String? {
    guard let ranges, ranges.low[place].isFinite, ranges.high[place].isFinite else { return nil }
    return
      "\(NumberText.decimals(100 * ranges.low[place], 1)) to \(NumberText.percent(ranges.high[place]))"
  }

  /// The reasons of one score, each in words.
  func drivers(_ place: Int) -> [String] {
    guard let text = drivers.text(place) else { return [] }
    var parts: [String] = []
    for part in text.split(separator: ";") {
      // A ";" within a value is not followed by a space, or begins with what belongs to the part before.
      if part.first == " " || parts.isEmpty {
        parts.append(String(part.drop { $0 == " " }))
      } else {
        parts[parts.count - 1] += ";" + part
      }
    }
    return parts
  }
}

extension DecisionReason {
  /// The decision in the words of the list.
  var words: String {
    switch self {
    case .worthIt: "Call"
    case .belowCost: "No: costs more than it brings"
    case .overBudget: "No: the budget is spent"
    case .overCapacity: "No: all calls are taken"
    case .suppressed: "No: may not be contacted"
    case .control: "No: held out to measure the effect"
    case .modelHasNoSkill: "No: the model has no skill"
    }
  }
}

extension DecisionReason {
  /// The decision in a word or two, where there is little room.
  var short: String {
    switch self {
    case .worthIt: "Call"
    case .belowCost: "Costs more"
    case .overBudget: "Over budget"
    case .overCapacity: "Over capacity"
    case .suppressed: "May not be called"
    case .control: "Held out"
    case .modelHasNoSkill: "No skill"
    }
  }
}

extension RiskBand {
  /// The band in a word.
  var word: String {
    switch self {
    case .high: "High"
    case .raised: "Raised"
    case .low: "Low"
    }
  }
}
