/// Why a table could not be read as asked.
package enum TableError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No column of that name.
  case noSuchColumn(String, known: [String])
  /// The column holds something else.
  case wrongType(String, expected: ColumnType, found: ColumnType)

  package var description: String {
    switch self {
    case .noSuchColumn(let name, let known):
      "the table has no column \"\(name)\"; it has \(known.joined(separator: ", "))"
    case .wrongType(let name, let expected, let found):
      "column \"\(name)\" holds \(found.rawValue), \(expected.rawValue) was expected"
    }
  }
}

/// Columns of equal length under a schema. A value: copies share storage.
package struct Table: Sendable, Equatable {
  /// Names, types and facts.
  package let schema: Schema
  /// One column a field, in the fields' order.
  package let columns: [Column]
  /// Number of rows.
  package let rowCount: Int

  /// A table of columns that fit `schema`; `rowCount` matters only where there is no column.
  package init(schema: Schema, columns: [Column], rowCount: Int? = nil) {
    precondition(schema.fields.count == columns.count, "one column a field")
    let rows = columns.first?.count ?? rowCount ?? 0
    for (field, column) in zip(schema.fields, columns) {
      precondition(column.type == field.type, "column \(field.name) does not hold \(field.type)")
      precondition(column.count == rows, "column \(field.name) has another length")
    }
    self.schema = schema
    self.columns = columns
    self.rowCount = rows
  }

  /// A table of named columns with types taken from the columns themselves.
  package init(_ columns: [(String, Column)], metadata: [String: String] = [:]) {
    self.init(
      schema: Schema(columns.map { Field($0.0, $0.1.type) }, metadata: metadata),
      columns: columns.map(\.1))
  }

  /// The column of that name.
  package func column(_ name: String) throws(TableError) -> Column {
    guard let index = schema.index(of: name) else {
      throw .noSuchColumn(name, known: schema.fields.map(\.name))
    }
    return columns[index]
  }

  /// The whole numbers of that column.
  package func integers(_ name: String) throws(TableError) -> IntegerColumn {
    let column = try column(name)
    guard case .integer(let found) = column else {
      throw .wrongType(name, expected: .integer, found: column.type)
    }
    return found
  }

  /// The numbers of that column, NaN where there is none; whole numbers are converted.
  package func numbers(_ name: String) throws(TableError) -> [Double] {
    let column = try column(name)
    switch column {
    case .real(let found): return found.values
    case .integer(let found): return found.doubles()
    default: throw .wrongType(name, expected: .real, found: column.type)
    }
  }

  /// The categories of that column.
  package func categories(_ name: String) throws(TableError) -> CategoryColumn {
    let column = try column(name)
    guard case .category(let found) = column else {
      throw .wrongType(name, expected: .category, found: column.type)
    }
    return found
  }

  /// The text of that column.
  package func texts(_ name: String) throws(TableError) -> TextColumn {
    let column = try column(name)
    guard case .text(let found) = column else {
      throw .wrongType(name, expected: .text, found: column.type)
    }
    return found
  }

  /// The rows named, in the order named.
  package func taking(_ rows: [Int32]) -> Table {
    Table(schema: schema, columns: columns.map { $0.taking(rows) }, rowCount: rows.count)
  }

  /// The columns named, in the order named.
  package func selecting(_ names: [String]) throws(TableError) -> Table {
    var fields: [Field] = []
    var chosen: [Column] = []
    for name in names {
      guard let index = schema.index(of: name) else {
        throw .noSuchColumn(name, known: schema.fields.map(\.name))
      }
      fields.append(schema.fields[index])
      chosen.append(columns[index])
    }
    return Table(
      schema: Schema(fields, metadata: schema.metadata), columns: chosen, rowCount: rowCount)
  }
}
