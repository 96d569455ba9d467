import Learning
import Numerics
import Testing

struct AssignmentTests {
  @Test func `yesterday's groups are found among today's`() {
    let old = [(0.0, 0.0), (5.0, 5.0), (9.0, 0.0)]
    let new = [(8.5, 0.5), (0.2, -0.1), (5.5, 4.5)]
    let costs = old.flatMap { a in
      new.map { b in (a.0 - b.0) * (a.0 - b.0) + (a.1 - b.1) * (a.1 - b.1) }
    }
    let found = Assignment(costs: costs, width: 3)
    #expect(found.columns == [1, 2, 0])
    #expect((found.cost - 1.05).magnitude < 1e-12)
  }

  /// The least cost over all ways to pair, each row in turn with any column still free, or with none where rows are
  /// more than columns.
  private func cheapest(_ costs: [[Double]], row: Int = 0, taken: Set<Int> = []) -> Double {
    guard row < costs.count else { return 0 }
    var best = Double.infinity
    for column in costs[row].indices where !taken.contains(column) {
      best = min(best, costs[row][column] + cheapest(costs, row: row + 1, taken: taken.union([column])))
    }
    let free = costs[row].count - taken.count
    if costs.count - row > free { best = min(best, cheapest(costs, row: row + 1, taken: taken)) }
    return best
  }

  @Test(arguments: [(1, 1), (3, 3), (5, 5), (6, 6), (3, 6), (6, 3), (1, 5), (5, 1)])
  func `no pairing is cheaper`(height: Int, width: Int) {
    for seed in 0..<20 {
      let draws = CounterGenerator(seed: UInt64(seed), label: "costs")
      // Whole numbers tie often; some costs are below 0.
      let costs = (0..<height).map { row in
        (0..<width).map { Double(draws.uniform(UInt64(row * width + $0), below: 9) - 2) }
      }
      let found = Assignment(costs: costs.flatMap { $0 }, width: width)
      #expect(found.cost == cheapest(costs))
      let pairs = found.columns.compactMap { $0 }
      #expect(pairs.count == min(height, width) && Set(pairs).count == pairs.count)
    }
  }

  @Test func `of equally cheap pairings the same one is always made`() {
    #expect(Assignment(costs: [1, 1, 1, 1, 1, 1], width: 3).columns == [0, 1])
    #expect(Assignment(costs: [], width: 2).columns.isEmpty)
  }
}
