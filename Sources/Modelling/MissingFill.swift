import Clientele
package import Learning

/// What one fold puts where values are missing, learnt from that fold's training rows, with a mark beside it.
///
/// The policy `keep` puts in nothing: trees learn a direction, linear models fill by themselves.
package struct MissingFill: Sendable, Equatable {
  /// What one column gets.
  package enum Rule: Sendable, Equatable {
    /// Nothing.
    case keep
    /// This number; or, where `columns` make a group and the customer's is among `groups`, that group's. A mark
    /// column is added.
    case number(Double, columns: [Int], groups: [Group])
    /// This category (a code); a mark column is added.
    case category(Int32)
  }

  /// A group of customers alike in the grouping columns, and what its members get.
  package struct Group: Sendable, Equatable {
    /// Their numbers or codes, in the order of the columns.
    package var key: [Double]
    /// The number that is put in.
    package var value: Double

    /// A group.
    package init(key: [Double], value: Double) {
      self.key = key
      self.value = value
    }
  }

  /// One rule a column of the encoding.
  package let rules: [Rule]

  /// A fill by `rules`.
  package init(rules: [Rule]) { self.rules = rules }

  /// The fill of `frame` (in `encoding`'s columns) as its `training` rows have it. For the policy `group`
  /// customers are grouped by the columns `grouping`, as the features declare them.
  package static func learn(
    _ frame: FeatureFrame, _ encoding: FeatureEncoding, grouping: [Int], training: [Int32]
  ) -> MissingFill {
    MissingFill(
      rules: encoding.columns.enumerated().map { index, column in
        switch (column.missingPolicy, frame.columns[index]) {
        case (.keep, _), (.zero, .categorical): return .keep
        case (.zero, .numeric): return .number(0, columns: [], groups: [])
        case (.median, .numeric(let values)):
          return .number(median(values, training), columns: [], groups: [])
        case (.group, .numeric(let values)):
          return byGroup(values, frame, grouping.filter { $0 != index }, training)
        case (_, .categorical(let codes, let levels)): return .category(mostFrequent(codes, levels, training))
        }
      })
  }

  /// The middle of the numbers of `rows`; 0 where there is none.
  private static func median(_ values: [Double], _ rows: [Int32]) -> Double {
    let present = rows.map { values[Int($0)] }.filter { !$0.isNaN }.sorted()
    guard !present.isEmpty else { return 0 }
    let middle = present.count / 2
    return present.count % 2 == 1 ? present[middle] : present[middle - 1] / 2 + present[middle] / 2
  }

  private static func byGroup(
    _ values: [Double], _ frame: FeatureFrame, _ columns: [Int], _ training: [Int32]
  ) -> Rule {
    var members: [[Double]: [Int32]] = [:]
    for row in training where !values[Int(row)].isNaN {
      if let key = key(of: Int(row), frame, columns) { members[key, default: []].append(row) }
    }
    let groups = members.map { Group(key: $0, value: median(values, $1)) }
    return .number(
      median(values, training), columns: columns,
      groups: groups.sorted { $0.key.lexicographicallyPrecedes($1.key) })
  }

  /// What a row holds in `columns`; `nil` where something is missing or there are no columns.
  private static func key(of row: Int, _ frame: FeatureFrame, _ columns: [Int]) -> [Double]? {
    var key: [Double] = []
    for column in columns {
      switch frame.columns[column] {
      case .numeric(let values) where !values[row].isNaN: key.append(values[row])
      case .categorical(let codes, _) where codes[row] >= 0: key.append(Double(codes[row]))
      default: return nil
      }
    }
    return key.isEmpty ? nil : key
  }

  /// The code most rows have, the lowest among equals; −1 where no row has any.
  private static func mostFrequent(_ codes: [Int32], _ levels: Int, _ rows: [Int32]) -> Int32 {
    var counts = [Int](repeating: 0, count: levels)
    for row in rows where codes[Int(row)] >= 0 { counts[Int(codes[Int(row)])] += 1 }
    guard let most = counts.max(), most > 0 else { return -1 }
    return Int32(counts.firstIndex(of: most) ?? -1)
  }

  /// The frame with gaps filled and, after its own columns, a 0∕1 mark column for each that can be filled.
  package func apply(_ frame: FeatureFrame) -> FeatureFrame {
    if rules.allSatisfy({ $0 == .keep }) { return frame }
    var columns = frame.columns
    var marks: [FeatureFrame.Column] = []
    for (index, rule) in rules.enumerated() {
      switch (rule, frame.columns[index]) {
      case (.number(let overall, let grouping, let groups), .numeric(let values)):
        let byGroup = Dictionary(groups.map { ($0.key, $0.value) }) { first, _ in first }
        columns[index] = .numeric(
          values.enumerated().map { row, value in
            guard value.isNaN else { return value }
            return MissingFill.key(of: row, frame, grouping).flatMap { byGroup[$0] } ?? overall
          })
        marks.append(.numeric(values.map { $0.isNaN ? 1 : 0 }))
      case (.category(let fill), .categorical(let codes, let levels)):
        columns[index] = .categorical(codes: codes.map { $0 < 0 ? fill : $0 }, levels: levels)
        marks.append(.numeric(codes.map { $0 < 0 ? 1 : 0 }))
      default: break
      }
    }
    return FeatureFrame(rows: frame.rows, columns: columns + marks)
  }

  /// The column each column of a filled frame is explained under.
  package func groups(_ encoding: FeatureEncoding) -> [String] {
    encoding.columns.map(\.group)
      + zip(rules, encoding.columns).compactMap { $0 == .keep ? nil : $1.group }
  }
}
