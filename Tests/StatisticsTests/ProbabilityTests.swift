import Numerics
import Testing

@testable import Statistics

struct ProbabilityTests {
  private func losses() -> [Double] { ProbabilityLoss.logLosses(Lcg200.scores, labels: Lcg200.labels) }

  @Test func `reference losses`() {
    let logLoss = ProbabilityLoss.logLoss(Lcg200.scores, labels: Lcg200.labels)
    #expect((logLoss - 0.482653787008).magnitude < 1e-11)
    let brier = ProbabilityLoss.brier(Lcg200.scores, labels: Lcg200.labels)
    #expect((brier - 0.157715768858).magnitude < 1e-11)
    let null = ProbabilityLoss.nullLogLoss(events: 73, rows: 200)
    let constant = ProbabilityLoss.logLoss(
      [Double](repeating: 0.365, count: 200), labels: Lcg200.labels)
    #expect((null - constant).magnitude < 1e-12)
    #expect(ProbabilityLoss.nullLogLoss(events: 0, rows: 3) == 0)
  }

  @Test func `a certain mistake costs much, not everything`() {
    #expect((ProbabilityLoss.logLoss([0], labels: [1]) - 34.538776394910684).magnitude < 1e-9)
    #expect(ProbabilityLoss.logLoss([1], labels: [1]) == 0)
  }

  @Test func `gain over the null model with its error`() {
    let null = ProbabilityLoss.logLosses([Double](repeating: 0.365, count: 200), labels: Lcg200.labels)
    let gain = ProbabilityLoss.meanGain(of: losses(), over: null)
    #expect((gain.mean - (ProbabilityLoss.mean(null) - 0.482653787008)).magnitude < 1e-11)
    #expect(gain.error > 0.01 && gain.error < 0.06)
    #expect(ProbabilityLoss.meanGain(of: [1, 2], over: [2, 4]).error == 0.5)
  }

  @Test func `reference calibration line`() throws {
    let line = try #require(CalibrationLine(Lcg200.scores, labels: Lcg200.labels))
    #expect((line.slope - 1.271607107).magnitude < 1e-8)
    #expect((line.slopeError - 0.192370).magnitude < 1e-6)
    #expect((line.intercept - -0.979921271).magnitude < 1e-8)
    #expect((line.inTheLarge - -0.848525515).magnitude < 1e-8)
  }

  @Test func `no line where labels or probabilities are all alike or labels split exactly`() {
    #expect(CalibrationLine([0.1, 0.2, 0.3], labels: [1, 1, 1]) == nil)
    #expect(CalibrationLine([0.2, 0.2, 0.2, 0.2], labels: [1, 0, 1, 0]) == nil)
    #expect(CalibrationLine([0.1, 0.2, 0.8, 0.9], labels: [0, 0, 1, 1]) == nil)
  }

  @Test func `rising steps, tied scores first`() {
    let steps = ScoreOrder([1, 2, 3, 4, 5, 6], labels: [0, 1, 0, 1, 1, 0]).isotonicShares()
    for (found, expected) in zip(steps, [0, 0.5, 0.5, 2.0 / 3, 2.0 / 3, 2.0 / 3]) {
      #expect((found - expected).magnitude < 1e-12)
    }
    let tied = ScoreOrder([1, 1, 2, 3], labels: [1, 0, 0, 1]).isotonicShares()
    for (found, expected) in zip(tied, [1.0 / 3, 1.0 / 3, 1]) {
      #expect((found - expected).magnitude < 1e-12)
    }
  }

  @Test func `reference parts of the Brier score`() {
    let parts = BrierParts(ScoreOrder(Lcg200.scores, labels: Lcg200.labels))
    #expect((parts.miscalibration - 0.039476982).magnitude < 1e-8)
    #expect((parts.discrimination - 0.113536213).magnitude < 1e-8)
    #expect((parts.uncertainty - 0.231775).magnitude < 1e-12)
    let sum = parts.miscalibration - parts.discrimination + parts.uncertainty
    #expect((sum - 0.157715768858).magnitude < 1e-11)
  }

  @Test func `sixty of sixty is at least 94 percent`() {
    let wilson = Proportion.wilson(events: 60, rows: 60)
    #expect((wilson.lower - 0.9398).magnitude < 1e-3 && wilson.upper == 1)
    let exact = Proportion.exact(events: 60, rows: 60)
    #expect((exact.lower - 0.9404).magnitude < 1e-4 && exact.upper == 1)
    #expect(Proportion.exact(events: 0, rows: 10).lower == 0)
    let some = Proportion.exact(events: 3, rows: 20)
    #expect((some.lower - 0.03207094).magnitude < 1e-7 && (some.upper - 0.37892683).magnitude < 1e-7)
  }

  @Test func `curves begin and end where they must and are short`() {
    let draws = CounterGenerator(seed: 3)
    let scores = (0..<5000).map { draws.uniform(UInt64($0)) }
    let labels = (0..<5000).map { UInt8(draws.uniform(UInt64(9000 + $0)) < scores[$0] ? 1 : 0) }
    let order = ScoreOrder(scores, labels: labels)
    let roc = order.rocCurve()
    #expect(roc.x.count <= 200 && roc.x.count > 150)
    #expect(roc.x.first == 0 && roc.y.first == 0 && roc.x.last == 1 && roc.y.last == 1)
    let pr = order.precisionRecallCurve()
    #expect(pr.x.count <= 200 && pr.x.last == 1 && pr.y.last == Double(order.eventCount) / 5000)
    let gains = order.gainsCurve()
    #expect(gains.x.count <= 200 && gains.y.last == 1)
    let lift = order.liftCurve()
    #expect(lift.x.count == 100 && lift.y.last == 1)
    let few = ScoreOrder([0.1, 0.2, 0.3], labels: [0, 1, 1]).rocCurve()
    #expect(few.x == [0, 0, 0, 1] && few.y == [0, 0.5, 1, 1])
    let groups = order.reliability(groups: 20)
    #expect(groups.count == 20 && groups.allSatisfy { $0.rows == 250 })
    #expect(order.histogram(bands: 20).reduce(0, +) == 5000)
    #expect(ScoreOrder([0.5, 0.5], labels: [0, 1]).reliability(groups: 20).count == 1)
  }
}
