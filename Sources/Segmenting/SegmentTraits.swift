import Clientele
import Findings
import Learning
import Numerics
import Staging
import Statistics
import Tabular

/// What sets each segment apart from all others.
struct SegmentTraits: Sendable {
  /// One list a segment, strongest first.
  let numeric: [[PortraitsFindings.Trait]]
  /// Categories common in a segment and rarer elsewhere, in words, strongest first; one list a segment.
  let categories: [[String]]
  /// Which columns hold nothing but 0 and 1.
  private let flags: Set<String>

  /// From this standardised difference on, a column stands out.
  static let leastDifference = 0.5
  /// A category stands out where it makes at least this share of a segment …
  static let leastShare = 0.3
  /// … and that is at least this many times its share of all.
  static let leastLift = 1.5
  /// Columns of more different categories are passed over: they name rather than describe.
  static let mostCategories = 1000

  /// The traits of `labels`, which has one of `count` segments for each point.
  init(
    _ columns: ScaledColumns, _ points: PointMatrix, labels: [Int32], count: Int, features: InputTable,
    crew: Crew
  ) throws {
    let sizes = SegmentTraits.sizes(labels, count)
    let found = crew.map(columns.scales.count) { place in
      ColumnTraits(columns.scales[place].column, columns.raw[place], points, place, labels, sizes)
    }
    flags = Set(found.filter(\.isFlag).map(\.name))
    numeric = (0..<count).map { segment in
      found.compactMap { $0.traits[segment] }.sorted {
        ($0.difference.magnitude, $1.column) > ($1.difference.magnitude, $0.column)
      }
    }
    let described = features.schema.fields.indices.filter { place in
      let facts = FeatureFacts(features.schema.fields[place])
      return facts.role == .feature && !facts.protected && features.schema.fields[place].type == .category
    }
    let common = try crew.map(described.count) { (place) throws -> [CommonCategory?] in
      let name = features.schema.fields[described[place]].name
      let column = try features.selecting([name]).categories(name)
      return SegmentTraits.common(name, column, labels, sizes)
    }
    categories = (0..<count).map { segment in
      common.compactMap { $0.isEmpty ? nil : $0[segment] }.sorted {
        ($0.lift, $1.words) > ($1.lift, $0.words)
      }
      .map(\.words)
    }
  }

  /// A segment's name by rule: its two strongest traits.
  func name(_ segment: Int) -> String {
    let phrases = numeric[segment].prefix(2).map { trait in
      if flags.contains(trait.column) { return trait.difference > 0 ? trait.column : "no \(trait.column)" }
      return (trait.difference > 0 ? "high " : "low ") + trait.column
    }
    return phrases.isEmpty ? "like everyone" : phrases.joined(separator: ", ")
  }

  /// Customers of each segment.
  static func sizes(_ labels: [Int32], _ count: Int) -> [Int] {
    var sizes = [Int](repeating: 0, count: count)
    for label in labels { sizes[Int(label)] += 1 }
    return sizes
  }

  private struct CommonCategory: Sendable {
    var lift: Double
    var words: String
  }

  /// For each segment the category with the highest lift that stands out, if one does.
  private static func common(
    _ name: String, _ column: CategoryColumn, _ labels: [Int32], _ sizes: [Int]
  ) -> [CommonCategory?] {
    let levels = column.dictionary.count
    guard levels > 0, levels <= mostCategories else { return [] }
    var counts = [Int](repeating: 0, count: levels * sizes.count)
    for row in labels.indices where column.codes[row] >= 0 {
      counts[Int(labels[row]) * levels + Int(column.codes[row])] += 1
    }
    return sizes.indices.map { segment in
      var best: CommonCategory?
      for level in 0..<levels {
        let everywhere = sizes.indices.reduce(0) { $0 + counts[$1 * levels + level] }
        guard sizes[segment] > 0, everywhere > 0 else { continue }
        let here = Double(counts[segment * levels + level]) / Double(sizes[segment])
        let all = Double(everywhere) / Double(labels.count)
        guard here >= leastShare, here / all >= leastLift, here / all > best?.lift ?? 0 else { continue }
        let text =
          "\(name) \(column.dictionary[level]): \(Wording.percent(here)) (\(Wording.percent(all)) of all)"
        best = CommonCategory(lift: here / all, words: text)
      }
      return best
    }
  }
}

/// What one numeric column says of each segment.
private struct ColumnTraits: Sendable {
  let name: String
  let isFlag: Bool
  /// One a segment; `nil` where the column does not stand out.
  let traits: [PortraitsFindings.Trait?]

  init(
    _ name: String, _ raw: [Double], _ points: PointMatrix, _ place: Int, _ labels: [Int32], _ sizes: [Int]
  ) {
    let sums = points.sums(place, labels: labels, count: sizes.count)
    let total = sums.reduce(0, +)
    let isFlag = raw.allSatisfy { $0 == 0 || $0 == 1 || $0.isNaN }
    var medianOfAll: Double?
    self.name = name
    self.isFlag = isFlag
    traits = sizes.indices.map { segment in
      let others = labels.count - sizes[segment]
      guard sizes[segment] > 0, others > 0 else { return nil }
      let difference = sums[segment] / Double(sizes[segment]) - (total - sums[segment]) / Double(others)
      guard difference.magnitude >= SegmentTraits.leastDifference else { return nil }
      var mine = [Double](capacity: sizes[segment]) { mine in
        for row in labels.indices where labels[row] == segment && !raw[row].isNaN { mine.append(raw[row]) }
      }
      let share = isFlag ? ColumnTraits.share(mine) : 0
      let everyone = medianOfAll ?? OrderStatistics.median(raw)
      medianOfAll = everyone
      let median = OrderStatistics.median(reordering: &mine)
      // A segment in which the value is missing throughout has no median to tell.
      guard median.isFinite else { return nil }
      let words =
        isFlag
        ? "\(name): \(Wording.percent(share)) (\(Wording.percent(ColumnTraits.share(raw))) of all)"
        : "\(difference > 0 ? "high" : "low") \(name): median \(ColumnTraits.number(median)) "
          + "(\(ColumnTraits.number(everyone)) of all)"
      return PortraitsFindings.Trait(
        column: name, difference: difference, median: median, medianOfAll: everyone, words: words)
    }
  }

  private static func share(_ values: [Double]) -> Double {
    var (sum, present) = (0.0, 0)
    for value in values where !value.isNaN {
      sum += value
      present += 1
    }
    return present == 0 ? 0 : sum / Double(present)
  }

  private static func number(_ value: Double) -> String {
    Wording.decimals(value, value == value.rounded() || value.magnitude >= 100 ? 0 : 2)
  }
}
