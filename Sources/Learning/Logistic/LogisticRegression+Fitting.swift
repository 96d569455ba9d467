package import Numerics

extension LogisticRegression {
  /// Maximises Σ w·log-likelihood − penalty ∕ 2 · ‖coefficients‖² (the intercept goes free) by Newton's method
  /// (iteratively reweighted least squares), halving a step that does not improve.
  ///
  /// `labels` (0 … 1) and `weights` (≥ 0; `nil` for all 1) are by row of `design`. Sums run over fixed blocks of rows,
  /// added in their order: the same bits for any crew. Throws `badValue` where the design holds a number that is not
  /// finite.
  package static func fit(
    _ design: DesignMatrix, labels: [Double], weights: [Double]? = nil, penalty: Double, crew: Crew
  ) throws(LearningError) -> LogisticFit {
    guard labels.count == design.rows, weights.map({ $0.count == design.rows }) ?? true else {
      throw LearningError(
        .shapeMismatch, "labels and weights must have one entry for each of the \(design.rows) rows")
    }
    guard penalty >= 0, penalty < .infinity else {
      throw LearningError(.badParameter, "logistic: penalty must be at least 0")
    }
    if let place = design.values.firstIndex(where: { !$0.isFinite }) {
      throw LearningError(
        .badValue,
        "row \(place / design.columns + 1) of the design holds a number that is not finite; fill it first")
    }
    let mean = try TrainingRows.meanLabel(
      labels: labels, weights: weights, training: (0..<Int32(design.rows)).map { $0 })
    let problem = LogisticProblem(
      design: design, labels: labels, weights: weights, penalty: penalty, crew: crew)
    var parameters = [Double](repeating: 0, count: design.columns + 1)
    parameters[0] = logit(mean)
    var state = problem.derivatives(parameters)
    let scale = problem.curvatures(state)
    var isSingular = false
    var converged = false
    var steps = 0
    while steps < 100 {
      let (step, singular) = newtonStep(state)
      isSingular = isSingular || singular
      // Twice the gain that a full step promises; below rounding there is nothing left to win.
      let promised = zip(step, state.gradient).reduce(0.0) { $0 + $1.0 * $1.1 }
      if promised < 1e-13 * (1 + state.objective.magnitude) {
        converged = true
        break
      }
      steps += 1
      var length = 1.0
      var next = state
      var candidate = parameters
      for _ in 0..<30 {
        candidate = zip(parameters, step).map { $0 + length * $1 }
        next = problem.derivatives(candidate)
        if next.objective > state.objective { break }
        length /= 2
      }
      guard next.objective > state.objective else {
        // No shorter step improves either: what is left is rounding.
        converged = promised < 1e-8 * (1 + state.objective.magnitude)
        break
      }
      (parameters, state) = (candidate, next)
      // An unpenalised fit of separated classes runs away; a billionth is beyond any digit of a probability.
      if penalty == 0 {
        let now = problem.curvatures(state)
        if now.indices.contains(where: { now[$0] < 1e-3 * LogisticFit.leastCurvature * scale[$0] }) { break }
      }
    }
    let now = problem.curvatures(state)
    let separated = (0..<design.columns).filter { column in
      penalty > 0
        ? parameters[column + 1].magnitude > 15
        : now[column + 1] < LogisticFit.leastCurvature * scale[column + 1]
    }
    var errors: [Double]?
    if penalty == 0, !isSingular, separated.isEmpty {
      errors = SymmetricSystem(state.hessian, size: parameters.count)?.inverseDiagonal().map {
        $0.squareRoot()
      }
    }
    return LogisticFit(
      model: LogisticRegression(intercept: parameters[0], coefficients: Array(parameters.dropFirst())),
      standardErrors: errors, logLikelihood: state.logLikelihood, steps: steps,
      separated: separated, isSingular: isSingular, converged: converged && (penalty > 0 || separated.isEmpty)
    )
  }

  /// Hessian⁻¹ · gradient, with a trace of ridge where the equations have no unique solution.
  private static func newtonStep(_ state: LogisticProblem.State) -> (step: [Double], singular: Bool) {
    let size = state.gradient.count
    if let system = SymmetricSystem(state.hessian, size: size) {
      return (system.solve(state.gradient), false)
    }
    var ridge = 1e-8
    while ridge < 1e12 {
      var hessian = state.hessian
      for i in 0..<size { hessian[i * size + i] += ridge * max(1e-12, hessian[i * size + i]) + 1e-12 * ridge }
      if let system = SymmetricSystem(hessian, size: size) { return (system.solve(state.gradient), true) }
      ridge *= 10
    }
    return ([Double](repeating: 0, count: size), true)
  }
}

/// The objective of a logistic regression and its derivatives.
private struct LogisticProblem: Sendable {
  let design: DesignMatrix
  let labels: [Double]
  let weights: [Double]?
  let penalty: Double
  let crew: Crew

  /// The objective at some parameters; the intercept comes first.
  struct State: Sendable {
    var objective: Double
    var logLikelihood: Double
    var gradient: [Double]
    /// Minus the second derivatives, lower triangle, row by row.
    var hessian: [Double]
  }

  func derivatives(_ parameters: [Double]) -> State {
    let size = parameters.count
    let parts = crew.mapBlocks(count: design.rows, blockSize: 4096) { range, _ in
      blockDerivatives(parameters, range)
    }
    var total = State(
      objective: 0, logLikelihood: 0, gradient: [Double](repeating: 0, count: size),
      hessian: [Double](repeating: 0, count: size * size))
    for part in parts {
      total.logLikelihood += part.logLikelihood
      for i in 0..<size { total.gradient[i] += part.gradient[i] }
      for i in 0..<size * size { total.hessian[i] += part.hessian[i] }
    }
    total.objective = total.logLikelihood
    for i in 1..<max(1, size) {
      total.objective -= 0.5 * penalty * parameters[i] * parameters[i]
      total.gradient[i] -= penalty * parameters[i]
      total.hessian[i * size + i] += penalty
    }
    return total
  }

  /// How much each parameter alone still bends the objective: the diagonal of the information.
  func curvatures(_ state: State) -> [Double] {
    let size = state.gradient.count
    return (0..<size).map { state.hessian[$0 * size + $0] }
  }

  private func blockDerivatives(_ parameters: [Double], _ range: Range<Int>) -> State {
    let size = parameters.count
    let width = design.columns
    let values = design.values.span.extracting(range.lowerBound * width..<range.upperBound * width)
    let scores = [Double](capacity: range.count) { scores in
      for place in 0..<range.count {
        var score = parameters[0]
        for column in 0..<width { score += parameters[column + 1] * values[place * width + column] }
        scores.append(score)
      }
    }
    // Of the whole block, four rows at a time.
    var (probabilities, losses) = (scores, scores)
    var part = probabilities.mutableSpan
    logistics(&part)
    part = losses.mutableSpan
    logOnePlusExponentials(&part)
    var logLikelihood = 0.0
    var gradients = [Double](repeating: 0, count: size)
    var gradient = gradients.mutableSpan
    var hessians = [Double](repeating: 0, count: size * size)
    var hessian = hessians.mutableSpan
    var numbers = [Double](repeating: 1, count: size)
    var row = numbers.mutableSpan
    for (place, index) in range.enumerated() {
      for column in 0..<width { row[column + 1] = values[place * width + column] }
      let weight = weights?[index] ?? 1
      let p = probabilities[place]
      logLikelihood -= weight * (losses[place] - labels[index] * scores[place])
      let residual = weight * (labels[index] - p)
      let curvature = weight * (p * (1 - p))
      for i in 0..<size {
        gradient[i] += residual * row[i]
        let scaled = curvature * row[i]
        // One-hot rows are mostly zeros.
        if scaled == 0 { continue }
        for j in 0...i { hessian[i * size + j] += scaled * row[j] }
      }
    }
    return State(objective: 0, logLikelihood: logLikelihood, gradient: gradients, hessian: hessians)
  }
}
