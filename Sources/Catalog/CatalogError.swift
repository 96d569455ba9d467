import GRDB

/// Why the catalog or the object store could not do what was asked.
package struct CatalogError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong.
  package enum Kind: String, Sendable {
    /// The file is a database of another program.
    case foreign
    /// The catalog was written by a newer program.
    case newer
    /// The catalog has an older schema, and may not be written to.
    case older
    /// Another connection kept it busy too long.
    case busy
    /// Another run holds the lock, or has taken over.
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
    /// A link stands where the file or folder itself must.
    case link
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

extension CatalogError {
  /// A link in the place of what is written to: it may lead anywhere.
  init(link path: String) {
    self.init(
      .link, "\(path) is a link, and what is written below artifacts/ stays there",
      remedy: "put the file or folder itself there; another disk can be mounted in its place")
  }

  /// A fault of the database.
  init(_ folder: ArtifactFolder, _ error: DatabaseError) {
    let message = "\(folder.catalog): \(error.message ?? "\(error.extendedResultCode)")"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(.busy, message, remedy: "possibly another program has it open; try again")
    case .SQLITE_FULL:
      self.init(.diskFull, message, remedy: "free some space and run again; nothing was lost")
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
      self.init(.readOnly, message, remedy: "give this user the right to write there")
    case .SQLITE_NOTADB:
      self.init(.foreign, message, remedy: "move it elsewhere; it was not written to")
    case .SQLITE_CORRUPT:
      self.init(
        .corrupt, message,
        remedy: "try again; if it stays so, restore it from a backup, or move artifacts/ away and run anew")
    default:
      // The file through which connections share what they know could not grow.
      let isFull = error.extendedResultCode == .SQLITE_IOERR_SHMSIZE
      self.init(
        isFull ? .diskFull : .io, message,
        remedy: isFull ? "free some space and run again; nothing was lost" : nil)
    }
  }
}
