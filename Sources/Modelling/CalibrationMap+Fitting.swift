import Learning
package import Numerics
import Statistics

/// Ways to turn scores into probabilities.
package enum CalibrationMethod: String, Sendable, CaseIterable {
  /// Three parameters, strictly monotone where both slopes are above 0: ranks stay.
  case beta
  /// Two parameters.
  case platt
  /// As many as the data ask for; makes ties.
  case isotonic
}

extension CalibrationMap {
  /// The map of `method` fitted on held-out `scores` (log-odds) and their `labels` (0 or 1).
  ///
  /// Where the labels are all the same, or the fit finds no rising map, `identity`: there is nothing to learn.
  package static func fit(_ method: CalibrationMethod, scores: [Double], labels: [Double], crew: Crew)
    -> CalibrationMap
  {
    let events = labels.reduce(0, +)
    guard events > 0, events < Double(labels.count) else { return .identity }
    switch method {
    case .beta: return beta(scores, labels, crew)
    case .platt: return platt(scores, labels, events, crew)
    case .isotonic: return isotonic(scores, labels)
    }
  }

  /// Rows of a block of work.
  private static let blockSize = 1 << 14

  /// Maximum likelihood with a, b ≥ 0: where one comes out below 0 it is fixed at 0 and the other fitted again.
  private static func beta(_ scores: [Double], _ labels: [Double], _ crew: Crew) -> CalibrationMap {
    var lower = [Double](repeating: 0, count: scores.count)
    crew.rewrite(&lower, blockSize: blockSize) { range, part in
      for place in range { part[place - range.lowerBound] = -scores[place] }
      logOnePlusExponentials(&part)
      for place in 0..<part.count { part[place] = -part[place] }
    }
    var upper = scores
    crew.rewrite(&upper, blockSize: blockSize) { _, part in logOnePlusExponentials(&part) }
    var both = [Double](repeating: 0, count: 2 * scores.count)
    crew.rewrite(&both, width: 2, blockSize: blockSize) { [lower, upper] range, part in
      for (place, row) in range.enumerated() {
        part[2 * place] = lower[row]
        part[2 * place + 1] = upper[row]
      }
    }
    if let fit = coefficients(both, 2, labels, crew), fit[1] >= 0, fit[2] >= 0 {
      return .beta(a: fit[1], b: fit[2], c: fit[0])
    }
    let candidates = [(lower, true), (upper, false)].compactMap {
      values, isLower -> (Double, CalibrationMap)? in
      guard let fit = coefficients(values, 1, labels, crew), fit[1] > 0 else { return nil }
      let map = CalibrationMap.beta(a: isLower ? fit[1] : 0, b: isLower ? 0 : fit[1], c: fit[0])
      return (loss(map, scores, labels), map)
    }
    return candidates.min { $0.0 < $1.0 }?.1 ?? .identity
  }

  /// Maximum likelihood against (N₊ + 1) ∕ (N₊ + 2) and 1 ∕ (N₋ + 2) instead of 1 and 0.
  private static func platt(
    _ scores: [Double], _ labels: [Double], _ events: Double, _ crew: Crew
  ) -> CalibrationMap {
    let others = Double(labels.count) - events
    let targets = labels.map { $0 > 0 ? (events + 1) / (events + 2) : 1 / (others + 2) }
    guard let fit = coefficients(scores, 1, targets, crew), fit[1] > 0 else { return .identity }
    return .platt(slope: fit[1], intercept: fit[0])
  }

  private static func coefficients(_ values: [Double], _ columns: Int, _ labels: [Double], _ crew: Crew)
    -> [Double]?
  {
    let design = DesignMatrix(rows: labels.count, columns: columns, values: values)
    guard let fit = try? LogisticRegression.fit(design, labels: labels, penalty: 0, crew: crew),
      !fit.isSingular
    else { return nil }
    return [fit.model.intercept] + fit.model.coefficients
  }

  private static func loss(_ map: CalibrationMap, _ scores: [Double], _ labels: [Double]) -> Double {
    zip(map.probabilities(scores), labels).reduce(0.0) { $0 - logarithm($1.1 > 0 ? $1.0 : 1 - $1.0) }
  }

  /// Pools neighbours that fall, tied scores first; a block's probability stands at its mean score. No probability is
  /// 0 or 1: each end keeps half a customer's doubt.
  private static func isotonic(_ scores: [Double], _ labels: [Double]) -> CalibrationMap {
    let order = ScoreOrder(scores, labels: labels.map { $0 > 0 ? 1 : 0 })
    let levels = order.isotonicShares()
    let doubt = 0.5 / Double(labels.count + 1)
    var (points, shares): ([Double], [Double]) = ([], [])
    var place = 0
    while place < levels.count {
      // Neighbours of one level are one block: the fit pools equals.
      var (sum, rows, next) = (0.0, 0.0, place)
      while next < levels.count, levels[next] == levels[place] {
        sum += order.values[next] * Double(order.rows[next])
        rows += Double(order.rows[next])
        next += 1
      }
      points.append(sum / rows)
      shares.append(min(max(levels[place], doubt), 1 - doubt))
      place = next
    }
    return .isotonic(scores: points, probabilities: shares)
  }
}
