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
  static let blockRows = 8192
  /// The most rounds of a fit that does not say otherwise.
  package static let mostRounds = 300

  /// Groups found from the centres `start` by Hamerly's method (2010): the labels are those of looking at every
  /// centre in every round, but most points are passed over by bounds on their distances.
  ///
  /// A centre that loses all its points moves to the point farthest from its own centre (of equally far ones the
  /// first). Ends after `limit` rounds or when a round moves fewer than one point in ten thousand: up to 10,000 points, when none moves. The
  /// labels are always those of the nearest of the centres returned.
  package static func fit(
    _ points: PointMatrix, from start: [Double], rounds limit: Int = mostRounds, crew: Crew
  ) -> Clusters {
    fit(points, from: start, rounds: limit, crew: crew, bounded: true)
  }

  /// As above; without bounds every distance is computed in every round (Lloyd's method).
  static func fit(
    _ points: PointMatrix, from start: [Double], rounds limit: Int = mostRounds, crew: Crew, bounded: Bool
  ) -> Clusters {
    precondition(!start.isEmpty && start.count % points.width == 0, "centres are points")
    var centres = start
    var bounds = [PointBounds](repeating: PointBounds(), count: points.rows)
    var moves = [Double](repeating: 0, count: centres.count / points.width)
    var (rounds, refilled) = (0, 0)
    while true {
      let changed = assign(
        points, centres, moves: rounds == 0 || !bounded ? nil : moves, to: &bounds, crew: crew)
      rounds += 1
      if changed * 10_000 < points.rows || rounds == limit { break }
      let next = means(points, bounds, centres, crew: crew, refilled: &refilled)
      for centre in moves.indices { moves[centre] = distance(centres, centre, next, centre, points.width) }
      centres = next
    }
    let labels = bounds.map(\.label)
    let (final, result) = (centres, bounds)
    let inertia = crew.mapBlocks(count: points.rows, blockSize: blockRows) { range, _ in
      range.reduce(0.0) { $0 + points.squaredDistance($1, final, Int(result[$1].label)) }
    }.reduce(0, +)
    return Clusters(centres: centres, labels: labels, inertia: inertia, rounds: rounds, refilled: refilled)
  }

  /// The nearest of `centres` for each point, the first of equally near ones, and how far it is.
  package static func assign(
    _ points: PointMatrix, to centres: [Double], crew: Crew
  ) -> (labels: [Int32], distances: [Double]) {
    var bounds = [PointBounds](repeating: PointBounds(), count: points.rows)
    _ = assign(points, centres, moves: nil, to: &bounds, crew: crew)
    return (bounds.map(\.label), bounds.map(\.upper))
  }

  /// What is known of one point.
  struct PointBounds {
    /// Its centre; −1 before the first round.
    var label: Int32 = -1
    /// At least its distance to that centre.
    var upper = 0.0
    /// At most its distance to any other centre.
    var lower = 0.0
    /// Whether the last round changed the label.
    var isMoved = false
  }

  /// Brings every label up to date; gives how many changed. `moves` says how far each centre went since bounds were
  /// set; `nil` means that there are none to rely on.
  private static func assign(
    _ points: PointMatrix, _ centres: [Double], moves: [Double]?, to bounds: inout [PointBounds], crew: Crew
  ) -> Int {
    let count = centres.count / points.width
    let fours = sideBySide(centres, count, points.width)
    let halves = halfGaps(centres, count, points.width)
    // The farthest any centre went, and the farthest any but that one did.
    let farthest = moves.map { moves in moves.indices.reduce(0) { moves[$1] > moves[$0] ? $1 : $0 } } ?? 0
    let most = moves?[farthest] ?? 0
    let secondMost = moves?.indices.filter { $0 != farthest }.map { moves?[$0] ?? 0 }.max() ?? 0
    crew.rewrite(&bounds, blockSize: blockRows) { range, part in
      let (values, places, width) = (points.values.span, centres.span, points.width)
      for place in 0..<part.count {
        let row = range.lowerBound + place
        var bound = part[place]
        let before = bound.label
        if let moves {
          let own = Int(bound.label)
          bound.upper += moves[own]
          // A hair less than the difference, so that rounding never lifts the bound above the truth.
          let move = own == farthest ? secondMost : most
          bound.lower -= move + 1e-14 * (bound.lower.magnitude + move)
          let safe = max(bound.lower, halves[own])
          if bound.upper * (1 + 1e-9) >= safe {
            bound.upper = squaredDistance(values, row &* width, places, own &* width, width).squareRoot()
            if bound.upper * (1 + 1e-9) >= safe { bound = nearest(points, row, fours, count) }
          }
        } else {
          bound = nearest(points, row, fours, count)
        }
        bound.isMoved = bound.label != before
        part[place] = bound
      }
    }
    var changed = 0
    for row in bounds.indices where bounds[row].isMoved { changed += 1 }
    return changed
  }

  private static func nearest(_ points: PointMatrix, _ row: Int, _ fours: [SIMD4<Double>], _ count: Int)
    -> PointBounds
  {
    var (label, best, second) = (0, Double.infinity, Double.infinity)
    let (values, fours) = (points.values.span, fours.span)
    let (here, width) = (row &* points.width, points.width)
    var start = 0
    for centre in stride(from: 0, to: count, by: 4) {
      // Four centres side by side, each summed in column order as `squaredDistance` does.
      var squares = SIMD4<Double>()
      for place in 0..<width {
        let difference = values[here &+ place] - fours[start &+ place]
        squares += difference * difference
      }
      start &+= width
      for lane in 0..<min(4, count - centre) {
        let square = squares[lane]
        if square < best {
          (second, best, label) = (best, square, centre + lane)
        } else if square < second {
          second = square
        }
      }
    }
    return PointBounds(label: Int32(label), upper: best.squareRoot(), lower: second.squareRoot())
  }

  /// The centres four by four, column after column, so that a point is held against four at once.
  private static func sideBySide(_ centres: [Double], _ count: Int, _ width: Int) -> [SIMD4<Double>] {
    var fours = [SIMD4<Double>](repeating: SIMD4(), count: (count + 3) / 4 * width)
    for centre in 0..<count {
      for place in 0..<width {
        fours[centre / 4 * width + place][centre % 4] = centres[centre * width + place]
      }
    }
    return fours
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

  /// Half the distance from each centre to the next: what is nearer than that is nearest.
  private static func halfGaps(_ centres: [Double], _ count: Int, _ width: Int) -> [Double] {
    (0..<count).map { centre in
      (0..<count).filter { $0 != centre }.map { distance(centres, centre, centres, $0, width) / 2 }.min()
        ?? .infinity
    }
  }

  static func distance(_ a: [Double], _ i: Int, _ b: [Double], _ j: Int, _ width: Int) -> Double {
    var sum = 0.0
    for place in 0..<width {
      let difference = a[i * width + place] - b[j * width + place]
      sum += difference * difference
    }
    return sum.squareRoot()
  }

  /// The mean of each group; a group without points moves to the farthest point.
  private static func means(
    _ points: PointMatrix, _ bounds: [PointBounds], _ centres: [Double], crew: Crew, refilled: inout Int
  ) -> [Double] {
    let width = points.width
    let count = centres.count / width
    let parts = crew.mapBlocks(count: points.rows, blockSize: blockRows) { range, _ in
      var (sums, sizes) = ([Double](repeating: 0, count: count * width), [Int](repeating: 0, count: count))
      do {
        let (values, bounds) = (points.values.span, bounds.span)
        var total = sums.mutableSpan
        var size = sizes.mutableSpan
        for row in range {
          let label = Int(bounds[row].label)
          size[label] += 1
          let (from, to) = (row &* width, label &* width)
          for place in 0..<width { total[to &+ place] += values[from &+ place] }
        }
      }
      return (sums, sizes)
    }
    var (sums, sizes) = ([Double](repeating: 0, count: count * width), [Int](repeating: 0, count: count))
    for part in parts {
      for place in sums.indices { sums[place] += part.0[place] }
      for group in sizes.indices { sizes[group] += part.1[group] }
    }
    var taken: [Int] = []
    for group in 0..<count {
      guard sizes[group] == 0 else {
        for place in 0..<width { sums[group * width + place] /= Double(sizes[group]) }
        continue
      }
      var (row, distance) = (-1, -1.0)
      for other in 0..<points.rows where !taken.contains(other) {
        let square = points.squaredDistance(other, centres, Int(bounds[other].label))
        if square > distance { (row, distance) = (other, square) }
      }
      // Where every point lies on its centre there is nothing to gain from a move.
      guard distance > 0 else {
        for place in 0..<width { sums[group * width + place] = centres[group * width + place] }
        continue
      }
      taken.append(row)
      refilled += 1
      for place in 0..<width { sums[group * width + place] = points.values[row * width + place] }
    }
    return sums
  }
}
