package import Tabular

/// A table among a stage's inputs, brought into memory a column at a time: of a table larger than memory only what is
/// kept of it counts.
package struct InputTable: Sendable {
  private let inputs: Inputs
  private let name: String
  /// The table's columns.
  package let schema: Schema
  /// Number of rows.
  package let rowCount: Int

  /// The input of that name.
  package init(_ inputs: Inputs, _ name: String) throws {
    self.inputs = inputs
    self.name = name
    (schema, rowCount) = try inputs.shape(name)
  }

  /// Some columns, as a table; throws `TableError` where one is not there.
  package func selecting(_ names: [String]) throws -> Table {
    for name in names where schema.index(of: name) == nil {
      throw TableError.noSuchColumn(name, known: schema.fields.map(\.name))
    }
    return try inputs.table(name, columns: names)
  }

  /// The column of that name, `nil` where there is none.
  package func column(_ name: String) throws -> Column? {
    guard schema.index(of: name) != nil else { return nil }
    return try selecting([name]).columns.first
  }
}
