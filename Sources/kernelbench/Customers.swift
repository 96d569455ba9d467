import Delimited
import FoundationEssentials
import Learning
import Tabular

/// What a table from the generator gives to learn from: the thirteen numbers that the peers get, and the outcome.
struct Customers {
  /// How many.
  let rows: Int
  /// Thirteen numbers a customer, column by column: the eight numbers (a missing balance filled with the median),
  /// whether the balance was missing, three countries and a gender as 0 or 1.
  let columns: [[Double]]
  /// 1 where the customer left.
  let outcomes: [Double]

  /// What is read of the generator's file, and as what.
  static let requests: [ColumnRequest] =
    [
      ("RowNumber", ColumnType.integer), ("CustomerId", .integer), ("Surname", .text),
      ("CreditScore", .integer),
      ("Geography", .category), ("Gender", .category), ("Age", .integer), ("Tenure", .integer),
      ("Balance", .real), ("NumOfProducts", .integer), ("HasCrCard", .integer), ("IsActiveMember", .integer),
      ("EstimatedSalary", .real), ("Exited", .integer),
    ].map { ColumnRequest(name: $0.0, type: $0.1) }

  /// The table in the file at `path`, every column typed.
  static func table(_ path: String, threads: Int) throws -> Table {
    let data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    return try DelimitedReader(dialect: Dialect(), requests: requests).read(
      data.bytes, file: path, threads: threads
    ).table
  }

  /// The customers of a table.
  init(_ table: Table) throws {
    rows = table.rowCount
    let balance = try table.numbers("Balance")
    let known = balance.filter { !$0.isNaN }.sorted()
    let median = known.isEmpty ? 0 : (known[(known.count - 1) / 2] + known[known.count / 2]) / 2
    var columns = [
      try table.integers("CreditScore").doubles(), try table.integers("Age").doubles(),
      try table.integers("Tenure").doubles(), balance.map { $0.isNaN ? median : $0 },
      balance.map { $0.isNaN ? 1 : 0 },
    ]
    for name in ["NumOfProducts", "HasCrCard", "IsActiveMember"] {
      columns.append(try table.integers(name).doubles())
    }
    columns.append(try table.numbers("EstimatedSalary"))
    for (name, value) in [
      ("Geography", "France"), ("Geography", "Germany"), ("Geography", "Spain"), ("Gender", "Female"),
    ] {
      let column = try table.categories(name)
      let code = column.dictionary.firstIndex(of: value).map { Int32($0) }
      columns.append(column.codes.map { $0 == code ? 1 : 0 })
    }
    self.columns = columns
    outcomes = try table.integers("Exited").doubles()
  }

  /// The columns as learners take them.
  var frame: FeatureFrame { FeatureFrame(rows: rows, columns: columns.map { .numeric($0) }) }

  /// The rows' numbers end to end, each column less its mean and divided by its deviation, of the rows whose outcome
  /// is `outcome` (`nil`: of all; mean and deviation are always of all).
  func scaled(outcome: Double? = nil) -> [Double] {
    let moments = columns.map { values in
      let mean = values.reduce(0, +) / Double(rows)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows)
      return (mean, variance > 0 ? variance.squareRoot() : 1)
    }
    var flat: [Double] = []
    flat.reserveCapacity(rows * columns.count)
    for row in 0..<rows where outcome == nil || outcomes[row] == outcome {
      for (values, (mean, deviation)) in zip(columns, moments) {
        flat.append((values[row] - mean) / deviation)
      }
    }
    return flat
  }
}
