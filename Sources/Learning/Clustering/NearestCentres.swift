/// Which of some centres is nearest to a point, eight points at a time.
///
/// Distances are first estimated in single precision as |c|² − 2x·c, which orders centres as |x − c|² does. Where the
/// two least of them are farther apart than rounding can have moved them, the order is that of the distances in double
/// precision; where not, these are computed. The labels are therefore always those of looking at every squared
/// distance in double precision, of equal ones the first. Bounds on distances (Hamerly, 2010; Elkan, 2003) pay less:
/// they spare arithmetic that eight lanes make cheap, and cost a test a point that no lane can share.
struct NearestCentres: Sendable {
  /// The centres, row-major.
  let centres: [Double]
  /// How many.
  let count: Int
  private let width: Int
  /// −2 times the centres' numbers, spread over eight lanes: four centres side by side, column after column.
  private let factors: [SIMD8<Float>]
  /// The centres' squared lengths, spread over eight lanes; endless for those that fill up the last four.
  private let squares: [SIMD8<Float>]
  /// Twice the largest squared length of a centre.
  private let length: Float
  /// Whether estimates are relied on.
  private let isEstimating: Bool

  /// The centres of `centres`, `width` numbers each. Without `isEstimating` every distance is computed in double
  /// precision: the same labels, by the definition.
  init(_ centres: [Double], width: Int, isEstimating: Bool = true) {
    precondition(!centres.isEmpty && centres.count % width == 0, "centres are points")
    let count = centres.count / width
    let padded = (count + 3) / 4 * 4
    var factors = [SIMD8<Float>](repeating: SIMD8(), count: padded * width)
    var squares = [SIMD8<Float>](repeating: SIMD8(repeating: .infinity), count: padded)
    var longest = 0.0
    for centre in 0..<count {
      var square = 0.0
      for column in 0..<width {
        let number = centres[centre * width + column]
        square += number * number
        factors[(centre / 4 * width + column) * 4 + centre % 4] = SIMD8(repeating: Float(-2 * number))
      }
      squares[centre] = SIMD8(repeating: Float(square))
      longest = max(longest, square)
    }
    self.centres = centres
    self.count = count
    self.width = width
    self.factors = factors
    self.squares = squares
    self.isEstimating = isEstimating
    length = Float(2 * longest)
  }

  /// The nearest centre of each point of `tile` of `points`.
  @inline(__always)
  func labels(_ points: PointMatrix, _ tile: Int) -> SIMD8<Int32> {
    guard isEstimating else { return compared(points, tile) }
    let (tiles, factors, squares) = (points.tiles.span, factors.span, squares.span)
    var best = SIMD8<Float>(repeating: .infinity)
    var second = best
    var labels = SIMD8<Int32>()
    let first = tile &* width
    var at = 0
    var centre: Int32 = 0
    for four in stride(from: 0, to: squares.count, by: 4) {
      var (a, b) = (squares[four], squares[four &+ 1])
      var (c, d) = (squares[four &+ 2], squares[four &+ 3])
      for column in 0..<width {
        let vector = tiles[first &+ column]
        a += vector * factors[at]
        b += vector * factors[at &+ 1]
        c += vector * factors[at &+ 2]
        d += vector * factors[at &+ 3]
        at &+= 4
      }
      NearestCentres.keep(a, centre, &best, &second, &labels)
      NearestCentres.keep(b, centre &+ 1, &best, &second, &labels)
      NearestCentres.keep(c, centre &+ 2, &best, &second, &labels)
      NearestCentres.keep(d, centre &+ 3, &best, &second, &labels)
      centre &+= 4
    }
    // Each estimate is off by at most width + 3 roundings of |c|² + 2Σ|xᵢcᵢ| ≤ 2|c|² + |x|², the difference by twice
    // that; the rest is room for the roundings of this bound, and for numbers too small to be rounded in proportion.
    let bound = 2 * Float(width + 8) * 0x1p-24 * (points.reach[tile] + length) + 1e-30
    let gap = second - best
    // Lane by lane, spelled out: a mask of eight is put together in memory.
    let least = min(
      min(min(gap[0], gap[1]), min(gap[2], gap[3])), min(min(gap[4], gap[5]), min(gap[6], gap[7])))
    return bound < least && bound < 1e30 ? labels : compared(points, tile)
  }

  /// Takes in the estimates for `centre`.
  @inline(always)
  private static func keep(
    _ estimate: SIMD8<Float>, _ centre: Int32, _ best: inout SIMD8<Float>, _ second: inout SIMD8<Float>,
    _ labels: inout SIMD8<Int32>
  ) {
    let isNearer = estimate .< best
    let farther = best.replacing(with: estimate, where: best .< estimate)
    second = second.replacing(with: farther, where: farther .< second)
    labels = labels.replacing(with: SIMD8(repeating: centre), where: isNearer)
    best = best.replacing(with: estimate, where: isNearer)
  }

  /// The nearest centre of each point of `tile`, every distance computed in double precision.
  @inline(never)
  private func compared(_ points: PointMatrix, _ tile: Int) -> SIMD8<Int32> {
    let (tiles, centres) = (points.tiles.span, centres.span)
    var best = SIMD8<Double>(repeating: .infinity)
    var labels = SIMD8<Int32>()
    for centre in 0..<count {
      var square = SIMD8<Double>()
      for column in 0..<width {
        let difference =
          SIMD8<Double>(tiles[tile &* width &+ column])
          - SIMD8(repeating: centres[centre &* width &+ column])
        square += difference * difference
      }
      for lane in 0..<8 where square[lane] < best[lane] {
        best[lane] = square[lane]
        labels[lane] = Int32(truncatingIfNeeded: centre)
      }
    }
    return labels
  }
}
