import Clientele
import Findings
import Statistics
import Tabular

/// One column with missing values.
struct Gap: Sendable {
  /// Place in the contract.
  let index: Int
  /// 0 a balance, 1 other money, 2 anything else.
  let rank: Int
  let name: String
  /// Whether a rule can make its gaps zeros: only numbers have zeros.
  let isNumber: Bool
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
    missing = (state?.unknown ?? column.missingCount) + structuralZeros
    guard missing > 0 else { return nil }
    self.index = index
    name = contract.name
    isNumber = column.type == .integer || column.type == .real
    rank =
      contract.meaning == .balance
      ? 0 : contract.meaning == .money || contract.meaning == .monthlyCharge ? 1 : 2
    if let state {
      isMissing = state.states.codes.map { $0 != 0 }
    } else {
      switch column {
      case .real(let numbers): isMissing = numbers.values.map(\.isNaN)
      case .category(let categories): isMissing = categories.codes.map { $0 < 0 }
      case .integer, .text: isMissing = (0..<column.count).map { !column.isPresent($0) }
      }
    }
  }

  /// The counts alone.
  var counted: QualityFindings.MissingFinding {
    QualityFindings.MissingFinding(
      column: name, isMoney: rank < 2, value: isMissing.count - missing, structuralZero: structuralZeros,
      unknown: missing - structuralZeros, byGroup: [], churnWhereMissing: nil, churnWherePresent: nil,
      predictability: nil, proposedRuleInWords: nil, proposedRule: nil, sentence: share + ".")
  }

  private var share: String {
    "\(Wording.count(missing)) of \(Wording.count(isMissing.count, "customer has", "customers have")) no \(name) "
      + "(\(Wording.percent(Double(missing) / Double(isMissing.count))))"
  }

  /// Who left among those without a value and among those with one; `nil` where no label is known.
  func churn(_ labels: Labels) -> (missing: QualityFindings.EventRate?, present: QualityFindings.EventRate?) {
    guard labels.labelled > 0 else { return (nil, nil) }
    var rows = [0, 0]
    var events = [0, 0]
    let values = labels.column.values
    let words = labels.column.validity?.words
    for row in isMissing.indices {
      if let words, words[row >> 6] & (1 << UInt64(row & 63)) == 0 { continue }
      let side = isMissing[row] ? 0 : 1
      rows[side] += 1
      events[side] += Int(values[row])
    }
    func rate(_ side: Int) -> QualityFindings.EventRate? {
      guard rows[side] > 0 else { return nil }
      let interval = Proportion.wilson(events: events[side], rows: rows[side])
      return QualityFindings.EventRate(
        rows: rows[side], events: events[side], lower: interval.lower, upper: interval.upper)
    }
    return (rate(0), rate(1))
  }

  /// What it means, in words.
  func sentence(_ finding: QualityFindings.MissingFinding) -> String {
    var sentence = share + "."
    if structuralZeros > 0 {
      sentence +=
        " \(Wording.count(structuralZeros)) of them are zeros by the declared rule, "
        + "\(Wording.count(missing - structuralZeros)) are unknown."
    }
    if let lacking = finding.churnWhereMissing, let having = finding.churnWherePresent {
      sentence +=
        " \(Wording.percent(Double(lacking.events) / Double(lacking.rows))) of them left, against "
        + "\(Wording.percent(Double(having.events) / Double(having.rows))) of the others"
      sentence +=
        lacking.upper < having.lower || lacking.lower > having.upper ? "." : ", which may be chance."
    }
    if let known = finding.predictability {
      let auc = Wording.decimals(known, 3)
      if known > MissingDiagnosis.known {
        sentence += " The other columns know who lacks it (AUC \(auc)), so it is hardly a gap by accident."
        if finding.proposedRule != nil {
          sentence += " If it means that there is no such product, switch the proposed rule on."
        }
      } else if known > 0.7 {
        sentence += " The other columns tell in part who lacks it (AUC \(auc))."
      } else {
        sentence += " The other columns hardly tell who lacks it (AUC \(auc))."
      }
    }
    return sentence
  }
}
