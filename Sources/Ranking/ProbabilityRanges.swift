import Findings
package import Tabular

/// Between which shares customers of each score leave, one a customer.
package struct ProbabilityRanges: Sendable {
  /// Lower ends.
  package let lows: [Double]
  /// Upper ends.
  package let highs: [Double]

  /// These.
  init(lows: [Double], highs: [Double]) {
    self.lows = lows
    self.highs = highs
  }

  /// Those of `predictions`, by row; `nil` where a program of the bank's own made it and gives none.
  package init?(_ predictions: Table) throws {
    guard predictions.schema.index(of: PredictionColumn.probabilityLow) != nil,
      predictions.schema.index(of: PredictionColumn.probabilityHigh) != nil
    else { return nil }
    lows = try predictions.numbers(PredictionColumn.probabilityLow)
    highs = try predictions.numbers(PredictionColumn.probabilityHigh)
  }
}
