package import Numerics

/// The nearest neighbours of points among all points, each itself left out: exact, ties by number.
package struct Neighbours: Sendable, Equatable {
  /// How many each point has: the number asked for, or one less than there are points.
  package let perPoint: Int
  /// Their numbers, nearest first, point by point of those looked up.
  package let indices: [Int32]

  /// Looks up the `asked` nearest neighbours of every point.
  package static func search(_ points: MixedPoints, asked: Int, crew: Crew) -> Neighbours {
    search(points, of: (0..<Int32(points.count)).map { $0 }, asked: asked, crew: crew)
  }

  /// Looks up the `asked` nearest neighbours, among all points, of each of `wanted` (different points, in any order).
  package static func search(
    _ points: MixedPoints, of wanted: [Int32], asked: Int, crew: Crew
  ) -> Neighbours {
    let kept = max(0, min(asked, points.count - 1))
    guard kept > 0 else { return Neighbours(perPoint: 0, indices: []) }
    let tree = PointTree(points)
    // Points of one box after another, so that those near are still at hand.
    var place = [Int32](repeating: -1, count: points.count)
    for (number, point) in wanted.enumerated() { place[Int(point)] = Int32(number) }
    let order = wanted.count == points.count ? tree.order : tree.order.filter { place[Int($0)] >= 0 }
    let parts = crew.mapBlocks(count: order.count, blockSize: 512) { block, _ in
      var found: [Int32] = []
      found.reserveCapacity(block.count * kept)
      var best = NearestList(kept)
      var open: [(box: Int32, gap: Double)] = []
      for number in block {
        best.reset()
        tree.search(points, Int(order[number]), &best, &open)
        found.append(contentsOf: best.indices)
      }
      return found
    }
    var indices = [Int32](repeating: 0, count: wanted.count * kept)
    for (number, found) in parts.joined().enumerated() {
      indices[Int(place[Int(order[number / kept])]) * kept + number % kept] = found
    }
    return Neighbours(perPoint: kept, indices: indices)
  }
}
