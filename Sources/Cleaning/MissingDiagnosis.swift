import Clientele
import Findings
import Fingerprints
import Numerics
import Tabular

/// Where values are missing, who lacks them and whether the other columns know: looks at the whole
/// table (or at a sample by key where that would cost too much) and feeds people only.
struct MissingDiagnosis {
  /// One a column with missing values, balances and other money first.
  let findings: [QualityFindings.MissingFinding]
  /// What was looked at in part, in sentences.
  let notes: [String]

  /// Columns that are diagnosed; more are counted only.
  static let mostColumns = 40
  /// Columns whose groups are compared, and groups a column may have.
  static let (mostGroupColumns, mostGroups) = (60, 30)
  /// Columns that may explain a gap.
  static let mostReasons = 100
  /// From this area under the ROC curve on the gaps are taken for known to the other columns.
  static let known = 0.9
  /// Cells counted before groups are compared on the sample instead.
  static let mostCells = 60_000_000

  init(customers: CleanedCustomers, features: Features, crew: Crew) throws {
    let contracts = customers.contracts
    let candidates = contracts.indices.filter {
      contracts[$0].role == .feature && customers.columns[$0] != nil
    }
    let gaps = crew.map(candidates.count) { Gap(candidates[$0], customers, features) }.compactMap { $0 }
      .sorted { ($0.rank, $0.index) < ($1.rank, $1.index) }
    guard !gaps.isEmpty else {
      (findings, notes) = ([], [])
      return
    }
    let diagnosed = min(gaps.count, MissingDiagnosis.mostColumns)
    let rows = customers.rows.count
    let sampled = keyedSample(of: customers.keys, most: min(20_000, max(2_000, 100_000 / diagnosed)))
    let reasons = Array(candidates.prefix(MissingDiagnosis.mostReasons))
    let sample = GapSample(customers, rows: sampled, reasons: reasons, crew)
    // Columns of few values make groups; they are counted over everyone where that is affordable.
    let grouping = reasons.indices.filter {
      (sample.candidates[$0].map { $0.usedValues <= MissingDiagnosis.mostGroups } ?? false)
    }.prefix(MissingDiagnosis.mostGroupColumns)
    let isAffordable = rows * grouping.count * (diagnosed + 1) <= MissingDiagnosis.mostCells
    let groupRows = isAffordable ? (0..<Int32(rows)).map { $0 } : sampled
    let groups = crew.map(grouping.count) {
      place -> (index: Int, candidate: StructuralRuleSearch.Candidate)? in
      let reason = grouping[place]
      guard let column = customers.columns[reasons[reason]] else { return nil }
      let whole =
        isAffordable
        ? StructuralRuleSearch.Candidate(
          name: contracts[reasons[reason]].name, column: column, rows: groupRows)
        : sample.candidates[reason]
      guard let whole, whole.values.count <= StructuralRuleSearch.mostValues else { return nil }
      return (reasons[reason], whole)
    }.compactMap { $0 }
    let labels = features.labels
    findings = Dependence.corrected(
      crew.mapSharing(diagnosed) { place, crew in
        let gap = gaps[place]
        var finding = gap.counted
        finding.byGroup = Dependence.ranked(
          groups.filter { $0.index != gap.index }.map(\.candidate),
          isMissing: groupRows.map { gap.isMissing[Int($0)] })
        (finding.churnWhereMissing, finding.churnWherePresent) = gap.churn(labels)
        sample.explain(gap, &finding, isRuled: contracts[gap.index].structuralZero?.enabled == true, crew)
        finding.sentence = gap.sentence(finding)
        return finding
      } + gaps.dropFirst(diagnosed).map(\.counted))
    var notes: [String] = []
    if gaps.count > diagnosed {
      notes.append(
        "\(Wording.count(gaps.count)) columns have missing values; the first \(diagnosed) are diagnosed, the others counted."
      )
    }
    if sampled.count < rows {
      notes.append(
        "Whether other columns know who lacks a value was tried on \(Wording.count(sampled.count)) customers, chosen by key"
          + (isAffordable ? "." : "; groups were compared on them too."))
    }
    self.notes = notes
  }
}

/// At most `most` rows, ascending, chosen by a hash of their key, so that it is the same customers whatever
/// else the file holds.
func keyedSample(of keys: TextColumn, most: Int) -> [Int32] {
  let rows = keys.count
  guard rows > most else { return (0..<Int32(rows)).map { $0 } }
  // Somewhat more than wanted fall below the bound; the lowest hashes of them are taken.
  let bound = UInt64(min(1, 1.2 * Double(most) / Double(rows) + 0.001) * 0x1p63) << 1
  var chosen: [(hash: UInt64, row: Int32)] = []
  for row in 0..<rows {
    let hash = stableHash(keys.utf8(row), seed: 0x7361_6d70_6c65)
    if hash <= bound { chosen.append((hash, Int32(row))) }
  }
  chosen.sort { left, right in left.hash != right.hash ? left.hash < right.hash : left.row < right.row }
  return chosen.prefix(most).map(\.row).sorted()
}

extension StructuralRuleSearch.Candidate {
  /// How many different values stand in it.
  var usedValues: Int {
    var isUsed = [Bool](repeating: false, count: values.count)
    for code in codes where code >= 0 { isUsed[Int(code)] = true }
    return isUsed.reduce(0) { $0 + ($1 ? 1 : 0) }
  }
}
