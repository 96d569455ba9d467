import Glibc

/// The right to write: held by one process at a time, gone with it, whatever way it ends.
///
/// A lock on an open file (flock), so that no stale lock can be left. The file itself says who holds
/// it, for people. Whoever removes the file lets a second writer in; that one's `beginRun` marks the
/// runs it finds as crashed, and a crashed run can record nothing more.
package final class RunLock: Sendable {
  /// The folder it is the lock of.
  package let folder: ArtifactFolder
  private let descriptor: Int32

  private init(_ folder: ArtifactFolder, _ descriptor: Int32) {
    self.folder = folder
    self.descriptor = descriptor
  }

  /// Takes the lock of `folder` (made where it is not there), waiting up to `seconds` (`nil`: as long
  /// as it takes). `holder` is what the file says to others while it is held. Throws `locked`.
  package static func take(
    _ folder: ArtifactFolder, waiting seconds: Double?, holder: String
  ) throws(CatalogError) -> RunLock {
    try Disk.makeFolder(folder.path)
    let path = folder.lock
    let start = ContinuousClock.now
    var nameless = 0
    while true {
      let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
      guard descriptor >= 0 else {
        if errno == ELOOP { throw CatalogError(link: path) }
        throw .system("the lock \(path) cannot be opened")
      }
      do throws(CatalogError) {
        while true {
          if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { break }
          if errno == EINTR { continue }
          guard errno == EWOULDBLOCK else { throw .system("the lock \(path) cannot be taken") }
          if let seconds, ContinuousClock.now - start >= .seconds(seconds) {
            let holder = read(descriptor)
            // Taken a moment ago, or about to be given back: soon the file says by whom, or it is free.
            nameless += 1
            if !holder.isEmpty || nameless > 5 { throw refusal(holder) }
          }
          usleep(20_000)
        }
        // A file that was removed or replaced meanwhile locks nothing.
        let held = try FileStatus.of(descriptor: descriptor, path)
        guard let there = try FileStatus.of(path), there.inode == held.inode, there.device == held.device
        else {
          close(descriptor)
          continue
        }
      } catch {
        close(descriptor)
        throw error
      }
      // What the file says is a courtesy: a full disk does not keep a run from trying.
      ftruncate(descriptor, 0)
      let text = Array((holder + "\n").utf8)
      _ = unsafe text.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
      return RunLock(folder, descriptor)
    }
  }

  private static func refusal(_ holder: String) -> CatalogError {
    CatalogError(
      .locked, "another run holds the lock\(holder.isEmpty ? "" : " (\(holder))")",
      remedy: "wait for it with --if-locked wait, or leave it with --if-locked skip")
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
