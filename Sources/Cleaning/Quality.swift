import Clientele
import Findings
import Numerics
import Staging
import Tabular

/// What `clean` found, for people.
struct Quality {
  /// The document.
  let findings: QualityFindings

  init(customers: CleanedCustomers, features: Features, source: InputTable, crew: Crew) throws {
    let contracts = customers.contracts
    let columns = try crew.map(contracts.count) { (index) throws -> QualityFindings.ColumnFinding? in
      let contract = contracts[index]
      guard let place = source.schema.index(of: contract.name) else { return nil }
      let found =
        if let column = customers.columns[index] { ColumnStatistics(column) } else {
          try source.column(contract.name).map { Quality.statistics($0, customers.rows) }
        }
      guard let statistics = found else { return nil }
      return QualityFindings.ColumnFinding(
        name: contract.name, role: contract.role.rawValue, type: source.schema.fields[place].type.rawValue,
        protected: contract.protected ?? false, missing: statistics.missing, distinct: statistics.distinct,
        minimum: statistics.minimum, median: statistics.median, maximum: statistics.maximum)
    }
    let missing = try MissingDiagnosis(customers: customers, features: features, crew: crew)
    findings = QualityFindings(
      rowsIn: source.rowCount, rowsOut: features.table.rowCount, labelled: features.labels.labelled,
      events: features.labels.events, columns: columns.compactMap { $0 },
      repairs: Quality.repairCounts(customers, features), missing: missing.findings,
      notes: features.notes + missing.notes)
  }

  private static func statistics(_ column: Column, _ rows: [Int32]) -> ColumnStatistics {
    if case .text = column { return ColumnStatistics(column, rows: rows) }
    return ColumnStatistics(rows.count == column.count ? column : column.taking(rows))
  }

  /// Repairs by column and rule, most first; structural zeros are counted here and nowhere listed.
  private static func repairCounts(
    _ customers: CleanedCustomers, _ features: Features
  ) -> [QualityFindings.RepairCount] {
    let rules = RepairRule.allCases
    var counts = [Int](repeating: 0, count: (customers.contracts.count + 1) * rules.count)
    for repair in customers.repairs {
      counts[(repair.column + 1) * rules.count + (rules.firstIndex(of: repair.rule) ?? 0)] += 1
    }
    let zero = rules.firstIndex(of: .structuralZero) ?? 0
    for (index, state) in features.states.enumerated() {
      counts[(index + 1) * rules.count + zero] += state?.structuralZeros ?? 0
    }
    let found = counts.indices.filter { counts[$0] > 0 }.sorted { (-counts[$0], $0) < (-counts[$1], $1) }
    return found.map { place in
      let column = place / rules.count - 1
      return QualityFindings.RepairCount(
        column: column < 0 ? "" : customers.contracts[column].name, rule: rules[place % rules.count].rawValue,
        rows: counts[place])
    }
  }
}
