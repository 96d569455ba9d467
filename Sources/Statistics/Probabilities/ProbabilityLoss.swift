import Numerics

/// What probabilities cost against what happened; `labels` hold 1 where it did and 0 where not.
package enum ProbabilityLoss {
  /// Probabilities are taken as at least this far from 0 and 1 before a logarithm is taken, so that one certain
  /// mistake costs 34.5 instead of everything.
  package static let clip = 1e-15

  /// −ln of the probability given to what happened, one a row.
  package static func logLosses(_ probabilities: [Double], labels: [UInt8]) -> [Double] {
    precondition(probabilities.count == labels.count, "one label a probability")
    return probabilities.indices.map { row in
      let given = labels[row] != 0 ? probabilities[row] : 1 - probabilities[row]
      return -logarithm(min(max(given, clip), 1))
    }
  }

  /// Mean of −ln of the probability given to what happened.
  package static func logLoss(_ probabilities: [Double], labels: [UInt8]) -> Double {
    mean(logLosses(probabilities, labels: labels))
  }

  /// The same for groups of rows that share a probability: `events` of the `rows` of a group are 1. 0 of nothing.
  package static func logLoss(_ probabilities: [Double], events: [Int], rows: [Int]) -> Double {
    precondition(probabilities.count == events.count && events.count == rows.count, "one count a probability")
    let total = rows.reduce(0, +)
    guard total > 0 else { return 0 }
    let sums = probabilities.indices.map { group -> Double in
      let (p, left) = (probabilities[group], Double(events[group]))
      let stayed = Double(rows[group]) - left
      // What did not happen has no say, however impossible it was thought.
      return (left > 0 ? -left * logarithm(min(max(p, clip), 1)) : 0)
        + (stayed > 0 ? -stayed * logarithm(min(max(1 - p, clip), 1)) : 0)
    }
    return mean(sums) * (Double(sums.count) / Double(total))
  }

  /// Mean squared error of the probabilities.
  package static func brier(_ probabilities: [Double], labels: [UInt8]) -> Double {
    precondition(probabilities.count == labels.count, "one label a probability")
    return mean(
      probabilities.indices.map { row in
        let error = probabilities[row] - (labels[row] != 0 ? 1 : 0)
        return error * error
      })
  }

  /// Log-loss of giving every row the share of events: the entropy of that share; 0 where all are alike.
  package static func nullLogLoss(events: Int, rows: Int) -> Double {
    guard events > 0, events < rows else { return 0 }
    let share = Double(events) / Double(rows)
    return -share * logarithm(share) - (1 - share) * logarithm(1 - share)
  }

  /// Mean of `second` − `first`, row by row, and its standard error: by how much the first is better where these
  /// are losses. The error is 0 with one row.
  package static func meanGain(of first: [Double], over second: [Double]) -> (mean: Double, error: Double) {
    precondition(first.count == second.count, "losses of the same rows")
    let gains = first.indices.map { second[$0] - first[$0] }
    let middle = mean(gains)
    guard gains.count > 1 else { return (middle, 0) }
    let squares = gains.map { ($0 - middle) * ($0 - middle) }
    let variance = mean(squares) * Double(gains.count) / Double(gains.count - 1)
    return (middle, (variance / Double(gains.count)).squareRoot())
  }

  /// The mean, summed in blocks so that a million rows lose no digits; 0 of nothing.
  package static func mean(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    var total = 0.0
    var first = 0
    while first < values.count {
      let past = min(values.count, first + 1024)
      var block = 0.0
      for row in first..<past { block += values[row] }
      total += block
      first = past
    }
    return total / Double(values.count)
  }
}
