import Clientele
import Findings
import Learning
import Modelling
import Staging
import Tabular

/// One fold's departures from "each training row once".
struct Examples: Sendable {
  /// Weights by row of the features that are not 1.
  var weights: [(row: Int, weight: Double)] = []
  /// Synthetic rows, encoded, and their labels and weights.
  var synthetic: FeatureFrame?
  var syntheticLabels: [Double] = []
  var syntheticWeights: [Double] = []
  /// Rows of the features that each synthetic row lies between.
  var syntheticEnds: [(base: Int, neighbour: Int)] = []

  /// The examples of every fold; each row may depart only in training parts of other folds than its own.
  static func byFold(_ table: Table?, _ data: TrainingData) throws -> [Examples] {
    var all = [Examples](repeating: Examples(), count: data.assignment.count)
    guard let table, table.rowCount > 0 else { return all }
    let folds = try table.integers(ExampleColumn.fold)
    let rows = try table.integers(ExampleColumn.row)
    let weights = try table.numbers(ExampleColumn.weight)
    let bases = try table.integers(ExampleColumn.base)
    let neighbours = try table.integers(ExampleColumn.neighbour)
    var synthetic = [[Int32]](repeating: [], count: data.assignment.count)
    for index in 0..<table.rowCount {
      let fold = Int(folds.values[index])
      let source = Int(rows.isPresent(index) ? rows.values[index] : bases.values[index])
      let neighbour = Int(neighbours.isPresent(index) ? neighbours.values[index] : Int64(source))
      guard all.indices.contains(fold), data.labels.indices.contains(source), data.folds[source] != fold,
        data.labels.indices.contains(neighbour), data.folds[neighbour] != fold, weights[index] >= 0
      else {
        throw StageFault(
          .failed, "row \(index + 1) of the examples does not belong to the training part it names.",
          remedy: "Make the examples anew with resample.")
      }
      if rows.isPresent(index) {
        all[fold].weights.append((source, weights[index]))
      } else {
        synthetic[fold].append(Int32(index))
        all[fold].syntheticLabels.append(data.labels[source])
        all[fold].syntheticWeights.append(weights[index])
        all[fold].syntheticEnds.append((source, neighbour))
      }
    }
    for fold in all.indices where !synthetic[fold].isEmpty {
      all[fold].synthetic = try data.encoding.encode(table.taking(synthetic[fold])).frame
    }
    return all
  }
}
