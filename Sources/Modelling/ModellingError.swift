/// Why a table and a model, or a model and its document, do not fit together: what, where, how to mend it.
package struct ModellingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was wrong, for callers that switch on it.
  package enum Kind: Sendable, Equatable {
    /// The table lacks a column the model learnt from, or holds something else in it.
    case tableDoesNotFit
    /// No column may be learnt from.
    case nothingToLearnFrom
    /// The document is no model, or a damaged one.
    case badDocument
    /// The document is a model in a version this program does not read.
    case otherVersion
  }

  /// What was wrong.
  package var kind: Kind
  /// The sentence for people.
  package var description: String

  /// An error of `kind`, told by `description`.
  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
