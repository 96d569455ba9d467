import Clientele
import Staging
import Tabular

/// The three states of a column that can be missing for a reason: a value, a zero by rule, unknown.
///
/// Which columns have states depends on the contract alone, never on what a file holds, so that
/// another night's file has the same columns.
struct ValueStates: Sendable {
  /// The column with 0 where it is a zero by rule.
  var column: Column
  /// The state of each row; the dictionary is always `value`, `structuralZero`, `unknown`.
  var states: CategoryColumn
  /// Rows that are a zero by rule.
  var structuralZeros: Int
  /// Rows that are unknown.
  var unknown: Int

  /// Whether the contract gives the column states.
  static func applies(to contract: ColumnContract) -> Bool {
    guard contract.role == .feature, contract.type == .integer || contract.type == .real else { return false }
    if contract.structuralZero != nil { return true }
    return contract.meaning == .balance || contract.meaning == .money || contract.meaning == .monthlyCharge
  }

  /// The states of `column`, of which a missing value is a structural zero where `isZero` (one a row;
  /// `nil` where no rule is enabled). Without a rule a missing value is unknown and a 0 is a value:
  /// nothing guesses.
  init(_ column: Column, isZero: [Bool]?) {
    let rows = column.count
    var codes = [Int32](repeating: 0, count: rows)
    var (zeros, unknown) = (0, 0)
    switch column {
    case .real(let numbers):
      var values = numbers.values
      for row in 0..<rows where values[row].isNaN {
        if let isZero, isZero[row] {
          values[row] = 0
          codes[row] = 1
          zeros += 1
        } else {
          codes[row] = 2
          unknown += 1
        }
      }
      self.column = zeros == 0 ? column : .real(RealColumn(values))
    case .integer(let numbers):
      self.column = column
      guard let validity = numbers.validity else { break }
      var words = validity.words
      for row in 0..<rows where words[row >> 6] & (1 << UInt64(row & 63)) == 0 {
        if let isZero, isZero[row] {
          words[row >> 6] |= 1 << UInt64(row & 63)
          codes[row] = 1
          zeros += 1
        } else {
          codes[row] = 2
          unknown += 1
        }
      }
      if zeros > 0 {
        self.column = .integer(IntegerColumn(numbers.values, validity: Validity(words: words, count: rows)))
      }
    case .category, .text: preconditionFailure("only numbers have states")
    }
    states = CategoryColumn(codes: codes, dictionary: ValueState.allCases.map(\.rawValue))
    structuralZeros = zeros
    self.unknown = unknown
  }

  /// For each row whether all conditions of `rule` hold; `column` gives the column of a name, one value
  /// a customer.
  static func holds(
    _ rule: StructuralZeroRule, for name: String, rows: Int, column: (String) throws -> Column
  ) throws -> [Bool] {
    guard !rule.when.isEmpty else {
      throw StageFault(
        .configuration, "the structuralZero rule of \"\(name)\" is enabled and has no condition.",
        remedy: "Give it at least one condition in \"when\", or switch it off.")
    }
    var holds = [Bool](repeating: true, count: rows)
    for condition in rule.when {
      switch try column(condition.column) {
      case .integer(let numbers):
        let wanted = Set(condition.isOneOf.compactMap(Double.init))
        for row in 0..<rows where holds[row] {
          holds[row] = numbers.isPresent(row) && wanted.contains(Double(numbers.values[row]))
        }
      case .real(let numbers):
        let wanted = Set(condition.isOneOf.compactMap(Double.init))
        for row in 0..<rows where holds[row] { holds[row] = wanted.contains(numbers.values[row]) }
      case .category(let categories):
        let wanted = categories.dictionary.map(condition.isOneOf.contains)
        for row in 0..<rows where holds[row] {
          holds[row] = categories.codes[row] >= 0 && wanted[Int(categories.codes[row])]
        }
      case .text(let texts):
        let wanted = Set(condition.isOneOf)
        for row in 0..<rows where holds[row] { holds[row] = texts.text(row).map(wanted.contains) ?? false }
      }
    }
    return holds
  }
}
