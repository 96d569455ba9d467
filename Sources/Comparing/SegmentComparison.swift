package import Fingerprints
import Learning
import Tabular

/// Which of today's segments is which of yesterday's, and who moved.
package struct SegmentComparison: Sendable, Equatable {
  /// Names of the old segments.
  package var oldNames: [String]
  /// Names of the new segments.
  package var newNames: [String]
  /// The new segment that each old one became; `nil` for one left over.
  package var partners: [Int?]
  /// Customers by old segment, then new segment.
  package var migration: [[Int]]
  /// Customers in both versions.
  package var shared: Int
  /// Of these, in another segment than the partner of their old one.
  package var moved: Int

  /// Compares two tables `segments`. Segments are paired so that the most customers stay where they were.
  package init(
    _ old: ComparedTable, _ new: ComparedTable, _ match: RowMatch, oldNames: [String], newNames: [String]
  ) throws {
    func numbers(_ table: ComparedTable) throws -> [Int64] {
      guard case .integer(let column) = try table.column("segment") else {
        throw TableError.wrongType("segment", expected: .integer, found: .text)
      }
      return column.values
    }
    let (before, after) = (try numbers(old), try numbers(new))
    let height = max(1, Int(before.max() ?? 0) + 1, oldNames.count)
    let width = max(1, Int(after.max() ?? 0) + 1, newNames.count)
    var counts = [Int](repeating: 0, count: height * width)
    for (i, j) in zip(match.old, match.new) {
      let (from, to) = (before[Int(i)], after[Int(j)])
      if from >= 0, to >= 0 { counts[Int(from) * width + Int(to)] += 1 }
    }
    let pairs = Assignment(costs: counts.map { -Double($0) }, width: width)
    shared = match.old.count
    migration = (0..<height).map { Array(counts[$0 * width..<($0 + 1) * width]) }
    partners = pairs.columns
    let stayed = partners.enumerated().reduce(0) { sum, pair in
      sum + (pair.element.map { counts[pair.offset * width + $0] } ?? 0)
    }
    moved = counts.reduce(0, +) - stayed
    self.oldNames = (0..<height).map { $0 < oldNames.count ? oldNames[$0] : "segment \($0 + 1)" }
    self.newNames = (0..<width).map { $0 < newNames.count ? newNames[$0] : "segment \($0 + 1)" }
  }

  /// For programs.
  package var json: JSONValue {
    [
      "old": .texts(oldNames), "new": .texts(newNames),
      "partners": .list(partners.map { $0.map { .number(Double($0)) } ?? .null }),
      "migration": .list(migration.map { .list($0.map { .number(Double($0)) }) }),
      "shared": .number(Double(shared)), "moved": .number(Double(moved)),
    ]
  }
}
