import Numerics

/// Where a growing model stands: each row's score, and the gradients for the next tree.
struct BoostingState {
  private let rows: BoostingRows
  private let crew: Crew
  /// The log-odds of each row, by place.
  var scores: [Double]
  /// The packed gradient and hessian of each training row.
  private(set) var gradients: [Int64]
  /// The probability of each training row.
  private var probabilities: [Double]

  init(_ rows: BoostingRows, base: Double, _ crew: Crew) {
    self.rows = rows
    self.crew = crew
    scores = [Double](repeating: base, count: rows.matrix.rows)
    gradients = [Int64](repeating: 0, count: rows.training.count)
    probabilities = [Double](repeating: 0, count: rows.training.count)
  }

  /// Recomputes the gradients of the rows of `stretch` from their scores; gives the units they are packed in.
  mutating func refresh(_ stretch: Range<Int>) -> GradientUnits {
    let sums = probabilitiesAndSums(stretch)
    let units = GradientUnits.fitting(
      gradientSum: sums.gradient, hessianSum: sums.hessian, rows: stretch.count)
    let inverse = (1 / units.gradient, 1 / units.hessian)
    let (labels, weights, probabilities) = (rows.labels, rows.weights, probabilities)
    crew.rewrite(&gradients, within: stretch, blockSize: 4096) { range, part in
      let (p, y) = (probabilities.span.extracting(range), labels.span.extracting(range))
      let count = min(part.count, p.count, y.count)
      if let weights {
        let w = weights.span.extracting(range)
        for place in 0..<min(count, w.count) {
          let p = p[place]
          let w = w[place]
          part[place] = GradientUnits.packed(
            gradient: w * (p - y[place]), hessian: w * (p * (1 - p)), inverse: inverse)
        }
      } else {
        // Straight code, which the compiler makes vectors of.
        for place in 0..<count {
          let p = unsafe p[unchecked: place]
          unsafe part[unchecked: place] = GradientUnits.packed(
            gradient: p - y[unchecked: place], hessian: p * (1 - p), inverse: inverse)
        }
      }
    }
    return units
  }

  /// Fills `probabilities` of `stretch`; gives the sums of |gradient| and hessian, block by block in order.
  private mutating func probabilitiesAndSums(_ stretch: Range<Int>) -> (gradient: Double, hessian: Double) {
    let (scores, labels, weights) = (scores, rows.labels, rows.weights)
    crew.rewrite(&probabilities, within: stretch, blockSize: 4096) { range, part in
      let scores = scores.span.extracting(range)
      for place in 0..<part.count { part[place] = scores[place] }
      logistics(&part)
    }
    let probabilities = probabilities
    let parts = crew.mapBlocks(count: stretch.count, blockSize: rowsPerBlock) { block, _ in
      let range = stretch.lowerBound + block.lowerBound..<stretch.lowerBound + block.upperBound
      let (p, y) = (probabilities.span.extracting(range), labels.span.extracting(range))
      let w = weights?.span.extracting(range)
      var sums = (gradient: 0.0, hessian: 0.0)
      for place in 0..<p.count {
        let p = p[place]
        let w = w?[place] ?? 1
        sums.gradient += w * (p - y[place]).magnitude
        sums.hessian += w * (p * (1 - p))
      }
      return sums
    }
    return parts.reduce((0, 0)) { ($0.0 + $1.gradient, $0.1 + $1.hessian) }
  }

  /// The weighted mean log-loss of the held-out rows.
  func heldOutLoss() -> Double {
    let shifted = scores[gradients.count...].map { $0 + rows.heldOutShift }
    var losses = shifted
    var part = losses.mutableSpan
    // −y ln p − (1 − y) ln(1 − p) = ln(1 + eˢ) − y·s
    logOnePlusExponentials(&part)
    var loss = 0.0
    var sum = 0.0
    for (place, row) in (gradients.count..<scores.count).enumerated() {
      let weight = rows.weights?[row] ?? 1
      loss += weight * (losses[place] - rows.labels[row] * shifted[place])
      sum += weight
    }
    return sum > 0 ? loss / sum : 0
  }
}
