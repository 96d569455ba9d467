import Clientele
package import Findings
package import Numerics
import Statistics
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
    let order = AscendingOrder.of(byRow.map { -$0.net })
    rows = order.map { ranked[Int($0)] }
    expected = order.map { byRow[Int($0)] }
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

  /// The table `ranking`, its columns made on `crew`.
  package func table(
    keys: TextColumn, values: CustomerValues, drivers: [String?], segments: CategoryColumn?,
    ranges: ProbabilityRanges? = nil, crew: Crew
  ) -> Table {
    let count = rows.count
    let missingDrivers = [String?](repeating: nil, count: count - drivers.count)
    let (rows, expected, reasons) = (rows, expected, reasons)
    let (probabilities, baseRate) = (probabilities, baseRate)
    var makers: [(String, @Sendable () -> Column)] = [
      (RankingColumn.rank, { .integer(IntegerColumn((0..<count).map { Int64($0 + 1) })) }),
      (RankingColumn.key, { .text(keys.taking(rows)) }),
      (RankingColumn.probability, { .real(RealColumn(rows.map { probabilities[Int($0)] })) }),
      (RankingColumn.value, { .real(RealColumn(rows.map { values.values[Int($0)] })) }),
      (RankingColumn.tau, { .real(RealColumn(expected.map(\.tau))) }),
      (RankingColumn.expectedValue, { .real(RealColumn(expected.map(\.net))) }),
      (
        RankingColumn.breakEvenSaveRate,
        { .real(RealColumn(expected.map { $0.breakEvenSaveRate ?? .nan })) }
      ),
      (
        RankingColumn.decision,
        { RankedList.column(reasons) { $0 == .worthIt ? Decision.act : Decision.doNotAct } }
      ),
      (RankingColumn.reason, { RankedList.column(reasons) { $0 } }),
      (RankingColumn.drivers, { .text(TextColumn(drivers + missingDrivers)) }),
      (
        RankingColumn.band,
        { RankedList.column(rows) { RankedList.band(probabilities[Int($0)], baseRate: baseRate) } }
      ),
      (RankingColumn.expectedCost, { .real(RealColumn(expected.map(\.cost))) }),
      (RankingColumn.valueSource, { RankedList.column(rows) { values.sources[Int($0)] } }),
      (
        RankingColumn.tauSource,
        {
          .category(
            CategoryColumn(codes: [Int32](repeating: 0, count: count), dictionary: ["assumed", "estimated"]))
        }
      ),
    ]
    if let segments {
      makers.append(
        (
          RankingColumn.segment,
          {
            .category(
              CategoryColumn(codes: rows.map { segments.codes[Int($0)] }, dictionary: segments.dictionary))
          }
        ))
    }
    if let ranges {
      // Last, so that a program that reads by place finds the others where they were.
      makers.append(
        (RankingColumn.probabilityLow, { .real(RealColumn(rows.map { ranges.lows[Int($0)] })) }))
      makers.append(
        (RankingColumn.probabilityHigh, { .real(RealColumn(rows.map { ranges.highs[Int($0)] })) }))
    }
    let made = makers
    let columns = crew.map(made.count) { made[$0].1() }
    return Table(zip(made, columns).map { ($0.0, $1) })
  }

  /// A column of words, one for each of `values`.
  private static func column<Value, Word: CaseIterable & RawRepresentable<String> & Hashable>(
    _ values: [Value], _ word: (Value) -> Word
  ) -> Column where Word.AllCases == [Word] {
    let words = Word.allCases
    return .category(
      CategoryColumn(
        // By place, not by `==`, which would compare the words' letters.
        codes: values.map { Int32(words.firstIndex(of: word($0)) ?? 0) }, dictionary: words.map(\.rawValue)))
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
