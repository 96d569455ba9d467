import Numerics

/// Where a growing model stands: each row's score, and the gradients for the next tree.
struct BoostingState {
  private let labels: [Double]
  private let weights: [Double]?
  private let training: [Int32]
  private let crew: Crew
  /// The log-odds of each row of the matrix (kept for training and held-out rows only).
  var scores: [Double]
  /// The packed gradient and hessian of each row (of training rows only).
  private(set) var gradients: [Int64]
  /// The probability of each row of the matrix (of training rows only).
  private var probabilities: [Double]
  private let isTraining: [Bool]

  init(
    _ matrix: BinnedMatrix, _ labels: [Double], _ weights: [Double]?, _ training: [Int32], base: Double,
    _ crew: Crew
  ) {
    self.labels = labels
    self.weights = weights
    self.training = training
    self.crew = crew
    scores = [Double](repeating: base, count: matrix.rows)
    gradients = [Int64](repeating: 0, count: matrix.rows)
    probabilities = [Double](repeating: 0, count: matrix.rows)
    var isTraining = [Bool](repeating: false, count: matrix.rows)
    for row in training { isTraining[Int(row)] = true }
    self.isTraining = isTraining
  }

  /// Recomputes the gradients from the scores; gives the units they are packed in.
  mutating func refresh() -> GradientUnits {
    let sums = probabilitiesAndSums()
    let units = GradientUnits.fitting(
      gradientSum: sums.gradient, hessianSum: sums.hessian, rows: training.count)
    let inverse = (1 / units.gradient, 1 / units.hessian)
    let (labels, weights, isTraining, probabilities) = (labels, weights, isTraining, probabilities)
    let isMost = isMost
    crew.rewrite(&gradients, blockSize: 4096) { range, part in
      if isMost, weights == nil {
        // Straight code, which the compiler makes vectors of; rows between training rows come along.
        let (p, y) = (probabilities.span.extracting(range), labels.span.extracting(range))
        for place in 0..<min(part.count, p.count, y.count) {
          let p = unsafe p[unchecked: place]
          unsafe part[unchecked: place] = GradientUnits.packed(
            gradient: p - y[unchecked: place], hessian: p * (1 - p), inverse: inverse)
        }
        return
      }
      for row in range where isTraining[row] {
        let p = probabilities[row]
        let w = weights?[row] ?? 1
        part[row &- range.lowerBound] = GradientUnits.packed(
          gradient: w * (p - labels[row]), hessian: w * (p * (1 - p)), inverse: inverse)
      }
    }
    return units
  }

  /// Whether most rows are training rows. Then all are reckoned: several rows at a time cost less than half.
  private var isMost: Bool { 2 * training.count > scores.count }

  /// Fills `probabilities`; gives the sums of |gradient| and hessian, block by block in order.
  private mutating func probabilitiesAndSums() -> (gradient: Double, hessian: Double) {
    let (scores, labels, weights, training) = (scores, labels, weights, training)
    let isTraining = isTraining
    let isMost = isMost
    crew.rewrite(&probabilities, blockSize: 4096) { range, part in
      if isMost {
        for row in range { part[row &- range.lowerBound] = scores[row] }
        return logistics(&part)
      }
      for row in range where isTraining[row] { part[row &- range.lowerBound] = logistic(scores[row]) }
    }
    let probabilities = probabilities
    let parts = crew.mapBlocks(count: training.count, blockSize: rowsPerBlock) { range, _ in
      var sums = (gradient: 0.0, hessian: 0.0)
      for place in range {
        let row = Int(training[place])
        let p = probabilities[row]
        let w = weights?[row] ?? 1
        sums.gradient += w * (p - labels[row]).magnitude
        sums.hessian += w * (p * (1 - p))
      }
      return sums
    }
    return parts.reduce((0, 0)) { ($0.0 + $1.gradient, $0.1 + $1.hessian) }
  }

  /// The weighted mean log-loss of `rows`.
  func meanLoss(_ rows: [Int32]) -> Double {
    var loss = 0.0
    var sum = 0.0
    for row in rows {
      let row = Int(row)
      let weight = weights?[row] ?? 1
      // −y ln p − (1 − y) ln(1 − p) = ln(1 + eˢ) − y·s
      loss += weight * (logOnePlusExponential(scores[row]) - labels[row] * scores[row])
      sum += weight
    }
    return sum > 0 ? loss / sum : 0
  }
}
