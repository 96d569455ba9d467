import Testing

@testable import Statistics

struct HypothesisTests {
  private func expect(_ found: [Double], _ expected: [Double], _ tolerance: Double) {
    #expect(found.count == expected.count)
    for (a, b) in zip(found, expected) { #expect((a - b).magnitude <= tolerance) }
  }

  @Test func `missing balance against churn`() {
    let table = ContingencyTable([[5898, 1807], [2282, 13]])
    #expect((table.chiSquare - 622.1067612).magnitude < 1e-6)
    #expect(table.degrees == 1 && table.pValue < 1e-130)
    // A group without a count tells nothing.
    let padded = ContingencyTable([[5898, 0, 1807], [0, 0, 0], [2282, 0, 13]])
    #expect(padded.chiSquare == table.chiSquare && padded.degrees == 1)
    let alone = ContingencyTable([[3, 4]])
    #expect(alone.pValue == 1 && alone.cramerV == 0 && alone.degrees == 0)
    #expect(ContingencyTable([]).pValue == 1)
  }

  @Test func `Cramér's V is 1 where one decides the other and 0 where none does`() {
    #expect((ContingencyTable([[10, 0], [0, 20]]).cramerV - 1).magnitude < 1e-12)
    let none = ContingencyTable([[10, 20], [20, 40]])
    #expect(none.cramerV < 1e-8 && none.correctedV == 0 && none.likelihoodRatio < 1e-12)
    #expect((none.smallestExpected - 10).magnitude < 1e-12)
  }

  @Test func `Fisher's test`() {
    let test = FisherExact(8, 2, 1, 5)
    #expect(test.oddsRatio == 20)
    #expect((test.pValue - 0.034965035).magnitude < 1e-8)
  }

  @Test func `Welch's test`() throws {
    let test = try #require(WelchTest([3, 4, 5, 8, 9], [1, 2, 2, 4, 7, 7]))
    #expect((test.t - 1.243552899).magnitude < 1e-9)
    #expect((test.degrees - 8.705977863).magnitude < 1e-8)
    #expect((test.pValue - 0.246106672).magnitude < 1e-9)
    #expect(test.interval.contains(0))
    #expect(WelchTest([1], [2, 3]) == nil && WelchTest([1, 1], [1, 1]) == nil)
  }

  @Test func `Mann-Whitney test`() throws {
    let test = try #require(MannWhitneyTest([3, 4, 5, 8, 9], [1, 2, 2, 4, 7, 7]))
    #expect(test.u == 22.5 && test.probabilityOfSuperiority == 0.75)
    #expect((test.pValue - 0.198156).magnitude < 1e-6)
    #expect(try #require(MannWhitneyTest([1, 1], [1, 1])).pValue == 1)
  }

  @Test func `Holm, and Benjamini and Hochberg`() {
    let p = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216]
    expect(
      MultipleTests.holm(p), [0.01, 0.072, 0.312, 0.312, 0.312, 0.312, 0.312, 0.615, 0.615, 0.615], 1e-12)
    expect(
      MultipleTests.benjaminiHochberg(p),
      [0.01, 0.04, 0.084, 0.084, 0.084, 0.1, 0.105714285714, 0.216, 0.216, 0.216], 1e-11)
    expect(MultipleTests.holm([0.5, 0.001]), [0.5, 0.002], 1e-15)
  }

  @Test func `Kendall's tau with and without ties`() throws {
    let plain = try #require(RankAgreement.kendall([1, 2, 3, 4, 5], [2, 1, 3, 5, 4]))
    #expect((plain - 0.6).magnitude < 1e-12)
    let tied = try #require(RankAgreement.kendall([1, 1, 2, 3, 3, 4], [2, 1, 1, 3, 4, 4]))
    // 10 pairs agree, 1 does not, 2 are tied in each list.
    #expect((tied - 9.0 / 13).magnitude < 1e-12)
    #expect(RankAgreement.kendall([1, 1], [1, 2]) == nil)
  }

  @Test func `stability index and divergence`() {
    let (e, a) = ([0.1, 0.2, 0.3, 0.4], [0.15, 0.15, 0.35, 0.35])
    #expect((DistributionShift.stabilityIndex(expected: e, actual: a) - 0.049041463).magnitude < 1e-9)
    #expect((DistributionShift.jensenShannon(e, a) - 0.006105218).magnitude < 1e-9)
    let chance = DistributionShift.stabilityIndexByChance(groups: 10, rows: 500, otherRows: 500)
    #expect((chance - 0.0677).magnitude < 1e-3)
  }

  @Test func `quantiles lie between neighbours`() {
    #expect(OrderStatistics.median([3, 1, .nan, 2]) == 2)
    #expect(OrderStatistics.quantile(0.25, ofSorted: [1, 2, 3, 4]) == 1.75)
    #expect(OrderStatistics.quantile(1, ofSorted: [1, 2]) == 2)
    #expect(OrderStatistics.median([]).isNaN)
    for count in [1, 2, 5, 100, 1001] {
      let values = (0..<count).map { Double($0 * 7919 % 101) }
      let sorted = OrderStatistics.quantile(0.5, ofSorted: OrderStatistics.sorted(values))
      #expect(OrderStatistics.median(values) == sorted)
    }
  }

  @Test func `campaign profit`() throws {
    let small = ScoreOrder([0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.8, 0.9], labels: [0, 1, 0, 1, 0, 1, 0, 1])
    let expected = try #require(CampaignProfit().expectedMaximum(small))
    #expect((expected.profit - 23.875593418348).magnitude < 1e-9)
    #expect((expected.share - 0.874370076349).magnitude < 1e-9)
    let most = try #require(CampaignProfit().maximum(small))
    #expect((most.profit - 23.875).magnitude < 1e-9 && (most.share - 0.875).magnitude < 1e-12)
    let sample = ScoreOrder(Lcg200.scores, labels: Lcg200.labels)
    #expect(
      (try #require(CampaignProfit().expectedMaximum(sample)).profit - 17.071410436690).magnitude < 1e-9)
    #expect((try #require(CampaignProfit().maximum(sample)).profit - 17.015).magnitude < 1e-9)
    #expect(CampaignProfit().maximum(ScoreOrder([1, 2], labels: [1, 1])) == nil)
  }
}
