import FoundationEssentials
import Glibc

/// Files changed behind the catalog's back.
enum FileDamage {
  /// Flips a bit of the first byte of a file.
  static func flip(_ path: String) throws {
    var bytes = try Data(contentsOf: URL(filePath: path))
    bytes[0] ^= 1
    unsafe chmod(path, 0o644)
    let descriptor = unsafe open(path, O_WRONLY)
    defer { close(descriptor) }
    let array = [UInt8](bytes)
    _ = unsafe array.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }
}
