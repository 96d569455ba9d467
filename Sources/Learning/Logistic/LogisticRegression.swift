package import Numerics

/// A logistic regression: log-odds = intercept + Σ coefficient · number.
package struct LogisticRegression: Sendable, Equatable {
  /// The log-odds of a row of zeros.
  package let intercept: Double
  /// One coefficient a number of the design.
  package let coefficients: [Double]

  /// A model of these parts.
  package init(intercept: Double, coefficients: [Double]) {
    self.intercept = intercept
    self.coefficients = coefficients
  }

  /// The log-odds of each row of `design`.
  package func logits(_ design: DesignMatrix, crew: Crew) -> [Double] {
    precondition(design.columns == coefficients.count, "a design of the numbers that were learnt")
    var scores = [Double](repeating: intercept, count: design.rows)
    let width = design.columns
    crew.rewrite(&scores, blockSize: 4096) { range, part in
      let (values, coefficients) = (design.values.span, coefficients.span)
      for row in range {
        var sum = intercept
        for column in 0..<width { sum += coefficients[column] * values[row * width + column] }
        part[row - range.lowerBound] = sum
      }
    }
    return scores
  }
}

/// What came of fitting a logistic regression.
package struct LogisticFit: Sendable, Equatable {
  /// The model.
  package let model: LogisticRegression
  /// The standard errors, the intercept's first: roots of the diagonal of the inverse information matrix. Only of an
  /// unpenalised fit whose equations could be solved and whose classes nothing separates: else they are infinite, or
  /// those of the penalty.
  package let standardErrors: [Double]?
  /// The log-likelihood of the training rows, without the penalty.
  package let logLikelihood: Double
  /// How many Newton steps were taken.
  package let steps: Int
  /// The numbers of the design that (nearly) separate the classes, so that an unpenalised fit would let their
  /// coefficient grow without end. Unpenalised: the rows such a number speaks of are all but certain by now; with a
  /// penalty: the coefficient lies beyond ±15.
  package let separated: [Int]
  /// Whether the equations had no unique solution, so that a trace of ridge had to be added.
  package let isSingular: Bool
  /// Whether the maximum was reached: no step is left that would gain more than rounding.
  package let converged: Bool

  /// Classes count as separated along a number once its curvature is below this part of what it was at the start; a
  /// rule that does not depend on the number's unit.
  static let leastCurvature = 1e-6
}
