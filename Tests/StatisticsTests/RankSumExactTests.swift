import Testing

@testable import Statistics

struct RankSumExactTests {
  @Test func `small groups without ties have an exact p-value`() throws {
    let (a, b) = ([3, 4.5, 5, 8, 9], [1, 2, 2.5, 4, 7, 7.5])
    #expect(try #require(MannWhitneyTest(a, b)).u == 23)
    #expect((try #require(MannWhitneyTest.exactPValue(a, b)) - 0.177489177489).magnitude < 1e-11)
    // One of the 35 orders, counted from both ends.
    #expect(
      (try #require(MannWhitneyTest.exactPValue([1, 2, 3, 4], [5, 6, 7])) - 2.0 / 35).magnitude < 1e-14)
    #expect(try #require(MannWhitneyTest.exactPValue([1], [2])) == 1)
  }

  @Test func `turning the groups round changes nothing`() throws {
    let (a, b) = ([0.3, 7, 2, 9.5], [1, 4, 8, 8.5, 0.1, 3])
    let (one, other) = (MannWhitneyTest.exactPValue(a, b), MannWhitneyTest.exactPValue(b, a))
    #expect((try #require(one) - (try #require(other))).magnitude < 1e-14)
  }

  @Test func `the approximation comes close where groups grow`() throws {
    let (a, b) = ((0..<40).map { Double($0) }, (0..<60).map { Double($0) * 0.91 + 0.005 })
    let exact = try #require(MannWhitneyTest.exactPValue(a, b))
    #expect((exact - (try #require(MannWhitneyTest(a, b)).pValue)).magnitude < 1e-3)
  }

  @Test func `ties, gaps, empty and large groups have none`() {
    #expect(MannWhitneyTest.exactPValue([1, 2], [2, 3]) == nil)
    #expect(MannWhitneyTest.exactPValue([1, .nan], [2, 3]) == nil)
    #expect(MannWhitneyTest.exactPValue([], [2, 3]) == nil)
    let long = (0..<51).map { Double($0) }
    #expect(MannWhitneyTest.exactPValue(long, long.map { $0 + 0.5 }) == nil)
  }
}
