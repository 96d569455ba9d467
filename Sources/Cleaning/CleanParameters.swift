package import Clientele
import Fingerprints
package import Staging

/// The parameters of `clean`, checked.
package struct CleanParameters: Sendable, Equatable {
  /// Seed of the dealing into folds.
  package var foldSeed: Int
  /// Number of folds; `nil` for automatic.
  package var folds: Int?
  /// What train does with missing values of columns that say nothing else.
  package var missingPolicy: MissingPolicy
  /// The columns that make a customer's group, for the policy `group`.
  package var groupColumns: [String]

  /// The parameters as declared.
  package init(_ values: ParameterValues) throws(ParameterError) {
    foldSeed = values.integer("foldSeed") ?? 1
    folds = values.integer("folds")
    missingPolicy = values.text("missingPolicy").flatMap(MissingPolicy.init) ?? .keep
    groupColumns = values.texts("groupColumns") ?? []
    if missingPolicy == .group, groupColumns.isEmpty {
      throw ParameterError(
        "groupColumns", "missingPolicy \"group\" needs the columns that make a group, such as [\"city\"]")
    }
  }

  /// What `stages/clean.json` declares.
  package static let declarations: [ParameterDeclaration] = [
    ParameterDeclaration(
      "foldSeed", .integer(0...2_147_483_647), default: 1,
      help: "Seed of the dealing of customers into folds, by a hash of their key."),
    ParameterDeclaration(
      "folds", .integer(2...20), default: nil,
      help: "Number of folds; null for 5 up to 50,000 labelled customers, 3 up to 200,000, 2 above."),
    ParameterDeclaration(
      "missingPolicy", .choice(MissingPolicy.allCases.map(\.rawValue)), default: "keep",
      help:
        "What train does with missing values where a column's contract says nothing; learnt from training rows."
    ),
    ParameterDeclaration(
      "groupColumns", .texts, default: .array([]),
      help: "Columns that make a customer's group, for the missing policy \"group\"."),
  ]
}
