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
  /// The lower end of the range that holds the probability (Venn-Abers: the share that leaves of the held-out customers
  /// of such a score, with this one counted among those who stayed); NaN where the model keeps no such customers.
  package let lows: [Double]
  /// The upper end: with this one counted among those who left.
  package let highs: [Double]
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
    let (lows, highs) = ranges(scores, probabilities, folds: assigned, crew: crew)
    return ModelScores(
      folds: assigned, scores: scores, probabilities: probabilities, lows: lows, highs: highs,
      unseen: encoded.unseen)
  }

  /// The range about each probability. Where calibration and the held-out customers of the score disagree so much that
  /// the probability lies beyond their range, the range is widened to it: it says the doubt, and always holds the number.
  private func ranges(
    _ scores: [Double], _ probabilities: [Double], folds assigned: [Int64], crew: Crew
  ) -> (lows: [Double], highs: [Double]) {
    let rows = rowsByFold(assigned)
    let parts = crew.map(folds.count) { fold in
      folds[fold].band?.bounds(rows[fold].map { scores[Int($0)] })
    }
    var lows = [Double](repeating: .nan, count: scores.count)
    var highs = lows
    for (fold, part) in parts.enumerated() {
      guard let part else { continue }
      for (place, row) in rows[fold].enumerated() {
        lows[Int(row)] = min(part.lower[place], probabilities[Int(row)])
        highs[Int(row)] = max(part.upper[place], probabilities[Int(row)])
      }
    }
    return (lows, highs)
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

  /// How much the folds' models together lean on each column of the encoding: a rough order, at no cost.
  package var columnUses: [Double] {
    let each = folds.map { $0.columnUses(encoding.columns.count) }
    return encoding.columns.indices.map { column in each.reduce(0) { $0 + $1[column] } }
  }

  /// The rows of each fold, ascending.
  func rowsByFold(_ assigned: [Int64]) -> [[Int32]] {
    var rows = [[Int32]](repeating: [], count: folds.count)
    for (row, fold) in assigned.enumerated() { rows[Int(fold)].append(Int32(row)) }
    return rows
  }
}
