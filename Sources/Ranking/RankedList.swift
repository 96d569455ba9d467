import Clientele
package import Findings
package import Tabular

/// Customers in rank order with what acting on each brings and whether to.
package struct RankedList: Sendable {
  /// Rows of `features` ranked, most worth a call first.
  package let rows: [Int32]
  /// By place in the list.
  package let expected: [ExpectedValue]
  /// By place in the list.
  package let reasons: [DecisionReason]
  /// By row of `features`.
  package let probabilities: [Double]
  /// How many from the top get their reasons in words.
  package let explained: Int
  /// Most that any choice within the limits could bring.
  package let bound: Double?
  /// Whether labels exist, so that the list is as of the snapshot.
  package let isSnapshot: Bool
  /// Mean probability of those ranked.
  package let baseRate: Double

  /// Ranks by ΔEV, largest first, ties by key bytewise (the row order of `features`): a total order.
  package init(
    keys: TextColumn, labels: IntegerColumn, probabilities: [Double], values: CustomerValues,
    hasSkill: Bool, _ parameters: RankParameters
  ) throws {
    let all = 0..<Int32(keys.count)
    let ranked = parameters.ranksLabelled ? Array(all) : all.filter { !labels.isPresent(Int($0)) }
    let byRow = ranked.map { row in
      ExpectedValue(
        probability: probabilities[Int(row)], value: values.values[Int(row)], parameters.offer)
    }
    let order = ranked.indices.sorted { left, right in
      byRow[left].net != byRow[right].net ? byRow[left].net > byRow[right].net : left < right
    }
    rows = order.map { ranked[$0] }
    expected = order.map { byRow[$0] }
    self.probabilities = probabilities
    isSnapshot = labels.values.indices.contains { labels.isPresent($0) }
    if hasSkill {
      let choice = Selection.choose(
        net: expected.map(\.net), cost: expected.map(\.cost), budget: parameters.budget,
        capacity: parameters.capacity)
      reasons = choice.reasons
      bound = choice.bound
    } else {
      reasons = [DecisionReason](repeating: .modelHasNoSkill, count: rows.count)
      bound = nil
    }
    explained = hasSkill ? min(rows.count, parameters.explained) : 0
    baseRate =
      rows.isEmpty ? 0 : rows.reduce(0) { $0 + probabilities[Int($1)] } / Double(rows.count)
  }

  /// A customer's risk in a word: high from three times the base rate or one in two, raised from the
  /// base rate.
  package static func band(_ probability: Double, baseRate: Double) -> RiskBand {
    if probability >= min(0.5, 3 * baseRate) { return .high }
    return probability >= baseRate ? .raised : .low
  }

  /// The table `ranking`.
  package func table(
    keys: TextColumn, values: CustomerValues, drivers: [String?], segments: CategoryColumn?,
    ranges: ProbabilityRanges? = nil
  ) -> Table {
    let count = rows.count
    func real(_ value: (Int) -> Double) -> Column { .real(RealColumn((0..<count).map(value))) }
    func category<Word: CaseIterable & RawRepresentable<String> & Equatable>(
      _ type: Word.Type, _ word: (Int) -> Word
    ) -> Column where Word.AllCases == [Word] {
      let words = Word.allCases
      return .category(
        CategoryColumn(
          codes: (0..<count).map { place in
            let wanted = word(place)
            return Int32(words.firstIndex { $0 == wanted } ?? 0)
          }, dictionary: words.map(\.rawValue)))
    }
    var keyColumn = TextColumnBuilder(capacity: count)
    for row in rows { keyColumn.append(utf8: keys.utf8(Int(row))) }
    let missingDrivers = [String?](repeating: nil, count: count - drivers.count)
    var columns: [(String, Column)] = [
      (RankingColumn.rank, .integer(IntegerColumn((0..<count).map { Int64($0 + 1) }))),
      (RankingColumn.key, .text(keyColumn.finish())),
      (RankingColumn.probability, real { probabilities[Int(rows[$0])] }),
      (RankingColumn.value, real { values.values[Int(rows[$0])] }),
      (RankingColumn.tau, real { expected[$0].tau }),
      (RankingColumn.expectedValue, real { expected[$0].net }),
      (RankingColumn.breakEvenSaveRate, real { expected[$0].breakEvenSaveRate ?? .nan }),
      (RankingColumn.decision, category(Decision.self) { reasons[$0] == .worthIt ? .act : .doNotAct }),
      (RankingColumn.reason, category(DecisionReason.self) { reasons[$0] }),
      (RankingColumn.drivers, .text(TextColumn(drivers + missingDrivers))),
      (
        RankingColumn.band,
        category(RiskBand.self) { RankedList.band(probabilities[Int(rows[$0])], baseRate: baseRate) }
      ),
      (RankingColumn.expectedCost, real { expected[$0].cost }),
      (RankingColumn.valueSource, category(CustomerValues.Source.self) { values.sources[Int(rows[$0])] }),
      (
        RankingColumn.tauSource,
        .category(
          CategoryColumn(codes: [Int32](repeating: 0, count: count), dictionary: ["assumed", "estimated"]))
      ),
    ]
    if let segments {
      columns.append(
        (
          RankingColumn.segment,
          .category(
            CategoryColumn(codes: rows.map { segments.codes[Int($0)] }, dictionary: segments.dictionary))
        ))
    }
    if let ranges {
      // Last, so that a program that reads by place finds the others where they were.
      columns.append((RankingColumn.probabilityLow, real { ranges.lows[Int(rows[$0])] }))
      columns.append((RankingColumn.probabilityHigh, real { ranges.highs[Int(rows[$0])] }))
    }
    return Table(columns)
  }

  private enum Decision: String, CaseIterable { case act, doNotAct }

  /// The document `assumptions`.
  package func findings(_ values: CustomerValues, _ parameters: RankParameters) -> AssumptionsFindings {
    let offer = parameters.offer
    func assumed(
      _ symbol: String, _ parameter: String, _ value: Double?, _ meaning: String, _ source: String = "assumed"
    ) -> AssumptionsFindings.Assumption {
      AssumptionsFindings.Assumption(
        symbol: symbol, parameter: parameter, value: value, meaning: meaning, source: source)
    }
    let chosen = rows.indices.filter { reasons[$0] == .worthIt }
    var byReason: [String: Int] = [:]
    for reason in reasons { byReason[reason.rawValue, default: 0] += 1 }
    var notes: [String] = []
    if let bound {
      let total = chosen.reduce(0) { $0 + expected[$1].net }
      notes.append(
        "Within the budget no choice could bring more than \(Wording.decimals(bound, 0)); this one brings \(Wording.decimals(total, 0))."
      )
    }
    let missing = rows.filter { values.sources[Int($0)] == .missingBalance }.count
    if missing > 0 {
      notes.append(
        "\(Wording.count(missing)) customers have no known balance or charge; it counts 0 in their value.")
    }
    return AssumptionsFindings(
      assumptions: [
        assumed("γ", "saveRate", offer.saveRate, "share of customers about to leave that stays if acted on"),
        assumed(
          "ψ", "takeRate", offer.takeRate, "share of customers who would stay anyway that takes the offer"),
        assumed(
          "w", "harmRate", offer.harmRate,
          "share of customers who would stay that leaves because of the contact"),
        assumed("d", "offerCost", offer.offerCost, "money an offer costs when taken"),
        assumed("f", "contactCost", offer.contactCost, "money a contact costs"),
        assumed("V", "valueSource", nil, "money a customer brings over the horizon if kept: " + values.rule),
      ],
      valueRule: values.rule, valueCap: values.cap, valuesCapped: values.capped,
      population: parameters.ranksLabelled ? "all" : "unlabelled", isSnapshot: isSnapshot,
      budget: parameters.budget, capacity: parameters.capacity, ranked: rows.count,
      expectedLeavers: rows.reduce(0) { $0 + probabilities[Int($1)] },
      valueAtRisk: rows.reduce(0) { $0 + probabilities[Int($1)] * values.values[Int($1)] }, act: chosen.count,
      expectedKept: chosen.reduce(0) { $0 + expected[$1].tau },
      expectedValue: chosen.reduce(0) { $0 + expected[$1].net },
      expectedCost: chosen.reduce(0) { $0 + expected[$1].cost }, byReason: byReason,
      currency: parameters.currency.isEmpty ? nil : parameters.currency, notes: notes)
  }
}
