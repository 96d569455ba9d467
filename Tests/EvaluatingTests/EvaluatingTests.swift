import Clientele
import Findings
import Fingerprints
import Staging
import Statistics
import Tabular
import Testing

@testable import Evaluating

/// Customers whose probabilities are right: label 1 with that frequency, by a fixed pattern.
private func customers(_ count: Int, skilled: Bool) -> (features: Table, predictions: Table) {
  var keys: [String] = []
  var labels: [Int64] = []
  var probabilities: [Double] = []
  var state: UInt64 = 12345
  func uniform() -> Double {
    state = (1_103_515_245 &* state &+ 12345) & 0x7FFF_FFFF
    return Double(state) / Double(1 << 31)
  }
  for row in 0..<count {
    let truth = uniform()
    keys.append("customer-\(100_000 + row)")
    labels.append(uniform() < truth * truth ? 1 : 0)
    probabilities.append(skilled ? min(0.999, max(0.001, truth * truth)) : 0.2 + 0.1 * uniform())
  }
  let folds = (0..<count).map { Int64($0 % 5) }
  return (
    Table([
      ("key", .text(TextColumn(keys))), ("fold", .integer(IntegerColumn(folds))),
      ("label", .integer(IntegerColumn(labels))),
    ]),
    Table([
      ("key", .text(TextColumn(keys))), ("fold", .integer(IntegerColumn(folds))),
      ("probability", .real(RealColumn(probabilities))),
    ])
  )
}

private func evaluate(
  _ tables: (features: Table, predictions: Table), gate: String = "warn"
) throws -> (MemoryArtifacts, StageSummary) {
  let artifacts = MemoryArtifacts()
  try artifacts.table("features", tables.features)
  try artifacts.table("predictions", tables.predictions)
  let stage = try EvaluateStage(
    parameters: ParameterValues(
      EvaluateStage.declaration.parameters, given: ["importanceRows": 0, "gate": .string(gate)]))
  return (artifacts, try artifacts.run(stage, StageContext(seed: 1, threads: 1)))
}

@Test func `right probabilities show skill and a slope near one`() throws {
  let (artifacts, summary) = try evaluate(customers(4000, skilled: true))
  let metrics = try artifacts.decode("metrics", MetricsFindings.self)
  #expect(metrics.outOfFold.rows == 4000)
  #expect(metrics.outOfFold.rocAuc > 0.8)
  #expect(abs(metrics.calibration.slope - 1) < 3 * metrics.calibration.slopeStandardError)
  #expect(
    abs(
      metrics.outOfFold.brier
        - (metrics.calibration.miscalibration - metrics.calibration.discrimination
          + metrics.calibration.uncertainty)) < 1e-9)
  #expect(try artifacts.decode("gate", GateFindings.self).hasSkill)
  #expect(summary.checks.filter { !$0.passed }.isEmpty)
  let confusion = metrics.confusion
  #expect(confusion.truePositives + confusion.falsePositives >= metrics.outOfFold.events)
  #expect(confusion.truePositives + confusion.falsePositives <= metrics.outOfFold.events + 50)
  #expect(
    confusion.truePositives + confusion.falsePositives + confusion.falseNegatives + confusion.trueNegatives
      == 4000)
}

@Test func `the reference sample's profit, calibration error and parts of the log-loss are shown`() throws {
  // The sample that SCIENCE's golden values are of.
  var state: UInt64 = 12345
  let draws = (0..<400).map { _ -> Double in
    state = (1_103_515_245 &* state &+ 12345) & 0x7FFF_FFFF
    return Double(state) / Double(1 << 31)
  }
  let keys = (0..<200).map { "k\(1000 + $0)" }
  let tables = (
    features: Table([
      ("key", .text(TextColumn(keys))), ("fold", .integer(IntegerColumn(keys.map { _ in 0 }))),
      ("label", .integer(IntegerColumn((0..<200).map { draws[200 + $0] < draws[$0] * draws[$0] ? 1 : 0 }))),
    ]),
    predictions: Table([
      ("key", .text(TextColumn(keys))), ("fold", .integer(IntegerColumn(keys.map { _ in 0 }))),
      ("probability", .real(RealColumn(Array(draws[0..<200])))),
    ])
  )
  let (artifacts, summary) = try evaluate(tables)
  let metrics = try artifacts.decode("metrics", MetricsFindings.self)
  let profit = try #require(metrics.profit)
  #expect(abs(profit.expectedMaximum - 17.071410436690) < 1e-9 && abs(profit.maximum - 17.015) < 1e-9)
  #expect(profit.value == 200 && profit.offer == 10 && profit.contact == 1)
  #expect(profit.saveRateAlpha == 6 && profit.saveRateBeta == 14)
  #expect(profit.share > 0 && profit.share < 1 && profit.expectedShare > 0 && profit.expectedShare < 1)
  #expect(abs((metrics.calibration.smoothError ?? 0) - 0.136693416) < 2e-3)
  #expect(abs(metrics.calibration.miscalibration - 0.039476982) < 1e-8)
  #expect(abs(metrics.calibration.discrimination - 0.113536213) < 1e-8)
  let parts = try #require(metrics.calibration.logLossParts)
  #expect(parts.miscalibration > 0 && parts.discrimination > 0 && parts.uncertainty == metrics.nullLogLoss)
  #expect(
    abs(metrics.outOfFold.logLoss - (parts.miscalibration - parts.discrimination + parts.uncertainty)) < 1e-12
  )
  #expect(summary.metrics["expectedMaximumProfit"] == profit.expectedMaximum)
}

@Test func `a campaign that loses on every customer kept is refused`() throws {
  #expect(throws: ParameterError.self) {
    try EvaluateStage(
      parameters: ParameterValues(EvaluateStage.declaration.parameters, given: ["profitOffer": 300]))
  }
}

@Test func `noise shows no skill, and stops the run where asked`() throws {
  let (artifacts, summary) = try evaluate(customers(2000, skilled: false))
  let found = try artifacts.decode("gate", GateFindings.self)
  #expect(!found.hasSkill)
  #expect(summary.checks.contains { !$0.passed && $0.severity == .warn })
  let (_, stopped) = try evaluate(customers(2000, skilled: false), gate: "stop")
  #expect(stopped.checks.contains { !$0.passed && $0.severity == .stop && $0.subject == .model })
}

@Test func `without outcomes there is nothing to measure, and that is no failure`() throws {
  let tables = customers(50, skilled: true)
  let unlabelled = Table([
    ("key", try tables.features.column("key")), ("fold", try tables.features.column("fold")),
    (
      "label",
      .integer(
        IntegerColumn([Int64](repeating: 0, count: 50), validity: Validity(repeating: false, count: 50)))
    ),
  ])
  let fault = #expect(throws: StageFault.self) { try evaluate((unlabelled, tables.predictions)) }
  #expect(fault?.kind == .notApplicable)
}

@Test func `predictions of other customers are refused`() throws {
  let tables = customers(50, skilled: true)
  let order = (0..<50).reversed().map(Int32.init)
  let fault = #expect(throws: StageFault.self) {
    try evaluate((tables.features, tables.predictions.taking(order)))
  }
  #expect(fault?.kind == .failed)
}

@Test func `a sample depends on the keys and not on their order`() throws {
  let tables = customers(500, skilled: true)
  let order = (0..<500).reversed().map(Int32.init)
  let held = try HeldOut(tables.features, predictions: tables.predictions)
  let turned = try HeldOut(tables.features.taking(order), predictions: tables.predictions.taking(order))
  #expect(held.sample(100).count == 100)
  #expect(Set(held.sample(100)) == Set(turned.sample(100).map { 499 - $0 }))
  #expect(held.sample(5000).count == 500)
}

@Test func `the operating point flags as many as left, ties included`() {
  let order = ScoreOrder([0.1, 0.4, 0.4, 0.8, 0.9], labels: [0, 1, 0, 1, 1])
  #expect(OperatingPoint.flagging(2, of: order) == 0.8)
  #expect(OperatingPoint.flagging(3, of: order) == 0.4)
}
