import Clientele
package import Learning
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
    let assigned = assignment.folds(of: try features.texts(FeatureColumn.key))
    let encoded = try encoding.encode(features)
    let (scores, probabilities) = score(encoded.frame, folds: assigned, crew: crew)
    return ModelScores(folds: assigned, scores: scores, probabilities: probabilities, unseen: encoded.unseen)
  }

  /// The log-odds and probabilities of the rows of an encoded frame that belong to these `folds`.
  package func score(
    _ frame: FeatureFrame, folds assigned: [Int64], crew: Crew
  ) -> (scores: [Double], probabilities: [Double]) {
    let rows = rowsByFold(assigned)
    let inner = Crew(threads: max(1, crew.threads / folds.count))
    let parts = crew.map(folds.count) { fold -> (scores: [Double], probabilities: [Double]) in
      let model = folds[fold]
      let filled = model.fill.apply(frame.taking(rows[fold]))
      let scores = model.predictor.logits(filled, rows: (0..<Int32(filled.rows)).map { $0 }, crew: inner)
      return (scores, model.calibration.probabilities(scores))
    }
    var scores = [Double](repeating: 0, count: frame.rows)
    var probabilities = scores
    for (fold, part) in parts.enumerated() {
      for (place, row) in rows[fold].enumerated() {
        scores[Int(row)] = part.scores[place]
        probabilities[Int(row)] = part.probabilities[place]
      }
    }
    return (scores, probabilities)
  }

  /// For each column of the encoding whether any fold's model depends on it.
  package var usedColumns: [Bool] {
    let each = folds.map { $0.usedColumns(encoding.columns.count) }
    return encoding.columns.indices.map { column in each.contains { $0[column] } }
  }

  /// The rows of each fold, ascending.
  func rowsByFold(_ assigned: [Int64]) -> [[Int32]] {
    var rows = [[Int32]](repeating: [], count: folds.count)
    for (row, fold) in assigned.enumerated() { rows[Int(fold)].append(Int32(row)) }
    return rows
  }
}
