import Clientele
import Staging
package import Tabular

/// The customers one fold's model may learn from: those with a label and of another fold. All that
/// resampling can draw from, so that no held-out customer can be repeated, weighted or copied.
package struct TrainingPart: Sendable {
  /// The fold held out.
  package let fold: Int
  /// Rows of `features`, ascending.
  package let rows: [Int32]
  /// 1 left, 0 stayed; one a row of `rows`.
  package let labels: [UInt8]

  /// How many left.
  package var events: Int { labels.reduce(0) { $0 + Int($1) } }

  /// The training part of each fold of `features`.
  package static func all(_ features: Table) throws -> [TrainingPart] {
    let labels = try features.integers(FeatureColumn.label)
    let folds = try features.integers(FeatureColumn.fold).values
    let count =
      features.schema.metadata[FeatureColumn.foldCount].flatMap(Int.init) ?? Int((folds.max() ?? -1) + 1)
    let labelled = (0..<features.rowCount).filter { labels.isPresent($0) }
    return (0..<count).map { fold in
      let rows = labelled.filter { folds[$0] != Int64(fold) }
      return TrainingPart(
        fold: fold, rows: rows.map(Int32.init), labels: rows.map { labels.values[$0] == 1 ? 1 : 0 })
    }
  }

  private init(fold: Int, rows: [Int32], labels: [UInt8]) {
    self.fold = fold
    self.rows = rows
    self.labels = labels
  }
}
