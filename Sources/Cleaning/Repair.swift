import Findings
import Tabular

/// Why a value, or a row, did not go through as it stood.
enum RepairRule: String, Sendable, CaseIterable {
  case belowMinimum
  case aboveMaximum
  case notAllowed
  case requiredMissing
  case repeatedRow
  /// Counted in `quality`, never a row of `repairs`: a rule of the contract, not a fault of the data.
  case structuralZero
}

/// One repair.
struct Repair: Sendable {
  /// Place of the customer in key order, before rows were taken out.
  var place: Int32
  /// The column's place in the contract; −1 where the whole row is meant.
  var column: Int
  /// The value before.
  var old: String?
  var rule: RepairRule
}

/// The repairs as the table `repairs`, in key order, then column order.
func repairsTable(_ repairs: [Repair], keys: TextColumn, columnNames: [String]) -> Table {
  let sorted = repairs.indices.sorted { left, right in
    let (a, b) = (repairs[left], repairs[right])
    return (Int(a.place), a.column, left) < (Int(b.place), b.column, right)
  }.map { repairs[$0] }
  let used = columnNames.indices.filter { place in repairs.contains { $0.column == place } }
    .sorted { $0 < $1 }
  var codes = [Int32](repeating: -1, count: columnNames.count)
  for (code, place) in used.enumerated() { codes[place] = Int32(code) }
  var key = TextColumnBuilder(capacity: sorted.count)
  for repair in sorted { key.append(utf8: keys.utf8(Int(repair.place))) }
  let rules = RepairRule.allCases
  return Table([
    (RepairColumn.key, .text(key.finish())),
    (
      RepairColumn.column,
      .category(
        CategoryColumn(
          codes: sorted.map { $0.column < 0 ? -1 : codes[$0.column] },
          dictionary: used.map { columnNames[$0] }))
    ),
    (RepairColumn.old, .text(TextColumn(sorted.map(\.old)))),
    // Every rule makes a value missing or takes a row out: there is never a value after.
    (RepairColumn.new, .text(TextColumn(sorted.map { _ in nil }))),
    (
      RepairColumn.rule,
      .category(
        CategoryColumn(
          codes: sorted.map { repair in Int32(rules.firstIndex(of: repair.rule) ?? 0) },
          dictionary: rules.map(\.rawValue)))
    ),
  ])
}
