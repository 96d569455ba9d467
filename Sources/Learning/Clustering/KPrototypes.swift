package import Numerics

/// Points of numbers and categories in groups around centres of both.
package struct MixedClusters: Sendable, Equatable {
  /// Means of the numbers, centre by centre.
  package let numbers: [Double]
  /// Most frequent codes, centre by centre; ties to the lowest.
  package let codes: [Int32]
  /// The nearest centre of each point; of equally near ones the first.
  package let labels: [Int32]
  /// Sum over points of the squared distance of the numbers plus the mismatch of each category that differs.
  package let cost: Double
  /// Rounds until nothing moved any more.
  package let rounds: Int
}

/// k-prototypes: k-means for numbers and categories together (Huang, 1998). What a differing category counts for is the
/// points' `mismatch`.
package enum KPrototypes {
  /// Half the mean population standard deviation of the numbers: what a differing category counts for where nobody says.
  package static func mismatch(_ numbers: [Double], width: Int) -> Double {
    guard width > 0, !numbers.isEmpty else { return 1 }
    let rows = numbers.count / width
    var total = 0.0
    for column in 0..<width {
      var sum = 0.0
      for row in 0..<rows { sum += numbers[row * width + column] }
      let mean = sum / Double(rows)
      var squares = 0.0
      for row in 0..<rows {
        let distance = numbers[row * width + column] - mean
        squares += distance * distance
      }
      total += (squares / Double(rows)).squareRoot()
    }
    return total / Double(width) / 2
  }

  /// Groups found from centres given by their `numbers` and `codes`; a centre that loses all its points stays where it
  /// is. Ends when no label changes, or after `limit` rounds.
  package static func fit(
    _ points: MixedPoints, from numbers: [Double], codes: [Int32], rounds limit: Int = KMeans.mostRounds,
    crew: Crew
  ) -> MixedClusters {
    let count = points.width > 0 ? numbers.count / points.width : codes.count / max(1, points.categoryWidth)
    precondition(
      count > 0 && numbers.count == count * points.width && codes.count == count * points.categoryWidth,
      "centres are points")
    var centres = Centres(count: count, numbers: numbers, codes: codes)
    var labels = centres.nearest(points, crew).labels
    var rounds = 1
    while rounds < limit {
      centres = centres.moved(points, labels, crew)
      let next = centres.nearest(points, crew).labels
      rounds += 1
      if next == labels { break }
      labels = next
    }
    let found = centres.nearest(points, crew)
    return MixedClusters(
      numbers: centres.numbers, codes: centres.codes, labels: found.labels, cost: found.cost, rounds: rounds)
  }

  private struct Centres {
    var count: Int
    var numbers: [Double]
    var codes: [Int32]

    /// The nearest centre of each point, and what all points cost.
    func nearest(_ points: MixedPoints, _ crew: Crew) -> (labels: [Int32], cost: Double) {
      let parts = crew.mapBlocks(count: points.count, blockSize: KMeans.blockRows) { range, _ in
        var labels: [Int32] = []
        labels.reserveCapacity(range.count)
        var cost = 0.0
        for point in range {
          var best = (label: 0, distance: Double.infinity)
          for centre in 0..<count {
            let distance = distance(points, point, centre)
            if distance < best.distance { best = (centre, distance) }
          }
          labels.append(Int32(best.label))
          cost += best.distance
        }
        return (labels, cost)
      }
      return (parts.flatMap { $0.0 }, parts.reduce(0) { $0 + $1.1 })
    }

    private func distance(_ points: MixedPoints, _ point: Int, _ centre: Int) -> Double {
      var sum = 0.0
      for column in 0..<points.width {
        let apart = points.numbers[point * points.width + column] - numbers[centre * points.width + column]
        sum += apart * apart
      }
      let width = points.categoryWidth
      for column in 0..<width where points.codes[point * width + column] != codes[centre * width + column] {
        sum += points.mismatch
      }
      return sum
    }

    /// Means and most frequent codes of the points of each centre.
    func moved(_ points: MixedPoints, _ labels: [Int32], _ crew: Crew) -> Centres {
      let (width, categories) = (points.width, points.categoryWidth)
      let parts = crew.mapBlocks(count: points.count, blockSize: KMeans.blockRows) { range, _ in
        var sums = [Double](repeating: 0, count: count * width)
        for point in range {
          for column in 0..<width {
            sums[Int(labels[point]) * width + column] += points.numbers[point * width + column]
          }
        }
        return sums
      }
      var sizes = [Int](repeating: 0, count: count)
      for label in labels { sizes[Int(label)] += 1 }
      var next = self
      for centre in 0..<count where sizes[centre] > 0 {
        for column in 0..<width {
          let sum = parts.reduce(0.0) { $0 + $1[centre * width + column] }
          next.numbers[centre * width + column] = sum / Double(sizes[centre])
        }
      }
      for column in 0..<categories {
        // −1 is a category like any other.
        var levels = 1
        for point in 0..<points.count {
          levels = max(levels, Int(points.codes[point * categories + column]) + 2)
        }
        var frequency = [Int](repeating: 0, count: count * levels)
        for point in 0..<points.count {
          frequency[Int(labels[point]) * levels + Int(points.codes[point * categories + column]) + 1] += 1
        }
        for centre in 0..<count where sizes[centre] > 0 {
          let own = frequency[centre * levels..<(centre + 1) * levels]
          let mode = own.indices.reduce(own.startIndex) { own[$1] > own[$0] ? $1 : $0 }
          next.codes[centre * categories + column] = Int32(mode - own.startIndex - 1)
        }
      }
      return next
    }
  }
}
