import Learning
import Numerics
import Statistics
import Testing

struct VennAbersTests {
  private static let reference: (scores: [Double], labels: [UInt8]) = {
    var state: UInt64 = 12345
    let draws = (0..<400).map { _ -> Double in
      state = (1_103_515_245 * state + 12345) & 0x7fff_ffff
      return Double(state) / 2_147_483_648
    }
    return (Array(draws[0..<200]), (0..<200).map { draws[200 + $0] < draws[$0] * draws[$0] ? 1 : 0 })
  }()

  @Test func `reference sample`() throws {
    let calibrated = try VennAbers(scores: Self.reference.scores, labels: Self.reference.labels)
    let bounds = try #require(calibrated.bounds([0.5]).first)
    #expect((bounds.lower - 0.190476).magnitude < 1e-6)
    #expect((bounds.upper - 0.25).magnitude < 1e-12)
    #expect((bounds.probability - 0.235955).magnitude < 1e-6)
  }

  /// What the definition says: rising steps through all customers and the new one, once with each label.
  private func fitted(_ scores: [Double], _ labels: [UInt8], _ score: Double, _ label: UInt8) throws -> Double
  {
    let order = ScoreOrder(scores + [score], labels: labels + [label])
    return order.isotonicShares()[Int(try #require(order.groups().last))]
  }

  @Test(arguments: [UInt64(1), 2, 3, 4, 5]) func `bounds are those of fitting anew for each score`(
    seed: UInt64
  ) throws {
    let draws = CounterGenerator(seed: seed, label: "venn")
    // Few different scores, so that many tie.
    let scores = (0..<80).map { Double(draws.uniform(UInt64($0), below: 5 + Int(seed) * 12)) }
    let labels = (0..<80).map { UInt8(draws.uniform(UInt64(500 + $0)) < 0.2 + scores[$0] / 150 ? 1 : 0) }
    let calibrated = try VennAbers(scores: scores, labels: labels)
    for score in stride(from: -1.0, through: 70, by: 0.5) {
      let bounds = try #require(calibrated.bounds([score]).first)
      #expect((bounds.lower - (try fitted(scores, labels, score, 0))).magnitude < 1e-13)
      #expect((bounds.upper - (try fitted(scores, labels, score, 1))).magnitude < 1e-13)
    }
  }

  @Test(arguments: [UInt64(1), 2, 3, 4, 5]) func `a band gives every score the same bounds, bit for bit`(
    seed: UInt64
  ) throws {
    let draws = CounterGenerator(seed: seed, label: "band")
    let scores = (0..<300).map { Double(draws.uniform(UInt64($0), below: 5 + Int(seed * seed) * 20)) / 10 }
    let labels = (0..<300).map { UInt8(draws.uniform(UInt64(500 + $0)) < 0.1 + scores[$0] / 60 ? 1 : 0) }
    let calibrated = try VennAbers(scores: scores, labels: labels)
    let asked = stride(from: -1.0, through: 60, by: 0.05).map { ($0 * 20).rounded() / 20 } + scores
    let (lower, upper) = calibrated.band.bounds(asked)
    let bounds = calibrated.bounds(asked)
    #expect(lower == bounds.map(\.lower))
    #expect(upper == bounds.map(\.upper))
    #expect(calibrated.band.lower.bounds.count <= Set(scores).count)
  }

  @Test func `a staircase that does not rise is none`() {
    typealias Staircase = ProbabilityBand.Staircase
    #expect(Staircase(bounds: [], levels: [0.5]) != nil)
    #expect(Staircase(bounds: [1, 2], levels: [0, 0.5, 1]) != nil)
    #expect(Staircase(bounds: [1, 2], levels: [0, 0.5]) == nil)
    #expect(Staircase(bounds: [2, 1], levels: [0, 0.5, 1]) == nil)
    #expect(Staircase(bounds: [1, 2], levels: [0.6, 0.5, 1]) == nil)
    #expect(Staircase(bounds: [1], levels: [0, 1.5]) == nil)
    #expect(Staircase(bounds: [.nan], levels: [0, 1]) == nil)
  }

  @Test func `both bounds rise with the score and hold the probability between them`() throws {
    let calibrated = try VennAbers(scores: Self.reference.scores, labels: Self.reference.labels)
    let bounds = calibrated.bounds((-10...110).map { Double($0) / 100 })
    for place in bounds.indices {
      #expect(bounds[place].lower < bounds[place].upper)
      #expect(
        bounds[place].lower <= bounds[place].probability && bounds[place].probability <= bounds[place].upper)
      guard place > 0 else { continue }
      #expect(
        bounds[place - 1].lower <= bounds[place].lower && bounds[place - 1].upper <= bounds[place].upper)
    }
  }

  @Test func `without customers of both kinds there is nothing to calibrate on`() {
    func kind(_ scores: [Double], _ labels: [UInt8]) -> LearningError.Kind? {
      do throws(LearningError) {
        _ = try VennAbers(scores: scores, labels: labels)
        return nil
      } catch { return error.kind }
    }
    #expect(kind([], []) == .noRows)
    #expect(kind([1, 2], [1, 1]) == .oneClass)
    #expect(kind([1, 2], [0, 0]) == .oneClass)
    #expect(kind([1, 2], [0]) == .shapeMismatch)
    #expect(kind([1, 2], [0, 1]) == nil)
  }
}
