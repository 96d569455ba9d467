/// Points of a space, one a row, end to end; every number is finite.
package struct PointMatrix: Sendable, Equatable {
  /// Row after row, `width` numbers each.
  package let values: [Double]
  /// How many points there are.
  package let rows: Int
  /// How many numbers a point has.
  package let width: Int

  /// Points over their numbers.
  package init(values: [Double], width: Int) {
    precondition(width > 0 && values.count % width == 0, "points are equally long")
    self.values = values
    self.width = width
    rows = values.count / width
  }

  /// The points named, in the order named.
  package func taking(_ chosen: [Int32]) -> PointMatrix {
    var taken: [Double] = []
    taken.reserveCapacity(chosen.count * width)
    for row in chosen { taken += values[Int(row) * width..<(Int(row) + 1) * width] }
    return PointMatrix(values: taken, width: width)
  }

  /// The squared distance from the point of `row` to number `centre` of `centres`, summed in column order.
  func squaredDistance(_ row: Int, _ centres: [Double], _ centre: Int) -> Double {
    var sum = 0.0
    let (here, there) = (row * width, centre * width)
    for place in 0..<width {
      let difference = values[here + place] - centres[there + place]
      sum += difference * difference
    }
    return sum
  }
}
