/// How well scores rank those who left above those who stayed.
extension ScoreOrder {
  /// Area under the ROC curve: the share of pairs (event, other) in which the event scores higher, ties counting
  /// half. `nil` where one kind is absent.
  package var rocAuc: Double? {
    guard eventCount > 0, otherCount > 0 else { return nil }
    // Twice the pairs won stays a whole number below 2⁵³ up to 67 million rows of each kind.
    var doubled = 0.0
    var othersBelow = 0.0
    for group in values.indices {
      let others = Double(rows[group] - events[group])
      doubled += Double(events[group]) * (2 * othersBelow + others)
      othersBelow += others
    }
    return doubled / (2 * Double(eventCount) * Double(otherCount))
  }

  /// Average precision: Σ (Rₖ − Rₖ₋₁)·Pₖ over the different scores from the highest down, so tied scores are one
  /// step. `nil` without an event.
  package var averagePrecision: Double? {
    guard eventCount > 0 else { return nil }
    var (taken, hits, sum) = (0, 0, 0.0)
    for group in values.indices.reversed() {
      taken += rows[group]
      hits += events[group]
      sum += Double(events[group]) * (Double(hits) / Double(taken))
    }
    return sum / Double(eventCount)
  }

  /// The share of events among the `share` (0 … 1) of rows that score highest, over the share among all.
  ///
  /// Where the cut falls into tied rows, these count in proportion: what any order among them gives on average.
  /// `nil` without an event or where the cut takes no row.
  package func lift(top share: Double) -> Double? {
    guard eventCount > 0 else { return nil }
    let wanted = share * Double(count)
    guard wanted > 0 else { return nil }
    return hits(amongTop: [wanted])[0] / wanted / (Double(eventCount) / Double(count))
  }

  /// For each number in `wanted`, ascending: how many events are among so many rows that score highest; tied rows count
  /// in proportion.
  package func hits(amongTop wanted: [Double]) -> [Double] {
    var found: [Double] = []
    var (taken, hits) = (0.0, 0.0)
    for group in values.indices.reversed() {
      let size = Double(rows[group])
      while found.count < wanted.count, taken + size >= wanted[found.count] {
        found.append(hits + Double(events[group]) * ((wanted[found.count] - taken) / size))
      }
      if found.count == wanted.count { break }
      taken += size
      hits += Double(events[group])
    }
    while found.count < wanted.count { found.append(hits) }
    return found
  }

  /// What deciding "leaves" at or above `threshold` gets right and wrong.
  package func confusion(at threshold: Double) -> ConfusionCounts {
    var counts = ConfusionCounts()
    for group in values.indices {
      let others = rows[group] - events[group]
      if values[group] >= threshold {
        counts.truePositives += events[group]
        counts.falsePositives += others
      } else {
        counts.falseNegatives += events[group]
        counts.trueNegatives += others
      }
    }
    return counts
  }
}

/// Decisions counted by what happened.
package struct ConfusionCounts: Sendable, Equatable {
  /// Left, and said so.
  package var truePositives = 0
  /// Stayed, and said to leave.
  package var falsePositives = 0
  /// Left, and not said so.
  package var falseNegatives = 0
  /// Stayed, and said so.
  package var trueNegatives = 0

  /// No decisions.
  package init() {}
}
