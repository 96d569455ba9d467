import Clientele
import Findings
package import Fingerprints
package import Modelling
import Numerics
import Staging
package import Tabular

/// The scores of a table of customers: what the stage `score` writes and `holdfast score FILE` prints, by the one
/// function that both call. One customer, one number.
package struct CustomerScores: Sendable {
  /// Key, fold, score, probability and the range that holds it, in the order of the features.
  package let predictions: Table
  /// Texts the model never saw, by column; those customers took the missing path there.
  package let unseen: [EncodedFeatures.Unseen]

  /// Scores `features` (as `clean` makes them) with the document `model`. Throws `StageFault` where they do not fit.
  package init(features: Table, model document: JSONValue, threads: Int) throws {
    let scores: ModelScores
    let keys: TextColumn
    do {
      let model = try ChurnModel(document: document)
      keys = try features.texts(FeatureColumn.key)
      scores = try model.score(features, crew: Crew(threads: threads))
    } catch let error as ModellingError {
      let kind: StageFault.Kind = error.kind == .tableDoesNotFit ? .data : .model
      throw StageFault(kind, error.description + ".")
    }
    unseen = scores.unseen
    predictions = Table([
      (PredictionColumn.key, .text(keys)), (PredictionColumn.fold, .integer(IntegerColumn(scores.folds))),
      (PredictionColumn.score, .real(RealColumn(scores.scores))),
      (PredictionColumn.probability, .real(RealColumn(scores.probabilities))),
      (PredictionColumn.probabilityLow, .real(RealColumn(scores.lows))),
      (PredictionColumn.probabilityHigh, .real(RealColumn(scores.highs))),
    ])
  }

  /// The mean probability of leaving; 0 where there is no customer.
  package var meanProbability: Double {
    guard let column = try? predictions.numbers(PredictionColumn.probability), !column.isEmpty else {
      return 0
    }
    return column.reduce(0, +) / Double(column.count)
  }

  /// One short remark for the stage's line: unseen texts, where there are any.
  package var remark: String? {
    let rows = unseen.reduce(0) { $0 + $1.rows }
    return rows == 0
      ? nil
      : "\(Wording.count(rows, "unseen text", "unseen texts")) in \(unseen.map(\.column).joined(separator: ", "))"
  }
}
