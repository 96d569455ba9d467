/// The curves of ranked scores. A point stands after each different score, from the highest down; each line has at
/// most 200 points.
extension ScoreOrder {
  /// The most points of a line.
  package static let curvePoints = 200

  /// False-positive rate across, true-positive rate up, from (0, 0) to (1, 1); empty where one kind is absent.
  package func rocCurve() -> Polyline {
    guard eventCount > 0, otherCount > 0 else { return Polyline() }
    return curve { taken, hits in
      (Double(taken - hits) / Double(otherCount), Double(hits) / Double(eventCount))
    }
  }

  /// Recall across, precision up; empty without an event. The line begins at recall 0 with the first precision.
  package func precisionRecallCurve() -> Polyline {
    guard eventCount > 0, let top = rows.last, let topEvents = events.last else { return Polyline() }
    return curve { taken, hits in
      taken == 0
        ? (0, Double(topEvents) / Double(top))
        : (Double(hits) / Double(eventCount), Double(hits) / Double(taken))
    }
  }

  /// Share of rows across, share of events among them up; empty without an event.
  package func gainsCurve() -> Polyline {
    guard eventCount > 0 else { return Polyline() }
    return curve { taken, hits in
      (Double(taken) / Double(count), Double(hits) / Double(eventCount))
    }
  }

  /// Share of rows across, lift of them up, at whole percents from 1 to 100; empty without an event.
  package func liftCurve() -> Polyline {
    var line = Polyline()
    guard eventCount > 0 else { return line }
    let shares = (1...100).map { Double($0) / 100 }
    let wanted = shares.map { $0 * Double(count) }
    for (place, hits) in hits(amongTop: wanted).enumerated() {
      line.append(shares[place], hits / wanted[place] / (Double(eventCount) / Double(count)))
    }
    return line
  }

  /// Points at the cuts after each score, thinned evenly in the number of rows, not of scores, so that a line of
  /// many different scores keeps its shape.
  private func curve(_ point: (_ taken: Int, _ hits: Int) -> (Double, Double)) -> Polyline {
    var line = Polyline()
    let start = point(0, 0)
    line.append(start.0, start.1)
    // Two places of the limit belong to the ends.
    let inner = ScoreOrder.curvePoints - 2
    var (taken, hits, step) = (0, 0, 1)
    for group in values.indices.reversed() {
      taken += rows[group]
      hits += events[group]
      guard group > 0 else { break }
      if values.count - 1 > inner {
        // A point where the next of the equal steps is reached.
        guard taken * (inner + 1) >= step * count else { continue }
        step = taken * (inner + 1) / count + 1
      }
      let next = point(taken, hits)
      line.append(next.0, next.1)
    }
    let end = point(taken, hits)
    line.append(end.0, end.1)
    return line
  }

  /// At most `groups` groups of like size by score, lowest first, tied scores together (each goes where the middle
  /// of its places falls).
  package func reliability(groups: Int) -> [ReliabilityGroup] {
    var result: [ReliabilityGroup] = []
    var (below, last) = (0, -1)
    for group in values.indices {
      let middle = Double(below) + Double(rows[group]) / 2
      let bin = min(groups - 1, Int(middle * Double(groups) / Double(count)))
      if bin != last { result.append(ReliabilityGroup()) }
      last = bin
      result[result.count - 1].rows += rows[group]
      result[result.count - 1].events += events[group]
      result[result.count - 1].sum += values[group] * Double(rows[group])
      below += rows[group]
    }
    return result
  }

  /// How many values fall into each of `bands` bands of equal width between 0 and 1; the last holds 1, and the first
  /// and last what lies beyond.
  package func histogram(bands: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: bands)
    for group in values.indices {
      counts[min(bands - 1, Int(min(max(values[group], 0), 1) * Double(bands)))] += rows[group]
    }
    return counts
  }
}

/// Rows of like probability.
package struct ReliabilityGroup: Sendable, Equatable {
  /// How many.
  package var rows = 0
  /// Of these, events.
  package var events = 0
  /// Sum of their probabilities.
  package var sum = 0.0

  /// A group without rows.
  package init() {}

  /// Mean probability.
  package var predicted: Double { sum / Double(rows) }
  /// Share of events.
  package var observed: Double { Double(events) / Double(rows) }
}
