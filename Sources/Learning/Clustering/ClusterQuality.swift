package import Numerics

/// How well groups of points hold together and stand apart.
package struct ClusterQuality: Sendable, Equatable {
  /// Simplified silhouette: the mean of (b − a) ∕ max(a, b), a the distance to the own centre, b to the nearest
  /// other; 0 without another centre.
  package let silhouette: Double
  /// Calinski and Harabasz's ratio of spread between groups to spread within them; 0 where either is 0.
  package let calinskiHarabasz: Double
  /// Davies and Bouldin's mean over groups of the worst (sᵢ + sⱼ) ∕ dᵢⱼ, s the mean distance to the centre; groups
  /// without points, and centres at one place, are left out.
  package let daviesBouldin: Double
  /// Share of the points that the smallest group holds.
  package let smallestShare: Double
  /// Points of each group.
  package let sizes: [Int]

  /// The quality of `clusters` of `points`, computed around `clusters.centres`.
  package init(_ points: PointMatrix, _ clusters: Clusters, crew: Crew) {
    let width = points.width
    let count = clusters.centres.count / width
    struct Part {
      var silhouette = 0.0
      var within = 0.0
      var sizes: [Int]
      var distances: [Double]
      var sums: [Double]
    }
    let empty = Part(
      sizes: [Int](repeating: 0, count: count), distances: [Double](repeating: 0, count: count),
      sums: [Double](repeating: 0, count: width))
    let blockTiles = PointMatrix.blockRows / PointMatrix.tileRows
    let parts = crew.mapBlocks(count: points.tileCount, blockSize: blockTiles) { range, _ in
      var part = empty
      let (tiles, centres) = (points.tiles.span, clusters.centres.span)
      var squares = [SIMD8<Double>](repeating: SIMD8(), count: count)
      for tile in range {
        for centre in 0..<count {
          var sum = SIMD8<Double>()
          for column in 0..<width {
            let difference =
              SIMD8<Double>(tiles[tile &* width &+ column])
              - SIMD8(repeating: centres[centre &* width &+ column])
            sum += difference * difference
          }
          squares[centre] = sum
        }
        for lane in 0..<min(PointMatrix.tileRows, points.rows - tile * PointMatrix.tileRows) {
          let own = Int(clusters.labels[tile * PointMatrix.tileRows + lane])
          let square = squares[own][lane]
          var other = Double.infinity
          for centre in 0..<count where centre != own { other = min(other, squares[centre][lane]) }
          let (a, b) = (square.squareRoot(), other.squareRoot())
          if count > 1, max(a, b) > 0 { part.silhouette += (b - a) / max(a, b) }
          part.within += square
          part.sizes[own] += 1
          part.distances[own] += a
          for column in 0..<width { part.sums[column] += Double(tiles[tile &* width &+ column][lane]) }
        }
      }
      return part
    }
    var total = empty
    for part in parts {
      total.silhouette += part.silhouette
      total.within += part.within
      for group in 0..<count {
        total.sizes[group] += part.sizes[group]
        total.distances[group] += part.distances[group]
      }
      for place in 0..<width { total.sums[place] += part.sums[place] }
    }
    let rows = Double(points.rows)
    sizes = total.sizes
    silhouette = points.rows == 0 ? 0 : total.silhouette / rows
    smallestShare = points.rows == 0 ? 0 : Double(total.sizes.min() ?? 0) / rows
    let middle = total.sums.map { $0 / rows }
    var between = 0.0
    for group in 0..<count where total.sizes[group] > 0 {
      let far = KMeans.distance(clusters.centres, group, middle, 0, width)
      between += Double(total.sizes[group]) * far * far
    }
    calinskiHarabasz =
      total.within > 0 && count > 1 && points.rows > count
      ? between / Double(count - 1) / (total.within / (rows - Double(count))) : 0
    let filled = (0..<count).filter { total.sizes[$0] > 0 }
    let spread = (0..<count).map { total.sizes[$0] > 0 ? total.distances[$0] / Double(total.sizes[$0]) : 0 }
    var worstSum = 0.0
    for group in filled {
      var worst = 0.0
      for other in filled where other != group {
        let gap = KMeans.distance(clusters.centres, group, clusters.centres, other, width)
        if gap > 0 { worst = max(worst, (spread[group] + spread[other]) / gap) }
      }
      worstSum += worst
    }
    daviesBouldin = filled.isEmpty ? 0 : worstSum / Double(filled.count)
  }

  /// The adjusted Rand index of two groupings of the same points (Hubert and Arabie, 1985): 1 where they agree but
  /// for the groups' numbers, about 0 by chance. Labels are not negative.
  package static func adjustedRandIndex(_ first: [Int32], _ second: [Int32]) -> Double {
    precondition(first.count == second.count, "two groupings of the same points")
    let (rows, columns) = (Int(first.max() ?? 0) + 1, Int(second.max() ?? 0) + 1)
    var cells = [Int](repeating: 0, count: rows * columns)
    for place in first.indices { cells[Int(first[place]) * columns + Int(second[place])] += 1 }
    func pairs(_ count: Int) -> Double { Double(count) * Double(count - 1) / 2 }
    let together = cells.reduce(0.0) { $0 + pairs($1) }
    let inFirst = (0..<rows).reduce(0.0) { sum, row in
      sum + pairs(cells[row * columns..<(row + 1) * columns].reduce(0, +))
    }
    let inSecond = (0..<columns).reduce(0.0) { sum, column in
      sum + pairs((0..<rows).reduce(0) { $0 + cells[$1 * columns + column] })
    }
    let all = pairs(first.count)
    let expected = all > 0 ? inFirst * inSecond / all : 0
    let most = (inFirst + inSecond) / 2
    return most == expected ? 1 : (together - expected) / (most - expected)
  }
}
