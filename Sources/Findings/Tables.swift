/// Column names of the table `rejects`, one row a rejected row, in file order.
package enum RejectColumn {
  /// The source file's name as declared (category).
  package static let file = "file"
  /// Line where the row begins, from 1 (integer).
  package static let line = "line"
  /// Character of the line where the fault stands, from 1 (integer).
  package static let column = "column"
  /// The header name of the column at fault; missing where the row as a whole is (category).
  package static let columnName = "columnName"
  /// The value as read; missing where the row as a whole is at fault (text).
  package static let value = "value"
  /// `ragged`, `nul`, `invalidUTF8`, `strayQuote`, `missingKey`, `scientificKey`, `repeatedHeader`, `wrongType` (category).
  package static let rule = "rule"
  /// The row as read, bytes that are not UTF-8 replaced (text).
  package static let row = "row"
}

/// Column names of the table `repairs`, one row a repair, in key order, then column order.
package enum RepairColumn {
  /// The customer's key (text).
  package static let key = "key"
  /// The column (category).
  package static let column = "column"
  /// The value before (text).
  package static let old = "old"
  /// The value after; missing where it became missing or the row was taken out (text).
  package static let new = "new"
  /// `belowMinimum`, `aboveMaximum`, `notAllowed`, `requiredMissing`, `repeatedRow`, `structuralZero` (category).
  package static let rule = "rule"
}

/// Column names of the table `examples`: departures of the training parts from "each row once".
/// One row per (fold, source row) whose weight is not 1, one per synthetic row with its values in
/// columns named as in `features`.
package enum ExampleColumn {
  /// The held-out fold whose training part this is (integer).
  package static let fold = "fold"
  /// Row of `features`; missing for a synthetic row (integer).
  package static let row = "row"
  /// Weight; 0 takes the row out (real).
  package static let weight = "weight"
  /// For a synthetic row: row of `features` it starts from (integer).
  package static let base = "base"
  /// For a synthetic row: row of `features` it moves towards (integer).
  package static let neighbour = "neighbour"
  /// For a synthetic row: how far, 0 to 1 (real).
  package static let step = "u"
}

/// Column names of the table `predictions`, in key order.
package enum PredictionColumn {
  /// The customer's key (text).
  package static let key = "key"
  /// Fold of the model that scored it, by hash of the key (integer).
  package static let fold = "fold"
  /// The logit before calibration (real).
  package static let score = "score"
  /// The calibrated probability of leaving (real).
  package static let probability = "probability"
  /// Lower end of the range that holds it: Venn-Abers, by held-out customers of such a score, widened to the probability
  /// where it lies beyond; missing where the model keeps none (real).
  package static let probabilityLow = "probabilityLow"
  /// Upper end (real).
  package static let probabilityHigh = "probabilityHigh"
}

/// Column names of the table `segments`, in key order.
package enum SegmentColumn {
  /// The customer's key (text).
  package static let key = "key"
  /// The segment, from 0 (integer).
  package static let segment = "segment"
  /// Distance to its centre in scaled units (real).
  package static let distance = "distance"
}

/// Column names of the table `ranking` and of `ranking.csv`, in rank order.
package enum RankingColumn {
  /// 1 is most worth a call (integer).
  package static let rank = "rank"
  /// The customer's key (text).
  package static let key = "key"
  /// Calibrated probability of leaving (real).
  package static let probability = "probability"
  /// Lower end of the range that holds it, as in `predictions` (real); absent where `predictions` has none.
  package static let probabilityLow = "probabilityLow"
  /// Upper end (real).
  package static let probabilityHigh = "probabilityHigh"
  /// V: money over the horizon if kept (real).
  package static let value = "value"
  /// Where V comes from: `balance`, `monthlyCharge`, `equal`, `missingBalance`, `capped` (category).
  package static let valueSource = "valueSource"
  /// τ: by how much acting lowers the probability of leaving (real).
  package static let tau = "tau"
  /// `assumed` or `estimated` (category).
  package static let tauSource = "tauSource"
  /// ΔEV: what acting is worth, net of its cost (real).
  package static let expectedValue = "expectedValue"
  /// Expected cost of acting (real).
  package static let expectedCost = "expectedCost"
  /// γ*: share of such customers that must stay for acting to pay; missing where no share would do (real).
  package static let breakEvenSaveRate = "breakEvenSaveRate"
  /// `act` or `doNotAct` (category).
  package static let decision = "decision"
  /// A `DecisionReason` (category).
  package static let reason = "reason"
  /// A `RiskBand` (category).
  package static let band = "band"
  /// The segment's name (category).
  package static let segment = "segment"
  /// The strongest reasons of the score in words, joined with "; "; missing where not explained (text).
  package static let drivers = "drivers"
}

/// Whether to act, and the one documented reason why or why not.
package enum DecisionReason: String, Sendable, Codable, CaseIterable {
  /// ΔEV is above zero, within budget and capacity.
  case worthIt
  /// ΔEV is not above zero.
  case belowCost
  /// Worth it, but the budget is spent on customers worth more.
  case overBudget
  /// Worth it, but the calls are taken by customers worth more.
  case overCapacity
  /// The customer may not be contacted.
  case suppressed
  /// Held out at random to measure the effect.
  case control
  /// The model shows no skill; nobody is called on its word.
  case modelHasNoSkill
}

/// How likely a customer leaves, in a word.
package enum RiskBand: String, Sendable, Codable, CaseIterable {
  /// Three times the base rate or more, or at least one in two.
  case high
  /// At least the base rate.
  case raised
  /// Below the base rate.
  case low
}
