package import Numerics

/// Points in groups around centres.
package struct Clusters: Sendable, Equatable {
  /// The centres, row-major.
  package let centres: [Double]
  /// The nearest centre of each point; of equally near ones the first.
  package let labels: [Int32]
  /// Sum of squared distances from the points to their centres.
  package let inertia: Double
  /// Rounds until nothing moved any more.
  package let rounds: Int
  /// How often a centre without points was put on the farthest point.
  package let refilled: Int
}

extension KMeans {
  /// Rows of a block; sums are combined in block order.
  static let blockRows = PointMatrix.blockRows
  /// The most rounds of a fit that does not say otherwise.
  package static let mostRounds = 300

  /// Groups found from the centres `start` by Lloyd's method (1982), with its labels, though few distances are
  /// computed in double precision and sums follow the points that move.
  ///
  /// A centre that loses all its points moves to the point farthest from its own centre (of equally far ones the
  /// first). Ends after `limit` rounds or when a round moves fewer than one point in ten thousand: up to 10,000
  /// points, when none moves. The labels are always those of the nearest of the centres returned.
  package static func fit(
    _ points: PointMatrix, from start: [Double], rounds limit: Int = mostRounds, crew: Crew
  ) -> Clusters {
    fit(points, from: start, rounds: limit, crew: crew, isEstimating: true)
  }

  /// As above; without `isEstimating` every distance is computed in double precision in every round.
  static func fit(
    _ points: PointMatrix, from start: [Double], rounds limit: Int = mostRounds, crew: Crew,
    isEstimating: Bool
  ) -> Clusters {
    var nearest = NearestCentres(start, width: points.width, isEstimating: isEstimating)
    let scales = GroupBlock.scales(points)
    let blockTiles = blockRows / PointMatrix.tileRows
    var blocks = (0..<Crew.blockCount(points.tileCount, blockTiles)).map { block in
      GroupBlock(
        tiles: min(blockTiles, points.tileCount - block * blockTiles), count: nearest.count,
        width: points.width)
    }
    var (rounds, refilled) = (0, 0)
    while true {
      let centres = nearest
      crew.rewrite(&blocks, blockSize: 1) { range, part in
        part[0].assign(points, first: range.lowerBound * blockTiles, to: centres, scales: scales)
      }
      rounds += 1
      let moved = blocks.reduce(0) { $0 + $1.moved }
      if moved * 10_000 < points.rows || rounds == limit { break }
      nearest = NearestCentres(
        means(points, blocks, scales, centres, crew: crew, refilled: &refilled), width: points.width,
        isEstimating: isEstimating)
    }
    let inertia = distances(points, blocks, nearest, crew: crew) { $0.reduce(0, +) }.reduce(0, +)
    return Clusters(
      centres: nearest.centres, labels: labels(points, blocks), inertia: inertia, rounds: rounds,
      refilled: refilled)
  }

  /// The nearest of `centres` for each point, the first of equally near ones, and how far it is.
  package static func assign(
    _ points: PointMatrix, to centres: [Double], crew: Crew
  ) -> (labels: [Int32], distances: [Double]) {
    let nearest = NearestCentres(centres, width: points.width)
    let blockTiles = blockRows / PointMatrix.tileRows
    let blocks = crew.mapBlocks(count: points.tileCount, blockSize: blockTiles) { range, _ in
      var block = GroupBlock(tiles: range.count, count: 0, width: points.width)
      for tile in range { block.labels[tile - range.lowerBound] = nearest.labels(points, tile) }
      return block
    }
    let squares = distances(points, blocks, nearest, crew: crew) { $0 }
    return (labels(points, blocks), squares.flatMap { $0.map { $0.squareRoot() } })
  }

  /// What `gather` makes of the squared distances of each block's points from their centres, in block order.
  private static func distances<Gathered: Sendable>(
    _ points: PointMatrix, _ blocks: [GroupBlock], _ nearest: NearestCentres, crew: Crew,
    _ gather: @Sendable ([Double]) -> Gathered
  ) -> [Gathered] {
    crew.map(blocks.count) { block in
      let first = block * (blockRows / PointMatrix.tileRows)
      let labels = blocks[block].labels
      var squares: [Double] = []
      squares.reserveCapacity(labels.count * PointMatrix.tileRows)
      for place in 0..<labels.count {
        let square = points.squaredDistances(first &+ place, nearest.centres.span, labels[place])
        for lane in 0..<min(8, points.rows &- (first &+ place) &* 8) { squares.append(square[lane]) }
      }
      return gather(squares)
    }
  }

  private static func labels(_ points: PointMatrix, _ blocks: [GroupBlock]) -> [Int32] {
    var labels: [Int32] = []
    labels.reserveCapacity(points.tileCount * PointMatrix.tileRows)
    for block in blocks {
      for tile in block.labels {
        for lane in 0..<PointMatrix.tileRows { labels.append(tile[lane]) }
      }
    }
    labels.removeLast(labels.count - points.rows)
    return labels
  }

  /// The squared distance between the `width` numbers from `i` of `a` and those from `j` of `b`, summed in their order.
  @inline(__always)
  static func squaredDistance(_ a: Span<Double>, _ i: Int, _ b: Span<Double>, _ j: Int, _ width: Int)
    -> Double
  {
    var sum = 0.0
    for place in 0..<width {
      let difference = a[i &+ place] - b[j &+ place]
      sum += difference * difference
    }
    return sum
  }

  static func distance(_ a: [Double], _ i: Int, _ b: [Double], _ j: Int, _ width: Int) -> Double {
    squaredDistance(a.span, i * width, b.span, j * width, width).squareRoot()
  }

  /// The mean of each group; a group without points moves to the farthest point.
  private static func means(
    _ points: PointMatrix, _ blocks: [GroupBlock], _ scales: [Double], _ nearest: NearestCentres, crew: Crew,
    refilled: inout Int
  ) -> [Double] {
    let (width, count) = (points.width, nearest.count)
    var (sums, sizes) = ([Int64](repeating: 0, count: count * width), [Int](repeating: 0, count: count))
    for block in blocks {
      for place in sums.indices { sums[place] += block.sums[place] }
      for group in sizes.indices { sizes[group] += block.sizes[group] }
    }
    var centres = nearest.centres
    var squares: [Double]?
    for group in 0..<count {
      guard sizes[group] == 0 else {
        for column in 0..<width {
          centres[group * width + column] =
            Double(sums[group * width + column]) / Double(sizes[group]) / scales[column]
        }
        continue
      }
      var far = squares ?? distances(points, blocks, nearest, crew: crew) { $0 }.flatMap { $0 }
      let row = far.indices.reduce(0) { far[$1] > far[$0] ? $1 : $0 }
      // Where every point lies on its centre there is nothing to gain from a move.
      if far[row] > 0 {
        refilled += 1
        centres.replaceSubrange(group * width..<(group + 1) * width, with: points.point(row))
        far[row] = -1
      }
      squares = far
    }
    return centres
  }
}
