import FoundationEssentials
import Glibc

/// Text to the error stream.
enum FileHandleText {
  /// Writes `text`; what cannot be written is lost, there being nowhere else to say so.
  static func writeError(_ text: String) {
    let bytes = Array(text.utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
  }
}
