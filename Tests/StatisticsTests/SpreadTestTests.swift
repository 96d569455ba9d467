import Testing

@testable import Statistics

struct SpreadTestTests {
  @Test func `spread about median and mean`() throws {
    let groups = [[3, 4, 5, 8, 9], [1, 2, 2, 4, 7, 7.0]]
    let median = try #require(SpreadTest(groups))
    #expect((median.f - 0.03272727272727267).magnitude < 1e-12)
    #expect((median.pValue - 0.860449038326033).magnitude < 1e-11)
    #expect(median.numerator == 1 && median.denominator == 9)
    let mean = try #require(SpreadTest(groups, from: .mean))
    #expect((mean.f - 0.00010759887140738384).magnitude < 1e-12)
    #expect((mean.pValue - 0.9919499978184306).magnitude < 1e-11)
  }

  @Test func `groups that cannot differ in spread have no test`() {
    #expect(SpreadTest([[1, 2, 3]]) == nil)
    #expect(SpreadTest([[1, 2, 3], []]) == nil)
    #expect(SpreadTest([[1], [2]]) == nil)
    #expect(SpreadTest([[4, 4, 4], [5, 5]]) == nil)
  }
}
