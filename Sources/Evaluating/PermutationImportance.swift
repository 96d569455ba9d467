import Clientele
import Findings
import Modelling
import Numerics
import Statistics
import Tabular

/// What shuffling a column among held-out customers costs in log-loss: how much the model leans on it.
struct PermutationImportance {
  let seed: UInt64
  let repeats: Int

  /// One figure a column of the model (a value and its state are shuffled together), largest first, ties
  /// in the model's order. Each customer is scored by the model of its own fold throughout.
  func measure(
    _ features: Table, _ sample: [Int], _ held: HeldOut, _ model: ChurnModel, _ crew: Crew,
    progress: (Int, Int) -> Void
  ) throws -> [MetricsFindings.Importance] {
    let table = features.taking(sample.map { held.rows[$0] })
    let labels = sample.map { held.labels[$0] }
    let base = ProbabilityLoss.logLoss(
      try model.score(table, crew: crew).probabilities, labels: labels)
    var groups: [(name: String, columns: [String], isProtected: Bool)] = []
    for column in model.encoding.columns {
      if let place = groups.firstIndex(where: { $0.name == column.group }) {
        groups[place].columns.append(column.name)
      } else {
        groups.append((column.group, [column.name], column.isProtected))
      }
    }
    let random = CounterGenerator(seed: seed, label: "importance")
    var found: [MetricsFindings.Importance] = []
    for (place, group) in groups.enumerated() {
      progress(place, groups.count)
      var rises: [Double] = []
      for turn in 0..<repeats {
        let order = random.deriving(group.name).deriving(turn).permutation(table.rowCount)
        var columns = table.columns
        for name in group.columns {
          guard let index = table.schema.index(of: name) else { continue }
          columns[index] = columns[index].taking(order)
        }
        let shuffled = Table(schema: table.schema, columns: columns, rowCount: table.rowCount)
        let loss = ProbabilityLoss.logLoss(
          try model.score(shuffled, crew: crew).probabilities, labels: labels)
        rises.append(loss - base)
      }
      let mean = ProbabilityLoss.mean(rises)
      let spread = rises.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let error = (spread / Double(repeats - 1) / Double(repeats)).squareRoot()
      found.append(
        MetricsFindings.Importance(
          feature: group.name, logLossIncrease: mean, standardError: error, protected: group.isProtected))
    }
    return found.enumerated().sorted {
      $0.element.logLossIncrease != $1.element.logLossIncrease
        ? $0.element.logLossIncrease > $1.element.logLossIncrease : $0.offset < $1.offset
    }.map(\.element)
  }
}
