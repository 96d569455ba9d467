import Clientele
import Staging
import Tabular

/// What a column's contract does to its values.
struct ContractOutcome: Sendable {
  /// The column with what the contract does not allow made missing.
  var column: Column
  /// Each value that the contract does not allow.
  var repairs: [Repair]
  /// Places of the rows to take out.
  var drops: [Int32]
}

/// Holds one column to its contract: range, list of allowed values, presence. Row by row; throws
/// where the contract says to stop.
func holdToContract(_ column: Column, _ contract: ColumnContract, at index: Int) throws(StageFault)
  -> ContractOutcome
{
  let violations = violations(of: contract, in: column)
  guard !violations.isEmpty else { return ContractOutcome(column: column, repairs: [], drops: []) }
  let policy = contract.onViolation ?? .missing
  if policy == .stop {
    let rules = RepairRule.allCases.compactMap { rule -> String? in
      let count = violations.reduce(0) { $0 + ($1.rule == rule ? 1 : 0) }
      return count == 0 ? nil : "\(Wording.count(count)) \(rule.rawValue)"
    }
    throw StageFault(
      .data,
      "column \"\(contract.name)\" breaks its contract in \(Wording.count(violations.count, "row", "rows")) "
        + "(\(rules.joined(separator: ", "))), and the contract says to stop.",
      remedy:
        "Mend the source, widen the contract, or set the column's onViolation to \"missing\" or \"drop\".")
  }
  let repairs = violations.map { violation in
    Repair(
      place: violation.place, column: index, old: column.display(Int(violation.place)), rule: violation.rule)
  }
  if policy == .drop {
    return ContractOutcome(column: column, repairs: repairs, drops: violations.map(\.place))
  }
  return ContractOutcome(column: column.clearing(violations.map(\.place)), repairs: repairs, drops: [])
}

private struct Violation {
  var place: Int32
  var rule: RepairRule
}

private func violations(of contract: ColumnContract, in column: Column) -> [Violation] {
  var found: [Violation] = []
  let isRequired = contract.required ?? false
  let low = contract.minimum ?? -.infinity
  let high = contract.maximum ?? .infinity
  let hasRange = contract.minimum != nil || contract.maximum != nil
  if isRequired, column.missingCount > 0 {
    for row in 0..<column.count where !column.isPresent(row) {
      found.append(Violation(place: Int32(row), rule: .requiredMissing))
    }
  }
  switch column {
  case .real(let numbers):
    if hasRange {
      let values = numbers.values
      for row in values.indices {
        if values[row] < low { found.append(Violation(place: Int32(row), rule: .belowMinimum)) }
        if values[row] > high { found.append(Violation(place: Int32(row), rule: .aboveMaximum)) }
      }
    }
    if let allowed = contract.allowed.map({ Set($0.compactMap(Double.init)) }) {
      for (row, value) in numbers.values.enumerated() where !value.isNaN && !allowed.contains(value) {
        found.append(Violation(place: Int32(row), rule: .notAllowed))
      }
    }
  case .integer(let numbers):
    let values = numbers.values
    let allowed = contract.allowed.map { Set($0.compactMap(Double.init)) }
    guard hasRange || allowed != nil else { break }
    for row in values.indices {
      let value = Double(values[row])
      if value >= low, value <= high, allowed == nil { continue }
      if !numbers.isPresent(row) { continue }
      if value < low {
        found.append(Violation(place: Int32(row), rule: .belowMinimum))
      } else if value > high {
        found.append(Violation(place: Int32(row), rule: .aboveMaximum))
      } else if let allowed, !allowed.contains(value) {
        found.append(Violation(place: Int32(row), rule: .notAllowed))
      }
    }
  case .category(let categories):
    guard let allowed = contract.allowed else { break }
    let isAllowed = categories.dictionary.map { text in
      allowed.contains { Array($0.utf8) == Array(text.utf8) }
    }
    if isAllowed.allSatisfy({ $0 }) { break }
    for (row, code) in categories.codes.enumerated() where code >= 0 && !isAllowed[Int(code)] {
      found.append(Violation(place: Int32(row), rule: .notAllowed))
    }
  case .text(let texts):
    guard let allowed = contract.allowed.map(Set.init) else { break }
    for row in 0..<texts.count {
      if let text = texts.text(row), !allowed.contains(text) {
        found.append(Violation(place: Int32(row), rule: .notAllowed))
      }
    }
  }
  return found
}

extension Column {
  /// The column with nothing in the rows named.
  func clearing(_ rows: [Int32]) -> Column {
    switch self {
    case .integer(let numbers):
      var values = numbers.values
      var words = (numbers.validity ?? Validity(repeating: true, count: values.count)).words
      for row in rows {
        values[Int(row)] = 0
        words[Int(row) >> 6] &= ~(1 << UInt64(row & 63))
      }
      return .integer(IntegerColumn(values, validity: Validity(words: words, count: values.count)))
    case .real(let numbers):
      var values = numbers.values
      for row in rows { values[Int(row)] = .nan }
      return .real(RealColumn(values))
    case .category(let categories):
      var codes = categories.codes
      for row in rows { codes[Int(row)] = -1 }
      return .category(CategoryColumn(codes: codes, dictionary: categories.dictionary))
    case .text(let texts):
      var words = (texts.validity ?? Validity(repeating: true, count: texts.count)).words
      for row in rows { words[Int(row) >> 6] &= ~(1 << UInt64(row & 63)) }
      var builder = TextColumnBuilder(capacity: texts.count)
      for row in 0..<texts.count {
        if words[row >> 6] & (1 << UInt64(row & 63)) != 0 {
          builder.append(utf8: texts.utf8(row))
        } else {
          builder.appendMissing()
        }
      }
      return .text(builder.finish())
    }
  }

  /// The category column with its dictionary in the bytewise order of the texts in use, so that equal
  /// contents are equal bytes whatever order the file brought them in; other columns as they are.
  func orderingDictionary() -> Column {
    guard case .category(let categories) = self else { return self }
    var isUsed = [Bool](repeating: false, count: categories.dictionary.count)
    for code in categories.codes where code >= 0 { isUsed[Int(code)] = true }
    let texts = categories.dictionary.map { Array($0.utf8) }
    let order = texts.indices.filter { isUsed[$0] }.sorted { texts[$0].lexicographicallyPrecedes(texts[$1]) }
    if order.count == texts.count, order.indices.allSatisfy({ order[$0] == $0 }) { return self }
    var renamed = [Int32](repeating: -1, count: texts.count)
    for (code, old) in order.enumerated() { renamed[old] = Int32(code) }
    return .category(
      CategoryColumn(
        codes: categories.codes.map { $0 < 0 ? -1 : renamed[Int($0)] },
        dictionary: order.map { categories.dictionary[$0] }))
  }
}
