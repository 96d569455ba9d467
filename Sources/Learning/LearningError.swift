/// Why a learner refused what it was given: what happened, where, how to mend it. Holds no customer's values.
package struct LearningError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was wrong, for callers that switch on it.
  package enum Kind: Sendable, Equatable {
    /// Nothing to learn from: no training row, or none with a positive weight.
    case noRows
    /// Every training row has the same label.
    case oneClass
    /// A label outside 0 … 1, or not a number.
    case badLabel
    /// A weight that is negative or not finite.
    case badWeight
    /// A number that is not finite where only finite ones can be.
    case badValue
    /// No column that could tell one row from another.
    case noColumns
    /// More columns than the learner takes.
    case tooManyColumns
    /// Columns, rows or codes that do not fit together.
    case shapeMismatch
    /// A setting outside its range.
    case badParameter
    /// Equations without a unique solution.
    case singular
    /// Too few rows for what is asked.
    case tooFewRows
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
