import Foundation
import Testing

@testable import Statistics

/// Tails and quantiles against values of 60 digits (Tests/Golden/distributions).
struct DistributionTests {
  private func worst(_ name: String, _ function: (Double, Double, Double) -> Double) throws -> Double {
    let golden = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Golden/distributions/distributions.csv")
    let text = try String(contentsOf: golden, encoding: .utf8)
    var worst = 0.0
    var cases = 0
    for line in text.split(separator: "\n") where line.hasPrefix(name + ",") {
      let numbers = try line.split(separator: ",").dropFirst().map { try #require(Double($0)) }
      let found = function(numbers[0], numbers[1], numbers[2])
      // Below the normal numbers digits run out by themselves.
      let scale = max(numbers[3].magnitude, 1e-300)
      worst = max(worst, (found - numbers[3]).magnitude / scale)
      cases += 1
    }
    #expect(cases >= 13)
    return worst
  }

  @Test func `log-gamma and the tails are right to ten digits however far out`() throws {
    #expect(try worst("logGamma") { _, _, x in logGamma(x) } < 1e-13)
    #expect(try worst("normal") { _, _, z in normalSurvival(z) } < 1e-12)
    #expect(try worst("chiSquare") { df, _, x in chiSquareSurvival(x, degrees: df) } < 1e-10)
    #expect(try worst("student") { df, _, t in studentSurvival(t, degrees: df) } < 1e-10)
    #expect(try worst("fisher") { a, b, f in fisherSurvival(f, numerator: a, denominator: b) } < 1e-10)
    #expect(try worst("beta") { a, b, x in incompleteBeta(a, b, x).lower } < 1e-10)
  }

  @Test func `quantiles undo tails`() {
    for tail in [1e-200, 1e-10, 0.001, 0.025, 0.3, 0.5, 0.9, 0.999] {
      #expect((normalSurvival(normalQuantile(upperTail: tail)) / tail - 1).magnitude < 1e-11)
      let chi = chiSquareQuantile(upperTail: tail, degrees: 9)
      #expect((chiSquareSurvival(chi, degrees: 9) / tail - 1).magnitude < 1e-9)
      let t = studentQuantile(upperTail: tail, degrees: 7.5)
      #expect((studentSurvival(t, degrees: 7.5) / tail - 1).magnitude < 1e-9)
      #expect((incompleteBeta(6, 14, betaQuantile(tail, 6, 14)).lower / tail - 1).magnitude < 1e-9)
    }
    #expect((normalQuantile(upperTail: 0.025) - normal975).magnitude < 1e-14)
    #expect((chiSquareQuantile(upperTail: 0.05, degrees: 9) - 16.918977604620448).magnitude < 1e-12)
    #expect(normalQuantile(upperTail: 0) == .infinity)
    #expect(betaQuantile(1, 2, 3) == 1)
  }
}
