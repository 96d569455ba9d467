import Clientele
import Findings
import Fingerprints

/// A customer's story in words.
enum CustomerWords {
  /// What people call the columns of the tables.
  static let labels: [String: String] = [
    PredictionColumn.fold: "scored by the model of fold", PredictionColumn.score: "score, log-odds",
    PredictionColumn.probability: "probability of leaving",
    PredictionColumn.probabilityLow: "of customers like this, at least",
    PredictionColumn.probabilityHigh: "of customers like this, at most",
    FeatureColumn.label: "left (1) or stayed (0)",
    RankingColumn.rank: "place", RankingColumn.value: "worth if kept",
    RankingColumn.valueSource: "worth taken from",
    RankingColumn.tau: "acting lowers the probability by", RankingColumn.tauSource: "that effect is",
    RankingColumn.expectedValue: "acting is worth", RankingColumn.expectedCost: "acting costs",
    RankingColumn.breakEvenSaveRate: "pays if this share of leavers stays",
    RankingColumn.drivers: "reasons listed",
    RankingColumn.band: "risk",
  ]

  /// The story for people, a line each; with `then`, what differs as old → new.
  static func lines(_ key: String, _ now: CustomerStory, _ then: CustomerStory?) -> [String] {
    var heading = "customer \(key) in run \(now.run)"
    if let then {
      heading += then.isKnown ? ", beside run \(then.run)" : "; run \(then.run) did not know this customer"
    }
    var lines = [heading]
    if let verdict = verdict(now) { lines.append(verdict) }
    let old = then.flatMap { $0.isKnown ? $0 : nil }
    func section(_ title: String, _ facts: [CustomerStory.Fact], _ before: [CustomerStory.Fact]?) {
      guard !facts.isEmpty else { return }
      lines += ["", title]
      let width = facts.map(\.label.count).max() ?? 0
      for fact in facts {
        let value = fact.value ?? "missing"
        let was = before?.first { $0.name == fact.name }
        let isNew = before != nil && was?.json != fact.json
        let words = isNew ? "\(was.map { $0.value ?? "missing" } ?? "none") → \(value)" : value
        lines.append("  \(fact.label.padded(width))  \(words)")
      }
    }
    section("as read", now.read, old?.read)
    for repair in now.repairs {
      let column = repair.column ?? "the row"
      lines.append(
        "  repaired: \(column) \(repair.old ?? "missing") → \(repair.new ?? "missing") (\(repair.rule))")
    }
    // Most features are what was read; these are not.
    let made = now.features.filter { fact in
      let known = now.read.contains { $0.name == fact.name && $0.value == fact.value }
      let before = old?.features.first { $0.name == fact.name }
      let isInformative = fact.name != FeatureColumn.fold && fact.json != "value"
      return !known && isInformative || before.map { $0.json != fact.json } ?? false
    }
    section("as the model sees it, where that is not as read", made, old?.features)
    section("score", now.prediction, old?.prediction)
    section(
      "why this score: what each column multiplies the odds of leaving by, beside customers drawn at random",
      (now.reasons?.facts ?? []).filter { $0.value != "odds × 1.00" }, old?.reasons?.facts)
    section("what acting is worth", now.terms, old?.terms)
    let said: Set<String> = [
      RankingColumn.decision, RankingColumn.reason, RankingColumn.probability, RankingColumn.probabilityLow,
      RankingColumn.probabilityHigh,
    ]
    // What only the head of the list has is missing elsewhere, and stands above for everyone.
    let told = now.ranking.filter { fact in
      !said.contains(fact.name)
        && (fact.value != nil || old?.ranking.contains { $0.name == fact.name && $0.value != nil } ?? false)
    }
    section("ranking", told, old?.ranking)
    if let old {
      let isSame =
        zip(now.sections, old.sections).allSatisfy { $0.facts == $1.facts } && now.repairs == old.repairs
      if isSame { lines += ["", "nothing differs from run \(old.run)"] }
      if let before = old.ranking.first(where: { $0.name == RankingColumn.decision })?.value,
        let after = now.ranking.first(where: { $0.name == RankingColumn.decision })?.value, before != after
      {
        lines[1] +=
          before == "act" ? " In run \(old.run) it was: act." : " In run \(old.run) it was: do not act."
      }
    }
    return lines
  }

  /// The decision in a sentence or two; `nil` where the customer is not ranked.
  private static func verdict(_ story: CustomerStory) -> String? {
    func fact(_ name: String) -> CustomerStory.Fact? { story.ranking.first { $0.name == name } }
    guard let decision = fact(RankingColumn.decision)?.value,
      let net = fact(RankingColumn.expectedValue)?.json.double,
      let p = fact(RankingColumn.probability)?.json.double, let place = fact(RankingColumn.rank)?.json.integer
    else { return nil }
    let reason = fact(RankingColumn.reason)?.value.flatMap(DecisionReason.init(rawValue:))
    let why =
      switch reason {
      case .worthIt, nil: "acting brings \(Wording.decimals(net, 2)) more than it costs"
      case .belowCost: "acting costs \(Wording.decimals(-net, 2)) more than it brings"
      case .overBudget: "acting pays, but the budget is spent on others"
      case .overCapacity: "acting pays, but the calls are taken by others"
      case .suppressed: "this customer may not be contacted"
      case .control: "this customer is held out to measure the effect"
      case .modelHasNoSkill: "the model shows no skill"
      }
    let where_ = "Place \(Wording.count(place)) of \(Wording.count(story.ranked))"
    return
      "\(decision == "act" ? "Act" : "Do not act"): \(why). \(where_); leaves with \(Wording.percent(p))."
  }
}
