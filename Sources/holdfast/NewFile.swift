import Glibc

/// A file that takes its name only when it is whole.
final class NewFile {
  private let path: String
  private let hidden: String
  private var descriptor: Int32

  /// Opens a file beside `path`; ends with 1 where that cannot be.
  init(_ path: String) throws {
    self.path = path
    hidden = path + ".part-\(getpid())"
    descriptor = unsafe open(hidden, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw CommandEnd(1, "\(path) cannot be written: \(NewFile.fault())") }
  }

  func write(_ bytes: [UInt8]) throws {
    var done = 0
    while done < bytes.count {
      let written = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done)
      }
      if written < 0, errno == EINTR { continue }
      guard written >= 0 else { throw abandoned() }
      done += written
    }
  }

  /// Gives the file its name.
  func finish() throws {
    guard fsync(descriptor) == 0, close(descriptor) == 0 else { throw abandoned() }
    descriptor = -1
    guard unsafe rename(hidden, path) == 0 else { throw abandoned() }
  }

  private func abandoned() -> CommandEnd {
    let reason = NewFile.fault()
    unsafe unlink(hidden)
    return CommandEnd(1, "\(path) cannot be written: \(reason)")
  }

  private static func fault() -> String { unsafe String(cString: strerror(errno)) }

  deinit {
    if descriptor >= 0 {
      close(descriptor)
      unsafe unlink(hidden)
    }
  }
}
