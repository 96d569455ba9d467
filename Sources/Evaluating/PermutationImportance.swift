import Clientele
import Findings
import Learning
import Modelling
import Numerics
import Statistics
import Tabular

/// What shuffling a column among held-out customers costs in log-loss: how much the model leans on it.
struct PermutationImportance {
  let seed: UInt64
  let repeats: Int
  /// The most columns that are shuffled: of a wider model those that it leans on most, by its splits and coefficients.
  var most = mostShuffled

  /// The most where nothing else is said.
  static let mostShuffled = 200

  /// One figure a column of the model (a value and its state are shuffled together) by the held-out customers in
  /// `table`, `labels` saying who left; largest first, ties in the model's order. Each customer is scored by the model
  /// of its own fold throughout.
  func measure(
    _ table: Table, labels: [UInt8], _ model: ChurnModel, _ crew: Crew, progress: (Int, Int) -> Void
  ) throws -> (found: [MetricsFindings.Importance], notShuffled: Int) {
    let folds = model.assignment.folds(of: try table.texts(FeatureColumn.key))
    let frame = try model.encoding.encode(table).frame
    func loss(_ frame: FeatureFrame) -> Double {
      ProbabilityLoss.logLoss(
        model.score(frame, folds: folds, crew: crew).probabilities, labels: labels)
    }
    let base = loss(frame)
    let isUsed = model.usedColumns
    var groups: [(name: String, columns: [Int], isProtected: Bool)] = []
    var places: [String: Int] = [:]
    for (index, column) in model.encoding.columns.enumerated() {
      if let place = places[column.group] {
        groups[place].columns.append(index)
      } else {
        places[column.group] = groups.count
        groups.append((column.group, [index], column.isProtected))
      }
    }
    let random = CounterGenerator(seed: seed, label: "importance")
    var found: [MetricsFindings.Importance] = []
    let shuffled = mostLeantOn(groups.map(\.columns), model, isUsed)
    var notShuffled = 0
    for (place, group) in groups.enumerated() {
      progress(place, groups.count)
      guard group.columns.contains(where: { isUsed[$0] }) else {
        found.append(
          MetricsFindings.Importance(
            feature: group.name, logLossIncrease: 0, standardError: 0, protected: group.isProtected))
        continue
      }
      guard shuffled.contains(place) else {
        notShuffled += 1
        continue
      }
      var rises: [Double] = []
      for turn in 0..<repeats {
        let order = random.deriving(group.name).deriving(turn).permutation(frame.rows)
        rises.append(loss(frame.shuffling(group.columns, by: order)) - base)
      }
      let mean = ProbabilityLoss.mean(rises)
      let spread = rises.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let error = (spread / Double(repeats - 1) / Double(repeats)).squareRoot()
      found.append(
        MetricsFindings.Importance(
          feature: group.name, logLossIncrease: mean, standardError: error, protected: group.isProtected))
    }
    let ordered = found.enumerated().sorted {
      $0.element.logLossIncrease != $1.element.logLossIncrease
        ? $0.element.logLossIncrease > $1.element.logLossIncrease : $0.offset < $1.offset
    }.map(\.element)
    return (ordered, notShuffled)
  }

  /// The places of the groups of columns that are shuffled.
  private func mostLeantOn(
    _ groups: [[Int]], _ model: ChurnModel, _ isUsed: [Bool]
  ) -> Set<Int> {
    let used = groups.indices.filter { groups[$0].contains { isUsed[$0] } }
    guard used.count > most else { return Set(used) }
    let uses = model.columnUses
    let leaning = groups.map { columns in columns.reduce(0) { $0 + uses[$1] } }
    return Set(used.sorted { (leaning[$0], $1) > (leaning[$1], $0) }.prefix(most))
  }
}
