import Fingerprints
import Glibc

/// The few things done to files, each checked.
enum Disk {
  /// What stands at a path; links are not followed.
  enum Kind { case nothing, plain, folder, link, other }

  static func kind(_ path: String) -> Kind { look(path).kind }

  /// The same, and of a plain file its status, of one moment.
  static func look(_ path: String) -> (kind: Kind, status: FileStatus?) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return (.nothing, nil) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return (.plain, FileStatus(status))
    case S_IFDIR: return (.folder, nil)
    case S_IFLNK: return (.link, nil)
    default: return (.other, nil)
    }
  }

  /// Makes a folder where there is none; whether it was made now. A link to a folder is no folder: what
  /// is written under `artifacts/` stays there.
  @discardableResult static func makeFolder(_ path: String) throws(CatalogError) -> Bool {
    if unsafe mkdir(path, 0o755) == 0 { return true }
    guard errno == EEXIST else { throw .system("the folder \(path) cannot be made") }
    switch kind(path) {
    case .folder: return false
    case .link: throw CatalogError(link: path)
    default: throw CatalogError(.io, "\(path) is in the way and is no folder", remedy: "move it elsewhere")
    }
  }

  /// Makes what happened in a folder last.
  static func syncFolder(_ path: String) throws(CatalogError) {
    let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("the folder \(path) cannot be opened") }
    defer { close(descriptor) }
    guard sync(descriptor) else { throw .system("the folder \(path) cannot be made to last") }
  }

  /// Makes a file's bytes last; whether that went well. A signal does not make it fail.
  static func sync(_ descriptor: Int32) -> Bool {
    while fsync(descriptor) != 0 { guard errno == EINTR else { return false } }
    return true
  }

  /// Lets the kernel begin to write those bytes of a file to the disk, so that `sync` has less to wait for; those
  /// that are on it already leave memory, so it is for bytes written just now or not needed soon. It makes nothing
  /// last, and nothing depends on it. (`sync_file_range`, which would do the one alone, is not to be had from Swift.)
  static func beginWriting(_ descriptor: Int32, _ bytes: Range<Int>) {
    posix_fadvise(descriptor, bytes.lowerBound, bytes.count, POSIX_FADV_DONTNEED)
  }

  static func writeAll(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, _ path: String)
    throws(CatalogError)
  {
    var done = 0
    while done < bytes.count {
      let written = unsafe write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if written < 0, errno == EINTR { continue }
      guard written >= 0 else { throw .system("\(path) cannot be written") }
      done += written
    }
  }

  /// Hands over a file's bytes in pieces of a megabyte.
  static func read(
    _ descriptor: Int32, _ path: String, _ body: (UnsafeRawBufferPointer) throws(CatalogError) -> Void
  ) throws(CatalogError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { unsafe buffer.deallocate() }
    while true {
      let count = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .system("\(path) cannot be read") }
      if count == 0 { return }
      try unsafe body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  /// What a file held when it was read.
  struct Reading {
    let digest: Digest
    let status: FileStatus
    /// Whether a later change is sure to show in the status: its last change was old when the reading
    /// began. Else a further change could bear the same time, and the status is not to be remembered.
    let isSettled: Bool
  }

  /// Reads a file whole, with `body` taking the bytes. A file that changes meanwhile is refused.
  static func reading(
    _ path: String, _ body: (_ descriptor: Int32) throws(CatalogError) -> Digest
  ) throws(CatalogError) -> Reading {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("\(path) cannot be opened") }
    defer { close(descriptor) }
    let before = try FileStatus.of(descriptor: descriptor, path)
    let isSettled = before.age >= FileStatus.settlingTime
    let digest = try body(descriptor)
    guard try FileStatus.of(descriptor: descriptor, path) == before else {
      throw CatalogError(
        .changed, "\(path) changed while it was read", remedy: "run again when it is complete")
    }
    return Reading(digest: digest, status: before, isSettled: isSettled)
  }

  /// The digest of a file.
  static func digest(_ path: String) throws(CatalogError) -> Reading {
    try reading(path) { (descriptor) throws(CatalogError) in
      var builder = DigestBuilder()
      try unsafe read(descriptor, path) { (bytes) throws(CatalogError) in unsafe builder.update(bytes) }
      return builder.finish()
    }
  }

  /// Removes a folder's files and the folder; what is not there is no fault. Of a link the link: what it
  /// leads to is somebody else's.
  static func removeTree(_ path: String) {
    guard kind(path) == .folder, let folder = unsafe opendir(path) else {
      unsafe unlink(path)
      return
    }
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { removeTree(path + "/" + name) }
    }
    unsafe closedir(folder)
    unsafe rmdir(path)
  }

  /// Whether nothing stands at a path, or a folder without anything in it. What cannot be read may hold anything.
  static func isEmpty(_ path: String) -> Bool {
    switch kind(path) {
    case .nothing: return true
    case .folder:
      guard let folder = unsafe opendir(path) else { return false }
      unsafe closedir(folder)
      return names(path).isEmpty
    case .plain, .link, .other: return false
    }
  }

  /// Unlinks a file; whether it was there.
  @discardableResult static func remove(_ path: String) throws(CatalogError) -> Bool {
    if unsafe unlink(path) == 0 { return true }
    guard errno == ENOENT else { throw .system("\(path) cannot be removed") }
    return false
  }

  /// The names in a folder, sorted; none where there is no folder.
  static func names(_ path: String) -> [String] {
    guard let folder = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
