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
  /// background is `background` of the same matrix. Columns that `used` leaves out have no part in the score.
  package init(
    _ matrix: BinnedMatrix, rows: [Int32], background: [Int32], used: [Bool], seed: UInt64, crew: Crew,
    score: @Sendable (BinnedMatrix) -> [Double]
  ) {
    precondition(!background.isEmpty, "a background of at least one row")
    precondition(used.count == matrix.columns, "whether each column is used")
    let parts = crew.map(rows.count) { place in
      SampledAttribution.explain(
        matrix, Int(rows[place]), background, used,
        CounterGenerator(seed: seed, label: "shapley").deriving(place), score)
    }
    bases = parts.map(\.base)
    contributions = parts.flatMap(\.values)
    errors = parts.flatMap(\.errors)
  }

  /// Bytes of bins that are scored together.
  private static let mostBytes = 16 << 20

  private static func explain(
    _ matrix: BinnedMatrix, _ row: Int, _ background: [Int32], _ used: [Bool], _ draws: CounterGenerator,
    _ score: (BinnedMatrix) -> [Double]
  ) -> (base: Double, values: [Double], errors: [Double]) {
    let (columns, stride) = (matrix.columns, matrix.stride)
    let own = matrix.bins[row * stride..<(row + 1) * stride]
    var (base, sums, squares) = (
      0.0, [Double](repeating: 0, count: columns), [Double](repeating: 0, count: columns)
    )
    // Hybrids of background row and own, and the column by which each differs from the one before; −1 begins an order.
    var bins: [UInt8] = []
    var steps: [Int32] = []
    func take() {
      let scores = score(
        BinnedMatrix(
          rows: steps.count, columns: columns, stride: stride, bins: bins, valueBins: matrix.valueBins,
          isCategorical: matrix.isCategorical))
      for (step, column) in steps.enumerated() {
        if column < 0 {
          base += scores[step] / Double(orders)
          continue
        }
        let move = scores[step] - scores[step - 1]
        sums[Int(column)] += move
        squares[Int(column)] += move * move
      }
      bins.removeAll(keepingCapacity: true)
      steps.removeAll(keepingCapacity: true)
    }
    for number in 0..<orders {
      let draw = draws.deriving(number)
      let order = draw.deriving("order").permutation(columns)
      let other = Int(background[draw.deriving("background").uniform(0, below: background.count)])
      var hybrid = Array(matrix.bins[other * stride..<(other + 1) * stride])
      bins += hybrid
      steps.append(-1)
      for column in order {
        let bin = own[own.startIndex + Int(column)]
        // Where nothing changes that counts, the score does not move.
        guard used[Int(column)], hybrid[Int(column)] != bin else { continue }
        hybrid[Int(column)] = bin
        bins += hybrid
        steps.append(column)
      }
      if bins.count >= mostBytes || number == orders - 1 { take() }
    }
    let n = Double(orders)
    let errors = zip(sums, squares).map { max(0, $1 / n - ($0 / n) * ($0 / n)) / (n - 1) }.map {
      $0.squareRoot()
    }
    return (base, sums.map { $0 / n }, errors)
  }
}
