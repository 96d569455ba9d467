package import Fingerprints
import Tabular

/// How one column differs between two versions of a table.
package struct ColumnChange: Sendable, Equatable {
  /// The column.
  package var name: String
  /// Rows both versions have in which the values differ.
  package var changed = 0
  /// Of these, where a value is missing now.
  package var becameMissing = 0
  /// Of these, where a value was missing before.
  package var becameKnown = 0
  /// Mean of |new − old| over the rows in which both numbers are there and differ; `nil` for text.
  package var meanDifference: Double?
  /// The largest.
  package var largestDifference: Double?
  /// How all values of the column are spread, before and after; `nil` where nothing changed or it is text
  /// that seldom repeats.
  package var shift: DistributionChange?
  /// For each old row, whether its partner's value differs: rows that the other table lacks stay as they were.
  static func mark(
    _ old: Column, _ new: Column, _ match: RowMatch, name: String, into marks: inout [Bool]
  ) -> ColumnChange {
    var change = ColumnChange(name: name)
    switch (old, new) {
    case (.real(let a), .real(let b)): change.compare(a.values, b.values, match, &marks)
    case (.integer(let a), .integer(let b)) where a.validity == nil && b.validity == nil:
      change.compare(a.values, b.values, match, &marks)
    case (.integer(let a), .integer(let b)): change.compare(a.doubles(), b.doubles(), match, &marks)
    case (.integer(let a), .real(let b)): change.compare(a.doubles(), b.values, match, &marks)
    case (.real(let a), .integer(let b)): change.compare(a.values, b.doubles(), match, &marks)
    case (.category(let a), .category(let b)): change.compare(a, b, match, &marks)
    case (.text(let a), .text(let b)):
      for (i, j) in zip(match.old, match.new) {
        let (row, other) = (Int(i), Int(j))
        let (had, has) = (a.isPresent(row), b.isPresent(other))
        if had == has, !had || equal(a, row, b, other) { continue }
        change.count(had, has, row, &marks)
      }
    default:
      for (i, j) in zip(match.old, match.new) where old.display(Int(i)) != new.display(Int(j)) {
        change.count(old.isPresent(Int(i)), new.isPresent(Int(j)), Int(i), &marks)
      }
    }
    return change
  }

  private mutating func count(_ had: Bool, _ has: Bool, _ row: Int, _ marks: inout [Bool]) {
    changed += 1
    if had, !has { becameMissing += 1 }
    if !had, has { becameKnown += 1 }
    marks[row] = true
  }

  private mutating func compare(_ a: [Double], _ b: [Double], _ match: RowMatch, _ marks: inout [Bool]) {
    var (sum, most, both) = (0.0, 0.0, 0)
    let (old, new) = (match.old, match.new)
    for pair in old.indices {
      let (x, y) = (a[Int(old[pair])], b[Int(new[pair])])
      if x == y || (x.isNaN && y.isNaN) { continue }
      count(!x.isNaN, !y.isNaN, Int(old[pair]), &marks)
      guard !x.isNaN, !y.isNaN else { continue }
      let difference = abs(y - x)
      sum += difference
      most = max(most, difference)
      both += 1
    }
    if both > 0 { (meanDifference, largestDifference) = (sum / Double(both), most) }
  }

  private mutating func compare(_ a: [Int64], _ b: [Int64], _ match: RowMatch, _ marks: inout [Bool]) {
    var (sum, most, both) = (0.0, 0.0, 0)
    let (old, new) = (match.old, match.new)
    for pair in old.indices {
      let (x, y) = (a[Int(old[pair])], b[Int(new[pair])])
      if x == y { continue }
      count(true, true, Int(old[pair]), &marks)
      let difference = abs(Double(y) - Double(x))
      sum += difference
      most = max(most, difference)
      both += 1
    }
    if both > 0 { (meanDifference, largestDifference) = (sum / Double(both), most) }
  }

  private mutating func compare(
    _ a: CategoryColumn, _ b: CategoryColumn, _ match: RowMatch, _ marks: inout [Bool]
  ) {
    // New codes in the old dictionary; −2 for a word it lacks.
    var known: [String: Int32] = [:]
    for (code, word) in a.dictionary.enumerated() where known[word] == nil { known[word] = Int32(code) }
    let first = a.dictionary.map { known[$0] ?? -2 }
    let other = b.dictionary.map { known[$0] ?? -2 }
    for (i, j) in zip(match.old, match.new) {
      let (x, y) = (a.codes[Int(i)], b.codes[Int(j)])
      if x < 0 && y < 0 { continue }
      if x >= 0, y >= 0, first[Int(x)] == other[Int(y)] { continue }
      count(x >= 0, y >= 0, Int(i), &marks)
    }
  }

  /// For programs.
  package var json: JSONValue {
    [
      "column": .string(name), "changed": .number(Double(changed)),
      "becameMissing": .number(Double(becameMissing)), "becameKnown": .number(Double(becameKnown)),
      "meanDifference": .number(or: meanDifference), "largestDifference": .number(or: largestDifference),
      "shift": shift?.json ?? .null,
    ]
  }
}

extension JSONValue {
  /// A number, or null where there is none or it is not finite.
  static func number(or value: Double?) -> JSONValue {
    guard let value, value.isFinite else { return .null }
    return .number(value)
  }

  /// Numbers, null where not finite.
  static func texts(_ values: [String]) -> JSONValue { .list(values.map { .string($0) }) }
}
