import Modelling
import Numerics
import Testing

struct CalibrationMapTests {
  private let crew = Crew(threads: 1)

  /// The made-up scores and labels that the reference values belong to.
  private var sample: (probabilities: [Double], labels: [Double]) {
    var x: Int64 = 12345
    let draws = (0..<400).map { _ -> Double in
      x = (1_103_515_245 * x + 12345) % 2_147_483_648
      return Double(x) / 2_147_483_648
    }
    return (Array(draws[0..<200]), (0..<200).map { draws[200 + $0] < draws[$0] * draws[$0] ? 1 : 0 })
  }

  private func near(_ a: [Double], _ b: [Double], _ tolerance: Double) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { ($0 - $1).magnitude <= tolerance }
  }

  /// The reference's own search stops a little early: it is met to three digits, and not undercut.
  @Test func `beta finds the reference's parameters, or better ones`() {
    let (s, y) = sample
    let map = CalibrationMap.fit(.beta, scores: s.map(logit), labels: y, crew: crew)
    guard case .beta(let a, let b, _) = map else {
      Issue.record("a beta map")
      return
    }
    #expect(near([a, b], [0.4394603, 1.9785358], 1e-3))
    let probabilities = map.probabilities([0.1, 0.3, 0.5, 0.9].map(logit))
    #expect(near(probabilities, [0.0460185, 0.1138940, 0.2384205, 0.9073148], 2e-4))
    let middle = 0.7003877
    let c = 1.9785358 * logarithm(1 - middle) - 0.4394603 * logarithm(middle)
    let reference = CalibrationMap.beta(a: 0.4394603, b: 1.9785358, c: c)
    func loss(_ map: CalibrationMap) -> Double {
      zip(map.probabilities(s.map(logit)), y).reduce(0.0) { $0 - logarithm($1.1 > 0 ? $1.0 : 1 - $1.0) }
    }
    #expect(loss(map) <= loss(reference))
  }

  @Test func `a slope below zero is fixed at zero and the other fitted again`() {
    let scores = (0..<200).map { Double($0) / 20 - 5 }
    let labels = (0..<200).map { $0 > 20 && $0 % 3 != 0 ? 1.0 : 0 }
    let map = CalibrationMap.fit(.beta, scores: scores, labels: labels, crew: crew)
    guard case .beta(let a, let b, _) = map else {
      Issue.record("a beta map")
      return
    }
    #expect(a >= 0 && b >= 0)
  }

  @Test func `platt keeps away from certainty and rises`() {
    let (s, y) = sample
    guard case .platt(let slope, _) = CalibrationMap.fit(.platt, scores: s.map(logit), labels: y, crew: crew)
    else {
      Issue.record("a Platt map")
      return
    }
    #expect(slope > 0)
  }

  @Test func `isotonic pools what falls and ties first`() {
    let map = CalibrationMap.fit(.isotonic, scores: [1, 1, 2, 3], labels: [1, 0, 0, 1], crew: crew)
    #expect(near(map.probabilities([1, 4.0 / 3, 3, 9]), [1.0 / 3, 1.0 / 3, 0.9, 0.9], 1e-12))
    let stairs = CalibrationMap.fit(
      .isotonic, scores: [1, 2, 3, 4, 5, 6], labels: [0, 1, 0, 1, 1, 0], crew: crew)
    let levels = stairs.probabilities([1, 2.5, 5])
    #expect(near(levels, [0.5 / 7, 0.5, 2.0 / 3], 1e-12))
    let rising = stairs.probabilities((0..<70).map { Double($0) / 10 })
    #expect(zip(rising, rising.dropFirst()).allSatisfy { $0 <= $1 })
  }

  @Test func `one kind of label, or scores that mislead, leave the score as it is`() {
    for method in CalibrationMethod.allCases {
      #expect(CalibrationMap.fit(method, scores: [1, 2], labels: [1, 1], crew: crew) == .identity)
    }
    let scores = (0..<100).map { Double($0 - 50) / 10 }
    let labels = (0..<100).map { $0 < 50 ? ($0 % 5 == 0 ? 0.0 : 1) : ($0 % 5 == 0 ? 1 : 0) }
    #expect(CalibrationMap.fit(.beta, scores: scores, labels: labels, crew: crew) == .identity)
    #expect(CalibrationMap.fit(.platt, scores: scores, labels: labels, crew: crew) == .identity)
    #expect(CalibrationMap.identity.probabilities([0]) == [0.5])
  }
}
