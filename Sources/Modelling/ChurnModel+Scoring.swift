import Clientele
import Learning
package import Numerics
package import Tabular

/// What a model says of each row of a table.
package struct ModelScores: Sendable {
  /// The fold of the model that scored the row: by hash of its key.
  package let folds: [Int64]
  /// The log-odds before calibration.
  package let scores: [Double]
  /// The calibrated probability of leaving.
  package let probabilities: [Double]
  /// Texts the model never saw, by column.
  package let unseen: [EncodedFeatures.Unseen]
}

extension ChurnModel {
  /// Scores every row of `features` by the model of its own fold, which has never seen its key. The one way to score:
  /// what a row gets depends on its key and its values alone, not on the rows beside it, nor on the crew.
  package func score(_ features: Table, crew: Crew) throws -> ModelScores {
    let keys = try features.texts(FeatureColumn.key)
    let assigned = assignment.folds(of: keys)
    let encoded = try encoding.encode(features)
    let rows = rowsByFold(assigned)
    let inner = Crew(threads: max(1, crew.threads / folds.count))
    let parts = crew.map(folds.count) { fold -> (scores: [Double], probabilities: [Double]) in
      let model = folds[fold]
      let frame = model.fill.apply(encoded.frame.taking(rows[fold]))
      let scores = model.predictor.logits(frame, rows: (0..<Int32(frame.rows)).map { $0 }, crew: inner)
      return (scores, model.calibration.probabilities(scores))
    }
    var scores = [Double](repeating: 0, count: keys.count)
    var probabilities = scores
    for (fold, part) in parts.enumerated() {
      for (place, row) in rows[fold].enumerated() {
        scores[Int(row)] = part.scores[place]
        probabilities[Int(row)] = part.probabilities[place]
      }
    }
    return ModelScores(folds: assigned, scores: scores, probabilities: probabilities, unseen: encoded.unseen)
  }

  /// The rows of each fold, ascending.
  func rowsByFold(_ assigned: [Int64]) -> [[Int32]] {
    var rows = [[Int32]](repeating: [], count: folds.count)
    for (row, fold) in assigned.enumerated() { rows[Int(fold)].append(Int32(row)) }
    return rows
  }
}
