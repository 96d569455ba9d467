import Glibc
package import Tabular

extension TableEncoder {
  /// Writes the table as a new file at `path` (an older one is replaced) and waits until the disk has it;
  /// every piece also goes to `sink`, so that the bytes can be digested on their way. Returns how many
  /// bytes there are. Where writing fails, no file remains.
  @discardableResult
  package func write(
    _ table: Table, toFile path: String, sink: (RawSpan) -> Void = { _ in }
  ) throws(ColumnarError) -> Int {
    func refused(_ what: String) -> ColumnarError {
      let number = errno
      let remedy = number == ENOSPC ? " Free some space and run again." : ""
      return ColumnarError(.unwritable, "the file cannot be \(what): \(reason(number)).\(remedy)", file: path)
    }
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw refused("made") }
    var isOpen = true
    do throws(ColumnarError) {
      let count = try encode(table) { (piece) throws(ColumnarError) in
        sink(piece)
        var rest = 0..<piece.byteCount
        while !rest.isEmpty {
          let written = unsafe piece.extracting(rest).withUnsafeBytes { bytes in
            unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
          }
          if written < 0, errno == EINTR { continue }
          guard written > 0 else { throw refused("written") }
          rest = (rest.lowerBound + written)..<rest.upperBound
        }
      }
      guard fsync(descriptor) == 0 else { throw refused("brought to disk") }
      isOpen = false
      guard close(descriptor) == 0 else { throw refused("closed") }
      return count
    } catch {
      if isOpen { close(descriptor) }
      unsafe unlink(path)
      throw error
    }
  }
}
