import Staging
import Tabular

/// The customers as read, in the source's order, brought into memory a column at a time: of a table larger than
/// memory only what is kept of it counts.
struct CustomerSource: Sendable {
  private let inputs: Inputs
  /// The table's columns.
  let schema: Schema
  /// Number of rows.
  let rowCount: Int

  init(_ inputs: Inputs) throws {
    self.inputs = inputs
    (schema, rowCount) = try inputs.shape("customers")
  }

  /// The column of that name, `nil` where there is none.
  func column(_ name: String) throws -> Column? {
    guard schema.index(of: name) != nil else { return nil }
    return try inputs.table("customers", columns: [name]).columns.first
  }
}
