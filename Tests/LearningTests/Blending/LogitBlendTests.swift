import Learning
import Numerics
import Testing

struct LogitBlendTests {
  /// A true log-odds, two noisy views of it, one view of nothing, and labels drawn from it.
  private static func made(_ rows: Int) -> (members: [[Double]], labels: [Double]) {
    let draws = CounterGenerator(seed: 4)
    func noise(_ name: Int, _ row: Int) -> Double {
      (0..<12).reduce(-6.0) { $0 + draws.deriving(name).uniform(UInt64(row * 12 + $1)) }
    }
    let truth = (0..<rows).map { 1.5 * noise(0, $0) - 1 }
    let labels = (0..<rows).map { draws.deriving(9).uniform(UInt64($0)) < logistic(truth[$0]) ? 1.0 : 0 }
    let first = (0..<rows).map { truth[$0] + 0.8 * noise(1, $0) }
    let second = (0..<rows).map { truth[$0] + 0.8 * noise(2, $0) }
    let nothing = (0..<rows).map { noise(3, $0) }
    return ([first, second, nothing], labels)
  }

  private func loss(_ z: [Double], _ labels: [Double]) -> Double {
    zip(z, labels).reduce(0.0) { $0 + logOnePlusExponential($1.0) - $1.1 * $1.0 } / Double(labels.count)
  }

  @Test func `members that see apart are weighed, one that sees nothing is dropped`() throws {
    let (members, labels) = LogitBlendTests.made(6000)
    let blend = try LogitBlend.fit(members, labels: labels)
    #expect((blend.weights[0] - blend.weights[1]).magnitude < 0.15)
    #expect(blend.weights[0] > 0.3)
    #expect(blend.weights[2] == 0)
    let blended = loss(blend.logits(members), labels)
    for member in members { #expect(blended < loss(member, labels) - 0.005) }
  }

  @Test func `the weights are the least loss under their bounds`() throws {
    let (members, labels) = LogitBlendTests.made(2000)
    let blend = try LogitBlend.fit(Array(members.prefix(2)), labels: labels)
    func penalised(_ blend: LogitBlend) -> Double {
      loss(blend.logits(Array(members.prefix(2))), labels) * Double(labels.count)
        + blend.weights.reduce(0) { $0 + 0.5 * LogitBlend.shrinkage * ($1 - 0.5) * ($1 - 0.5) }
    }
    let best = penalised(blend)
    for (i, w, v) in [(1e-3, 0, 0), (-1e-3, 0, 0), (0, 1e-3, 0), (0, -1e-3, 0), (0, 0, 1e-3), (0, 0, -1e-3)] {
      let near = LogitBlend(
        intercept: blend.intercept + i, weights: [blend.weights[0] + w, blend.weights[1] + v])
      #expect(penalised(near) > best)
    }
  }

  @Test func `a member turned the wrong way gets no weight, and without members the base rate is said`()
    throws
  {
    let (members, labels) = LogitBlendTests.made(1500)
    let turned = members[0].map { -$0 }
    let blend = try LogitBlend.fit([turned], labels: labels)
    #expect(blend.weights == [0])
    let rate = labels.reduce(0, +) / Double(labels.count)
    #expect((logistic(blend.intercept) - rate).magnitude < 1e-9)
  }

  @Test func `a constant or a doubled member does no harm`() throws {
    let (members, labels) = LogitBlendTests.made(1500)
    let constant = [Double](repeating: -1, count: labels.count)
    let blend = try LogitBlend.fit([members[0], members[0], constant], labels: labels)
    let alone = try LogitBlend.fit([members[0]], labels: labels)
    #expect(
      (loss(blend.logits([members[0], members[0], constant]), labels)
        - loss(alone.logits([members[0]]), labels))
        .magnitude < 1e-4)
  }

  @Test func `few rows are held near equal shares`() throws {
    let (members, labels) = LogitBlendTests.made(24)
    let blend = try LogitBlend.fit(members, labels: labels)
    #expect(blend.weights.allSatisfy { $0 < 1.5 })
    #expect(blend.intercept.magnitude < 5)
  }

  @Test func `what cannot be blended is refused`() {
    #expect(throws: LearningError.self) { try LogitBlend.fit([], labels: [0, 1]) }
    #expect(throws: LearningError.self) { try LogitBlend.fit([[1]], labels: [0, 1]) }
    #expect(throws: LearningError.self) { try LogitBlend.fit([[1, .nan]], labels: [0, 1]) }
    #expect(throws: LearningError.self) { try LogitBlend.fit([[1, 2]], labels: [1, 1]) }
  }
}
