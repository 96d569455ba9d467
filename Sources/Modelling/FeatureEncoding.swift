package import Clientele
import Fingerprints
package import Tabular

/// How a features table becomes the numbers and codes that learners see; kept in the model, so that another file's
/// order of columns or of dictionary entries changes nothing.
package struct FeatureEncoding: Sendable, Equatable {
  /// One column learnt from.
  package struct Column: Sendable, Equatable {
    /// What it becomes.
    package enum Kind: Sendable, Equatable {
      /// A number a row.
      case number
      /// A place among these texts (in the order of their bytes) a row.
      case category(levels: [String])
    }
    /// The column of `features`.
    package var name: String
    /// What it becomes.
    package var kind: Kind
    /// Whether it is a protected attribute.
    package var isProtected: Bool
    /// The column it is explained under: a value's state counts as the value.
    package var group: String
    /// What is done with a missing value.
    package var missingPolicy: MissingPolicy

    /// A column.
    package init(
      name: String, kind: Kind, isProtected: Bool, group: String, missingPolicy: MissingPolicy
    ) {
      self.name = name
      self.kind = kind
      self.isProtected = isProtected
      self.group = group
      self.missingPolicy = missingPolicy
    }
  }

  /// A column that is not learnt from, and why, in a few words.
  package struct LeftOut: Sendable, Equatable {
    /// The column of `features`.
    package var name: String
    /// Whether it is a protected attribute.
    package var isProtected: Bool
    /// Why.
    package var reason: String
  }

  /// The columns, in the table's order.
  package let columns: [Column]

  /// An encoding of `columns`.
  package init(columns: [Column]) { self.columns = columns }

  /// A category column keeps this many texts, the most frequent; the others count as unseen.
  package static let mostLevels = 1000
}

extension FeatureEncoding {
  /// The encoding of `features`: every feature and state column; protected ones only where `usesProtected`; no text
  /// that seldom repeats. Throws where nothing is left.
  package static func learn(
    from features: Table, usesProtected: Bool
  ) throws(ModellingError) -> (encoding: FeatureEncoding, leftOut: [LeftOut]) {
    var columns: [Column] = []
    var leftOut: [LeftOut] = []
    let protected = Set(
      features.schema.fields.filter { FeatureFacts($0).protected }.map(\.name))
    for (field, column) in zip(features.schema.fields, features.columns) {
      let facts = FeatureFacts(field)
      guard facts.role == .feature || facts.role == .state else { continue }
      let isProtected = facts.protected || facts.stateOf.map(protected.contains) ?? false
      if isProtected, !usesProtected {
        leftOut.append(
          LeftOut(name: field.name, isProtected: true, reason: "protected attribute, left out by setting"))
        continue
      }
      guard let kind = kind(of: column) else {
        leftOut.append(
          LeftOut(
            name: field.name, isProtected: isProtected, reason: "text that seldom repeats is not learnt from")
        )
        continue
      }
      columns.append(
        Column(
          name: field.name, kind: kind, isProtected: isProtected, group: facts.stateOf ?? field.name,
          missingPolicy: facts.missingPolicy))
    }
    guard !columns.isEmpty else {
      throw ModellingError(
        .nothingToLearnFrom,
        "no column of the features may be learnt from; give at least one column the role \"feature\"")
    }
    return (FeatureEncoding(columns: columns), leftOut)
  }

  /// The encoding's columns that make a customer's group for the missing policy `group`, as `features` declares
  /// them; one that is not learnt from makes no groups.
  package func groupColumns(of features: Table) -> [Int] {
    guard let text = features.schema.metadata[FeatureColumn.groupColumns],
      let names = try? JSONParser.parse(Array(text.utf8)).elements?.compactMap(\.text)
    else { return [] }
    return names.compactMap { name in columns.firstIndex { $0.name == name } }
  }

  private static func kind(of column: Tabular.Column) -> Column.Kind? {
    switch column {
    case .integer, .real: return .number
    case .text: return nil
    case .category(let categories):
      var counts = [Int](repeating: 0, count: categories.dictionary.count)
      for code in categories.codes where code >= 0 { counts[Int(code)] += 1 }
      // Frequent first, ties bytewise: the dictionary's own order must not matter.
      let used = counts.indices.filter { counts[$0] > 0 }.sorted { a, b in
        counts[a] != counts[b]
          ? counts[a] > counts[b]
          : precedes(categories.dictionary[a], categories.dictionary[b])
      }
      return .category(
        levels: used.prefix(mostLevels).map { categories.dictionary[$0] }.sorted(by: precedes))
    }
  }

  private static func precedes(_ a: String, _ b: String) -> Bool {
    a.utf8.lexicographicallyPrecedes(b.utf8)
  }
}
