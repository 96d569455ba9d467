package import Numerics

/// How many of the points nearest to each point of the rarer kind are of the other kind: where the two meet, and so
/// where more of the rarer may help.
package struct Surroundings: Sendable, Equatable {
  /// How many neighbours were looked at: the number asked for, or one less than there are points.
  package let perPoint: Int
  /// Of these, others; one a point of the rarer kind, in their order.
  package let others: [Int]

  /// Looks around each of `rare` (different points) among all `points`; those not listed are others.
  package init(_ points: MixedPoints, rare: [Int32], asked: Int, crew: Crew) {
    let near = Neighbours.search(points, of: rare, asked: asked, crew: crew)
    var isRare = [Bool](repeating: false, count: points.count)
    for point in rare { isRare[Int(point)] = true }
    let width = near.perPoint
    perPoint = width
    others = rare.indices.map { place in
      near.indices[place * width..<(place + 1) * width].reduce(0) { $0 + (isRare[Int($1)] ? 0 : 1) }
    }
  }

  /// Surroundings already counted.
  package init(perPoint: Int, others: [Int]) { (self.perPoint, self.others) = (perPoint, others) }

  /// Places, among the rarer kind, of the points on the border: at least half of their neighbours are others, but not
  /// all, which would make them noise (Borderline-SMOTE: Han, Wang, Mao 2005).
  package var danger: [Int32] {
    others.indices.filter { 2 * others[$0] >= perPoint && others[$0] < perPoint }.map(Int32.init)
  }

  /// How many of `total` points each point of the rarer kind is the base of: in proportion to the share of others
  /// around it (ADASYN: He, Bai, Garcia, Li 2008). `nil` where no point has another near: there is no proportion.
  ///
  /// The paper rounds each number, and so makes a few more or fewer than asked for, or none where less than half a
  /// point falls to each; here whole parts are given first and what is left goes by largest remainder, ties to the
  /// first, so that the numbers sum to `total`.
  package func adaptiveCounts(_ total: Int) -> [Int]? {
    let sum = others.reduce(0, +)
    guard sum > 0, total >= 0 else { return nil }
    // Whole numbers: total · others = sum · whole + rest, without rounding.
    var counts = others.map { total * $0 / sum }
    let rests = others.map { total * $0 % sum }
    let left = total - counts.reduce(0, +)
    let ranked = others.indices.sorted { (-rests[$0], $0) < (-rests[$1], $1) }
    for place in ranked.prefix(left) { counts[place] += 1 }
    return counts
  }
}
