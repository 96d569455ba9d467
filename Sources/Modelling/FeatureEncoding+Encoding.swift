package import Learning
package import Tabular

/// A table as learners see it.
package struct EncodedFeatures: Sendable {
  /// How many rows hold a text in a column that the model's dictionary does not have; they take the missing path.
  package struct Unseen: Sendable, Equatable {
    /// The column.
    package var column: String
    /// The rows.
    package var rows: Int

    /// A count.
    package init(column: String, rows: Int) {
      self.column = column
      self.rows = rows
    }
  }

  /// The columns, in the encoding's order.
  package let frame: FeatureFrame
  /// Columns with unseen texts, in the encoding's order.
  package let unseen: [Unseen]
}

extension FeatureEncoding {
  /// The rows of `features` as numbers and codes. Columns are found by name, texts by their bytes.
  package func encode(_ features: Table) throws(ModellingError) -> EncodedFeatures {
    var encoded: [FeatureFrame.Column] = []
    var unseen: [EncodedFeatures.Unseen] = []
    for column in columns {
      guard let index = features.schema.index(of: column.name) else {
        throw ModellingError(
          .tableDoesNotFit,
          "the model learnt from column \"\(column.name)\", which the features lack; "
            + "give the file that column, or train a model without it")
      }
      let (made, strange) = try FeatureEncoding.encoded(
        features.columns[index], column.kind, name: column.name)
      encoded.append(made)
      if strange > 0 { unseen.append(EncodedFeatures.Unseen(column: column.name, rows: strange)) }
    }
    return EncodedFeatures(frame: FeatureFrame(rows: features.rowCount, columns: encoded), unseen: unseen)
  }

  /// What a column becomes, and how many of its texts are unseen.
  static func encoded(
    _ column: Tabular.Column, _ kind: Column.Kind, name: String
  ) throws(ModellingError) -> (column: FeatureFrame.Column, unseen: Int) {
    switch (kind, column) {
    case (.number, .integer(let numbers)): return (.numeric(numbers.doubles()), 0)
    case (.number, .real(let numbers)): return (.numeric(numbers.values), 0)
    case (.category(let levels), .category(let categories)):
      let (codes, strange) = codes(categories, levels)
      return (.categorical(codes: codes, levels: levels.count), strange)
    default:
      throw ModellingError(
        .tableDoesNotFit,
        "column \"\(name)\" holds \(column.type.rawValue) now and "
          + "\(kind == .number ? "numbers" : "categories") when the model was trained; "
          + "declare it as it was, or train again")
    }
  }

  /// The codes among `levels` of each row, −1 where missing or not among them, and how many rows are the latter.
  private static func codes(_ column: CategoryColumn, _ levels: [String]) -> ([Int32], Int) {
    var place: [[UInt8]: Int32] = [:]
    for (index, level) in levels.enumerated() { place[Array(level.utf8)] = Int32(index) }
    let map = column.dictionary.map { place[Array($0.utf8)] ?? -1 }
    var strange = 0
    let codes = column.codes.map { code -> Int32 in
      guard code >= 0 else { return -1 }
      let mapped = map[Int(code)]
      if mapped < 0 { strange += 1 }
      return mapped
    }
    return (codes, strange)
  }
}
