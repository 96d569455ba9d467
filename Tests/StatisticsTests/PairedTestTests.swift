import Testing

@testable import Statistics

struct PairedTestTests {
  @Test func `McNemar's test looks only at customers on whom the rules differ`() {
    let test = McNemarTest(onlyFirst: 9, onlySecond: 3)
    #expect((test.exactPValue - 0.145996).magnitude < 5e-7)
    #expect((test.pValue - 0.148915).magnitude < 5e-7)
    #expect(McNemarTest(onlyFirst: 3, onlySecond: 9) == test)
    #expect(McNemarTest(onlyFirst: 4, onlySecond: 4).exactPValue == 1)
    #expect(McNemarTest(onlyFirst: 0, onlySecond: 0).pValue == 1)
    #expect((McNemarTest(onlyFirst: 0, onlySecond: 10).exactPValue - 2.0 / 1024).magnitude < 1e-15)
  }

  @Test func `parts that share rows are taken for less than they seem`() throws {
    let differences = [0.01, 0.02, -0.005, 0.015, 0.012, 0.008, 0.011, 0.003, 0.02, 0.006]
    let test = try #require(ResampledTest(differences, tested: 1, learnt: 9))
    #expect((test.t - 2.852331942).magnitude < 1e-8)
    #expect((test.pValue - 0.019016717).magnitude < 1e-8)
    let naive = test.difference / (test.error * (0.1 / (0.1 + 1.0 / 9)).squareRoot())
    #expect((naive - 4.144).magnitude < 1e-3)
    #expect((2 * studentSurvival(naive, degrees: 9) - 0.0025).magnitude < 5e-5)
    #expect(ResampledTest([0.1], tested: 1, learnt: 9) == nil)
    #expect(ResampledTest([0.1, 0.1], tested: 1, learnt: 9) == nil)
  }
}
