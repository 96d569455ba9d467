package import Numerics

/// Labelled scores sorted once, tied scores together: what every figure of ranking and calibration is computed from.
///
/// Group g holds the `rows[g]` rows whose score is `values[g]`; `values` rises strictly. `groups()` says
/// which group each row is in. Scores are never NaN; −0 counts as 0.
package struct ScoreOrder: Sendable {
  /// The different scores, ascending.
  package let values: [Double]
  /// How many rows have each.
  package let rows: [Int]
  /// How many of these rows have label 1.
  package let events: [Int]
  /// The rows, ascending by score.
  private let order: [Int32]
  /// Number of rows with label 1.
  package let eventCount: Int
  /// Number of rows with label 0.
  package let otherCount: Int

  /// Number of rows.
  package var count: Int { order.count }

  /// Sorts `scores`; `labels` holds a 1 or a 0 for each. The same for any crew.
  package init(_ scores: [Double], labels: [UInt8], crew: Crew = Crew(threads: 1)) {
    precondition(scores.count == labels.count, "one label a score")
    let order = AscendingOrder.of(scores, crew: crew)
    // Fetched once; everything after reads in order.
    var sorted = [Double](repeating: 0, count: scores.count)
    crew.rewrite(&sorted, blockSize: AscendingOrder.blockSize(max(1, scores.count), crew)) { range, part in
      for place in range {
        let score = scores[Int(order[place])] + 0
        precondition(!score.isNaN, "scores are numbers")
        part[place - range.lowerBound] = score
      }
    }
    let parts = AscendingOrder.stretches(scores.count, crew) { [sorted] in sorted[$0 - 1] == sorted[$0] }
    let counts = crew.map(parts.count) { [sorted] number in
      let sorted = sorted.span.extracting(parts[number])
      var groups = 1
      for place in 1..<sorted.count where sorted[place] != sorted[place - 1] { groups += 1 }
      return groups
    }
    var places: [Range<Int>] = []
    for count in counts {
      let start = places.last?.upperBound ?? 0
      places.append(start..<start + count)
    }
    let groups = places.last?.upperBound ?? 0
    var (values, rows) = ([Double](repeating: 0, count: groups), [Int](repeating: 0, count: groups))
    var events = rows
    crew.rewrite(&values, parts: places) { [sorted] number, values in
      let sorted = sorted.span.extracting(parts[number])
      var group = 0
      values[0] = sorted[0]
      for place in 1..<sorted.count where sorted[place] != sorted[place - 1] {
        group += 1
        values[group] = sorted[place]
      }
    }
    crew.rewrite(&rows, parts: places) { [sorted] number, rows in
      let sorted = sorted.span.extracting(parts[number])
      var group = 0
      for place in 0..<sorted.count {
        if place > 0, sorted[place] != sorted[place - 1] { group += 1 }
        rows[group] += 1
      }
    }
    crew.rewrite(&events, parts: places) { [rows, places] number, events in
      var place = parts[number].lowerBound
      for (group, count) in rows[places[number]].enumerated() {
        for row in order[place..<place + count] where labels[Int(row)] != 0 { events[group] += 1 }
        place += count
      }
    }
    self.order = order
    self.values = values
    self.rows = rows
    self.events = events
    eventCount = events.reduce(0, +)
    otherCount = scores.count - eventCount
  }

  /// The group of each row.
  package func groups() -> [Int32] {
    var groups = [Int32](repeating: 0, count: count)
    var place = 0
    for (group, count) in rows.enumerated() {
      for row in order[place..<place + count] { groups[Int(row)] = Int32(group) }
      place += count
    }
    return groups
  }
}
