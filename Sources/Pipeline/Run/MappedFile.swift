import Fingerprints
import Glibc

/// A file's bytes mapped for reading: a source's, or a document's in the store.
@safe struct MappedFile: ~Copyable {
  private let bytes: UnsafeRawBufferPointer

  /// Maps the file at `path`; `name` is what messages call it.
  init(path: String, name: String) throws(PipelineError) {
    // A pipe in the place of a file is not waited for.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw MappedFile.refused(name, errno) }
    defer { close(descriptor) }
    var facts = stat()
    guard unsafe fstat(descriptor, &facts) == 0 else { throw MappedFile.refused(name, errno) }
    guard facts.st_mode & S_IFMT == S_IFREG else { throw PipelineError(.source, "\(name) is no file") }
    let count = Int(facts.st_size)
    guard count > 0 else {
      unsafe bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let start = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
      unsafe start != MAP_FAILED
    else { throw MappedFile.refused(name, errno) }
    unsafe bytes = UnsafeRawBufferPointer(start: start, count: count)
  }

  deinit {
    if let start = unsafe bytes.baseAddress {
      unsafe munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }
  }

  /// Lends the bytes to `body`.
  borrowing func withBytes<Result>(_ body: (RawSpan) throws -> Result) rethrows -> Result {
    try body(unsafe bytes.bytes)
  }

  /// Lets go of the memory that holds whole pages of `range`; they are brought in again where they are read again.
  borrowing func release(_ range: Range<Int>) {
    let page = 4096
    let first = max(0, range.lowerBound) / page * page
    let past = min(range.upperBound, unsafe bytes.count) / page * page
    guard first < past, let start = unsafe bytes.baseAddress else { return }
    // The mapping is private and never written to, so what is dropped stands in the file.
    unsafe madvise(UnsafeMutableRawPointer(mutating: start + first), past - first, MADV_DONTNEED)
  }

  /// A copy of the bytes.
  borrowing func copied() -> [UInt8] { unsafe Array(bytes) }

  /// The digest of the bytes.
  borrowing func digest() -> Digest {
    var builder = DigestBuilder()
    unsafe builder.update(bytes)
    return builder.finish()
  }

  /// Whether both files hold the same bytes.
  borrowing func holdsSame(as other: borrowing MappedFile) -> Bool {
    guard let mine = unsafe bytes.baseAddress, let theirs = unsafe other.bytes.baseAddress else {
      return unsafe bytes.count == other.bytes.count
    }
    return unsafe bytes.count == other.bytes.count && memcmp(mine, theirs, bytes.count) == 0
  }

  private static func refused(_ name: String, _ number: Int32) -> PipelineError {
    PipelineError(
      .source, "\(name) cannot be read: \(systemReason(number))",
      remedy: number == ENOENT ? "check its path in pipeline.json" : nil)
  }
}

/// Makes a new file of these bytes; a file or link that stands there is not written through. Whether that went well;
/// `errno` says why not.
func createFile(_ path: String, _ bytes: [UInt8], mode: mode_t) -> Bool {
  let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
  guard descriptor >= 0 else { return false }
  var done = 0
  while done < bytes.count {
    let count = unsafe bytes[done...].withUnsafeBytes {
      unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
    }
    if count < 0, errno == EINTR { continue }
    guard count > 0 else {
      let reason = errno
      close(descriptor)
      errno = reason
      return false
    }
    done += count
  }
  return close(descriptor) == 0
}

/// The operating system's words for an error number.
func systemReason(_ number: Int32) -> String {
  guard let text = unsafe strerror(number) else { return "error \(number)" }
  return unsafe String(cString: text)
}
