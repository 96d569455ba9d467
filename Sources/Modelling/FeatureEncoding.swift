package import Clientele
import Fingerprints
package import Learning
package import Numerics
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
  /// that seldom repeats. Throws where nothing is left. `read` gives the features a column at a time, and what they
  /// become comes with the encoding: no table of all columns need be in memory.
  package static func learnAndEncode(
    _ schema: Schema, rows: Int, usesProtected: Bool, crew: Crew,
    reading read: @Sendable (String) throws -> Tabular.Column
  ) throws -> (encoding: FeatureEncoding, leftOut: [LeftOut], frame: FeatureFrame) {
    let wishes = Wish.all(schema, usesProtected: usesProtected)
    let made = try crew.map(wishes.count) { (place) throws -> (Column.Kind, FeatureFrame.Column)? in
      guard let wish = wishes[place], wish.isRead else { return nil }
      let column = try read(wish.name)
      guard let kind = kind(of: column) else { return nil }
      return (kind, try encoded(column, kind, name: wish.name).column)
    }
    var found = Found()
    for (wish, one) in zip(wishes, made) { found.take(wish, one?.0) }
    let (encoding, leftOut) = try found.finish()
    return (encoding, leftOut, FeatureFrame(rows: rows, columns: made.compactMap { $0?.1 }))
  }

  /// A column that may be learnt from, by what is declared of it.
  private struct Wish: Sendable {
    var name: String
    var isProtected: Bool
    /// Whether it is to be looked at: not where a setting leaves it out, nor text.
    var isRead: Bool
    var isAllowed: Bool
    var group: String
    var missingPolicy: MissingPolicy

    /// One a field; `nil` for what is no feature.
    static func all(_ schema: Schema, usesProtected: Bool) -> [Wish?] {
      let protected = Set(schema.fields.filter { FeatureFacts($0).protected }.map(\.name))
      return schema.fields.map { field in
        let facts = FeatureFacts(field)
        guard facts.role == .feature || facts.role == .state else { return nil }
        let isProtected = facts.protected || facts.stateOf.map(protected.contains) ?? false
        let isAllowed = !isProtected || usesProtected
        return Wish(
          name: field.name, isProtected: isProtected, isRead: isAllowed && field.type != .text,
          isAllowed: isAllowed, group: facts.stateOf ?? field.name, missingPolicy: facts.missingPolicy)
      }
    }
  }

  /// The columns learnt from and those left out, as they come.
  private struct Found {
    var columns: [Column] = []
    var leftOut: [LeftOut] = []

    mutating func take(_ wish: Wish?, _ kind: Column.Kind?) {
      guard let wish else { return }
      if !wish.isAllowed {
        leftOut.append(
          LeftOut(name: wish.name, isProtected: true, reason: "protected attribute, left out by setting"))
      } else if let kind {
        columns.append(
          Column(
            name: wish.name, kind: kind, isProtected: wish.isProtected, group: wish.group,
            missingPolicy: wish.missingPolicy))
      } else {
        leftOut.append(
          LeftOut(
            name: wish.name, isProtected: wish.isProtected,
            reason: "text that seldom repeats is not learnt from"))
      }
    }

    func finish() throws(ModellingError) -> (encoding: FeatureEncoding, leftOut: [LeftOut]) {
      guard !columns.isEmpty else {
        throw ModellingError(
          .nothingToLearnFrom,
          "no column of the features may be learnt from; give at least one column the role \"feature\"")
      }
      return (FeatureEncoding(columns: columns), leftOut)
    }
  }

  /// The encoding's columns that make a customer's group for the missing policy `group`, as the `features` with that
  /// schema declare them; one that is not learnt from makes no groups.
  package func groupColumns(of features: Schema) -> [Int] {
    guard let text = features.metadata[FeatureColumn.groupColumns],
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
