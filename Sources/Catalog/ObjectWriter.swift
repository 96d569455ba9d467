package import Fingerprints
import Glibc

/// An object being written: digested on its way, and an object only once it is whole, on the disk and
/// renamed to its digest. Left behind, it is removed; left behind by a process that died, it is swept
/// by the next run.
package final class ObjectWriter {
  private let store: CatalogStore
  private let path: String
  private var descriptor: Int32
  private var isPlaced = false
  private let builder = DigestLine()
  /// Bytes written so far.
  package private(set) var count = 0
  /// Of them, those the kernel was told to begin writing to the disk.
  private var begun = 0
  /// Bytes after which it is told again: what is left to wait for when the object is to last.
  private static let stretch = 16 << 20
  /// Whether the kernel keeps what was written in memory, for a reader soon.
  private let staysInMemory: Bool

  init(_ store: CatalogStore, name: String, staysInMemory: Bool) throws(CatalogError) {
    self.store = store
    self.staysInMemory = staysInMemory
    path = store.folder.unfinished + "/" + name
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw .system("\(path) cannot be made") }
  }

  /// Takes the next bytes.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(CatalogError) {
    unsafe builder.update(bytes)
    try unsafe Disk.writeAll(descriptor, bytes, path)
    count += bytes.count
    if count - begun >= ObjectWriter.stretch {
      // Those before the last eight stretches leave memory at the end, if they have not by now.
      let first = staysInMemory ? begun : max(0, begun - 8 * ObjectWriter.stretch)
      Disk.beginWriting(descriptor, first..<count)
      begun = count
    }
  }

  /// Takes the next bytes.
  package func write(_ bytes: [UInt8]) throws(CatalogError) {
    let result = unsafe bytes.withUnsafeBytes { bytes -> Result<Void, CatalogError> in
      do throws(CatalogError) {
        try unsafe write(bytes)
        return .success(())
      } catch { return .failure(error) }
    }
    try result.get()
  }

  /// Takes the whole of another file: by sharing its blocks where the file system can (then nobody's
  /// later change of the file reaches the object), else by copying; digested either way.
  func copy(_ source: Int32, _ sourcePath: String) throws(CatalogError) {
    precondition(count == 0, "a file is taken whole or not at all")
    let ficlone: UInt = 0x4004_9409
    guard ioctl(descriptor, ficlone, source) == 0 else {
      return try unsafe Disk.read(source, sourcePath) { (bytes) throws(CatalogError) in
        try unsafe write(bytes)
      }
    }
    try unsafe Disk.read(descriptor, path) { (bytes) throws(CatalogError) in
      unsafe builder.update(bytes)
      count += bytes.count
    }
  }

  /// Puts the object under its digest, to last. One that lies there already is kept where it is known to
  /// be whole, else replaced.
  package func finish() throws(CatalogError) -> (digest: Digest, status: FileStatus) {
    precondition(!isPlaced, "an object is finished once")
    let written = try FileStatus.of(descriptor: descriptor, path)
    let digest = builder.finish()
    guard fchmod(descriptor, 0o444) == 0, Disk.sync(descriptor) else {
      throw .system("\(path) cannot be made to last")
    }
    if !staysInMemory { Disk.beginWriting(descriptor, 0..<count) }
    let target = store.folder.object(digest)
    if let there = try store.statusIfKnownWhole(digest), there.size == count { return (digest, there) }
    // The bytes were digested on their way. Where their last write is old before they get the name by which others know
    // them, a write under that name will show in the time of the last change of contents: they need not be read back
    // to be believed. Waiting for it takes less than reading back an object that is not small.
    if count >= ObjectWriter.stretch { FileStatus.settle(written.ageOfContents) }
    let isSettled = written.ageOfContents >= FileStatus.settlingTime
    let shelf = store.folder.shelf(digest)
    if try Disk.makeFolder(shelf) { try Disk.syncFolder(store.folder.objects) }
    guard unsafe rename(path, target) == 0 else { throw .system("\(target) cannot be put in its place") }
    isPlaced = true
    try Disk.syncFolder(shelf)
    let status = try FileStatus.of(descriptor: descriptor, target)
    store.saw(digest, status)
    if isSettled, status.modified == written.modified, status.size == count { store.made(digest, status) }
    return (digest, status)
  }

  deinit {
    close(descriptor)
    if !isPlaced { unsafe unlink(path) }
  }
}
