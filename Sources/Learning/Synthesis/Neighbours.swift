package import Numerics

/// The nearest neighbours of each point among all points, itself left out: exact, ties by number.
package struct Neighbours: Sendable, Equatable {
  /// How many each point has: the number asked for, or one less than there are points.
  package let perPoint: Int
  /// Their numbers, nearest first, point by point.
  package let indices: [Int32]

  /// Looks up the `asked` nearest neighbours of every point.
  ///
  /// Points are walked in the order of the number that spreads most, outwards from the point in both
  /// directions, until that number alone lies farther than the farthest neighbour kept: exact, and far
  /// from looking at all pairs where the points spread.
  package static func search(_ points: MixedPoints, asked: Int, crew: Crew) -> Neighbours {
    let kept = max(0, min(asked, points.count - 1))
    guard kept > 0 else { return Neighbours(perPoint: 0, indices: []) }
    let axis = widestColumn(points)
    let along = (0..<points.count).map { axis < 0 ? 0 : points.numbers[$0 * points.width + axis] }
    let order = along.indices.sorted { along[$0] != along[$1] ? along[$0] < along[$1] : $0 < $1 }
    let parts = crew.mapBlocks(count: points.count, blockSize: 512) { block, _ in
      var found: [Int32] = []
      found.reserveCapacity(block.count * kept)
      var best = NearestList(kept)
      for place in block {
        best.reset()
        let point = order[place]
        var below = place - 1
        var above = place + 1
        while below >= 0 || above < order.count {
          let gapBelow = below >= 0 ? along[point] - along[order[below]] : .infinity
          let gapAbove = above < order.count ? along[order[above]] - along[point] : .infinity
          let gap = min(gapBelow, gapAbove)
          if gap * gap > best.limit { break }
          let candidate: Int
          if gapBelow <= gapAbove {
            candidate = order[below]
            below -= 1
          } else {
            candidate = order[above]
            above += 1
          }
          best.offer(Int32(candidate), points.squaredDistance(point, candidate))
        }
        found.append(contentsOf: best.indices)
      }
      return found
    }
    var indices = [Int32](repeating: 0, count: points.count * kept)
    for (place, found) in parts.joined().enumerated() {
      indices[order[place / kept] * kept + place % kept] = found
    }
    return Neighbours(perPoint: kept, indices: indices)
  }

  private static func widestColumn(_ points: MixedPoints) -> Int {
    var best = (column: -1, spread: -1.0)
    for column in 0..<points.width {
      var low = Double.infinity
      var high = -Double.infinity
      for point in 0..<points.count {
        low = min(low, points.numbers[point * points.width + column])
        high = max(high, points.numbers[point * points.width + column])
      }
      if high - low > best.spread { best = (column, high - low) }
    }
    return best.column
  }
}

/// The nearest so far, nearest first, ties by number.
private struct NearestList {
  let size: Int
  private(set) var indices: [Int32] = []
  private var distances: [Double] = []

  init(_ size: Int) { self.size = size }

  /// The distance from which a point is of no use.
  var limit: Double { distances.count < size ? .infinity : distances[size - 1] }

  mutating func reset() {
    indices.removeAll(keepingCapacity: true)
    distances.removeAll(keepingCapacity: true)
  }

  mutating func offer(_ index: Int32, _ distance: Double) {
    if distances.count == size {
      guard let last = distances.last, distance < last || (distance == last && index < indices[size - 1])
      else {
        return
      }
      indices.removeLast()
      distances.removeLast()
    }
    var place = distances.count
    while place > 0,
      distances[place - 1] > distance || (distances[place - 1] == distance && indices[place - 1] > index)
    {
      place -= 1
    }
    distances.insert(distance, at: place)
    indices.insert(index, at: place)
  }
}
