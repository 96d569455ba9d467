import Findings
import Testing

@testable import Ranking

private let golden = OfferAssumptions(
  saveRate: 0.25, takeRate: 0.6, harmRate: 0.01, offerCost: 300, contactCost: 20)

/// The golden example: p = .4, V = 5,000, d = 300, f = 20, γ = .25, ψ = .6, w = .01.
@Test func `the golden example comes out to the last digit`() throws {
  let value = ExpectedValue(probability: 0.4, value: 5000, golden)
  #expect(abs(value.net - 312) < 1e-9)
  #expect(abs(try #require(value.breakEvenSaveRate) - 0.084042553191) < 1e-11)
  #expect(
    abs(try #require(ExpectedValue.breakEvenProbability(value: 5000, golden)) - 0.177935943060) < 1e-11)
}

@Test func `net is tau times value less cost in both forms`() {
  for p in [0.01, 0.2, 0.5, 0.99] {
    for value in [0.0, 100, 5000] {
      let expected = ExpectedValue(probability: p, value: value, golden)
      let other =
        p * golden.saveRate * (value - golden.offerCost)
        - (1 - p) * (golden.takeRate * golden.offerCost + golden.harmRate * value) - golden.contactCost
      #expect(abs(expected.net - other) < 1e-9)
    }
  }
}

@Test func `net is zero at the break-even probability and at the break-even save rate`() throws {
  let threshold = try #require(ExpectedValue.breakEvenProbability(value: 5000, golden))
  #expect(abs(ExpectedValue(probability: threshold, value: 5000, golden).net) < 1e-9)
  var assumed = golden
  assumed.saveRate = try #require(ExpectedValue(probability: 0.4, value: 5000, golden).breakEvenSaveRate)
  #expect(abs(ExpectedValue(probability: 0.4, value: 5000, assumed).net) < 1e-9)
}

@Test func `a customer worth less than the offer has no break-even`() {
  let value = ExpectedValue(probability: 0.9, value: 200, golden)
  #expect(value.breakEvenSaveRate == nil)
  #expect(value.net < 0)
  #expect(ExpectedValue.breakEvenProbability(value: 0, golden) == nil)
}

@Test func `nothing is divided by zero at probability zero`() {
  let value = ExpectedValue(probability: 0, value: 5000, golden)
  #expect(value.breakEvenSaveRate == nil)
  #expect(value.net.isFinite)
}

/// The rule of a public case study: it acts if `p·C·e − (1−p)(c+w) > (1−p)(c+w) − p·C·e`, but books
/// `p·C·e − (c+w)`. Kept as the counter-example: between p = .385 and p = .626 it acts at a loss.
private enum InconsistentRule {
  static let stake = 1000.0
  static let effect = 0.8
  static let cost = 500.0
  static let wrong = 1.0
  static func acts(_ p: Double) -> Bool {
    p * stake * effect - (1 - p) * (cost + wrong) > (1 - p) * (cost + wrong) - p * stake * effect
  }
  static func books(_ p: Double) -> Double { p * stake * effect - (cost + wrong) }
}

@Test func `the inconsistent rule acts on customers it books a loss for, ours never does`() {
  let losing = stride(from: 0.0, through: 1, by: 0.001).filter {
    InconsistentRule.acts($0) && InconsistentRule.books($0) < 0
  }
  #expect(losing.first.map { abs($0 - 0.386) < 0.002 } == true)
  #expect(losing.last.map { abs($0 - 0.626) < 0.002 } == true)
  let assumed = OfferAssumptions(saveRate: 0.8, takeRate: 1, harmRate: 0.001, offerCost: 0, contactCost: 501)
  for p in losing {
    let net = ExpectedValue(probability: p, value: 1000, assumed).net
    let chosen = Selection.choose(net: [net], cost: [501], budget: nil, capacity: nil)
    #expect((chosen.reasons == [.worthIt]) == (net > 0))
    #expect(net < 0)
  }
}
