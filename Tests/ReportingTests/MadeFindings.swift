import Findings
import Fingerprints
import Reporting
import Staging
import Tabular

/// Made-up findings of a made-up bank, in memory: what `report` reads.
struct MadeFindings {
  var customers = 200
  /// Keys of the first customers; the others are numbered.
  var firstKeys: [String] = []
  var hasSkill = true
  var hasLabels = true
  var firstDriver = "Age 58"
  var previousIsGiven = true
  var segmentName = "Older, high balance"
  var budget: Double?
  /// What `embedRows` is set to.
  var embedRows = 20_000

  private struct Dice {
    var state: UInt64 = 12345
    mutating func roll() -> Double {
      state = (1_103_515_245 &* state &+ 12345) % 2_147_483_648
      return Double(state) / 2_147_483_648
    }
  }

  /// The page of these findings, as bytes.
  func page(threads: Int = 1) throws -> [UInt8] {
    let artifacts = try artifacts()
    let parameters = try ParameterValues(
      ReportStage.declaration.parameters, given: ["embedRows": .number(Double(embedRows))])
    _ = try artifacts.run(ReportStage(parameters: parameters), StageContext(seed: 1, threads: threads))
    return artifacts.file("report") ?? []
  }

  /// The same as text.
  func text() throws -> String { String(decoding: try page(), as: UTF8.self) }

  private func put(_ artifacts: MemoryArtifacts, _ name: String, _ value: some Encodable) throws {
    try artifacts.document(name, JSONEncoding.encode(value))
  }

  func artifacts() throws -> MemoryArtifacts {
    let artifacts = MemoryArtifacts()
    let (ranking, assumptions) = ranked()
    try artifacts.table("ranking", ranking)
    try put(artifacts, "assumptions", assumptions)
    if previousIsGiven {
      try artifacts.table(
        "previous.ranking", ranking.taking((Int32(min(7, customers))..<Int32(customers)).map { $0 }))
    }
    try put(artifacts, "quality", quality)
    try put(artifacts, "intake", intake)
    try artifacts.table("rejects", rejects)
    try put(artifacts, "training", training)
    try put(
      artifacts, "resampling",
      ResamplingFindings(method: "none", parts: [], notes: ["Each customer counts once."]))
    if hasLabels {
      try put(artifacts, "metrics", metrics)
      try put(artifacts, "curves", curves)
    }
    try put(artifacts, "gate", gate)
    try put(artifacts, "portraits", portraits)
    return artifacts
  }

  private func ranked() -> (Table, AssumptionsFindings) {
    var dice = Dice()
    let (g, t, w, d, f) = (0.25, 0.5, 0.01, 48.6, 9.7)
    struct Row { var p, v, net, cost, tau, be: Double }
    var rows: [Row] = []
    for _ in 0..<customers {
      let u = dice.roll()
      let p = 0.01 + 0.96 * u * u * u
      let v = dice.roll() < 0.3 ? 0 : 200 + 2000 * dice.roll() * dice.roll()
      let tau = p * g - (1 - p) * w
      let cost = f + d * (p * g + (1 - p) * t)
      let share = (f + (1 - p) * (t * d + w * v)) / (p * (v - d))
      rows.append(
        Row(p: p, v: v, net: tau * v - cost, cost: cost, tau: tau, be: share > 0 && share <= 1 ? share : .nan)
      )
    }
    rows.sort { $0.net > $1.net }
    let worth = rows.prefix { $0.net > 0 }.count
    var spent = 0.0
    var called = 0
    for row in rows.prefix(worth) where hasSkill && spent + row.cost <= budget ?? .infinity {
      spent += row.cost
      called += 1
    }
    func reason(_ place: Int) -> DecisionReason {
      if !hasSkill { return .modelHasNoSkill }
      return place < called ? .worthIt : place < worth ? .overBudget : .belowCost
    }
    let reasons = DecisionReason.allCases
    let codes = rows.indices.map { Int32(reasons.firstIndex(of: reason($0)) ?? 0) }
    let bands = rows.map { Int32($0.p >= 0.5 ? 0 : $0.p >= 0.204 ? 1 : 2) }
    let more = [
      "Products 4", "Active member 0", "Geography Germany", "Balance 134521.3", "Gender Female",
      "Tenure missing",
    ]
    let drivers: [String?] = rows.indices.map { place in
      guard place < 500, hasSkill else { return nil }
      let first = place == 0 ? firstDriver : "Age \(45 + Int(20 * dice.roll()))"
      return [first, more[place % 6], more[(place + 2) % 6]].joined(separator: "; ")
    }
    let keys = rows.indices.map { $0 < firstKeys.count ? firstKeys[$0] : String(15_565_701 + 7 * $0) }
    func real(_ value: (Row) -> Double) -> Column { .real(RealColumn(rows.map(value))) }
    let table = Table([
      (RankingColumn.rank, .integer(IntegerColumn(rows.indices.map { Int64($0 + 1) }))),
      (RankingColumn.key, .text(TextColumn(keys))), (RankingColumn.probability, real(\.p)),
      (RankingColumn.probabilityLow, real { $0.p * 0.9 }),
      (RankingColumn.probabilityHigh, real { $0.p < 0.02 ? .nan : $0.p + 0.02 }),
      (RankingColumn.value, real(\.v)), (RankingColumn.tau, real(\.tau)),
      (RankingColumn.expectedValue, real(\.net)),
      (RankingColumn.breakEvenSaveRate, real(\.be)),
      (
        RankingColumn.decision,
        .category(CategoryColumn(codes: codes.map { $0 == 0 ? 0 : 1 }, dictionary: ["act", "doNotAct"]))
      ), (RankingColumn.reason, .category(CategoryColumn(codes: codes, dictionary: reasons.map(\.rawValue)))),
      (RankingColumn.drivers, .text(TextColumn(drivers))),
      (
        RankingColumn.band,
        .category(CategoryColumn(codes: bands, dictionary: RiskBand.allCases.map(\.rawValue)))
      ),
      (RankingColumn.expectedCost, real(\.cost)),
      (
        RankingColumn.segment,
        .category(
          CategoryColumn(
            codes: rows.indices.map { Int32($0 % 3) },
            dictionary: [segmentName, "Young, no balance", "Many products, active"]))
      ),
    ])
    func assumed(_ symbol: String, _ parameter: String, _ value: Double?, _ meaning: String)
      -> AssumptionsFindings.Assumption
    {
      .init(symbol: symbol, parameter: parameter, value: value, meaning: meaning, source: "assumed")
    }
    var byReason: [String: Int] = [:]
    for place in rows.indices { byReason[reason(place).rawValue, default: 0] += 1 }
    let act = rows.prefix(called)
    return (
      table,
      AssumptionsFindings(
        assumptions: [
          assumed("γ", "saveRate", g, "share of customers about to leave that stays if acted on"),
          assumed("ψ", "takeRate", t, "share of customers who would stay anyway that takes the offer"),
          assumed("w", "harmRate", w, "share of customers who would stay that leaves because of the contact"),
          assumed("d", "offerCost", d, "money an offer costs when taken"),
          assumed("f", "contactCost", f, "money a contact costs"),
          assumed("V", "valueSource", nil, "money a customer brings over the horizon if kept"),
        ], valueRule: "V is 0.01 of Balance a year; a missing balance counts 0.", valueCap: 1890.4,
        valuesCapped: 70,
        population: "all", isSnapshot: hasLabels, budget: budget, capacity: nil, ranked: customers,
        expectedLeavers: rows.reduce(0) { $0 + $1.p }, valueAtRisk: rows.reduce(0) { $0 + $1.p * $1.v },
        act: called,
        expectedKept: act.reduce(0) { $0 + $1.tau }, expectedValue: act.reduce(0) { $0 + $1.net },
        expectedCost: act.reduce(0) { $0 + $1.cost }, byReason: byReason, currency: "EUR", notes: [])
    )
  }
}
