import Numerics

/// A weighted sum of several models' log-odds: weights of at least 0, and an intercept.
///
/// A sum of log-odds keeps what each member can be explained by, and with its own intercept and free total weight it
/// is calibrated by the fit itself (a member's weight scales it as Platt's slope does).
package struct LogitBlend: Sendable, Equatable {
  /// Added to the sum.
  package let intercept: Double
  /// One weight a member; 0 for a member that adds nothing to the others.
  package let weights: [Double]

  /// A blend of these parts.
  package init(intercept: Double, weights: [Double]) {
    self.intercept = intercept
    self.weights = weights
  }

  /// How strongly weights are held to equal shares, in rows' worth: felt on tables of some hundred rows only.
  package static let shrinkage = 5.0
  /// A weight below this is taken as none: a member that moves hardly anybody is not worth its scoring and explaining.
  package static let leastWeight = 0.05

  /// The blended log-odds, by row, of the members' `logits`.
  package func logits(_ logits: [[Double]]) -> [Double] {
    precondition(logits.count == weights.count, "one list of log-odds a member")
    var sums = [Double](repeating: intercept, count: logits.first?.count ?? 0)
    for (member, weight) in zip(logits, weights) where weight != 0 {
      for row in sums.indices { sums[row] += weight * member[row] }
    }
    return sums
  }

  /// The blend of least log-loss on held-out `logits` (one list a member, by row) and `labels` (0 or 1).
  ///
  /// Minimises Σ ln(1 + eᶻ) − y·z + ½·`shrinkage`·Σ(wₘ − 1∕M)² over w ≥ 0 and a free intercept: Newton steps, each
  /// one's quadratic solved under the bounds by coordinate descent, halved where they do not improve. While a weight
  /// is below `leastWeight`, the member with the least of them is dropped and the others are fitted again. Throws
  /// where members differ in length, nothing is finite, or all labels are the same.
  package static func fit(_ logits: [[Double]], labels: [Double]) throws(LearningError) -> LogitBlend {
    guard !logits.isEmpty, logits.allSatisfy({ $0.count == labels.count }) else {
      throw LearningError(
        .shapeMismatch, "a blend needs members, each with log-odds for the \(labels.count) rows")
    }
    guard logits.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw LearningError(.badParameter, "a blend's members must have finite log-odds")
    }
    let mean = try TrainingRows.meanLabel(
      labels: labels, weights: nil, training: (0..<Int32(labels.count)).map { $0 })
    var active = Array(logits.indices)
    while true {
      let fitted = BlendProblem(active.map { logits[$0] }, labels).solve(from: logit(mean))
      if let least = fitted.weights.indices.min(by: { fitted.weights[$0] < fitted.weights[$1] }),
        fitted.weights[least] < leastWeight
      {
        active.remove(at: least)
        continue
      }
      var weights = [Double](repeating: 0, count: logits.count)
      for (place, member) in active.enumerated() { weights[member] = fitted.weights[place] }
      return LogitBlend(intercept: fitted.intercept, weights: weights)
    }
  }
}

/// The convex problem that gives a blend.
private struct BlendProblem {
  let logits: [[Double]]
  let labels: [Double]

  init(_ logits: [[Double]], _ labels: [Double]) {
    self.logits = logits
    self.labels = labels
  }

  private var size: Int { logits.count + 1 }

  /// `parameters` are the intercept, then the weights.
  private func objective(_ parameters: [Double]) -> Double {
    var sum = 0.0
    let z = scores(parameters)
    for row in labels.indices { sum += logOnePlusExponential(z[row]) - labels[row] * z[row] }
    let share = 1 / Double(max(1, logits.count))
    for weight in parameters.dropFirst() {
      sum += 0.5 * LogitBlend.shrinkage * (weight - share) * (weight - share)
    }
    return sum
  }

  private func scores(_ parameters: [Double]) -> [Double] {
    logits.isEmpty
      ? [Double](repeating: parameters[0], count: labels.count)
      : LogitBlend(intercept: parameters[0], weights: Array(parameters.dropFirst())).logits(logits)
  }

  /// Gradient and Hessian (row by row).
  private func derivatives(_ parameters: [Double]) -> (gradient: [Double], hessian: [Double]) {
    var gradient = [Double](repeating: 0, count: size)
    var hessian = [Double](repeating: 0, count: size * size)
    let z = scores(parameters)
    var row = [Double](repeating: 1, count: size)
    for index in labels.indices {
      for member in logits.indices { row[member + 1] = logits[member][index] }
      let p = logistic(z[index])
      let slope = p - labels[index]
      let bend = p * (1 - p)
      for i in 0..<size {
        gradient[i] += slope * row[i]
        for j in 0...i { hessian[i * size + j] += bend * row[i] * row[j] }
      }
    }
    let share = 1 / Double(max(1, logits.count))
    for i in 1..<max(1, size) {
      gradient[i] += LogitBlend.shrinkage * (parameters[i] - share)
      hessian[i * size + i] += LogitBlend.shrinkage
    }
    // An intercept nobody bends stays where it is.
    hessian[0] += 1e-9
    for i in 0..<size { for j in i + 1..<max(i + 1, size) { hessian[i * size + j] = hessian[j * size + i] } }
    return (gradient, hessian)
  }

  func solve(from intercept: Double) -> LogitBlend {
    let share = 1 / Double(max(1, logits.count))
    var parameters = [logits.isEmpty ? intercept : 0] + [Double](repeating: share, count: logits.count)
    var value = objective(parameters)
    for _ in 0..<50 {
      let (gradient, hessian) = derivatives(parameters)
      let step = boundedStep(gradient, hessian, parameters)
      let promised = -zip(step, gradient).reduce(0.0) { $0 + $1.0 * $1.1 }
      if promised < 1e-12 * (1 + value) { break }
      var length = 1.0
      var improved = false
      for _ in 0..<30 {
        var candidate = zip(parameters, step).map { $0 + length * $1 }
        for i in 1..<max(1, size) { candidate[i] = max(0, candidate[i]) }
        let next = objective(candidate)
        if next < value {
          (parameters, value, improved) = (candidate, next, true)
          break
        }
        length /= 2
      }
      if !improved { break }
    }
    return LogitBlend(intercept: parameters[0], weights: Array(parameters.dropFirst()))
  }

  /// The step that minimises the quadratic while weights stay at least 0.
  private func boundedStep(_ gradient: [Double], _ hessian: [Double], _ parameters: [Double]) -> [Double] {
    var step = [Double](repeating: 0, count: size)
    for _ in 0..<1000 {
      var change = 0.0
      for i in 0..<size {
        var slope = gradient[i]
        for j in 0..<size { slope += hessian[i * size + j] * step[j] }
        var next = step[i] - slope / hessian[i * size + i]
        if i > 0 { next = max(next, -parameters[i]) }
        change = max(change, (next - step[i]).magnitude)
        step[i] = next
      }
      if change < 1e-12 { break }
    }
    return step
  }
}
