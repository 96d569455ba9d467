import Clientele
import Numerics
import Staging
import Tabular

/// The customers in key order, each column held to its contract.
struct CleanedCustomers: Sendable {
  /// The contract's columns, in its order.
  let contracts: [ColumnContract]
  /// One a contract column: its values in key order; `nil` for what nothing is learnt from (text, columns to
  /// ignore), and for a column that is not in the file.
  var columns: [Column?]
  /// The customers' keys, bytewise ascending.
  var keys: TextColumn
  /// Rows of `customers` these are.
  var rows: [Int32]
  /// Keys before rows were taken out: what a repair's place points into.
  let repairedKeys: TextColumn
  /// Every repair, in no particular order.
  var repairs: [Repair]

  /// Cleans `customers`, one column at a time, on `crew`.
  init(_ customers: InputTable, _ contract: SourceContract, _ unique: UniqueCustomers, _ crew: Crew)
    throws
  {
    let contracts = contract.columns
    self.contracts = contracts
    for column in contracts where column.role == .feature && customers.schema.index(of: column.name) == nil {
      throw StageFault(
        .data, "the customers have no column \"\(column.name)\", which the contract declares.",
        remedy: "Add it to the extract, or take it out of the source's columns.")
    }
    let isWhole = unique.rows.count == customers.rowCount
    let isOrdered = isWhole && unique.rows.indices.allSatisfy { unique.rows[$0] == $0 }
    let outcomes = try crew.map(contracts.count) { (index) throws -> ContractOutcome? in
      let column = contracts[index]
      if column.role == .ignore { return nil }
      guard let found = try customers.column(column.name) else { return nil }
      if case .text = found, column.role != .target { return nil }
      if column.role == .key, !SourceContract.isLearntFrom(column, among: contracts) { return nil }
      let ordered = isOrdered ? found : found.taking(unique.rows)
      return try holdToContract(ordered, column, at: index)
    }
    repairs = unique.repeated.map { Repair(place: $0, column: -1, old: nil, rule: .repeatedRow) }
    for outcome in outcomes { repairs += outcome?.repairs ?? [] }
    repairedKeys = unique.keys
    keys = unique.keys
    rows = unique.rows
    columns = outcomes.map { $0?.column }
    drop(outcomes.flatMap { $0?.drops ?? [] }, crew)
    guard !rows.isEmpty else {
      throw StageFault(
        .data, "no customer is left after cleaning.",
        remedy: "Check the source and the columns whose onViolation is \"drop\".")
    }
  }

  private mutating func drop(_ places: [Int32], _ crew: Crew) {
    guard !places.isEmpty else { return }
    var isKept = [Bool](repeating: true, count: rows.count)
    for place in places { isKept[Int(place)] = false }
    let kept = rows.indices.filter { isKept[$0] }.map(Int32.init)
    rows = kept.map { rows[Int($0)] }
    let before = columns
    columns = crew.map(before.count) { before[$0]?.taking(kept) }
    if case .text(let left) = Column.text(keys).taking(kept) { keys = left }
  }

  /// Place in the contract of the column of that name.
  func index(of name: String) -> Int? { contracts.firstIndex { $0.name == name } }
}
