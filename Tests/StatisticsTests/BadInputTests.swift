import Testing

@testable import Statistics

/// What figures and tests make of numbers that are no good: a defined answer or none, never NaN.
struct BadInputTests {
  private let wild: [Double] = [
    .nan, .infinity, -.infinity, 1e308, -1e308, 1e200, 1e-200, Double.leastNonzeroMagnitude, 0,
  ]

  @Test func `two-sample tests answer with numbers or not at all`() {
    for value in wild {
      for other in wild {
        let groups: [([Double], [Double])] = [
          ([value, other, 1, 2], [3, 4, 5]), ([value, other], [other, value]),
          ([value, value, other], [1, 2]),
          ([value], [other]), ([], [value]),
        ]
        for (a, b) in groups {
          if let test = WelchTest(a, b) {
            let numbers = [
              test.difference, test.error, test.t, test.degrees, test.pValue, test.hedgesG,
              test.interval.lowerBound, test.interval.upperBound,
            ]
            #expect(numbers.allSatisfy { !$0.isNaN }, "\(a) \(b) \(numbers)")
          }
          if let test = MannWhitneyTest(a, b) {
            #expect(!test.u.isNaN && !test.pValue.isNaN && !test.probabilityOfSuperiority.isNaN)
          }
          if let test = SpreadTest([a, b]) { #expect(!test.f.isNaN && !test.pValue.isNaN, "\(a) \(b)") }
          if let test = ResampledTest(a, tested: 1, learnt: 9) {
            #expect(!test.t.isNaN && !test.pValue.isNaN && !test.error.isNaN)
          }
        }
      }
    }
    #expect(MannWhitneyTest([.nan, 1], [2, 3]) == nil)
    #expect(SpreadTest([[.nan, 1, 2], [2, 3, 9]]) == nil)
    #expect(WelchTest([1e300, -1e300], [1, 2]) == nil)
    // Numbers whose variances are too small to square keep their degrees of freedom.
    let small = WelchTest([3e-100, 4e-100, 5e-100, 8e-100, 9e-100], [1, 2, 2, 4, 7, 7].map { $0 * 1e-100 })
    #expect(((small?.degrees ?? 0) - 8.705977863).magnitude < 1e-8)
  }

  @Test func `scores beyond any range have figures all the same`() {
    let scores: [Double] = [.infinity, -.infinity, 1e308, -1e308, 0, 0.5, 1, Double.leastNonzeroMagnitude]
    let order = ScoreOrder(scores, labels: [1, 0, 1, 0, 1, 0, 1, 0])
    #expect(order.rocAuc != nil && order.averagePrecision != nil)
    #expect(order.histogram(bands: 10).reduce(0, +) == 8)
    #expect(order.smoothCalibrationError().isFinite)
    #expect(CampaignProfit().expectedMaximum(order)?.profit.isFinite == true)
    #expect(order.rocCurve().y.allSatisfy { $0.isFinite } && order.liftCurve().y.allSatisfy { $0.isFinite })
    #expect(order.confusion(at: 0.5).truePositives == 3)
  }

  @Test(arguments: [[UInt8](), [1], [0], [1, 1, 1], [0, 0]]) func `no rows, one row or one class`(
    labels: [UInt8]
  ) {
    let scores = labels.indices.map { 0.25 * Double($0) }
    let order = ScoreOrder(scores, labels: labels)
    #expect(order.rocAuc == nil && order.rocAucInterval == nil && order.rocAucVariance == nil)
    #expect(ScoreOrder.compare(scores, scores, labels: labels) == nil)
    #expect(CampaignProfit().maximum(order) == nil && CampaignProfit().expectedMaximum(order) == nil)
    #expect(CalibrationLine(scores, labels: labels) == nil)
    #expect((order.averagePrecision == nil) == (order.eventCount == 0))
    let (brier, log) = (BrierParts(order), LogLossParts(order))
    let banded = BandedBrierParts(order, bands: 10)
    let numbers = [
      brier.miscalibration, brier.discrimination, brier.uncertainty, log.miscalibration, log.discrimination,
      log.uncertainty, banded.reliability, banded.resolution, banded.uncertainty, banded.varianceWithin,
      banded.covarianceWithin, order.calibrationError(bandsOfEqualWidth: 10),
      order.calibrationError(groupsOfEqualSize: 10), order.smoothCalibrationError(),
      ProbabilityLoss.logLoss(scores, labels: labels), ProbabilityLoss.brier(scores, labels: labels),
    ]
    #expect(numbers.allSatisfy { $0.isFinite })
    #expect(order.rocCurve().x.isEmpty && order.histogram(bands: 5).reduce(0, +) == labels.count)
    #expect(order.isotonicShares().allSatisfy { $0.isFinite })
  }

  @Test func `certain probabilities are clipped, not endless`() {
    let (scores, labels): ([Double], [UInt8]) = ([0, 1, 0, 1, 1], [1, 0, 0, 1, 1])
    #expect(ProbabilityLoss.logLosses(scores, labels: labels).allSatisfy { $0.isFinite })
    #expect(
      CalibrationLine(scores, labels: labels).map { $0.slope.isFinite && $0.slopeError.isFinite } ?? true)
    #expect(LogLossParts(ScoreOrder(scores, labels: labels)).miscalibration.isFinite)
    #expect(PriorShift.adjusted(scores, learnt: 0.3, actual: 0.1).allSatisfy { $0.isFinite })
  }

  @Test func `tables and shares without a count`() {
    #expect(ContingencyTable([[0, 0], [0, 0]]).pValue == 1)
    #expect(ContingencyTable([[1, 0], [0, 0]]).cramerV == 0)
    let zero = [0.0, 0, 0]
    #expect(DistributionShift.stabilityIndex(expected: zero, actual: [1, 2, 3]).isFinite)
    #expect(DistributionShift.stabilityIndex(expected: zero, actual: zero) == 0)
    #expect(DistributionShift.jensenShannon(zero, zero) == 0)
    #expect(DistributionShift.stabilityIndex(expected: [], actual: []) == 0)
    #expect(Proportion.wilson(events: 0, rows: 0) == (0, 1))
    #expect(MultipleTests.holm([]).isEmpty && MultipleTests.benjaminiHochberg([.nan, 0.01]).last == 0.02)
    #expect(RankAgreement.kendall([], []) == nil && RankAgreement.kendall([1], [1]) == nil)
    #expect(OrderStatistics.median([.nan, .nan]).isNaN && OrderStatistics.sorted([.nan]).isEmpty)
  }
}
