package import Tabular

/// Looks for the fewest further columns that tell apart customers whose key is the same.
package enum KeySearch {
  /// A column that might become part of the key.
  package struct Candidate: Sendable {
    /// Its name.
    package var name: String
    /// Its values.
    package var column: Column

    /// A candidate.
    package init(name: String, column: Column) {
      self.name = name
      self.column = column
    }
  }

  /// The fewest candidates, at most `most` (1 or 2), that hold different values in any two rows of
  /// each of `groups`; of several that do, the earliest in order. `nil` where there are none.
  ///
  /// A candidate with a missing value in any row is passed over: a customer needs a whole key.
  package static func furtherColumns(
    for groups: [[Int32]], among candidates: [Candidate], most: Int = 2
  ) -> [String]? {
    let whole = candidates.filter { $0.column.missingCount == 0 }
    for candidate in whole where separates(groups, [candidate.column]) { return [candidate.name] }
    guard most >= 2 else { return nil }
    for first in whole.indices {
      for second in whole.indices.dropFirst(first + 1)
      where separates(groups, [whole[first].column, whole[second].column]) {
        return [whole[first].name, whole[second].name]
      }
    }
    return nil
  }

  private static func separates(_ groups: [[Int32]], _ columns: [Column]) -> Bool {
    groups.allSatisfy { rows in
      var seen: Set<[String]> = []
      return rows.allSatisfy { row in seen.insert(columns.map { $0.display(Int(row)) ?? "" }).inserted }
    }
  }
}
