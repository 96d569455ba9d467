import Clientele
import Delimited
import Learning
import Numerics
import Tabular

/// Proposes structural-zero rules, switched off, for numbers whose gaps the other columns know.
struct GapProposal: Sendable {
  /// The rule of each column that has one, by place.
  var rules: [Int: StructuralZeroRule] = [:]
  /// What the user should know, in sentences.
  var notes: [String] = []

  /// From this area under the ROC curve on the gaps are taken for known to the other columns.
  static let limit = 0.9
  /// Rows looked at, columns looked at for gaps, columns looked into for reasons.
  static let (mostRows, mostGaps, mostReasons) = (20_000, 20, 100)

  init(_ survey: Survey, _ contracts: [ColumnContract], _ crew: Crew) {
    let table = survey.table
    let gaps = contracts.indices.filter { place in
      let contract = contracts[place]
      guard contract.role == .feature, contract.type == .integer || contract.type == .real else {
        return false
      }
      let missing = table.columns[place].missingCount
      return missing > 0 && missing < table.rowCount
    }.sorted { left, right in
      let (a, b) = (contracts[left].meaning == .balance ? 0 : 1, contracts[right].meaning == .balance ? 0 : 1)
      return (a, left) < (b, right)
    }.prefix(GapProposal.mostGaps)
    guard !gaps.isEmpty else { return }
    let step = max(1, table.rowCount / GapProposal.mostRows)
    let rows = stride(from: 0, to: table.rowCount, by: step).map(Int32.init)
    let reasons = contracts.indices.filter {
      contracts[$0].role == .feature && table.columns[$0].type != .text
    }
    .prefix(GapProposal.mostReasons)
    let frame = reasons.map { GapProposal.column(table.columns[$0], rows) }
    let candidates = reasons.map {
      StructuralRuleSearch.Candidate(name: contracts[$0].name, column: table.columns[$0], rows: rows)
    }
    for gap in gaps {
      let column = table.columns[gap]
      let isMissing = rows.map { !column.isPresent(Int($0)) }
      let missing = column.missingCount
      let share = Wording.percent(Double(missing) / Double(table.rowCount))
      let name = contracts[gap].name
      let others = reasons.indices.filter { reasons[$0] != gap }
      let known = Separability.crossFitted(
        FeatureFrame(rows: rows.count, columns: others.map { frame[$0] }), isMissing, seed: 1, crew: crew)
      guard let known, known > GapProposal.limit,
        let proposal = StructuralRuleSearch.best(others.compactMap { candidates[$0] }, missing: isMissing)
      else {
        if contracts[gap].meaning == .balance || contracts[gap].meaning == .money {
          notes.append(
            "\"\(name)\" is missing for \(Wording.count(missing, "customer", "customers")) (\(share)). Nothing is guessed: "
              + "they count as unknown. If it means that there is no such product, say so with a \"structuralZero\" rule."
          )
        }
        continue
      }
      rules[gap] = proposal.rule
      notes.append(
        "\"\(name)\" is missing for \(Wording.count(missing, "customer", "customers")) (\(share)), and the other columns "
          + "know for whom (AUC \(Wording.decimals(known, 3))): \(proposal.words(for: name)). So it may be no gap but a "
          + "product the customer does not have. The rule stands in the column's contract, switched off; if it is right, "
          + "set \"enabled\": true.")
    }
  }

  private static func column(_ column: Column, _ rows: [Int32]) -> FeatureFrame.Column {
    switch column {
    case .category(let categories):
      .categorical(codes: rows.map { categories.codes[Int($0)] }, levels: categories.dictionary.count)
    case .integer(let numbers):
      .numeric(rows.map { numbers.isPresent(Int($0)) ? Double(numbers.values[Int($0)]) : .nan })
    case .real(let numbers): .numeric(rows.map { numbers.values[Int($0)] })
    case .text: preconditionFailure("free text is no reason")
    }
  }
}
