package import Fingerprints
package import Numerics
import Tabular

/// What differs between two versions of a table: its columns, its rows by key, and how values are spread.
package struct TableComparison: Sendable, Equatable {
  /// The artifact.
  package var name: String
  /// Rows before.
  package var oldRows: Int
  /// Rows now.
  package var newRows: Int
  /// The column that names a row; `nil` where rows have no names, and only distributions are compared.
  package var key: String?
  /// Columns the old version lacks, with their types.
  package var columnsAdded: [String] = []
  /// Columns the new version lacks.
  package var columnsRemoved: [String] = []
  /// Columns of another type or with other facts, in words.
  package var columnsAltered: [String] = []
  /// Rows only the new version has, by key.
  package var added = 0
  /// Rows only the old version has.
  package var removed = 0
  /// Rows both have with another value somewhere.
  package var changed = 0
  /// Rows whose key stood before in the same version.
  package var repeated = 0
  /// Whether rows both have stand in another order.
  package var isReordered = false
  /// The columns that differ, in the table's order.
  package var columns: [ColumnChange] = []

  /// Whether the same rows hold the same values, wherever they stand.
  package var isSame: Bool {
    columnsAdded.isEmpty && columnsRemoved.isEmpty && columnsAltered.isEmpty && added == 0 && removed == 0
      && changed == 0 && oldRows == newRows && columns.isEmpty
  }

  /// In a word: `sameRows`, `otherOrder` (the same rows in another order) or `differs`.
  package var verdict: String { !isSame ? "differs" : isReordered ? "otherOrder" : "sameRows" }

  /// Compares two versions, whose rows it matches by key.
  package init(_ name: String, _ old: ComparedTable, _ new: ComparedTable, crew: Crew) throws {
    try self.init(name, old, new, RowMatch(old, new), crew: crew)
  }

  /// Compares two versions whose rows are matched by `match`; without it only distributions are compared. Reads a
  /// column of both at a time for each thread of the crew, so that ten million rows need less than 2 GB.
  package init(
    _ name: String, _ old: ComparedTable, _ new: ComparedTable, _ match: RowMatch?, crew: Crew
  ) throws {
    let key = match == nil ? nil : old.keyName
    self.name = name
    self.key = key
    (oldRows, newRows) = (old.rowCount, new.rowCount)
    for field in new.schema.fields where old.schema.index(of: field.name) == nil {
      columnsAdded.append("\(field.name) (\(field.type.rawValue))")
    }
    var both: [Field] = []
    for field in old.schema.fields {
      guard let place = new.schema.index(of: field.name) else {
        columnsRemoved.append(field.name)
        continue
      }
      let now = new.schema.fields[place]
      if now.type != field.type {
        columnsAltered.append("\(field.name): \(field.type.rawValue) → \(now.type.rawValue)")
      }
      for fact in Set(field.metadata.keys).union(now.metadata.keys).sorted()
      where field.metadata[fact] != now.metadata[fact] {
        columnsAltered.append(
          "\(field.name): \(fact) \(field.metadata[fact] ?? "none") → \(now.metadata[fact] ?? "none")")
      }
      if field.name != key { both.append(field) }
    }
    if let match {
      (added, removed, repeated) = (match.added.count, match.removed.count, match.repeated)
      isReordered = zip(match.new, match.new.dropFirst()).contains { $0 > $1 }
    }
    let isFixed = match.map { $0.added.isEmpty && $0.removed.isEmpty && $0.repeated == 0 } ?? false
    let names = both.map(\.name)
    let rows = old.rowCount
    var anywhere = [Bool](repeating: false, count: match == nil ? 0 : rows)
    // Some columns at a time, so that no more than these are in memory.
    for first in stride(from: 0, to: names.count, by: crew.threads) {
      let parts = crew.map(min(crew.threads, names.count - first)) {
        place -> Result<(ColumnChange, [Bool])?, any Error> in
        Result {
          let name = names[first + place]
          let (a, b) = (try old.column(name), try new.column(name))
          var marks = [Bool](repeating: false, count: match == nil ? 0 : rows)
          var change = match.map { ColumnChange.mark(a, b, $0, name: name, into: &marks) }
          if let change, change.changed == 0, isFixed { return nil }
          let shift = DistributionChange(a, b)
          if change == nil {
            guard let shift, shift.stabilityIndex > 0 || shift.kolmogorovSmirnov ?? 0 > 0 else { return nil }
            change = ColumnChange(name: name)
          }
          // A rank is a permutation: how it is spread says nothing.
          if name != "rank" { change?.shift = shift }
          return change.map { ($0, marks) }
        }
      }
      old.release()
      new.release()
      for part in parts {
        guard let (change, marks) = try part.get() else { continue }
        guard change.changed > 0 || change.shift.map({ match == nil || $0.isBeyondChance }) ?? false else {
          continue
        }
        columns.append(change)
        if change.changed > 0 { for row in marks.indices where marks[row] { anywhere[row] = true } }
      }
    }
    changed = anywhere.reduce(0) { $0 + ($1 ? 1 : 0) }
  }

  /// For programs.
  package var json: JSONValue {
    [
      "table": .string(name), "rows": ["old": .number(Double(oldRows)), "new": .number(Double(newRows))],
      "verdict": .string(verdict), "key": key.map { .string($0) } ?? .null, "added": .number(Double(added)),
      "removed": .number(Double(removed)), "changed": .number(Double(changed)),
      "repeatedKeys": .number(Double(repeated)), "reordered": .bool(isReordered),
      "schema": [
        "added": .texts(columnsAdded), "removed": .texts(columnsRemoved), "altered": .texts(columnsAltered),
      ],
      "columns": .list(columns.map(\.json)),
    ]
  }
}
