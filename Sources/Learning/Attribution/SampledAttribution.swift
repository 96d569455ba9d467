package import Numerics

/// Shapley values by sampling, for a model whose score is no sum over trees or terms.
///
/// Columns are switched from a background row's value to the explained row's, one after another in a drawn order; what
/// the score moves by at a column is one draw of its contribution (Štrumbelj and Kononenko 2014). Draws are keyed by
/// the row's place, so the same bits for any crew.
package struct SampledAttribution: Sendable {
  /// How many orders are drawn a row.
  package static let orders = 24

  /// For each of the explained rows what the background scores on average, as drawn.
  package let bases: [Double]
  /// The contributions of each column, row by row; a row's and its base sum to its score.
  package let contributions: [Double]
  /// The standard error of each contribution.
  package let errors: [Double]

  /// Explains `rows` of `matrix` by `score`, which gives the scores of all rows of a matrix in the same bins; the
  /// background is `background` of the same matrix.
  package init(
    _ matrix: BinnedMatrix, rows: [Int32], background: [Int32], seed: UInt64, crew: Crew,
    score: @Sendable (BinnedMatrix) -> [Double]
  ) {
    precondition(!background.isEmpty, "a background of at least one row")
    let parts = crew.map(rows.count) { place in
      SampledAttribution.explain(
        matrix, Int(rows[place]), background, CounterGenerator(seed: seed, label: "shapley").deriving(place),
        score)
    }
    bases = parts.map(\.base)
    contributions = parts.flatMap(\.values)
    errors = parts.flatMap(\.errors)
  }

  private static func explain(
    _ matrix: BinnedMatrix, _ row: Int, _ background: [Int32], _ draws: CounterGenerator,
    _ score: (BinnedMatrix) -> [Double]
  ) -> (base: Double, values: [Double], errors: [Double]) {
    let (columns, stride) = (matrix.columns, matrix.stride)
    let own = matrix.bins[row * stride..<(row + 1) * stride]
    var bins: [UInt8] = []
    bins.reserveCapacity(orders * (columns + 1) * stride)
    var drawn: [[Int32]] = []
    for number in 0..<orders {
      let draw = draws.deriving(number)
      let order = draw.deriving("order").permutation(columns)
      let other = Int(background[draw.deriving("background").uniform(0, below: background.count)])
      var hybrid = Array(matrix.bins[other * stride..<(other + 1) * stride])
      bins += hybrid
      for column in order {
        hybrid[Int(column)] = own[own.startIndex + Int(column)]
        bins += hybrid
      }
      drawn.append(order)
    }
    let scores = score(
      BinnedMatrix(
        rows: orders * (columns + 1), columns: columns, stride: stride, bins: bins,
        valueBins: matrix.valueBins,
        isCategorical: matrix.isCategorical))
    var (base, sums, squares) = (
      0.0, [Double](repeating: 0, count: columns), [Double](repeating: 0, count: columns)
    )
    for (number, order) in drawn.enumerated() {
      let start = number * (columns + 1)
      base += scores[start] / Double(orders)
      for (step, column) in order.enumerated() {
        let move = scores[start + step + 1] - scores[start + step]
        sums[Int(column)] += move
        squares[Int(column)] += move * move
      }
    }
    let n = Double(orders)
    let errors = zip(sums, squares).map { max(0, $1 / n - ($0 / n) * ($0 / n)) / (n - 1) }.map {
      $0.squareRoot()
    }
    return (base, sums.map { $0 / n }, errors)
  }
}
