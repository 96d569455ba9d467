package import Numerics

/// The nearest neighbours of each point among all points, itself left out: exact, ties by number.
package struct Neighbours: Sendable, Equatable {
  /// How many each point has: the number asked for, or one less than there are points.
  package let perPoint: Int
  /// Their numbers, nearest first, point by point.
  package let indices: [Int32]

  /// Looks up the `asked` nearest neighbours of every point.
  package static func search(_ points: MixedPoints, asked: Int, crew: Crew) -> Neighbours {
    let kept = max(0, min(asked, points.count - 1))
    guard kept > 0 else { return Neighbours(perPoint: 0, indices: []) }
    let tree = PointTree(points)
    // Points of one box after another, so that those near are still at hand.
    let parts = crew.mapBlocks(count: points.count, blockSize: 512) { block, _ in
      var found: [Int32] = []
      found.reserveCapacity(block.count * kept)
      var best = NearestList(kept)
      var open: [(box: Int32, gap: Double)] = []
      for place in block {
        best.reset()
        tree.search(points, Int(tree.order[place]), &best, &open)
        found.append(contentsOf: best.indices)
      }
      return found
    }
    var indices = [Int32](repeating: 0, count: points.count * kept)
    for (place, found) in parts.joined().enumerated() {
      indices[Int(tree.order[place / kept]) * kept + place % kept] = found
    }
    return Neighbours(perPoint: kept, indices: indices)
  }
}
