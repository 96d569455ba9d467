package import Fingerprints
import Glibc

/// An object being written: digested on its way, and an object only once it is whole, on the disk and
/// renamed to its digest. Left behind, it is swept by the next run.
package final class ObjectWriter {
  private let folder: ArtifactFolder
  private let path: String
  private var descriptor: Int32
  private var builder = DigestBuilder()
  /// Bytes written so far.
  package private(set) var count = 0

  init(_ folder: ArtifactFolder, name: String) throws(CatalogError) {
    self.folder = folder
    path = folder.unfinished + "/" + name
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system("\(path) cannot be made") }
  }

  /// Takes the next bytes.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(CatalogError) {
    unsafe builder.update(bytes)
    try unsafe Disk.writeAll(descriptor, bytes, path)
    count += bytes.count
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

  /// Puts the object under its digest, to last. Where one lies there already, that one is kept.
  package func finish() throws(CatalogError) -> (digest: Digest, status: FileStatus) {
    let digest = builder.finish()
    guard fchmod(descriptor, 0o444) == 0, fsync(descriptor) == 0 else { throw .system("\(path) cannot be made to last") }
    close(descriptor)
    descriptor = -1
    let target = folder.object(digest)
    let shelf = String(target.prefix(target.count - 65))
    try Disk.makeFolder(shelf)
    if let there = try FileStatus.of(target), there.size == count {
      unsafe unlink(path)
      return (digest, there)
    }
    guard unsafe rename(path, target) == 0 else { throw .system("\(target) cannot be put in its place") }
    try Disk.syncFolder(shelf)
    guard let status = try FileStatus.of(target) else { throw CatalogError(.missing, "\(target) has gone") }
    return (digest, status)
  }

  deinit {
    if descriptor >= 0 {
      close(descriptor)
      unsafe unlink(path)
    }
  }
}
