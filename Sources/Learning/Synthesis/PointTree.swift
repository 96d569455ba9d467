/// Points in nested boxes, halved along the number that spreads most: the nearest points lie in few of them (k-d
/// tree; Bentley, 1975).
struct PointTree: Sendable {
  /// The most points of a box that is not halved.
  static let leafPoints = 12

  /// The points, those of each box next to each other.
  private(set) var order: [Int32]
  private let width: Int
  /// Lowest and highest of each number in each box.
  private var lows: [Double] = []
  private var highs: [Double] = []
  /// The stretch of `order` in each box.
  private var starts: [Int32] = []
  private var ends: [Int32] = []
  /// The first half of each box; −1 where it is not halved. The second follows the first's last box.
  private var firsts: [Int32] = []
  private var seconds: [Int32] = []

  /// A tree of all `points`.
  init(_ points: MixedPoints) {
    order = (0..<Int32(points.count)).map { $0 }
    width = points.width
    if points.count > 0 { build(points, 0, points.count) }
  }

  private mutating func build(_ points: MixedPoints, _ start: Int, _ end: Int) {
    let box = starts.count
    starts.append(Int32(start))
    ends.append(Int32(end))
    firsts.append(-1)
    seconds.append(-1)
    var widest = (column: -1, spread: 0.0)
    for column in 0..<width {
      var (low, high) = (Double.infinity, -Double.infinity)
      for place in start..<end {
        let value = points.numbers[Int(order[place]) * width + column]
        low = min(low, value)
        high = max(high, value)
      }
      lows.append(low)
      highs.append(high)
      if high - low > widest.spread { widest = (column, high - low) }
    }
    guard end - start > PointTree.leafPoints, widest.column >= 0 else { return }
    order[start..<end].sort { left, right in
      let a = points.numbers[Int(left) * points.width + widest.column]
      let b = points.numbers[Int(right) * points.width + widest.column]
      return a != b ? a < b : left < right
    }
    let middle = (start + end) / 2
    firsts[box] = Int32(starts.count)
    build(points, start, middle)
    seconds[box] = Int32(starts.count)
    build(points, middle, end)
  }

  /// Offers `best` every point, but for `point` itself, that could be among the nearest to it.
  func search(
    _ points: MixedPoints, _ point: Int, _ best: inout NearestList, _ open: inout [(box: Int32, gap: Double)]
  ) {
    open.removeAll(keepingCapacity: true)
    if !starts.isEmpty { open.append((0, 0)) }
    while let (box, gap) = open.popLast() {
      // At equal distance a lower number wins, so boxes just as far are looked into.
      if gap > best.limit { continue }
      let here = Int(box)
      guard firsts[here] >= 0 else {
        for place in Int(starts[here])..<Int(ends[here]) where Int(order[place]) != point {
          let other = Int(order[place])
          best.offer(Int32(other), points.squaredDistance(point, other, upTo: best.limit))
        }
        continue
      }
      let first = (box: firsts[here], gap: distance(points, point, Int(firsts[here])))
      let second = (box: seconds[here], gap: distance(points, point, Int(seconds[here])))
      // The nearer half is looked into first.
      if first.gap <= second.gap {
        open.append(second)
        open.append(first)
      } else {
        open.append(first)
        open.append(second)
      }
    }
  }

  /// The squared distance from the numbers of `point` to a box, summed in column order like those between points,
  /// so that it is never above that to a point in it, rounding included.
  private func distance(_ points: MixedPoints, _ point: Int, _ box: Int) -> Double {
    var sum = 0.0
    for column in 0..<width {
      let value = points.numbers[point * width + column]
      let gap = max(lows[box * width + column] - value, max(value - highs[box * width + column], 0))
      sum += gap * gap
    }
    return sum
  }
}

/// The nearest so far, nearest first, ties by number.
struct NearestList {
  private let size: Int
  private(set) var indices: [Int32] = []
  private var distances: [Double] = []

  /// An empty list of at most `size`, which is at least 1.
  init(_ size: Int) { self.size = size }

  /// The distance beyond which a point is of no use.
  var limit: Double { distances.count < size ? .infinity : distances[size - 1] }

  mutating func reset() {
    indices.removeAll(keepingCapacity: true)
    distances.removeAll(keepingCapacity: true)
  }

  mutating func offer(_ index: Int32, _ distance: Double) {
    if distances.count == size {
      let last = size - 1
      guard distance < distances[last] || (distance == distances[last] && index < indices[last]) else {
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
