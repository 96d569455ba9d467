import Numerics

/// What becomes of probabilities where events are more or less frequent than where the probabilities were learnt, all
/// else being equal: customers who leave look as leavers did, only their share has changed.
///
/// Resampling moves more than the share for learners that are not linear, so this does not undo it there.
package enum PriorShift {
  /// Probabilities learnt where the share of events was `learnt`, where it is `actual` (Elkan, 2001); both shares lie
  /// between 0 and 1.
  package static func adjusted(_ probabilities: [Double], learnt: Double, actual: Double) -> [Double] {
    let (event, other) = ratios(learnt, actual)
    return probabilities.map { $0 * event / ($0 * event + (1 - $0) * other) }
  }

  /// What to add to log-odds for the same (King and Zeng, 2001).
  package static func logitShift(learnt: Double, actual: Double) -> Double { logit(actual) - logit(learnt) }

  /// The share of events among unlabelled rows, judged from their `probabilities` alone; those were learnt where the
  /// share was `learnt`, which lies between 0 and 1. NaN of nothing.
  ///
  /// It is the share of greatest likelihood, to which the repeated averaging of Saerens, Latinne and Decaestecker
  /// (2002) tends. The likelihood has one summit, so its slope is halved in on; repeated averaging can creep.
  package static func estimatedShare(_ probabilities: [Double], learnt: Double) -> Double {
    guard !probabilities.isEmpty else { return .nan }
    guard slope(probabilities, learnt, 0) > 0 else { return 0 }
    guard slope(probabilities, learnt, 1) < 0 else { return 1 }
    var (low, high) = (0.0, 1.0)
    // 54 halvings leave less than the distance of two numbers near 1.
    for _ in 0..<54 {
      let middle = low + (high - low) / 2
      if slope(probabilities, learnt, middle) > 0 { low = middle } else { high = middle }
    }
    return low + (high - low) / 2
  }

  private static func ratios(_ learnt: Double, _ actual: Double) -> (event: Double, other: Double) {
    precondition(learnt > 0 && learnt < 1, "events and others were both learnt from")
    return (actual / learnt, (1 - actual) / (1 - learnt))
  }

  /// The likelihood's slope where the share is `actual`, summed in blocks of rows in order.
  private static func slope(_ probabilities: [Double], _ learnt: Double, _ actual: Double) -> Double {
    let (event, other) = ratios(learnt, actual)
    return ProbabilityLoss.mean(
      probabilities.map { p in
        let (up, down) = (p / learnt, (1 - p) / (1 - learnt))
        let divisor = p * event + (1 - p) * other
        // A row that is impossible at this share pulls away from it without end.
        return divisor > 0
          ? (up - down) / divisor : (up > down ? .greatestFiniteMagnitude : -.greatestFiniteMagnitude)
      })
  }
}
