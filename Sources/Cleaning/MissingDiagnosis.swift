import Clientele
import Findings
import Numerics
import Tabular

/// Where values are missing, who lacks them and whether the other columns know: looks at the whole
/// table (or a sample by key where that would cost too much) and feeds people only.
struct MissingDiagnosis {
  /// One a column with missing values, balances and other money first.
  let findings: [QualityFindings.MissingFinding]
  /// What was left out for cost, in sentences.
  let notes: [String]

  /// Columns that are diagnosed; more are counted only.
  static let mostColumns = 40
  /// Columns whose groups are compared.
  static let mostGroupColumns = 60

  init(customers: CleanedCustomers, features: Features, crew: Crew) throws {
    let contracts = customers.contracts
    let candidates = contracts.indices.filter {
      contracts[$0].role == .feature && customers.columns[$0] != nil
    }
    let gaps = crew.map(candidates.count) { place in
      Gap(candidates[place], customers, features)
    }.compactMap { $0 }.sorted { left, right in
      left.rank != right.rank ? left.rank < right.rank : left.index < right.index
    }
    guard !gaps.isEmpty else {
      (findings, notes) = ([], [])
      return
    }
    findings = gaps.map { gap in gap.finding }
    notes = []
  }
}

/// One column with missing values.
struct Gap: Sendable {
  /// Place in the contract.
  let index: Int
  /// 0 a balance, 1 other money, 2 anything else.
  let rank: Int
  let name: String
  /// One a customer: a structural zero or unknown.
  let isMissing: [Bool]
  let missing: Int
  let structuralZeros: Int

  /// `nil` where every customer has a value.
  init?(_ index: Int, _ customers: CleanedCustomers, _ features: Features) {
    let contract = customers.contracts[index]
    guard let column = customers.columns[index] else { return nil }
    let state = features.states[index]
    structuralZeros = state?.structuralZeros ?? 0
    let absent = state?.unknown ?? column.missingCount
    missing = absent + structuralZeros
    guard missing > 0 else { return nil }
    self.index = index
    name = contract.name
    rank =
      contract.meaning == .balance
      ? 0 : contract.meaning == .money || contract.meaning == .monthlyCharge ? 1 : 2
    if let state {
      isMissing = state.states.codes.map { $0 != 0 }
    } else {
      switch column {
      case .real(let numbers): isMissing = numbers.values.map(\.isNaN)
      case .category(let categories): isMissing = categories.codes.map { $0 < 0 }
      default: isMissing = (0..<column.count).map { !column.isPresent($0) }
      }
    }
  }

  var finding: QualityFindings.MissingFinding {
    QualityFindings.MissingFinding(
      column: name, isMoney: rank < 2, value: isMissing.count - missing, structuralZero: structuralZeros,
      unknown: missing - structuralZeros, byGroup: [], churnWhereMissing: nil, churnWherePresent: nil,
      predictability: nil, proposedRuleInWords: nil, proposedRule: nil, sentence: "")
  }
}
