package import Numerics

/// The silhouette of Rousseeuw (1987): how much nearer points are to their own group than to the next, over all pairs of
/// points. Its cost is quadratic: for tables of some thousand points; `ClusterQuality` has the simplified one.
package enum Silhouette {
  /// The mean over points of (b − a) ∕ max(a, b): a the mean distance to the others of its group, b the least mean
  /// distance to another group; 0 for a point alone in its group. `nil` with fewer than two groups.
  ///
  /// `labels` (0 and up) holds one group a point.
  package static func mean(_ points: PointMatrix, labels: [Int32], crew: Crew) -> Double? {
    precondition(labels.count == points.rows, "one group a point")
    let groups = Int(labels.max() ?? -1) + 1
    var sizes = [Int](repeating: 0, count: groups)
    for label in labels { sizes[Int(label)] += 1 }
    guard sizes.count(where: { $0 > 0 }) > 1 else { return nil }
    let counts = sizes
    let values = (0..<points.rows).flatMap { points.point($0) }
    let width = points.width
    let parts = crew.mapBlocks(count: points.rows, blockSize: 64) { range, _ in
      let values = values.span
      var sum = 0.0
      var distances = [Double](repeating: 0, count: groups)
      for row in range {
        for group in 0..<groups { distances[group] = 0 }
        for other in 0..<points.rows {
          distances[Int(labels[other])] += KMeans.squaredDistance(
            values, row &* width, values, other &* width, width
          ).squareRoot()
        }
        let own = Int(labels[row])
        guard counts[own] > 1 else { continue }
        let a = distances[own] / Double(counts[own] - 1)
        var b = Double.infinity
        for group in 0..<groups where group != own && counts[group] > 0 {
          b = min(b, distances[group] / Double(counts[group]))
        }
        if max(a, b) > 0 { sum += (b - a) / max(a, b) }
      }
      return sum
    }
    return parts.reduce(0, +) / Double(points.rows)
  }
}
