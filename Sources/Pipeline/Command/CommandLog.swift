import Glibc

/// What a program printed: its beginning in a file, its end in memory.
final class CommandLog {
  /// Bytes of the file; what comes after them is counted only.
  static let limit = 1 << 20
  private static let tailSize = 4096

  private let descriptor: Int32
  private var kept = 0
  private var dropped = 0
  private var tail: [UInt8] = []

  /// A log to the file at `path`, which is written anew. Printed values may be customers': nobody else reads it.
  init(path: String) throws(PipelineError) {
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw PipelineError(.failed, "\(path) cannot be written: \(systemReason(errno))")
    }
  }

  deinit { close(descriptor) }

  /// Takes what was printed.
  func take(_ bytes: ArraySlice<UInt8>) {
    tail = Array((tail + bytes).suffix(CommandLog.tailSize))
    let part = bytes.prefix(max(0, CommandLog.limit - kept))
    put(part)
    kept += part.count
    dropped += bytes.count - part.count
  }

  /// Says in the file how much of it is left out, with the end of it.
  func finish() {
    guard dropped > 0 else { return }
    put(Array("\n[\(dropped) more bytes, which end so:]\n".utf8)[...])
    put(tail[...])
  }

  /// The last lines printed, for a person: at most three, short, without control characters.
  var lastWords: String? {
    let text = String(decoding: tail, as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }.suffix(3)
    guard !lines.isEmpty else { return nil }
    return lines.map { line in
      let shown = line.unicodeScalars.prefix(160).map { scalar -> Character in
        let isControl = scalar.properties.generalCategory == .control || scalar.properties.isBidiControl
        return Character(isControl ? "\u{FFFD}" : scalar)
      }
      return String(shown) + (line.unicodeScalars.count > 160 ? "…" : "")
    }.joined(separator: " / ")
  }

  /// A log that cannot be written is no reason to stop: the result does not rest on it.
  private func put(_ bytes: ArraySlice<UInt8>) {
    var done = 0
    unsafe bytes.withUnsafeBytes { bytes in
      while done < bytes.count, let start = bytes.baseAddress {
        let count = unsafe write(descriptor, start + done, bytes.count - done)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        done += count
      }
    }
  }
}
