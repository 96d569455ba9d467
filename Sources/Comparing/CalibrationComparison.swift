package import Fingerprints

/// Two calibration curves: how often customers left of whom the model said a probability, in groups of as many.
package struct CalibrationComparison: Sendable, Equatable {
  /// One group of a curve.
  package struct Group: Sendable, Equatable {
    /// Mean probability said.
    package var predicted: Double
    /// Share that left, with its 95 % interval.
    package var observed: Double
    package var lower: Double
    package var upper: Double
    /// How many customers.
    package var rows: Int

    /// By how much more left than was said.
    package var gap: Double { observed - predicted }

    var json: JSONValue {
      [
        "predicted": .number(predicted), "observed": .number(observed), "lower": .number(or: lower),
        "upper": .number(or: upper), "rows": .number(Double(rows)),
      ]
    }
  }

  /// The old curve, from the least likely to leave to the most.
  package var old: [Group]
  /// The new one.
  package var new: [Group]

  /// The curves of two documents `curves`; `nil` where one has none, or both are the same.
  package init?(_ old: JSONValue, _ new: JSONValue) {
    func groups(_ document: JSONValue) -> [Group] {
      (document["reliability"]?.elements ?? []).compactMap { group in
        guard let predicted = group["predicted"]?.double, let observed = group["observed"]?.double else {
          return nil
        }
        return Group(
          predicted: predicted, observed: observed, lower: group["lower"]?.double ?? .nan,
          upper: group["upper"]?.double ?? .nan, rows: group["rows"]?.integer ?? 0)
      }
    }
    (self.old, self.new) = (groups(old), groups(new))
    guard !self.old.isEmpty, !self.new.isEmpty, self.old != self.new else { return nil }
  }

  /// Mean distance between what was said and what happened, by customers.
  package static func error(_ groups: [Group]) -> Double {
    let rows = groups.reduce(0) { $0 + $1.rows }
    guard rows > 0 else { return .nan }
    return groups.reduce(0) { $0 + Double($1.rows) * abs($1.gap) } / Double(rows)
  }

  /// Of groups that both curves have at the same place, how many say more or less than before beyond what chance
  /// does once in twenty; `nil` where the curves have another number of groups.
  package var changedGroups: Int? {
    guard old.count == new.count else { return nil }
    func error(_ group: Group) -> Double { (group.upper - group.lower) / (2 * 1.959963984540054) }
    return zip(old, new).reduce(0) { count, pair in
      let (a, b) = (error(pair.0), error(pair.1))
      let reach = 1.959963984540054 * (a * a + b * b).squareRoot()
      return count + (abs(pair.1.gap - pair.0.gap) > reach ? 1 : 0)
    }
  }

  /// For programs.
  package var json: JSONValue {
    [
      "old": .list(old.map(\.json)), "new": .list(new.map(\.json)),
      "error": [
        "old": .number(or: CalibrationComparison.error(old)),
        "new": .number(or: CalibrationComparison.error(new)),
      ],
      "groupsBeyondNoise": changedGroups.map { .number(Double($0)) } ?? .null,
    ]
  }
}
