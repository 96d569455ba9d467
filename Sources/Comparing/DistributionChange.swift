package import Fingerprints
import Statistics
package import Tabular

/// How far the values of a column are spread otherwise than before, over all rows of both versions.
package struct DistributionChange: Sendable, Equatable {
  /// A level of a category with its shares.
  package struct Level: Sendable, Equatable {
    /// The level.
    package var name: String
    /// Share of the rows that hold a value, before.
    package var old: Double
    /// The same now.
    package var new: Double
  }

  /// Population stability index over tenths of the old values (or levels), missing values a group of their own.
  package var stabilityIndex: Double
  /// What it exceeds by chance alone once in twenty.
  package var stabilityIndexByChance: Double
  /// Kolmogorov-Smirnov distance, looked at in at most 4,096 of the old values, of larger tables a sample: never
  /// above the exact one, and seldom much below it; `nil` for categories.
  package var kolmogorovSmirnov: Double?
  /// Mean of the numbers.
  package var oldMean: Double?
  /// The same now.
  package var newMean: Double?
  /// Share of rows that hold nothing.
  package var oldMissing: Double
  /// The same now.
  package var newMissing: Double
  /// The five levels whose shares moved most.
  package var levels: [Level] = []

  /// Rows before and now.
  var rows: (old: Int, new: Int) = (0, 0)

  /// Whether either figure is above what chance alone exceeds once in twenty.
  package var isBeyondChance: Bool {
    let limit = 1.3581 * (1 / Double(max(1, rows.old)) + 1 / Double(max(1, rows.new))).squareRoot()
    return stabilityIndex > stabilityIndexByChance || kolmogorovSmirnov ?? 0 > limit
  }

  /// How many of the old values the distributions are looked at in.
  static let mostPoints = 4096

  /// The change of a column; `nil` for text that seldom repeats and where a version has no rows.
  package init?(_ old: Column, _ new: Column) {
    guard old.count > 0, new.count > 0 else { return nil }
    switch (old, new) {
    case (.category(let a), .category(let b)): self.init(a, b)
    case (.real(let a), .real(let b)): self.init(a.values, b.values)
    case (.integer(let a), .integer(let b)): self.init(a.doubles(), b.doubles())
    case (.integer(let a), .real(let b)): self.init(a.doubles(), b.values)
    case (.real(let a), .integer(let b)): self.init(a.values, b.doubles())
    default: return nil
    }
    rows = (old.count, new.count)
  }

  package static func == (left: DistributionChange, right: DistributionChange) -> Bool {
    left.json == right.json
  }

  private init(_ a: [Double], _ b: [Double]) {
    let step = max(1, a.count / (8 * DistributionChange.mostPoints))
    let sample = OrderStatistics.sorted(stride(from: 0, to: a.count, by: step).map { a[$0] })
    var points: [Double] = []
    let wanted = min(sample.count, DistributionChange.mostPoints)
    for place in 0..<wanted {
      let value = sample[place * sample.count / wanted]
      if points.last != value { points.append(value) }
    }
    let (before, after) = (Tally(a, at: points), Tally(b, at: points))
    var distance = 0.0
    var (seen, seenNew) = (0, 0)
    // Up to and including each point.
    for place in points.indices {
      seen += before.counts[place]
      seenNew += after.counts[place]
      let shares = (
        Double(seen) / Double(max(1, before.present)), Double(seenNew) / Double(max(1, after.present))
      )
      distance = max(distance, abs(shares.0 - shares.1))
    }
    if before.present == 0 || after.present == 0 { distance = before.present == after.present ? 0 : 1 }
    let groups = DistributionChange.tenths(before.counts, after.counts)
    let expected = groups.old + [Double(before.missing)]
    let actual = groups.new + [Double(after.missing)]
    stabilityIndex = DistributionShift.stabilityIndex(expected: expected, actual: actual)
    stabilityIndexByChance = DistributionShift.stabilityIndexByChance(
      groups: zip(expected, actual).filter { $0 + $1 > 0 }.count, rows: a.count, otherRows: b.count)
    kolmogorovSmirnov = distance
    (oldMean, newMean) = (before.mean, after.mean)
    oldMissing = Double(before.missing) / Double(a.count)
    newMissing = Double(after.missing) / Double(b.count)
  }

  private init(_ a: CategoryColumn, _ b: CategoryColumn) {
    var place: [String: Int] = [:]
    var words: [String] = []
    for word in a.dictionary + b.dictionary where place[word] == nil {
      place[word] = words.count
      words.append(word)
    }
    func tally(_ column: CategoryColumn) -> (counts: [Double], missing: Double) {
      var byCode = [Int](repeating: 0, count: column.dictionary.count + 1)
      for code in column.codes { byCode[Int(code) + 1] += 1 }
      var counts = [Double](repeating: 0, count: words.count)
      for (code, word) in column.dictionary.enumerated() {
        counts[place[word] ?? 0] += Double(byCode[code + 1])
      }
      return (counts, Double(byCode[0]))
    }
    let (before, after) = (tally(a), tally(b))
    let expected = before.counts + [before.missing]
    let actual = after.counts + [after.missing]
    stabilityIndex = DistributionShift.stabilityIndex(expected: expected, actual: actual)
    stabilityIndexByChance = DistributionShift.stabilityIndexByChance(
      groups: zip(expected, actual).filter { $0 + $1 > 0 }.count, rows: a.codes.count,
      otherRows: b.codes.count)
    oldMissing = before.missing / Double(a.codes.count)
    newMissing = after.missing / Double(b.codes.count)
    let held = (
      max(1, Double(a.codes.count) - before.missing), max(1, Double(b.codes.count) - after.missing)
    )
    let moved = words.indices.map {
      Level(name: words[$0], old: before.counts[$0] / held.0, new: after.counts[$0] / held.1)
    }
    levels = Array(
      moved.enumerated().filter { $0.element.old != $0.element.new }.sorted { x, y in
        let (p, q) = (abs(x.element.new - x.element.old), abs(y.element.new - y.element.old))
        return p != q ? p > q : x.offset < y.offset
      }.prefix(5).map(\.element))
  }

  /// Numbers counted between points.
  private struct Tally {
    /// Values above the point before and up to this one; the last element holds those above all points.
    var counts: [Int]
    var present = 0
    var missing = 0
    var mean: Double?

    init(_ values: [Double], at points: [Double]) {
      counts = [Int](repeating: 0, count: points.count + 1)
      var sum = 0.0
      for value in values {
        if value.isNaN {
          missing += 1
          continue
        }
        sum += value
        // The first point not below the value.
        var (low, length) = (0, points.count)
        while length > 0 {
          let half = length / 2
          if points[low + half] < value {
            low += half + 1
            length -= half + 1
          } else {
            length = half
          }
        }
        counts[low] += 1
      }
      present = values.count - missing
      mean = present > 0 ? sum / Double(present) : nil
    }
  }

  /// Ten groups of the old values as equal as ties allow, and the new values in them.
  private static func tenths(_ old: [Int], _ new: [Int]) -> (old: [Double], new: [Double]) {
    let total = old.reduce(0, +)
    var groups: (old: [Double], new: [Double]) = ([], [])
    var (a, b, done) = (0, 0, 0)
    for place in old.indices {
      a += old[place]
      b += new[place]
      let isLast = place == old.indices.last
      if isLast || (done + a) * 10 >= total * (groups.old.count + 1) && a > 0 {
        groups.old.append(Double(a))
        groups.new.append(Double(b))
        done += a
        (a, b) = (0, 0)
      }
    }
    return groups
  }

  /// For programs.
  package var json: JSONValue {
    [
      "stabilityIndex": .number(or: stabilityIndex), "byChance": .number(or: stabilityIndexByChance),
      "kolmogorovSmirnov": .number(or: kolmogorovSmirnov),
      "mean": ["old": .number(or: oldMean), "new": .number(or: newMean)],
      "missing": ["old": .number(or: oldMissing), "new": .number(or: newMissing)],
      "levels": .list(
        levels.map { ["level": .string($0.name), "old": .number($0.old), "new": .number($0.new)] }),
    ]
  }
}
