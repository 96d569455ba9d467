package import Numerics

/// k-means: centres that lie in the middle of the points nearest to them.
package enum KMeans {
  /// Centres to start from (greedy k-means++: Arthur and Vassilvitskii, 2007): the first is a point at random, each
  /// next the best of 2 + ln k points drawn with chances proportional to their squared distance from the centres
  /// so far. Row-major, at most `count` of them: fewer where there are fewer different points.
  package static func start(_ points: PointMatrix, count: Int, draws: CounterGenerator) -> [Double] {
    guard points.rows > 0, count > 0 else { return [] }
    let width = points.width
    var turn: UInt64 = 0
    func uniform() -> Double {
      turn += 1
      return draws.uniform(turn)
    }
    let first = min(points.rows - 1, Int(uniform() * Double(points.rows)))
    var centres = Array(points.values[first * width..<(first + 1) * width])
    var nearest = (0..<points.rows).map { points.squaredDistance($0, centres, 0) }
    let trials = 2 + Int(logarithm(Double(count)))
    for placed in 1..<max(1, count) {
      let total = nearest.reduce(0, +)
      guard total > 0 else { break }
      var best: (total: Double, row: Int, nearest: [Double])?
      for _ in 0..<trials {
        let row = drawn(nearest, at: uniform() * total)
        let candidate = Array(points.values[row * width..<(row + 1) * width])
        var closer = nearest
        var sum = 0.0
        do {
          var closer = closer.mutableSpan
          let (values, candidate) = (points.values.span, candidate.span)
          for other in 0..<closer.count {
            let distance = squaredDistance(values, other &* width, candidate, 0, width)
            if distance < closer[other] { closer[other] = distance }
            sum += closer[other]
          }
        }
        if best.map({ sum < $0.total }) ?? true { best = (sum, row, closer) }
      }
      guard let best else { break }
      centres += points.values[best.row * width..<(best.row + 1) * width]
      nearest = best.nearest
      precondition(centres.count == (placed + 1) * width, "one centre a round")
    }
    return centres
  }

  /// The row in whose stretch of the running sum `place` falls; never one of no weight.
  private static func drawn(_ weights: [Double], at place: Double) -> Int {
    var (sum, last) = (0.0, 0)
    for row in weights.indices where weights[row] > 0 {
      sum += weights[row]
      last = row
      if sum > place { return row }
    }
    return last
  }
}
