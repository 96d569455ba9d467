import Clientele
import Findings
import Statistics

/// How missingness depends on the groups that another column makes.
enum Dependence {
  /// Columns shown, and groups shown of each.
  private static let (mostColumns, mostGroups) = (6, 12)

  /// The findings with Holm's correction for every test among them, then each with the strongest columns alone: who
  /// looks at many columns finds something in one of them by chance.
  static func corrected(_ findings: [QualityFindings.MissingFinding]) -> [QualityFindings.MissingFinding] {
    var adjusted = MultipleTests.holm(findings.flatMap { $0.byGroup.map(\.pValue) })[...]
    return findings.map { finding in
      var finding = finding
      for place in finding.byGroup.indices { finding.byGroup[place].adjustedP = adjusted.popFirst() }
      finding.byGroup = Array(finding.byGroup.prefix(mostColumns))
      return finding
    }
  }

  /// How missingness depends on each of these columns, by Cramér's V, largest first; ties to the earlier column.
  static func ranked(
    _ candidates: [StructuralRuleSearch.Candidate], isMissing: [Bool]
  ) -> [QualityFindings.GroupFinding] {
    let findings = candidates.compactMap { finding($0, isMissing) }
    let order = findings.indices.sorted { left, right in
      let (a, b) = (findings[left].cramersV, findings[right].cramersV)
      return a != b ? a > b : left < right
    }
    return order.map { findings[$0] }
  }

  /// Pearson's χ² of the table (group × missing), without correction; `nil` where there are no two groups,
  /// or nobody or everybody lacks the value. Rows without a group are left out.
  static func finding(
    _ candidate: StructuralRuleSearch.Candidate, _ isMissing: [Bool]
  ) -> QualityFindings.GroupFinding? {
    var rows = [Int](repeating: 0, count: candidate.values.count)
    var missing = rows
    let codes = candidate.codes
    for row in codes.indices {
      let code = Int(codes[row])
      guard code >= 0 else { continue }
      rows[code] += 1
      if isMissing[row] { missing[code] += 1 }
    }
    let used = rows.indices.filter { rows[$0] > 0 }
    let total = rows.reduce(0, +)
    let lacking = missing.reduce(0, +)
    guard used.count > 1, lacking > 0, lacking < total else { return nil }
    let share = Double(lacking) / Double(total)
    var chiSquared = 0.0
    for code in used {
      let expected = Double(rows[code]) * share
      let difference = Double(missing[code]) - expected
      // Both cells of the row differ by as much.
      chiSquared += difference * difference / expected
      chiSquared += difference * difference / (Double(rows[code]) - expected)
    }
    func rate(_ code: Int) -> Double { Double(missing[code]) / Double(rows[code]) }
    let groups = used.sorted { rate($0) != rate($1) ? rate($0) > rate($1) : $0 < $1 }.prefix(mostGroups)
    return QualityFindings.GroupFinding(
      column: candidate.name, chiSquared: chiSquared, degreesOfFreedom: used.count - 1,
      pValue: chiSquareSurvival(chiSquared, degrees: Double(used.count - 1)),
      cramersV: (chiSquared / Double(total)).squareRoot(),
      groups: groups.map {
        QualityFindings.GroupRate(value: candidate.values[$0], rows: rows[$0], missing: missing[$0])
      })
  }
}
