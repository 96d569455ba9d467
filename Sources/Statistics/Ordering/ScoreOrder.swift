/// Labelled scores sorted once, tied scores together: what every figure of ranking and calibration is computed from.
///
/// Group g holds the `rows[g]` rows whose score is `values[g]`; `values` rises strictly. Rows keep their place by
/// `groupOfRow`. Scores are never NaN; −0 counts as 0.
package struct ScoreOrder: Sendable {
  /// The different scores, ascending.
  package let values: [Double]
  /// How many rows have each.
  package let rows: [Int]
  /// How many of these rows have label 1.
  package let events: [Int]
  /// The group of each row.
  package let groupOfRow: [Int32]
  /// Number of rows with label 1.
  package let eventCount: Int
  /// Number of rows with label 0.
  package let otherCount: Int

  /// Number of rows.
  package var count: Int { groupOfRow.count }

  /// Sorts `scores`; `labels` holds a 1 or a 0 for each.
  package init(_ scores: [Double], labels: [UInt8]) {
    precondition(scores.count == labels.count, "one label a score")
    let order = AscendingOrder.of(scores)
    var values: [Double] = []
    var rows: [Int] = []
    var events: [Int] = []
    var groupOfRow = [Int32](repeating: 0, count: scores.count)
    var eventCount = 0
    for row in order {
      let score = scores[Int(row)] + 0
      if values.last != score {
        precondition(!score.isNaN, "scores are numbers")
        values.append(score)
        rows.append(0)
        events.append(0)
      }
      let group = values.count - 1
      rows[group] += 1
      if labels[Int(row)] != 0 {
        events[group] += 1
        eventCount += 1
      }
      groupOfRow[Int(row)] = Int32(group)
    }
    self.values = values
    self.rows = rows
    self.events = events
    self.groupOfRow = groupOfRow
    self.eventCount = eventCount
    otherCount = scores.count - eventCount
  }
}
