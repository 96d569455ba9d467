/// Columns of numbers a learner sees; it never sees a table, a name or a key.
package struct FeatureFrame: Sendable, Equatable {
  /// One column: a number or a category a row.
  package enum Column: Sendable, Equatable {
    /// Numbers; NaN where missing.
    case numeric([Double])
    /// Category codes 0 ..< `levels`; −1 where missing or unseen.
    case categorical(codes: [Int32], levels: Int)

    /// How many rows the column has.
    package var count: Int {
      switch self {
      case .numeric(let values): values.count
      case .categorical(let codes, _): codes.count
      }
    }
  }

  /// How many rows each column has.
  package let rows: Int
  /// The columns, in the order every learner and model keeps.
  package let columns: [Column]

  /// A frame of `columns`, each `rows` long.
  package init(rows: Int, columns: [Column]) {
    precondition(columns.allSatisfy { $0.count == rows }, "every column has one entry a row")
    self.rows = rows
    self.columns = columns
  }

  /// This frame with the rows of `other` after its own; the columns must be of the same kinds.
  package func appending(_ other: FeatureFrame) -> FeatureFrame {
    precondition(columns.count == other.columns.count, "frames of the same columns")
    let joined = zip(columns, other.columns).map { mine, theirs -> Column in
      switch (mine, theirs) {
      case (.numeric(let a), .numeric(let b)): return .numeric(a + b)
      case (.categorical(let a, let m), .categorical(let b, let n)):
        return .categorical(codes: a + b, levels: max(m, n))
      default: preconditionFailure("frames of the same columns")
      }
    }
    return FeatureFrame(rows: rows + other.rows, columns: joined)
  }

  /// This frame with the entries of some `columns` in another order.
  package func shuffling(_ shuffled: [Int], by order: [Int32]) -> FeatureFrame {
    var columns = columns
    for column in shuffled {
      switch columns[column] {
      case .numeric(let values): columns[column] = .numeric(order.map { values[Int($0)] })
      case .categorical(let codes, let levels):
        columns[column] = .categorical(codes: order.map { codes[Int($0)] }, levels: levels)
      }
    }
    return FeatureFrame(rows: rows, columns: columns)
  }

  /// The given rows, in the given order.
  package func taking(_ chosen: [Int32]) -> FeatureFrame {
    FeatureFrame(
      rows: chosen.count,
      columns: columns.map { column in
        switch column {
        case .numeric(let values): .numeric(chosen.map { values[Int($0)] })
        case .categorical(let codes, let levels):
          .categorical(codes: chosen.map { codes[Int($0)] }, levels: levels)
        }
      })
  }
}
