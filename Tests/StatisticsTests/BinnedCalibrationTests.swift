import Testing

@testable import Statistics

struct BinnedCalibrationTests {
  private let order = ScoreOrder(Lcg200.scores, labels: Lcg200.labels)

  @Test func `reference calibration errors differ by their groups`() {
    #expect((order.calibrationError(bandsOfEqualWidth: 10) - 0.141198852).magnitude < 1e-9)
    #expect((order.calibrationError(groupsOfEqualSize: 10) - 0.139304277).magnitude < 1e-9)
    #expect(ScoreOrder([], labels: []).calibrationError(bandsOfEqualWidth: 10) == 0)
    #expect(ScoreOrder([1, 1, 0], labels: [1, 1, 0]).calibrationError(bandsOfEqualWidth: 5) == 0)
  }

  @Test func `reference parts by bands add up to the Brier score`() {
    let parts = BandedBrierParts(order, bands: 10)
    #expect((parts.reliability - 0.033493018).magnitude < 1e-9)
    #expect((parts.resolution - 0.106651051).magnitude < 1e-9)
    #expect((parts.uncertainty - 0.231775).magnitude < 1e-12)
    #expect((parts.varianceWithin - 0.000815465).magnitude < 1e-9)
    #expect((parts.covarianceWithin - 0.001716663).magnitude < 1e-9)
    let sum =
      parts.reliability - parts.resolution + parts.uncertainty + parts.varianceWithin - parts.covarianceWithin
    #expect((sum - ProbabilityLoss.brier(Lcg200.scores, labels: Lcg200.labels)).magnitude < 1e-12)
  }

  @Test func `the area by straight lines is another number than average precision`() throws {
    var (area, taken, hits) = (0.0, 0, 0)
    var before = (recall: 0.0, precision: 1.0)
    for group in order.values.indices.reversed() {
      taken += order.rows[group]
      hits += order.events[group]
      let next = (Double(hits) / Double(order.eventCount), Double(hits) / Double(taken))
      area += (next.0 - before.recall) * (next.1 + before.precision) / 2
      before = next
    }
    #expect((area - 0.819391556251).magnitude < 1e-11)
    #expect((try #require(order.averagePrecision) - area).magnitude > 1e-3)
  }
}
