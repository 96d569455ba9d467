package import Numerics

/// Points of a space in single precision, every number finite.
///
/// Eight points make a tile: their first numbers side by side, then their second ones, so that a kernel takes eight
/// points at once and reads a tile from end to end. The last tile is filled up with points at the origin that count
/// for nothing.
package struct PointMatrix: Sendable, Equatable {
  /// Tile after tile, `width` vectors each.
  let tiles: [SIMD8<Float>]
  /// The largest sum of squares of a point in each tile.
  let reach: [Float]
  /// The largest magnitude of each column.
  let magnitudes: [Float]
  /// How many points there are.
  package let rows: Int
  /// How many numbers a point has.
  package let width: Int

  /// Points of a tile.
  static let tileRows = 8
  /// Points of a block, a whole number of tiles; what blocks give is combined in block order.
  static let blockRows = 8192

  /// Points over their numbers, row after row, `width` each.
  package init(values: [Double], width: Int) {
    precondition(width > 0 && values.count % width == 0, "points are equally long")
    self.init(rows: values.count / width, width: width, crew: Crew(threads: 1)) { column, range, numbers in
      for row in range { numbers[row - range.lowerBound] = values[row * width + column] }
    }
  }

  /// `rows` points of `width` numbers each, which `fill(column, range, numbers)` writes: the numbers of one column
  /// for the points of `range`, from 0 on. It is called once for each column of each block.
  package init(
    rows: Int, width: Int, crew: Crew, fill: @Sendable (Int, Range<Int>, inout MutableSpan<Double>) -> Void
  ) {
    precondition(width > 0, "points have numbers")
    let tileCount = (rows + PointMatrix.tileRows - 1) / PointMatrix.tileRows
    let blockTiles = PointMatrix.blockRows / PointMatrix.tileRows
    var tiles = [SIMD8<Float>](repeating: SIMD8(), count: tileCount * width)
    crew.rewrite(&tiles, width: width, blockSize: blockTiles) { range, part in
      let from = range.lowerBound * PointMatrix.tileRows
      let here = from..<min(rows, range.upperBound * PointMatrix.tileRows)
      var numbers = [Double](repeating: 0, count: range.count * PointMatrix.tileRows)
      let most = Double(Float.greatestFiniteMagnitude)
      for column in 0..<width {
        var span = numbers.mutableSpan
        fill(column, here, &span)
        for tile in 0..<range.count {
          var vector = SIMD8<Float>()
          for lane in 0..<PointMatrix.tileRows {
            vector[lane] = Float(min(most, max(-most, span[tile &* 8 &+ lane])))
          }
          part[tile &* width &+ column] = vector
        }
      }
    }
    let made = tiles
    let parts = crew.mapBlocks(count: tileCount, blockSize: blockTiles) { range, _ in
      let tiles = made.span
      var magnitudes = [SIMD8<Float>](repeating: SIMD8(), count: width)
      let reach = range.map { tile in
        var squares = SIMD8<Float>()
        for column in 0..<width {
          let vector = tiles[tile &* width &+ column]
          squares += vector * vector
          let size = vector.replacing(with: -vector, where: vector .< 0)
          magnitudes[column].replace(with: size, where: magnitudes[column] .< size)
        }
        return squares.max()
      }
      return (reach, magnitudes.map { $0.max() })
    }
    self.tiles = tiles
    reach = parts.flatMap(\.0)
    magnitudes = (0..<width).map { column in parts.map { $0.1[column] }.max() ?? 0 }
    self.rows = rows
    self.width = width
  }

  /// How many tiles the points fill.
  var tileCount: Int { reach.count }

  /// The number of `column` of the point of `row`.
  func number(_ row: Int, _ column: Int) -> Double { Double(tiles[row / 8 * width + column][row % 8]) }

  /// The numbers of the point of `row`.
  func point(_ row: Int) -> [Double] { (0..<width).map { number(row, $0) } }

  /// The points named, in the order named.
  package func taking(_ chosen: [Int32]) -> PointMatrix {
    PointMatrix(rows: chosen.count, width: width, crew: Crew(threads: 1)) { column, range, numbers in
      for row in range { numbers[row - range.lowerBound] = number(Int(chosen[row]), column) }
    }
  }

  /// The sum of `column` over the points of each of `count` groups, of which `labels` names one a point.
  package func sums(_ column: Int, labels: [Int32], count: Int) -> [Double] {
    precondition(labels.count == rows, "one group a point")
    var sums = [Double](repeating: 0, count: count)
    for row in 0..<rows { sums[Int(labels[row])] += number(row, column) }
    return sums
  }

  /// The squared distances of the points of `tile` from number `groups[lane]` of `centres`, summed in column order.
  @inline(__always)
  func squaredDistances(_ tile: Int, _ centres: Span<Double>, _ groups: SIMD8<Int32>) -> SIMD8<Double> {
    let vectors = tiles.span
    var sum = SIMD8<Double>()
    for column in 0..<width {
      let vector = vectors[tile &* width &+ column]
      var difference = SIMD8<Double>()
      for lane in 0..<8 {
        difference[lane] = Double(vector[lane]) - centres[Int(groups[lane]) &* width &+ column]
      }
      sum += difference * difference
    }
    return sum
  }
}
