import Clientele
import Numerics
import Staging
import Tabular

/// The customers of a source in the order of their keys, each once.
struct UniqueCustomers {
  /// Rows of `customers`, in key order, each key once.
  var rows: [Int32]
  /// The keys of these rows.
  var keys: TextColumn
  /// Rows that say what an earlier one says: the place in `rows` of the one kept.
  var repeated: [Int32]

  /// Orders and checks. Rows that equal an earlier row of their key in every column that is used
  /// (all but `ignore`d ones such as row numbers) are taken out; a key with rows that differ stops
  /// the run, since choosing one would corrupt the labels.
  init(_ customers: InputTable, _ contract: SourceContract, crew: Crew) throws {
    let keyColumns = try contract.keyColumns.map { contract -> Column in
      guard let column = try customers.column(contract.name) else {
        throw TableError.noSuchColumn(contract.name, known: customers.schema.fields.map(\.name))
      }
      return column
    }
    guard !keyColumns.isEmpty else {
      throw StageFault(
        .configuration, "no column of the source has the role \"key\", so customers cannot be told apart.",
        remedy: "Give the column or columns that identify a customer the role \"key\".")
    }
    let all = CustomerKey.column(keyColumns)
    if let validity = all.validity {
      throw StageFault(
        .data, "\(Wording.count(validity.missingCount, "customer has", "customers have")) no key.",
        remedy: "Let ingest reject rows without a key, or choose key columns that are always filled.")
    }
    let order = all.bytewiseOrder()
    // Brought in where keys repeat, which they seldom do.
    var loaded: [Column]?
    func used() throws -> [Column] {
      if let loaded { return loaded }
      let columns = try contract.columns.filter { $0.role != .ignore && $0.role != .key }
        .compactMap { try customers.column($0.name) }
      loaded = columns
      return columns
    }
    var rows: [Int32] = []
    rows.reserveCapacity(order.count)
    var repeated: [Int32] = []
    var conflicting: [[Int32]] = []
    var first = 0
    while first < order.count {
      var past = first + 1
      while past < order.count, all.compare(Int(order[first]), Int(order[past])) == 0 { past += 1 }
      let place = Int32(rows.count)
      rows.append(order[first])
      if past - first > 1 {
        let used = try used()
        var different = [order[first]]
        for row in order[(first + 1)..<past] {
          if different.contains(where: { UniqueCustomers.isEqual($0, row, used) }) {
            repeated.append(place)
          } else {
            different.append(row)
          }
        }
        if different.count > 1 { conflicting.append(different) }
      }
      first = past
    }
    if !conflicting.isEmpty { throw try UniqueCustomers.fault(conflicting, customers, contract) }
    self.rows = rows
    let isOrdered = rows.count == customers.rowCount && rows.indices.allSatisfy { rows[$0] == $0 }
    keys = isOrdered ? all : all.taking(rows, crew: crew)
    self.repeated = repeated
  }

  private static func isEqual(_ left: Int32, _ right: Int32, _ columns: [Column]) -> Bool {
    let (left, right) = (Int(left), Int(right))
    return columns.allSatisfy { column in
      switch column {
      case .integer(let numbers):
        numbers.isPresent(left) == numbers.isPresent(right) && numbers.values[left] == numbers.values[right]
      case .real(let numbers):
        numbers.values[left] == numbers.values[right]
          || (numbers.values[left].isNaN && numbers.values[right].isNaN)
      case .category(let categories): categories.codes[left] == categories.codes[right]
      case .text(let texts):
        texts.isPresent(left) == texts.isPresent(right) && texts.compare(left, right) == 0
      }
    }
  }

  private static func fault(
    _ groups: [[Int32]], _ customers: InputTable, _ contract: SourceContract
  ) throws -> StageFault {
    let names = contract.keyColumns.map { "\"\($0.name)\"" }.joined(separator: " + ")
    // Texts first: a city tells two customers apart for a reason, an amount of money by chance.
    let preference: [ColumnType] = [.category, .text, .integer]
    let candidates = try preference.flatMap { type in
      try contract.columns.filter { $0.role == .feature && $0.protected != true }.compactMap { column in
        try customers.column(column.name).map { KeySearch.Candidate(name: column.name, column: $0) }
      }.filter { $0.column.type == type }
    }
    let message =
      "\(Wording.count(groups.count, "key stands", "keys stand")) in rows that differ, so \(names) does not "
      + "identify a customer."
    if let further = KeySearch.furtherColumns(for: groups, among: candidates) {
      let list = further.map { "\"\($0)\"" }.joined(separator: " and ")
      return StageFault(
        .data, message,
        remedy:
          "Together with \(list) it would: give \(further.count == 1 ? "that column" : "those columns") the role "
          + "\"key\" too, if that is what tells your customers apart; or mend the source.")
    }
    return StageFault(
      .data, message,
      remedy:
        "No one or two further columns would make it unique: mend the source, or give more columns the role "
        + "\"key\".")
  }
}
