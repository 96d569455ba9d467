import Clientele
import Staging
import Tabular

/// Who left: 1 left, 0 stayed, missing where not known.
struct Labels: Sendable {
  /// One a customer.
  var column: IntegerColumn
  /// Customers with a label.
  var labelled: Int
  /// Of these, left.
  var events: Int
  /// What the target's value "left" was taken to be, where that was not declared.
  var note: String?

  /// Nobody's label is known.
  init(unknown rows: Int) {
    column = IntegerColumn(
      [Int64](repeating: 0, count: rows), validity: Validity(repeating: false, count: rows))
    labelled = 0
    events = 0
  }

  private init(_ codes: [Int32], positive: Int) {
    var words = [UInt64](repeating: 0, count: (codes.count + 63) / 64)
    var labels = [Int64](repeating: 0, count: codes.count)
    (labelled, events) = (0, 0)
    for row in codes.indices where codes[row] >= 0 {
      words[row >> 6] |= 1 << UInt64(row & 63)
      labelled += 1
      if Int(codes[row]) == positive {
        labels[row] = 1
        events += 1
      }
    }
    column = IntegerColumn(labels, validity: Validity(words: words, count: codes.count))
  }

  /// The labels that `column` holds by its contract. A target of one value teaches nothing and one of
  /// three says something else than whether a customer left: both stop the run.
  init(_ column: Column, _ contract: ColumnContract) throws(StageFault) {
    let (codes, values) = Labels.codes(column)
    guard !values.isEmpty else {
      self.init(unknown: codes.count)
      return
    }
    guard values.count == 2 else {
      throw StageFault(
        .data,
        values.count == 1
          ? "the target \"\(contract.name)\" holds one and the same value wherever it holds any, so nothing can be "
            + "learnt from it."
          : "the target \"\(contract.name)\" holds three or more different values; it must say only whether a "
            + "customer left.",
        remedy: values.count == 1
          ? "Check the extract; to score customers whose outcome is not known, leave the column empty or out."
          : "Make it two-valued in the source, or give the role \"target\" to a column that is.")
    }
    let positive = try Labels.positive(values, contract)
    self.init(codes, positive: positive)
    if contract.positive == nil, values[positive] != "1" {
      note = "In \"\(contract.name)\", \"\(values[positive])\" was taken to mean that the customer left."
    }
  }

  /// Which of the two values means that a customer left.
  private static func positive(_ values: [String], _ contract: ColumnContract) throws(StageFault) -> Int {
    if let declared = contract.positive {
      guard let place = values.firstIndex(where: { same($0, declared) }) else {
        throw StageFault(
          .configuration,
          "the target \"\(contract.name)\" never holds the value declared as \"positive\".",
          remedy: "Set \"positive\" to the value that means the customer left, spelled as in the file.")
      }
      return place
    }
    let found = values.indices.filter { usual.contains(values[$0].lowercased()) }
    guard found.count == 1, let place = found.first else {
      throw StageFault(
        .configuration,
        "it cannot be told which of the two values of the target \"\(contract.name)\" means that a customer left.",
        remedy: "Declare it: \"positive\": \"…\" in the contract of that column.")
    }
    return place
  }

  /// Spellings of "left" that need no declaration, in lower case.
  private static let usual: Set<String> = [
    "1", "yes", "y", "true", "t", "left", "churn", "churned", "exited", "attrited", "attrited customer",
    "gone",
    "closed", "lost", "да", "ушел", "ушёл", "ушла", "отток",
  ]

  private static func same(_ value: String, _ declared: String) -> Bool {
    if value == declared { return true }
    guard let left = Double(value), let right = Double(declared) else { return false }
    return left == right
  }

  /// A code a row into the values found, of which no more than three are looked for.
  private static func codes(_ column: Column) -> (codes: [Int32], values: [String]) {
    var codes = [Int32](repeating: -1, count: column.count)
    var firsts: [Int] = []
    func code(_ row: Int, equals: (Int) -> Bool) -> Bool {
      if let known = firsts.firstIndex(where: equals) {
        codes[row] = Int32(known)
      } else {
        codes[row] = Int32(firsts.count)
        firsts.append(row)
      }
      return firsts.count < 3
    }
    rows: for row in codes.indices {
      switch column {
      case .integer(let numbers):
        guard numbers.isPresent(row) else { continue }
        let value = numbers.values[row]
        if !code(row, equals: { numbers.values[$0] == value }) { break rows }
      case .real(let numbers):
        let value = numbers.values[row]
        guard !value.isNaN else { continue }
        if !code(row, equals: { numbers.values[$0] == value }) { break rows }
      case .category(let categories):
        let value = categories.codes[row]
        guard value >= 0 else { continue }
        if !code(row, equals: { categories.codes[$0] == value }) { break rows }
      case .text(let texts):
        guard texts.isPresent(row) else { continue }
        if !code(row, equals: { texts.compare($0, row) == 0 }) { break rows }
      }
    }
    return (codes, firsts.map { column.display($0) ?? "" })
  }
}
