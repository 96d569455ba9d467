package import Numerics

/// k-means: centres that lie in the middle of the points nearest to them.
package enum KMeans {
  /// Centres to start from (greedy k-means++: Arthur and Vassilvitskii, 2007): the first is a point at random, each
  /// next the best of 2 + ln k points drawn with chances proportional to their squared distance from the centres
  /// so far. Row-major, at most `count` of them: fewer where there are fewer different points.
  package static func start(
    _ points: PointMatrix, count: Int, draws: CounterGenerator, crew: Crew = Crew(threads: 1)
  ) -> [Double] {
    guard points.rows > 0, count > 0 else { return [] }
    var turn: UInt64 = 0
    func uniform() -> Double {
      turn += 1
      return draws.uniform(turn)
    }
    var rows = [min(points.rows - 1, Int(uniform() * Double(points.rows)))]
    // What is left over at the end of the last tile has a distance of 0, so that it is never drawn.
    var nearest = [SIMD8<Float>](repeating: SIMD8(repeating: .infinity), count: points.tileCount)
    for lane in 0..<8 where (points.tileCount - 1) * 8 + lane >= points.rows {
      nearest[points.tileCount - 1][lane] = 0
    }
    let trials = 2 + Int(logarithm(Double(count)))
    var weights = approach(points, rows[0], &nearest, crew)
    while rows.count < count {
      let total = weights.reduce(0, +)
      guard total > 0 else { break }
      let drawn = (0..<trials).map { _ in row(nearest, weights, at: uniform() * total) }
      let left = remaining(points, drawn, nearest, crew)
      let best = drawn.indices.reduce(0) { left[$1] < left[$0] ? $1 : $0 }
      rows.append(drawn[best])
      if rows.count < count { weights = approach(points, drawn[best], &nearest, crew) }
    }
    return rows.flatMap { points.point($0) }
  }

  /// The squared distances of the points of `tile` from `centre`, in single precision.
  @inline(__always)
  private static func squares(
    _ tiles: Span<SIMD8<Float>>, _ first: Int, _ centre: Span<SIMD8<Float>>, _ at: Int, _ width: Int
  )
    -> SIMD8<Float>
  {
    var sum = SIMD8<Float>()
    for column in 0..<width {
      let difference = tiles[first &+ column] - centre[at &+ column]
      sum += difference * difference
    }
    return sum
  }

  private static func spread(_ points: PointMatrix, _ row: Int) -> [SIMD8<Float>] {
    points.point(row).map { SIMD8(repeating: Float($0)) }
  }

  /// Tiles of a block of these sums.
  private static let blockTiles = PointMatrix.blockRows / PointMatrix.tileRows

  /// Lowers `nearest` to the distances from the point of `row` where these are less; gives each block's sum.
  private static func approach(
    _ points: PointMatrix, _ row: Int, _ nearest: inout [SIMD8<Float>], _ crew: Crew
  ) -> [Double] {
    let centre = spread(points, row)
    crew.rewrite(&nearest, blockSize: blockTiles) { range, part in
      let (tiles, centre, width) = (points.tiles.span, centre.span, points.width)
      for place in 0..<part.count {
        let square = squares(tiles, (range.lowerBound &+ place) &* width, centre, 0, width)
        part[place] = part[place].replacing(with: square, where: square .< part[place])
      }
    }
    let kept = nearest
    return crew.mapBlocks(count: kept.count, blockSize: blockTiles) { range, _ in
      let kept = kept.span
      var sum = LaneSum()
      for tile in range { sum.add(kept[tile]) }
      return sum.total
    }
  }

  /// What `nearest` would sum to with each of the points `drawn` as a further centre.
  private static func remaining(
    _ points: PointMatrix, _ drawn: [Int], _ nearest: [SIMD8<Float>], _ crew: Crew
  ) -> [Double] {
    let candidates = drawn.flatMap { spread(points, $0) }
    let parts = crew.mapBlocks(count: nearest.count, blockSize: blockTiles) { range, _ in
      let (tiles, nearest, candidates) = (points.tiles.span, nearest.span, candidates.span)
      let width = points.width
      return drawn.indices.map { place in
        var sum = LaneSum()
        for tile in range {
          let square = squares(tiles, tile &* width, candidates, place &* width, width)
          sum.add(square.replacing(with: nearest[tile], where: nearest[tile] .< square))
        }
        return sum.total
      }
    }
    return drawn.indices.map { place in parts.reduce(0) { $0 + $1[place] } }
  }

  /// The row in whose stretch of the running sum `place` falls; never one of no weight.
  private static func row(_ nearest: [SIMD8<Float>], _ weights: [Double], at place: Double) -> Int {
    var (sum, last) = (0.0, 0)
    for block in weights.indices where weights[block] > 0 {
      let isLast = !weights[(block + 1)...].contains { $0 > 0 }
      if sum + weights[block] <= place && !isLast {
        sum += weights[block]
        continue
      }
      for tile in block * blockTiles..<min(nearest.count, (block + 1) * blockTiles) {
        for lane in 0..<8 where nearest[tile][lane] > 0 {
          sum += Double(nearest[tile][lane])
          last = tile * 8 + lane
          if sum > place { return last }
        }
      }
      return last
    }
    return last
  }
}

/// A sum of many vectors in a fixed order: sixteen at a time in single precision, these sums in double.
private struct LaneSum {
  private var few = SIMD8<Float>()
  private var places = 0
  private var sum = 0.0

  /// Adds all eight numbers of `vector`.
  @inline(__always)
  mutating func add(_ vector: SIMD8<Float>) {
    few += vector
    places &+= 1
    if places == 16 { flush() }
  }

  /// What was added.
  var total: Double {
    var all = self
    all.flush()
    return all.sum
  }

  private mutating func flush() {
    for lane in 0..<8 { sum += Double(few[lane]) }
    few = SIMD8()
    places = 0
  }
}
