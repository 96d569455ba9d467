/// Why bytes could not be read as a table, or a table's file not be read or written. Names columns and
/// places in the file, never a customer's value.
package struct ColumnarError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of thing is wrong.
  package enum Kind: String, Sendable {
    /// The bytes are something other than an Arrow IPC file.
    case foreign
    /// The file ends too early.
    case truncated
    /// The file's parts do not fit together.
    case damaged
    /// An Arrow file, but with something we do not read.
    case unsupported
    /// A column asked for is not there.
    case noSuchColumn
    /// The operating system refused to read.
    case unreadable
    /// The operating system refused to write.
    case unwritable
  }

  /// What kind of thing is wrong.
  package let kind: Kind
  /// What happened, in a sentence, with the remedy where there is one.
  package let message: String
  /// The file, where it is one.
  package let file: String?

  /// An error.
  package init(_ kind: Kind, _ message: String, file: String? = nil) {
    self.kind = kind
    self.message = message
    self.file = file
  }

  package var description: String { (file.map { $0 + ": " } ?? "") + message }

  /// The same error, of that file.
  func of(_ file: String) -> ColumnarError { ColumnarError(kind, message, file: file) }
}
