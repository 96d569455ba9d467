import Numerics
import Testing

@testable import Statistics

struct RankingTests {
  private let order = ScoreOrder(Lcg200.scores, labels: Lcg200.labels)

  @Test func `reference sample`() throws {
    #expect(order.eventCount == 73)
    #expect((try #require(order.rocAuc) - 0.880271815338).magnitude < 1e-12)
    #expect((try #require(order.averagePrecision) - 0.820776034108).magnitude < 1e-12)
    #expect((try #require(order.rocAucVariance).squareRoot() - 0.025566847756).magnitude < 1e-11)
    // The plain interval of the reference; ours is made on the logit scale and never leaves 0 … 1.
    let reach = normal975 * (try #require(order.rocAucVariance).squareRoot())
    #expect((try #require(order.rocAuc) - reach - 0.830161715).magnitude < 1e-9)
    #expect((try #require(order.rocAuc) + reach - 0.930381916).magnitude < 1e-9)
    let interval = try #require(order.rocAucInterval)
    #expect((interval.lower - 0.820).magnitude < 5e-4 && (interval.upper - 0.922).magnitude < 5e-4)
    #expect((try #require(order.lift(top: 0.1)) - 2.602739726).magnitude < 1e-9)
    #expect((try #require(order.lift(top: 0.2)) - 2.260273973).magnitude < 1e-9)
  }

  @Test func `tied scores are one step of average precision and half a win`() throws {
    let tied = ScoreOrder([0.5, 0.5, 0.5, 0.1, 0.1], labels: [1, 0, 1, 0, 1])
    #expect((try #require(tied.averagePrecision) - 0.644444444444).magnitude < 1e-12)
    #expect(ScoreOrder([1, 1, 1, 1], labels: [1, 0, 1, 0]).rocAuc == 0.5)
    #expect(ScoreOrder([-0.0, 0.0], labels: [1, 0]).rocAuc == 0.5)
  }

  @Test func `paired DeLong`() throws {
    let rounded = Lcg200.scores.map { ($0 * 10).rounded(.toNearestOrEven) / 10 }
    let test = try #require(ScoreOrder.compare(Lcg200.scores, rounded, labels: Lcg200.labels))
    #expect((test.second - 0.883022328).magnitude < 1e-9)
    #expect((test.firstVariance - 6.536637e-4).magnitude < 1e-10)
    #expect((test.covariance - 6.417244e-4).magnitude < 1e-10)
    #expect((test.secondVariance - 6.425180e-4).magnitude < 1e-10)
    #expect((test.z - -0.770816489).magnitude < 1e-8)
    #expect((test.pValue - 0.440815712).magnitude < 1e-8)
    let same = try #require(ScoreOrder.compare(rounded, rounded, labels: Lcg200.labels))
    #expect(same.z == 0 && same.pValue == 1)
  }

  @Test func `the fast way equals all pairs`() throws {
    let draws = CounterGenerator(seed: 5, label: "pairs")
    let scores = (0..<150).map { Double(draws.uniform(UInt64($0), below: 30)) - 10 }
    let labels = (0..<150).map { UInt8(draws.uniform(UInt64(1000 + $0), below: 3) == 0 ? 1 : 0) }
    let (events, others) = (
      scores.indices.filter { labels[$0] == 1 }, scores.indices.filter { labels[$0] == 0 }
    )
    func win(_ a: Int, _ b: Int) -> Double { scores[a] > scores[b] ? 1 : (scores[a] == scores[b] ? 0.5 : 0) }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    func variance(_ values: [Double]) -> Double {
      let middle = mean(values)
      return values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / Double(values.count - 1)
    }
    let ofEvents = events.map { e in mean(others.map { win(e, $0) }) }
    let ofOthers = others.map { o in mean(events.map { win($0, o) }) }
    let slow = variance(ofEvents) / Double(events.count) + variance(ofOthers) / Double(others.count)
    let order = ScoreOrder(scores, labels: labels)
    #expect((try #require(order.rocAuc) - mean(ofEvents)).magnitude < 1e-12)
    #expect((try #require(order.rocAucVariance) - slow).magnitude < 1e-12)
  }

  @Test func `perfect, hopeless and one-sided scores have honest intervals`() throws {
    let perfect = try #require(ScoreOrder([1, 2, 3, 4, 5], labels: [0, 0, 0, 1, 1]).rocAucInterval)
    #expect(perfect.upper == 1 && perfect.lower > 0.15 && perfect.lower < 0.16)
    let constant = try #require(ScoreOrder([1, 1, 1, 1], labels: [0, 0, 1, 1]).rocAucInterval)
    #expect(constant.lower == 0.5 && constant.upper == 0.5)
    let single = try #require(ScoreOrder([1, 2, 3], labels: [0, 0, 1]).rocAucInterval)
    #expect(single.lower == 0 && single.upper == 1)
    #expect(ScoreOrder([1, 2], labels: [0, 0]).rocAuc == nil)
  }

  @Test func `sorting is stable and handles signs`() {
    let values = (0..<1000).map { (i: Int) -> Double in Double(i * 7919 % 37 - 18) / 4 }
    let expected = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }.map { Int32($0) }
    #expect(AscendingOrder.of(values) == expected)
    // Alike in the upper half of their bits, and among them equal ones.
    let near = (0..<500).map { (i: Int) -> Double in 1 - Double(i * 7919 % 211) * 0x1p-50 } + values
    let nearOrder = near.indices.sorted { (near[$0], $0) < (near[$1], $1) }.map { Int32($0) }
    #expect(AscendingOrder.of(near) == nearOrder)
    #expect(
      AscendingOrder.of(near.map { -$0 })
        == near.indices.sorted { (-near[$0], $0) < (-near[$1], $1) }.map { Int32($0) })
    #expect(AscendingOrder.of([Double](repeating: -0.0, count: 99) + [0.0]) == Array(0..<100))
    let wild = [3, -.infinity, -1e300, 1e-300, -0.0, 0, .infinity, -2]
    #expect(AscendingOrder.of(wild) == [1, 2, 7, 4, 5, 3, 0, 6])
  }

  @Test func `many scores are put in order by several workers as by one`() {
    let draws = CounterGenerator(seed: 6)
    // Ties, and runs of them longer than what one of many workers takes.
    let scores = (0..<150_000).map { (row: Int) -> Double in
      let draw = draws.uniform(UInt64(row))
      return row % 3 == 0 ? 0.25 : row % 3 == 1 ? (draw * 1000).rounded() / 1000 - 0.5 : draw
    }
    let labels = scores.indices.map { UInt8(draws.uniform(UInt64(1_000_000 + $0)) < 0.2 ? 1 : 0) }
    let expected = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }.map { Int32($0) }
    let one = ScoreOrder(scores, labels: labels)
    for threads in [1, 2, 7] {
      let crew = Crew(threads: threads)
      #expect(AscendingOrder.of(scores, crew: crew) == expected)
      let order = ScoreOrder(scores, labels: labels, crew: crew)
      #expect(order.values == one.values && order.rows == one.rows && order.events == one.events)
      #expect(order.groups() == one.groups())
      #expect(order.values == Array(Set(scores)).sorted())
      #expect(order.rows.reduce(0, +) == 150_000 && order.eventCount == labels.reduce(0) { $0 + Int($1) })
    }
    let groups = one.groups()
    #expect(scores.indices.allSatisfy { one.values[Int(groups[$0])] == scores[$0] })
  }

  @Test func `confusion counts and a cut through ties`() {
    let tied = ScoreOrder([0.9, 0.5, 0.5, 0.1], labels: [1, 1, 0, 0])
    let counts = tied.confusion(at: 0.5)
    #expect(counts.truePositives == 2 && counts.falsePositives == 1)
    #expect(counts.falseNegatives == 0 && counts.trueNegatives == 1)
    #expect(tied.hits(amongTop: [1, 2, 9]) == [1, 1.5, 2])
  }
}
