import Clientele
package import Findings
package import Numerics
import Staging
import Statistics
package import Tabular

/// Customers in rank order with what acting on each brings and whether to.
package struct RankedList: Sendable {
  /// Rows of `features` ranked, most worth a call first.
  package let rows: [Int32]
  /// ΔEV by place in the list.
  package let nets: [Double]
  /// By place in the list.
  package let reasons: [DecisionReason]
  /// The probabilities of leaving by place in the list.
  package let probabilities: [Double]
  /// The ranges of these probabilities, by place in the list; `nil` where there are none.
  package let ranges: ProbabilityRanges?
  /// How many from the top get their reasons in words.
  package let explained: Int
  /// Most that any choice within the limits could bring.
  package let bound: Double?
  /// Whether labels exist, so that the list is as of the snapshot.
  package let isSnapshot: Bool
  /// Sum of the probabilities of those ranked.
  package let expectedLeavers: Double
  /// V by place in the list.
  private let values: [Double]
  private let offer: OfferAssumptions

  /// Rows of a block of work.
  private static let blockRows = 1 << 15

  /// Ranks by ΔEV, largest first, ties by key bytewise (the row order of `features`): a total order.
  package init(
    keys: TextColumn, labels: IntegerColumn, probabilities: [Double], ranges: ProbabilityRanges? = nil,
    values: CustomerValues, hasSkill: Bool, _ parameters: RankParameters, crew: Crew
  ) throws {
    let all = 0..<Int32(keys.count)
    let ranked = parameters.ranksLabelled ? Array(all) : all.filter { !labels.isPresent(Int($0)) }
    let (offer, byRow) = (parameters.offer, values.values)
    var negated = [Double](repeating: 0, count: ranked.count)
    crew.rewrite(&negated, blockSize: RankedList.blockRows) { range, part in
      for place in range {
        let row = Int(ranked[place])
        part[place - range.lowerBound] =
          -ExpectedValue(probability: probabilities[row], value: byRow[row], offer).net
      }
    }
    let order = AscendingOrder.of(negated, crew: crew)
    let rows = order.map { ranked[Int($0)] }
    // Once in this order, for all that is made of them: to fetch each from its row costs more than to reckon with it.
    func inOrder(_ numbers: [Double]) -> [Double] {
      var sorted = [Double](repeating: 0, count: rows.count)
      crew.rewrite(&sorted, blockSize: RankedList.blockRows) { range, part in
        for place in range { part[place - range.lowerBound] = numbers[Int(rows[place])] }
      }
      return sorted
    }
    let (leaving, money) = (inOrder(probabilities), inOrder(byRow))
    @Sendable func expected(_ place: Int) -> ExpectedValue {
      ExpectedValue(probability: leaving[place], value: money[place], offer)
    }
    var nets = negated
    crew.rewrite(&nets, blockSize: RankedList.blockRows) { range, part in
      for place in range { part[place - range.lowerBound] = expected(place).net }
    }
    self.rows = rows
    self.nets = nets
    self.probabilities = leaving
    self.ranges = ranges.map { ProbabilityRanges(lows: inOrder($0.lows), highs: inOrder($0.highs)) }
    self.values = money
    self.offer = offer
    isSnapshot = labels.values.indices.contains { labels.isPresent($0) }
    if hasSkill {
      let choice = Selection.choose(
        net: nets, cost: parameters.budget == nil ? [] : rows.indices.map { expected($0).cost },
        budget: parameters.budget, capacity: parameters.capacity)
      reasons = choice.reasons
      bound = choice.bound
    } else {
      reasons = [DecisionReason](repeating: .modelHasNoSkill, count: rows.count)
      bound = nil
    }
    explained = hasSkill ? min(rows.count, parameters.explained) : 0
    expectedLeavers = leaving.reduce(0, +)
  }

  /// What acting on the customer at a place of the list is expected to bring: reckoned when asked for, which costs
  /// less than keeping it for all.
  package func expected(_ place: Int) -> ExpectedValue {
    ExpectedValue(probability: probabilities[place], value: values[place], offer)
  }

  /// Mean probability of those ranked.
  package var baseRate: Double { rows.isEmpty ? 0 : expectedLeavers / Double(rows.count) }

  /// A customer's risk in a word: high from three times the base rate or one in two, raised from the
  /// base rate.
  package static func band(_ probability: Double, baseRate: Double) -> RiskBand {
    if probability >= min(0.5, 3 * baseRate) { return .high }
    return probability >= baseRate ? .raised : .low
  }

  /// The table `ranking`, its columns made on `crew`.
  package func table(
    keys: TextColumn, values: CustomerValues, drivers: [String?], segments: CategoryColumn?,
    crew: Crew
  ) -> Table {
    let count = rows.count
    let (rows, reasons, nets) = (rows, reasons, nets)
    let ordered = keys.taking(rows, crew: crew)
    let (probabilities, money, baseRate) = (probabilities, self.values, baseRate)
    func real(_ value: @escaping @Sendable (ExpectedValue) -> Double) -> @Sendable () -> Column {
      { .real(RealColumn((0..<count).map { value(expected($0)) })) }
    }
    var makers: [(String, @Sendable () -> Column)] = [
      (RankingColumn.rank, { .integer(IntegerColumn((0..<count).map { Int64($0 + 1) })) }),
      (RankingColumn.key, { .text(ordered) }),
      (RankingColumn.probability, { .real(RealColumn(probabilities)) }),
      (RankingColumn.value, { .real(RealColumn(money)) }),
      (RankingColumn.tau, real(\.tau)),
      (RankingColumn.expectedValue, { .real(RealColumn(nets)) }),
      (RankingColumn.breakEvenSaveRate, real { $0.breakEvenSaveRate ?? .nan }),
      (
        RankingColumn.decision,
        { RankedList.column(reasons) { $0 == .worthIt ? Decision.act : Decision.doNotAct } }
      ),
      (RankingColumn.reason, { RankedList.column(reasons) { $0 } }),
      (
        RankingColumn.drivers,
        {
          var texts = TextColumnBuilder(capacity: count)
          for words in drivers { if let words { texts.append(words) } else { texts.appendMissing() } }
          for _ in drivers.count..<count { texts.appendMissing() }
          return .text(texts.finish())
        }
      ),
      (
        RankingColumn.band,
        { RankedList.column(probabilities) { RankedList.band($0, baseRate: baseRate) } }
      ),
      (RankingColumn.expectedCost, real(\.cost)),
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
        (RankingColumn.probabilityLow, { .real(RealColumn(ranges.lows)) }))
      makers.append(
        (RankingColumn.probabilityHigh, { .real(RealColumn(ranges.highs)) }))
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
    var counts = [Int](repeating: 0, count: DecisionReason.allCases.count)
    let places = Dictionary(uniqueKeysWithValues: zip(DecisionReason.allCases, 0...))
    // Stretches of one reason, which a ranked list has few of, are looked up once.
    var first = 0
    while first < reasons.count {
      var past = first + 1
      while past < reasons.count, reasons[past] == reasons[first] { past += 1 }
      counts[places[reasons[first]] ?? 0] += past - first
      first = past
    }
    let byReason = Dictionary(
      uniqueKeysWithValues: zip(DecisionReason.allCases.map(\.rawValue), counts).filter { $0.1 > 0 })
    var notes: [String] = []
    if let bound {
      let total = chosen.reduce(0) { $0 + nets[$1] }
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
      expectedLeavers: expectedLeavers,
      valueAtRisk: zip(probabilities, self.values).reduce(0) { $0 + $1.0 * $1.1 }, act: chosen.count,
      expectedKept: chosen.reduce(0) { $0 + expected($1).tau },
      expectedValue: chosen.reduce(0) { $0 + nets[$1] },
      expectedCost: chosen.reduce(0) { $0 + expected($1).cost }, byReason: byReason,
      currency: parameters.currency.isEmpty ? nil : parameters.currency, notes: notes)
  }
}
