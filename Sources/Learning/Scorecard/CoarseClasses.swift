import Numerics

/// One column in a few classes of customers, each with its weight of evidence; the missing are a class of their own, the
/// last. Learnt from training rows.
package struct CoarseClasses: Sendable, Equatable {
  /// How a value finds its class.
  package enum Rule: Sendable, Equatable {
    /// Numbers: class k holds those up to edge k (ascending, edges within), the last but one those beyond the last edge.
    /// NaN and ±∞ are missing.
    case edges([Double])
    /// Categories: the class of each code; codes that are not listed, or listed as −1, are missing.
    case codes([Int32])
  }

  /// What one class holds.
  package struct Tally: Sendable, Equatable {
    /// Weight of its training rows.
    package var rows = 0.0
    /// Of it, of those who left.
    package var events = 0.0
    /// Of it, of those who stayed.
    package var others: Double { rows - events }

    /// An empty class.
    package init() {}

    /// A class that holds so much.
    package init(rows: Double, events: Double) { (self.rows, self.events) = (rows, events) }
  }

  /// How a value finds its class.
  package let rule: Rule
  /// What the classes held in training, the missing last.
  package let tallies: [Tally]
  /// ln of (share of those who stayed that is in the class ∕ share of those who left): above 0 where customers are
  /// safer than usual.
  package let weights: [Double]
  /// Σ (share of stayed − share of left) · weight: how well the column tells them apart; below .02 hardly, above .3
  /// strongly (Siddiqi 2006).
  package let informationValue: Double

  /// How many classes there are, the missing among them.
  package var count: Int { tallies.count }
  /// Whether training rows fell into more than one class.
  package var tells: Bool { tallies.count { $0.rows > 0 } > 1 }

  /// Classes of these tallies. `smoothing` rows at the base rate are put to each class before its weight is taken, so
  /// that small classes stay near 0, and the empty at it; with 0 a class of one kind alone has no finite weight and
  /// counts as 0.
  package init(rule: Rule, tallies: [Tally], smoothing: Double) {
    self.rule = rule
    self.tallies = tallies
    let left = tallies.reduce(0.0) { $0 + $1.events }
    let stayed = tallies.reduce(0.0) { $0 + $1.others }
    guard left > 0, stayed > 0 else {
      (weights, informationValue) = (tallies.map { _ in 0 }, 0)
      return
    }
    let weights = tallies.map { tally -> Double in
      let good = tally.others + smoothing * (stayed / (stayed + left))
      let bad = tally.events + smoothing * (left / (stayed + left))
      return good > 0 && bad > 0 ? logarithm(good / bad) - logarithm(stayed / left) : 0
    }
    self.weights = weights
    informationValue = zip(tallies, weights).reduce(0.0) {
      $0 + ($1.0.others / stayed - $1.0.events / left) * $1.1
    }
  }

  /// Classes as they were learnt before, with one weight a tally.
  package init(rule: Rule, tallies: [Tally], weights: [Double], informationValue: Double) {
    precondition(weights.count == tallies.count, "one weight a class")
    (self.rule, self.tallies) = (rule, tallies)
    (self.weights, self.informationValue) = (weights, informationValue)
  }

  /// The class of each of `rows` of `column`, which must be of the kind that was learnt.
  package func classes(_ column: FeatureFrame.Column, rows: [Int32]) -> [Int32] {
    let missing = Int32(count - 1)
    switch (rule, column) {
    case (.edges(let edges), .numeric(let values)):
      return rows.map { row in
        let value = values[Int(row)]
        return value.isFinite ? CoarseClasses.place(of: value, in: edges) : missing
      }
    case (.codes(let classes), .categorical(let codes, _)):
      return rows.map { row in
        let code = Int(codes[Int(row)])
        return code >= 0 && code < classes.count && classes[code] >= 0 ? classes[code] : missing
      }
    default: preconditionFailure("a column of the kind that was learnt")
    }
  }

  /// The first edge that is not below `value`, or how many edges there are.
  static func place(of value: Double, in edges: [Double]) -> Int32 {
    var (low, high) = (0, edges.count)
    while low < high {
      let middle = (low + high) / 2
      if edges[middle] < value { low = middle + 1 } else { high = middle }
    }
    return Int32(low)
  }
}
