package import Numerics

/// How the outcome depends on the logit of the probability: the line a recalibration would draw.
package struct CalibrationLine: Sendable, Equatable {
  /// Slope of the outcome on the logit by logistic regression; 1 is right, below it probabilities are too extreme.
  package let slope: Double
  /// Standard error of the slope.
  package let slopeError: Double
  /// Intercept beside that slope.
  package let intercept: Double
  /// Standard error of that intercept.
  package let interceptError: Double
  /// Calibration in the large: the intercept with the slope held at 1; 0 is right, below it too many leavers are
  /// foretold.
  package let inTheLarge: Double
  /// Standard error of it.
  package let inTheLargeError: Double

  /// The line through `probabilities` (clipped as log-loss clips them) and `labels`.
  ///
  /// `nil` where all labels are alike, all probabilities are, or the maximum lies at infinity (labels split exactly
  /// at one probability). The same bits on a crew of any size.
  package init?(_ probabilities: [Double], labels: [UInt8], crew: Crew = Crew(threads: 1)) {
    precondition(probabilities.count == labels.count, "one label a probability")
    let events = labels.reduce(0) { $0 + Int($1) }
    guard events > 0, events < labels.count else { return nil }
    let clip = ProbabilityLoss.clip
    let logits = crew.mapBlocks(count: probabilities.count, blockSize: 16_384) { rows, _ in
      rows.map { logit(min(max(probabilities[$0], clip), 1 - clip)) }
    }.flatMap { $0 }
    guard let both = CalibrationLine.fit(logits, labels, slope: true, start: (0, 1), crew),
      let shift = CalibrationLine.fit(logits, labels, slope: false, start: (0, 1), crew)
    else { return nil }
    (intercept, slope) = (both.intercept, both.slope)
    (interceptError, slopeError) = (both.interceptError, both.slopeError)
    (inTheLarge, inTheLargeError) = (shift.intercept, shift.interceptError)
  }

  private struct Fit {
    var intercept: Double
    var slope: Double
    var interceptError: Double
    var slopeError: Double
  }

  /// Newton's method with halved steps; the slope stays where it starts unless it is free. Its error is about the
  /// square of the last step, so a step of 1e-7 ends it.
  private static func fit(
    _ logits: [Double], _ labels: [UInt8], slope isFree: Bool, start: (intercept: Double, slope: Double),
    _ crew: Crew
  ) -> Fit? {
    var (a, b) = start
    var current = Sums(logits, labels, a, b, crew)
    for _ in 0..<100 {
      guard let step = current.newtonStep(isFree: isFree) else { return nil }
      var share = 1.0
      var next = Sums(logits, labels, a + step.a, b + step.b, crew)
      while next.loss > current.loss + 1e-12 * current.loss.magnitude, share > 1e-6 {
        share /= 2
        next = Sums(logits, labels, a + share * step.a, b + share * step.b, crew)
      }
      (a, b) = (a + share * step.a, b + share * step.b)
      current = next
      if b.magnitude > 1e6 || a.magnitude > 1e6 { return nil }
      if (share * step.a).magnitude < 1e-7 * (1 + a.magnitude),
        (share * step.b).magnitude < 1e-7 * (1 + b.magnitude)
      {
        guard let errors = current.errors(isFree: isFree) else { return nil }
        return Fit(intercept: a, slope: b, interceptError: errors.a, slopeError: errors.b)
      }
    }
    return nil
  }

  /// Loss, gradient and curvature at one line, summed in blocks of rows in order.
  private struct Sums {
    var loss = 0.0
    var (g0, g1) = (0.0, 0.0)
    var (h00, h01, h11) = (0.0, 0.0, 0.0)

    init(_ logits: [Double], _ labels: [UInt8], _ a: Double, _ b: Double, _ crew: Crew) {
      let blocks = crew.mapBlocks(count: logits.count, blockSize: 1024) { rows, _ in
        Sums(rows, logits, labels, a, b)
      }
      for block in blocks {
        loss += block.loss
        (g0, g1) = (g0 + block.g0, g1 + block.g1)
        (h00, h01, h11) = (h00 + block.h00, h01 + block.h01, h11 + block.h11)
      }
    }

    private init(_ rows: Range<Int>, _ logits: [Double], _ labels: [UInt8], _ a: Double, _ b: Double) {
      let scores = logits[rows].map { a + b * $0 }
      // Of the whole block, four rows at a time.
      var (probabilities, losses) = (scores, scores)
      var part = probabilities.mutableSpan
      logistics(&part)
      part = losses.mutableSpan
      logOnePlusExponentials(&part)
      for (place, row) in rows.enumerated() {
        let x = logits[row]
        let p = probabilities[place]
        let y: Double = labels[row] != 0 ? 1 : 0
        // −ln p, or −ln(1 − p), by the score.
        loss += losses[place] - y * scores[place]
        let residual = p - y
        let weight = p * (1 - p)
        g0 += residual
        g1 += residual * x
        h00 += weight
        h01 += weight * x
        h11 += weight * x * x
      }
    }

    private var determinant: Double { h00 * h11 - h01 * h01 }

    func newtonStep(isFree: Bool) -> (a: Double, b: Double)? {
      guard h00 > 0 else { return nil }
      guard isFree else { return (-g0 / h00, 0) }
      guard determinant > 1e-12 * h00 * h11 else { return nil }
      return (-(h11 * g0 - h01 * g1) / determinant, -(h00 * g1 - h01 * g0) / determinant)
    }

    func errors(isFree: Bool) -> (a: Double, b: Double)? {
      guard h00 > 0 else { return nil }
      guard isFree else { return ((1 / h00).squareRoot(), 0) }
      guard determinant > 1e-12 * h00 * h11 else { return nil }
      return ((h11 / determinant).squareRoot(), (h00 / determinant).squareRoot())
    }
  }
}
