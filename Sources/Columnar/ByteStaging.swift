/// Gathers small writes into pieces of some 64 KB for a sink, and counts bytes; large writes go through
/// uncopied.
struct ByteStaging<Failure: Error> {
  private static var capacity: Int { 1 << 16 }
  private var held: [UInt8] = []
  private let sink: (RawSpan) throws(Failure) -> Void
  /// Bytes taken so far.
  private(set) var count = 0

  init(_ sink: @escaping (RawSpan) throws(Failure) -> Void) {
    self.sink = sink
    held.reserveCapacity(ByteStaging.capacity)
  }

  mutating func append(_ bytes: RawSpan) throws(Failure) {
    count += bytes.byteCount
    if held.count + bytes.byteCount > ByteStaging.capacity { try flush() }
    if bytes.byteCount >= ByteStaging.capacity {
      try sink(bytes)
    } else {
      unsafe bytes.withUnsafeBytes { unsafe held.append(contentsOf: $0) }
    }
  }

  /// All values of `range`, as they stand in memory; numbers have no padding, so viewing them raw is safe.
  mutating func append<Value: BitwiseCopyable>(
    _ values: [Value], _ range: Range<Int>
  ) throws(Failure) {
    unsafe try append(values.span.extracting(range).bytes)
  }

  mutating func append(_ bytes: [UInt8]) throws(Failure) { try append(bytes, bytes.indices) }

  /// Zeros up to the next multiple of 64 (or of `alignment`).
  mutating func pad(to alignment: Int = 64) throws(Failure) {
    let missing = (alignment - count % alignment) % alignment
    count += missing
    held.append(contentsOf: repeatElement(0, count: missing))
  }

  mutating func flush() throws(Failure) {
    guard !held.isEmpty else { return }
    try sink(unsafe held.span.bytes)
    held.removeAll(keepingCapacity: true)
  }
}
