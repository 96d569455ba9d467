import Clientele
import Findings
import Fingerprints
import Staging
package import Tabular

/// Customers whose outcome is known, with what was predicted of them by a model that had not seen it.
package struct HeldOut: Sendable {
  /// Rows of `features`.
  package let rows: [Int32]
  /// 1 left, 0 stayed.
  package let labels: [UInt8]
  /// What was predicted.
  package let probabilities: [Double]
  /// Hash of each customer's key: deals samples that do not depend on the file's order.
  package let hashes: [UInt64]

  /// Those of `features` with a label; `predictions` holds the same customers in the same order.
  package init(_ features: Table, predictions: Table) throws {
    let keys = try features.texts(FeatureColumn.key)
    guard try predictions.texts(PredictionColumn.key) == keys else {
      throw StageFault(
        .failed, "predictions does not hold the customers of features in the same order.",
        remedy: "Run the stage score again.")
    }
    let all = try features.integers(FeatureColumn.label)
    let predicted = try predictions.numbers(PredictionColumn.probability)
    var rows: [Int32] = []
    for row in 0..<keys.count where all.isPresent(row) { rows.append(Int32(row)) }
    self.rows = rows
    labels = rows.map { all.values[Int($0)] == 1 ? 1 : 0 }
    probabilities = rows.map { predicted[Int($0)] }
    hashes = rows.map { stableHash(keys.utf8(Int($0)), seed: 0x6576_616c) }
  }

  /// How many left.
  package var events: Int { labels.reduce(0) { $0 + Int($1) } }

  /// At most `count` places of these customers, those with the lowest hashes, ascending.
  package func sample(_ count: Int) -> [Int] {
    guard count > 0 else { return [] }
    guard rows.count > count else { return Array(rows.indices) }
    let limit = lowestHashes(hashes, count).last ?? 0
    return Array(rows.indices.filter { hashes[$0] <= limit }.prefix(count))
  }
}
