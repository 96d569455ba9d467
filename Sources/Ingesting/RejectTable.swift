import Delimited
import Findings
import Tabular

/// The table `rejects`.
enum RejectTable {
  /// One row a rejected row, in file order.
  static func make(_ rejects: [RejectedRow], file: String) -> Table {
    func categories(_ texts: [String?]) -> Column {
      var dictionary: [String] = []
      var places: [String: Int32] = [:]
      let codes = texts.map { text -> Int32 in
        guard let text else { return -1 }
        if let place = places[text] { return place }
        places[text] = Int32(dictionary.count)
        dictionary.append(text)
        return Int32(dictionary.count - 1)
      }
      return .category(CategoryColumn(codes: codes, dictionary: dictionary))
    }
    return Table([
      (RejectColumn.file, categories(rejects.map { _ in file })),
      (RejectColumn.line, .integer(IntegerColumn(rejects.map { Int64($0.line) }))),
      (RejectColumn.column, .integer(IntegerColumn(rejects.map { Int64($0.column) }))),
      (RejectColumn.columnName, categories(rejects.map(\.columnName))),
      (RejectColumn.value, .text(TextColumn(rejects.map(\.value)))),
      (RejectColumn.rule, categories(rejects.map(\.rule))),
      (RejectColumn.row, .text(TextColumn(rejects.map(\.row)))),
    ])
  }

  /// The first five places in words.
  static func firstPlaces(_ rejects: [RejectedRow], file: String) -> String {
    rejects.prefix(5).map { "\(file):\($0.line):\($0.column) (\($0.rule))" }.joined(separator: ", ")
  }
}
