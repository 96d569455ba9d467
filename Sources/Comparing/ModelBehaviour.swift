package import Fingerprints

/// What two models say of the same customers with the same features.
package struct ModelBehaviour: Sendable, Equatable {
  /// How many customers.
  package var rows: Int
  /// Mean of |new − old| probability of leaving.
  package var meanDifference: Double
  /// The largest.
  package var largestDifference: Double
  /// Mean of new − old.
  package var meanChange: Double
  /// Customers whom acting on is worth it by one model and not by the other, all else as it was.
  package var decisionsChanged: Int
  /// Where the models differ most; `nil` where nobody has a segment.
  package var worstSegment: Segment?

  /// The customers of a segment.
  package struct Segment: Sendable, Equatable {
    /// Its name.
    package var name: String
    /// How many customers.
    package var rows: Int
    /// Mean of |new − old| among them.
    package var meanDifference: Double
    /// Mean of new − old among them.
    package var meanChange: Double
  }

  /// Fewest customers of a segment that is said to be the worst: fewer say little.
  package static let smallestSegment = 20

  /// The behaviour over customers, one probability and one ΔEV each by either model; `nil` for nobody.
  /// `segments` are the customers' segments by name, `nil` for one who has none.
  package init?(
    old: [Double], new: [Double], oldValues: [Double], newValues: [Double], segments: [String?] = []
  ) {
    precondition(
      old.count == new.count && oldValues.count == newValues.count, "the same customers by both models")
    guard !old.isEmpty else { return nil }
    rows = old.count
    var (sum, signed, most) = (0.0, 0.0, 0.0)
    for (a, b) in zip(old, new) {
      signed += b - a
      sum += abs(b - a)
      most = max(most, abs(b - a))
    }
    (meanDifference, largestDifference) = (sum / Double(rows), most)
    meanChange = signed / Double(rows)
    worstSegment = ModelBehaviour.worst(zip(old, new).map { $1 - $0 }, segments)
    decisionsChanged = zip(oldValues, newValues).reduce(0) { $0 + (($1.0 > 0) != ($1.1 > 0) ? 1 : 0) }
  }

  /// The segment whose customers' probabilities differ most on average; of equals the first by name.
  private static func worst(_ changes: [Double], _ segments: [String?]) -> Segment? {
    var sums: [String: (rows: Int, size: Double, change: Double)] = [:]
    for (change, name) in zip(changes, segments) {
      guard let name else { continue }
      let sum = sums[name] ?? (0, 0, 0)
      sums[name] = (sum.rows + 1, sum.size + abs(change), sum.change + change)
    }
    let means = sums.filter { $0.value.rows >= smallestSegment }.map { name, sum in
      Segment(
        name: name, rows: sum.rows, meanDifference: sum.size / Double(sum.rows),
        meanChange: sum.change / Double(sum.rows))
    }
    return means.min { ($1.meanDifference, $0.name) < ($0.meanDifference, $1.name) }
  }

  /// For programs.
  package var json: JSONValue {
    [
      "rows": .number(Double(rows)), "meanDifference": .number(meanDifference),
      "largestDifference": .number(largestDifference), "meanChange": .number(meanChange),
      "decisionsChanged": .number(Double(decisionsChanged)),
      "worstSegment": worstSegment.map {
        [
          "name": .string($0.name), "rows": .number(Double($0.rows)),
          "meanDifference": .number($0.meanDifference), "meanChange": .number($0.meanChange),
        ]
      } ?? .null,
    ]
  }
}
