import Clientele
import Glibc
import Synchronization

/// Standard output for results, standard error for everything said on the way. Text goes out whole.
enum Console {
  private static let lock = Mutex(())

  static func say(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }
  static func complain(_ text: String) { write(text + "\n", to: STDERR_FILENO) }
  /// Text as it is, without a line end, on standard error: the live line of a terminal.
  static func draw(_ text: String) { write(text, to: STDERR_FILENO) }
  static func write(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

  private static func write(_ text: String, to file: Int32) { write(Array(text.utf8), to: file) }

  private static func write(_ bytes: [UInt8], to file: Int32) {
    lock.withLock { _ in
      var done = 0
      while done < bytes.count {
        let written = unsafe bytes.withUnsafeBytes {
          unsafe Glibc.write(file, $0.baseAddress! + done, $0.count - done)
        }
        if written < 0, errno == EINTR { continue }
        // A reader that went away (head, less) ends us quietly.
        if written < 0 { Glibc.exit(errno == EPIPE ? 0 : 1) }
        done += written
      }
    }
  }

  /// Whether a person watches standard error.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb" }

  /// Whether colour may be used on standard output.
  static var hasColour: Bool {
    isatty(STDOUT_FILENO) == 1 && environment("TERM") != "dumb" && (environment("NO_COLOR") ?? "").isEmpty
  }

  static func environment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  /// Columns of the terminal on standard error, 80 where unknown.
  static var width: Int {
    var size = winsize()
    let known = unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return known ? Int(size.ws_col) : 80
  }
}

extension String {
  /// Padded with spaces to `width` characters.
  func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
  /// Padded on the left.
  func aligned(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}

extension Int {
  /// With a comma between thousands: 10,000.
  var grouped: String { Wording.count(self) }
}

extension Double {
  /// With `places` digits after the point.
  func fixed(_ places: Int) -> String { Wording.decimals(self, places) }
}
