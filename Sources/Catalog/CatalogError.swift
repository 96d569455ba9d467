/// Why the catalog or the object store could not do what was asked.
package struct CatalogError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong.
  package enum Kind: String, Sendable {
    /// The file is a database of another program.
    case foreign
    /// The catalog was written by a newer program.
    case newer
    /// Another connection kept it busy too long.
    case busy
    /// Another run holds the lock.
    case locked
    /// Bytes do not match their digest.
    case corrupt
    /// An object is not there.
    case missing
    /// No space is left.
    case diskFull
    /// Nothing may be written there.
    case readOnly
    /// The chain of records does not hold.
    case chainBroken
    /// A file changed while it was read.
    case changed
    /// Any other fault of reading or writing.
    case io
  }
  /// What is wrong.
  package let kind: Kind
  /// In a sentence, with the path.
  package let message: String
  /// How to mend it.
  package let remedy: String?

  /// An error.
  package init(_ kind: Kind, _ message: String, remedy: String? = nil) {
    self.kind = kind
    self.message = message
    self.remedy = remedy
  }

  package var description: String { message + (remedy.map { "; " + $0 } ?? "") }
}
