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
    /// This number, or the number of the customer's group where there is one; a mark column is added.
    case number(Double, byGroup: [Double], group: Int?)
    /// This category (a code); a mark column is added.
    case category(Int32)
  }

  /// One rule a column of the encoding.
  package let rules: [Rule]

  /// A fill by `rules`.
  package init(rules: [Rule]) { self.rules = rules }

  /// Groups are told apart by the first category column with at most this many texts.
  package static let mostGroups = 50

  /// The fill of `frame` (in `encoding`'s columns) as its `training` rows have it.
  package static func learn(_ frame: FeatureFrame, _ encoding: FeatureEncoding, training: [Int32])
    -> MissingFill
  {
    MissingFill(
      rules: encoding.columns.enumerated().map { index, column in
        switch (column.missingPolicy, frame.columns[index]) {
        case (.keep, _), (.zero, .categorical): return .keep
        case (.zero, .numeric): return .number(0, byGroup: [], group: nil)
        case (.median, .numeric(let values)):
          return .number(median(values, training), byGroup: [], group: nil)
        case (.group, .numeric(let values)): return byGroup(values, index, frame, training)
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
    _ values: [Double], _ index: Int, _ frame: FeatureFrame, _ training: [Int32]
  ) -> Rule {
    let overall = median(values, training)
    for (group, column) in frame.columns.enumerated() {
      guard case .categorical(let codes, let levels) = column, levels > 1, levels <= mostGroups else {
        continue
      }
      var rows = [[Int32]](repeating: [], count: levels)
      for row in training where codes[Int(row)] >= 0 && !values[Int(row)].isNaN {
        rows[Int(codes[Int(row)])].append(row)
      }
      return .number(
        overall, byGroup: rows.map { $0.isEmpty ? overall : median(values, $0) }, group: group)
    }
    return .number(overall, byGroup: [], group: nil)
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
      case (.number(let overall, let byGroup, let group), .numeric(let values)):
        columns[index] = .numeric(
          values.enumerated().map { row, value in
            guard value.isNaN else { return value }
            guard let group, case .categorical(let codes, _) = frame.columns[group], codes[row] >= 0,
              Int(codes[row]) < byGroup.count
            else { return overall }
            return byGroup[Int(codes[row])]
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
