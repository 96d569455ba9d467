import Glibc

/// The right to write: held by one process at a time, gone with it, whatever way it ends.
package final class RunLock: Sendable {
  private let descriptor: Int32
  private let path: String

  private init(_ descriptor: Int32, _ path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  /// Takes the lock of `folder` (made where it is not there), waiting up to `seconds` (`nil`: as long
  /// as it takes). `holder` is what the file says to others while it is held.
  package static func take(
    _ folder: ArtifactFolder, waiting seconds: Double?, holder: String
  ) throws(CatalogError) -> RunLock {
    try Disk.makeFolder(folder.path)
    let path = folder.lock
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system("the lock \(path) cannot be opened") }
    let start = ContinuousClock.now
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let fault = errno
      if fault == EINTR { continue }
      guard fault == EWOULDBLOCK else {
        let error = CatalogError.system("the lock \(path) cannot be taken")
        close(descriptor)
        throw error
      }
      if let seconds, ContinuousClock.now - start >= .seconds(seconds) {
        let other = read(descriptor)
        close(descriptor)
        throw CatalogError(
          .locked, "another run holds the lock\(other.isEmpty ? "" : " (\(other))")",
          remedy: "wait for it with --if-locked wait, or leave it with --if-locked skip")
      }
      usleep(20_000)
    }
    ftruncate(descriptor, 0)
    let text = Array((holder + "\n").utf8)
    _ = unsafe text.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    return RunLock(descriptor, path)
  }

  private static func read(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
    guard count > 0 else { return "" }
    return String(decoding: bytes[..<count].prefix { $0 >= 0x20 }, as: UTF8.self)
  }

  /// Gives the lock back.
  package func release() {
    ftruncate(descriptor, 0)
    flock(descriptor, LOCK_UN)
  }

  deinit { close(descriptor) }
}
