import Glibc

/// What tells that a file has been touched, at the cost of one call: device, inode, size, and the times
/// of the last change of contents and of anything (which no program can set back).
package struct FileStatus: Sendable, Equatable {
  /// Device and inode.
  package let device: Int64
  /// Inode.
  package let inode: Int64
  /// Bytes.
  package let size: Int64
  /// Last change of contents, nanoseconds.
  package let modified: Int64
  /// Last change of contents or status, nanoseconds.
  package let changed: Int64

  /// The status of the file at `path`; `nil` where there is none.
  package static func of(_ path: String) throws(CatalogError) -> FileStatus? {
    var status = stat()
    if unsafe stat(path, &status) != 0 {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw .system("\(path) cannot be looked at")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw CatalogError(.io, "\(path) is not a plain file")
    }
    return FileStatus(status)
  }

  static func of(descriptor: Int32, _ path: String) throws(CatalogError) -> FileStatus {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .system("\(path) cannot be looked at") }
    return FileStatus(status)
  }

  init(_ status: stat) {
    device = Int64(bitPattern: UInt64(status.st_dev))
    inode = Int64(bitPattern: UInt64(status.st_ino))
    size = Int64(status.st_size)
    modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    changed = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
  }

  init(device: Int64, inode: Int64, size: Int64, modified: Int64, changed: Int64) {
    self.device = device
    self.inode = inode
    self.size = size
    self.modified = modified
    self.changed = changed
  }

  /// Nanoseconds after which a further change is sure to bear another time: more than the coarsest step
  /// of a kernel's file times.
  static let settlingTime: Int64 = 20_000_000

  /// Waits until what is `age` nanoseconds old is settled; a time in the future, left by a clock set back, is not waited
  /// for.
  static func settle(_ age: Int64) {
    let wait = settlingTime - age
    if wait > 0, wait <= settlingTime { usleep(UInt32(wait / 1000) + 1) }
  }

  /// Nanoseconds since the last change; negative where the clock was set back.
  var age: Int64 { FileStatus.nanoseconds(since: changed) }
  /// Nanoseconds since the last change of contents.
  var ageOfContents: Int64 { FileStatus.nanoseconds(since: modified) }

  private static func nanoseconds(since time: Int64) -> Int64 {
    var now = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &now)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec) - time
  }
}

extension CatalogError {
  /// The fault the last system call left.
  static func system(_ what: String) -> CatalogError {
    let number = errno
    let reason = unsafe String(cString: strerror(number))
    switch number {
    case ENOSPC, EDQUOT, EFBIG:
      return CatalogError(
        .diskFull, "\(what): \(reason)", remedy: "free some space and run again; nothing was lost")
    case EACCES, EPERM, EROFS:
      return CatalogError(.readOnly, "\(what): \(reason)", remedy: "give this user the right to write there")
    default: return CatalogError(.io, "\(what): \(reason)")
    }
  }
}
