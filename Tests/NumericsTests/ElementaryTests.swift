import FoundationEssentials
import Numerics
import Testing

/// Our exponential family against values rounded correctly from 300 bits (Tests/Golden/elementary).
struct ElementaryTests {
  /// The largest distance to the right double, in units of its last place, for each function.
  private func worst(_ name: String, _ function: (Double) -> Double) throws -> Double {
    let golden = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Golden/elementary/elementary.csv")
    let text = try String(contentsOf: golden, encoding: .utf8)
    var worst = 0.0
    var cases = 0
    for line in text.split(separator: "\n") where line.hasPrefix(name + ",") {
      let fields = line.split(separator: ",")
      let input = Double(bitPattern: try #require(UInt64(fields[1], radix: 16)))
      let expected = Double(bitPattern: try #require(UInt64(fields[2], radix: 16)))
      worst = max(worst, (function(input) - expected).magnitude / expected.ulp)
      cases += 1
    }
    #expect(cases >= 500)
    return worst
  }

  @Test func `the family is right to the last place`() throws {
    #expect(try worst("exponential", exponential) <= 1)
    #expect(try worst("exponentialMinusOne", exponentialMinusOne) <= 1)
    #expect(try worst("logarithm", logarithm) <= 1)
    #expect(try worst("logarithmOnePlus", logarithmOnePlus) <= 1)
    #expect(try worst("logistic", logistic) <= 2)
    #expect(try worst("logit", logit) <= 2)
    #expect(try worst("logOnePlusExponential", logOnePlusExponential) <= 2)
  }

  @Test func `the ends of the number line are kept`() {
    #expect(exponential(.infinity) == .infinity)
    #expect(exponential(1000) == .infinity)
    #expect(exponential(-.infinity) == 0)
    #expect(exponential(-745.1) == .leastNonzeroMagnitude)
    #expect(exponential(0) == 1)
    #expect(exponential(.nan).isNaN)
    #expect(exponentialMinusOne(-.infinity) == -1)
    #expect(exponentialMinusOne(.infinity) == .infinity)
    #expect(exponentialMinusOne(.nan).isNaN)
    #expect(logarithm(0) == -.infinity)
    #expect(logarithm(-1).isNaN)
    #expect(logarithm(1) == 0)
    #expect(logarithm(.infinity) == .infinity)
    #expect(logarithm(.nan).isNaN)
    #expect(logarithmOnePlus(-1) == -.infinity)
    #expect(logarithmOnePlus(-2).isNaN)
    #expect(logarithmOnePlus(.infinity) == .infinity)
    #expect(logistic(.infinity) == 1)
    #expect(logistic(-.infinity) == 0)
    #expect(logistic(0) == 0.5)
    #expect(logistic(.nan).isNaN)
    #expect(logit(0) == -.infinity)
    #expect(logit(1) == .infinity)
    #expect(logit(1.5).isNaN)
    #expect(logOnePlusExponential(1000) == 1000)
    #expect(logOnePlusExponential(.nan).isNaN)
  }

  @Test func `a span gives the same bits as one number at a time`() {
    let inputs = (0..<1001).map { Double($0 - 500) * 0.37 }
    var values = inputs
    var span = values.mutableSpan
    exponentials(&span)
    #expect(values == inputs.map(exponential))
    values = inputs
    span = values.mutableSpan
    logistics(&span)
    #expect(values == inputs.map(logistic))
    let edges: [Double] = [
      -0.0, 0, .infinity, -.infinity, 745.2, -745.2, -746, -747, 1e300, -1e300, .leastNonzeroMagnitude,
      -.leastNonzeroMagnitude, .nan, 709.9,
      -709.9,
    ]
    for start in 0..<4 {
      var values = Array(edges[start...]) + (0..<2000).map { Double($0 * $0 - 1_000_000) * 0.000_771 }
      let expected = values.map { logistic($0) }
      var span = values.mutableSpan
      logistics(&span)
      #expect(zip(values, expected).allSatisfy { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) })
      // Close to 0 the logarithm's ways part: by every thousandth.
      var losses = Array(edges[start...]) + (0..<8001).map { Double($0 - 4000) * 0.001 }
      let wanted = losses.map { logOnePlusExponential($0) }
      var lossSpan = losses.mutableSpan
      logOnePlusExponentials(&lossSpan)
      #expect(zip(losses, wanted).allSatisfy { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) })
    }
    values = inputs.map(\.magnitude)
    span = values.mutableSpan
    logarithms(&span)
    #expect(values == inputs.map { logarithm($0.magnitude) })
  }
}
