package import Tabular

/// A table as a comparison reads it: one column at a time, so that memory stays at the keys and two columns for
/// each thread, whatever the table's width.
package struct ComparedTable: Sendable {
  /// Names, types and facts.
  package let schema: Schema
  /// Rows.
  package let rowCount: Int
  private let read: @Sendable (String) throws -> Column
  private let madeKey: MadeKey?
  private let letGo: @Sendable () -> Void

  /// A key that is made of columns of another name.
  package struct MadeKey: Sendable {
    /// What it is called.
    package let name: String
    /// Makes it.
    package let make: @Sendable () throws -> TextColumn

    /// A key.
    package init(name: String, make: @escaping @Sendable () throws -> TextColumn) {
      self.name = name
      self.make = make
    }
  }

  /// A table whose columns `read` fetches by name; `key` names its rows where its schema does not say what does.
  /// `release` gives memory back that reading took, and is called between columns.
  package init(
    schema: Schema, rowCount: Int, key: MadeKey? = nil, release: @escaping @Sendable () -> Void = {},
    read: @escaping @Sendable (String) throws -> Column
  ) {
    self.schema = schema
    self.rowCount = rowCount
    self.read = read
    madeKey = key
    letGo = release
  }

  /// A table in memory.
  package init(_ table: Table) {
    self.init(schema: table.schema, rowCount: table.rowCount) { try table.column($0) }
  }

  /// The column of that name.
  package func column(_ name: String) throws -> Column { try read(name) }

  /// Gives the memory back that reading took.
  func release() { letGo() }

  /// The column that names a row: `key`, or the one marked as the customer's key; `nil` where there is none.
  package var keyName: String? {
    madeKey?.name ?? schema.fields.first { $0.name == "key" }?.name
      ?? schema.fields.first { $0.metadata["holdfast.role"] == "key" }?.name
  }

  /// The column that names rows as text.
  func keys(_ name: String) throws -> TextColumn {
    if let madeKey, madeKey.name == name { return try madeKey.make() }
    switch try column(name) {
    case .text(let texts): return texts
    case let other: return TextColumn((0..<other.count).map { other.display($0) })
    }
  }
}
