package import Tabular

/// What a column of `features` is to those who learn from it.
package enum FeatureRole: String, Sendable, CaseIterable {
  /// The customer's key (text).
  case key
  /// The customer's fold (integer).
  case fold
  /// 1 left, 0 stayed, missing where not known (integer).
  case label
  /// May be learnt from.
  case feature
  /// The state (`value`, `structuralZero`, `unknown`) of another column; learnt from too.
  case state
}

/// The facts `clean` writes beside each column of `features` and every later room reads: they travel
/// in the file's field metadata, so no later stage needs the source contract.
package struct FeatureFacts: Sendable, Equatable {
  /// What the column is.
  package var role: FeatureRole
  /// What its numbers mean.
  package var meaning: Meaning?
  /// Gender, age, origin, ….
  package var protected: Bool
  /// For a state column: the column it is the state of.
  package var stateOf: String?
  /// What train does with a missing value.
  package var missingPolicy: MissingPolicy

  /// Facts.
  package init(
    role: FeatureRole, meaning: Meaning? = nil, protected: Bool = false, stateOf: String? = nil,
    missingPolicy: MissingPolicy = .keep
  ) {
    self.role = role
    self.meaning = meaning
    self.protected = protected
    self.stateOf = stateOf
    self.missingPolicy = missingPolicy
  }

  /// The facts written beside `field`; a field without any is a feature.
  package init(_ field: Field) {
    role = field.metadata["holdfast.role"].flatMap(FeatureRole.init) ?? .feature
    meaning = field.metadata["holdfast.meaning"].flatMap(Meaning.init)
    protected = field.metadata["holdfast.protected"] == "true"
    stateOf = field.metadata["holdfast.stateOf"]
    missingPolicy = field.metadata["holdfast.missingPolicy"].flatMap(MissingPolicy.init) ?? .keep
  }

  /// The facts as field metadata.
  package var metadata: [String: String] {
    var metadata = ["holdfast.role": role.rawValue]
    if let meaning { metadata["holdfast.meaning"] = meaning.rawValue }
    if protected { metadata["holdfast.protected"] = "true" }
    if let stateOf { metadata["holdfast.stateOf"] = stateOf }
    if missingPolicy != .keep { metadata["holdfast.missingPolicy"] = missingPolicy.rawValue }
    return metadata
  }
}

/// The names of `features`' own columns; a source column of one of these names gets `source.` before it.
package enum FeatureColumn {
  /// The customer's key.
  package static let key = "key"
  /// The customer's fold.
  package static let fold = "fold"
  /// 1 left, 0 stayed.
  package static let label = "label"
  /// What a state column's name adds to its column's.
  package static let stateSuffix = ".state"
  /// Names a source column may not take.
  package static let reserved: Set<String> = [key, fold, label]
  /// Table metadata: the seed of the dealing into folds, and the number of folds.
  package static let foldSeed = "holdfast.foldSeed"
  /// Table metadata: the number of folds.
  package static let foldCount = "holdfast.foldCount"
  /// Table metadata: the columns of `features` that make a customer's group for the missing policy `group`,
  /// as a JSON list of names; absent where none are declared.
  package static let groupColumns = "holdfast.groupColumns"

  /// The name a source column has in `features`.
  package static func name(ofSource name: String) -> String {
    reserved.contains(name) ? "source." + name : name
  }
}

/// The three states of a value that can be missing.
package enum ValueState: String, Sendable, CaseIterable {
  /// There is one.
  case value
  /// There is none because the customer has no such product: a zero by rule.
  case structuralZero
  /// There is one, and we do not know it.
  case unknown
}
