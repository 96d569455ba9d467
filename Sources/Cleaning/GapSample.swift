import Clientele
import Findings
import Learning
import Numerics
import Tabular

/// Customers on whom it is tried whether the other columns know who lacks a value.
struct GapSample: Sendable {
  /// Rows of `features`, ascending.
  let rows: [Int32]
  /// Columns that may explain a gap: places in the contract.
  let reasons: [Int]
  /// One a reason: its values as conditions; `nil` for amounts.
  let candidates: [StructuralRuleSearch.Candidate?]
  private let columns: [FeatureFrame.Column]

  init(_ customers: CleanedCustomers, rows: [Int32], reasons: [Int], _ crew: Crew) {
    self.rows = rows
    self.reasons = reasons
    candidates = crew.map(reasons.count) { place in
      customers.columns[reasons[place]].flatMap {
        StructuralRuleSearch.Candidate(name: customers.contracts[reasons[place]].name, column: $0, rows: rows)
      }
    }
    columns = crew.map(reasons.count) { place in
      switch customers.columns[reasons[place]] {
      case .category(let categories):
        .categorical(codes: rows.map { categories.codes[Int($0)] }, levels: categories.dictionary.count)
      case .integer(let numbers):
        .numeric(rows.map { numbers.isPresent(Int($0)) ? Double(numbers.values[Int($0)]) : .nan })
      case .real(let numbers): .numeric(rows.map { numbers.values[Int($0)] })
      case .text, nil: preconditionFailure("only columns that may be learnt from are reasons")
      }
    }
  }

  /// Puts into `finding` how well the other columns (never the target) know the gap and, where they know
  /// it well and no rule is in force yet, the rule that says it best.
  func explain(_ gap: Gap, _ finding: inout QualityFindings.MissingFinding, isRuled: Bool, _ crew: Crew) {
    let isMissing = rows.map { gap.isMissing[Int($0)] }
    let others = reasons.indices.filter { reasons[$0] != gap.index }
    let known = Separability.crossFitted(
      FeatureFrame(rows: rows.count, columns: others.map { columns[$0] }), isMissing, seed: 1,
      crew: crew)
    finding.predictability = known
    guard let known, known > MissingDiagnosis.known, gap.isNumber, !isRuled,
      let proposal = StructuralRuleSearch.best(others.compactMap { candidates[$0] }, missing: isMissing)
    else { return }
    finding.proposedRuleInWords = proposal.words(for: gap.name) + "."
    finding.proposedRule = proposal.rule.asContractMember
  }
}
