/// Why nothing can be proposed for a file: what happened, where, how to mend it. Holds no customer's value.
package struct OnboardingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, for callers that switch on it.
  package enum Kind: String, Sendable, CaseIterable {
    /// The file is empty, holds a header only, or cannot be read at all.
    case unreadable
    /// The file is not UTF-8 and no encoding was declared.
    case encoding
    /// A column named by the user is not in the file.
    case noSuchColumn
    /// No set of columns identifies a customer.
    case noKey
    /// The column named as the target is not two-valued.
    case badTarget
  }

  /// What is wrong.
  package let kind: Kind
  /// What happened and where, in a sentence.
  package let message: String
  /// How to mend it.
  package let remedy: String

  /// An error.
  package init(_ kind: Kind, _ message: String, remedy: String) {
    self.kind = kind
    self.message = message
    self.remedy = remedy
  }

  package var description: String { message + " " + remedy }
}
