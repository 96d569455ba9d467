/// Why a file cannot be read at all. Single rows that cannot be read are no error: they are kept as
/// rejected rows.
package struct DelimitedError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong.
  package enum Kind: String, Sendable {
    case emptyFile, headerOnly, repeatedHeader, unbalancedQuote, missingColumn, notUTF8, tooMuchText
  }
  /// What is wrong.
  package let kind: Kind
  /// In a sentence.
  package let message: String
  /// `file:line:column`.
  package let place: String
  /// How to mend it.
  package let remedy: String

  /// An error.
  package init(_ kind: Kind, _ message: String, place: String, remedy: String) {
    self.kind = kind
    self.message = message
    self.place = place
    self.remedy = remedy
  }

  package var description: String { "\(place): \(message) \(remedy)" }
}
