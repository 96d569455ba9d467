/// Rows of numbers for a linear model, row by row, without the intercept.
package struct DesignMatrix: Sendable, Equatable {
  /// How many rows there are.
  package let rows: Int
  /// How many numbers a row has.
  package let columns: Int
  /// The numbers; that of `column` in `row` stands at `row * columns + column`. All finite.
  package let values: [Double]

  /// A matrix of these numbers.
  package init(rows: Int, columns: Int, values: [Double]) {
    precondition(values.count == rows * columns, "rows times columns numbers")
    self.rows = rows
    self.columns = columns
    self.values = values
  }
}
