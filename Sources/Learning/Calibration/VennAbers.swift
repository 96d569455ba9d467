import Statistics

/// Two probabilities a score, of which one is right on average whatever the scores are worth, as long as new customers
/// are like those calibrated on (Venn-Abers prediction: Vovk, Petej and Fedorova, 2015). How far they lie apart says
/// how sure the probability is.
package struct VennAbers: Sendable, Equatable {
  /// The two probabilities of a score.
  package struct Bounds: Sendable, Equatable {
    /// With the customer counted among those who stayed.
    package let lower: Double
    /// With the customer counted among those who left.
    package let upper: Double

    /// One number between the two: upper ∕ (1 − lower + upper), which log-loss regrets least.
    package var probability: Double { upper / (1 - lower + upper) }
  }

  /// Neighbouring scores pooled to one share, and the block beyond it away from the middle; −1 beyond the last.
  private struct Block: Sendable, Equatable {
    var events: Double
    var rows: Double
    var beyond: Int32
  }

  /// The different scores calibrated on, ascending, with their rows and events.
  private let scores: [Double]
  private let rows: [Int]
  private let events: [Int]
  /// Number i holds the pooled block that ends at score i when nothing above it is looked at …
  private let below: [Block]
  /// … and the one that begins at score i when nothing below it is.
  private let above: [Block]

  /// From held-out `scores` (no NaN) and their `labels` (1 or 0). Throws `noRows` without scores, `oneClass` where all
  /// labels are alike, `shapeMismatch` where there is not one label a score.
  package init(scores: [Double], labels: [UInt8]) throws(LearningError) {
    guard scores.count == labels.count else {
      throw LearningError(
        .shapeMismatch,
        "calibration needs one label a score; there are \(labels.count) for \(scores.count) scores")
    }
    guard !scores.isEmpty else {
      throw LearningError(.noRows, "calibration needs held-out scores; there are none")
    }
    let order = ScoreOrder(scores, labels: labels)
    guard order.eventCount > 0, order.otherCount > 0 else {
      throw LearningError(
        .oneClass,
        "calibration needs held-out customers who left and who stayed; all \(scores.count) are alike")
    }
    self.scores = order.values
    rows = order.rows
    events = order.events
    below = VennAbers.pooled(order, order.values.indices.map { $0 }) { $0 >= $1 }
    above = VennAbers.pooled(order, order.values.indices.reversed()) { $0 <= $1 }
  }

  /// The bounds of each score (no NaN).
  package func bounds(_ scores: [Double]) -> [Bounds] {
    scores.map { score in
      let place = firstPlace(score)
      let isTied = place < self.scores.count && self.scores[place] == score
      let (tiedRows, tiedEvents) = isTied ? (Double(rows[place]), Double(events[place])) : (0, 0)
      let (left, right) = (place - 1, isTied ? place + 1 : place)
      return Bounds(
        lower: share(tiedEvents, tiedRows + 1, left, right),
        upper: share(tiedEvents + 1, tiedRows + 1, left, right))
    }
  }

  /// The different scores calibrated on, ascending.
  var knots: [Double] { scores }

  /// The bound of a score between knots `place` − 1 and `place`.
  func between(_ place: Int, isEvent: Bool) -> Double { share(isEvent ? 1 : 0, 1, place - 1, place) }

  /// The pooled share of a block of `events` among `rows` put between the scores up to `left` and from `right`.
  private func share(_ events: Double, _ rows: Double, _ left: Int, _ right: Int) -> Double {
    var (events, rows) = (events, rows)
    var (lower, upper) = (Int32(left), right < scores.count ? Int32(right) : -1)
    while true {
      // Products of whole numbers compare shares without rounding.
      if lower >= 0, below[Int(lower)].events * rows >= events * below[Int(lower)].rows {
        let block = below[Int(lower)]
        (events, rows, lower) = (events + block.events, rows + block.rows, block.beyond)
      } else if upper >= 0, above[Int(upper)].events * rows <= events * above[Int(upper)].rows {
        let block = above[Int(upper)]
        (events, rows, upper) = (events + block.events, rows + block.rows, block.beyond)
      } else {
        return events / rows
      }
    }
  }

  /// Pools along `places`; `violates` compares the share before with the share after. Each block knows the one it
  /// stands on, so every stretch from the start is kept at the cost of one.
  private static func pooled(
    _ order: ScoreOrder, _ places: [Int], _ violates: (Double, Double) -> Bool
  ) -> [Block] {
    var blocks = [Block](repeating: Block(events: 0, rows: 0, beyond: -1), count: places.count)
    var before: Int32 = -1
    for place in places {
      var block = Block(events: Double(order.events[place]), rows: Double(order.rows[place]), beyond: before)
      while block.beyond >= 0 {
        let last = blocks[Int(block.beyond)]
        guard violates(last.events * block.rows, block.events * last.rows) else { break }
        block = Block(events: block.events + last.events, rows: block.rows + last.rows, beyond: last.beyond)
      }
      blocks[place] = block
      before = Int32(place)
    }
    return blocks
  }

  /// The first place whose score is not below `score`.
  private func firstPlace(_ score: Double) -> Int {
    var (low, high) = (0, scores.count)
    while low < high {
      let middle = (low + high) / 2
      if scores[middle] < score { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
