/// The groups of a block of points: which each belongs to, how many belong to each and what they sum to.
///
/// Sums are whole numbers of a unit small enough for single precision, so that they are exact: a point that moves is
/// taken from one sum and added to the other, and what comes out is what adding up all points would give, in whatever
/// order.
struct GroupBlock: Sendable {
  /// The group of each point, tile after tile; −1 before the first round. What fills up the last tile has one too.
  var labels: [SIMD8<Int32>]
  /// Sums of each group, row-major, in units.
  var sums: [Int64]
  /// Points of each group.
  var sizes: [Int]
  /// Points whose group the last round changed.
  var moved = 0

  /// A block of `tiles` tiles without groups.
  init(tiles: Int, count: Int, width: Int) {
    labels = [SIMD8<Int32>](repeating: SIMD8(repeating: -1), count: tiles)
    sums = [Int64](repeating: 0, count: count * width)
    sizes = [Int](repeating: 0, count: count)
  }

  /// Brings labels and sums up to date; the block's first tile is number `first` of `points`, and `scales` says how
  /// many units make one, column by column.
  mutating func assign(_ points: PointMatrix, first: Int, to nearest: NearestCentres, scales: [Double]) {
    moved = GroupBlock.assign(points, first: first, to: nearest, scales, &labels, &sums, &sizes)
  }

  private static func assign(
    _ points: PointMatrix, first: Int, to nearest: NearestCentres, _ scales: [Double],
    _ allLabels: inout [SIMD8<Int32>], _ allSums: inout [Int64], _ allSizes: inout [Int]
  ) -> Int {
    var moved = 0
    var labels = allLabels.mutableSpan
    var sums = allSums.mutableSpan
    var sizes = allSizes.mutableSpan
    let (tiles, scales, width) = (points.tiles.span, scales.span, points.width)
    for place in 0..<labels.count {
      let tile = first &+ place
      let (before, after) = (labels[place], nearest.labels(points, tile))
      guard before != after else { continue }
      labels[place] = after
      for lane in 0..<min(8, points.rows &- tile &* 8) where before[lane] != after[lane] {
        moved &+= 1
        let (from, to) = (Int(before[lane]), Int(after[lane]))
        sizes[to] &+= 1
        if from >= 0 { sizes[from] &-= 1 }
        for column in 0..<width {
          let units = Int64(Double(tiles[tile &* width &+ column][lane]) * scales[column])
          sums[to &* width &+ column] &+= units
          if from >= 0 { sums[from &* width &+ column] &-= units }
        }
      }
    }
    return moved
  }

  /// How many units make one in each column: as many as leave room for the sum of all points, a power of two.
  static func scales(_ points: PointMatrix) -> [Double] {
    let room = 61 - (Int.bitWidth - points.rows.leadingZeroBitCount)
    return points.magnitudes.map { most in
      most > 0 ? Double(sign: .plus, exponent: room - Int(most.exponent) - 1, significand: 1) : 1
    }
  }
}
