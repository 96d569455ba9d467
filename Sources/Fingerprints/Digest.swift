import Crypto

/// A SHA-256 digest: what a version of an artifact is known by.
package struct Digest: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The 32 bytes.
  package let bytes: [UInt8]

  /// The digest of `bytes`.
  package init(of bytes: [UInt8]) {
    self.bytes = Array(SHA256.hash(data: bytes))
  }

  /// The digest of the canonical form of `value`.
  package init(of value: JSONValue) { self.init(of: CanonicalJSON.encode(value)) }

  /// A digest from its 32 bytes, `nil` where there are not 32.
  package init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  /// A digest from its 64 hexadecimal digits, `nil` for anything else.
  package init?(hexadecimal text: String) {
    let digits = Array(text.utf8)
    guard digits.count == 64 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    for place in stride(from: 0, to: 64, by: 2) {
      guard let high = Digest.nibble(digits[place]), let low = Digest.nibble(digits[place + 1]) else {
        return nil
      }
      bytes.append(high << 4 | low)
    }
    self.bytes = bytes
  }

  private static func nibble(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }

  /// The 64 hexadecimal digits, lower case.
  package var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The first twelve digits, for people.
  package var short: String { String(hexadecimal.prefix(12)) }

  package var description: String { hexadecimal }

  package static func < (left: Digest, right: Digest) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

/// Digests bytes that come in pieces, such as a file being written.
package struct DigestBuilder {
  private var state = SHA256()

  /// A builder that has seen nothing.
  package init() {}

  /// Takes in the next bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    unsafe state.update(bufferPointer: bytes)
  }

  /// Takes in the next bytes.
  package mutating func update(_ bytes: [UInt8]) { state.update(data: bytes) }

  /// The digest of all bytes seen.
  package func finish() -> Digest {
    Digest(bytes: Array(state.finalize())) ?? Digest(of: [UInt8]())
  }
}

/// A 64-bit hash that is the same on every machine and in every version of this program: FNV-1a over
/// the bytes, then the SplitMix64 finisher so that the low bits are as good as the high ones. For
/// dealing keys into folds and samples; not for telling contents apart.
@inlinable package func stableHash(_ bytes: some Sequence<UInt8>, seed: UInt64) -> UInt64 {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ seed
  for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
  return spreadHash(hash, seed)
}

/// The same of the bytes `range` of `bytes`, which must lie in them.
@inlinable package func stableHash(_ bytes: RawSpan, _ range: Range<Int>, seed: UInt64) -> UInt64 {
  precondition(range.lowerBound >= 0 && range.upperBound <= bytes.byteCount, "the bytes lie in the span")
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ seed
  for place in range {
    let byte = unsafe bytes.unsafeLoad(fromByteOffset: place, as: UInt8.self)
    hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
  }
  return spreadHash(hash, seed)
}

/// SplitMix64's finisher.
@inlinable package func spreadHash(_ hash: UInt64, _ seed: UInt64) -> UInt64 {
  var hash = hash
  hash = (hash ^ seed) &+ 0x9e37_79b9_7f4a_7c15
  hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
  hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
  return hash ^ (hash >> 31)
}

/// The `count` lowest of `hashes` (all where there are fewer), ascending. Hashes are spread evenly, so that a sample
/// costs a look at each and sorting few.
package func lowestHashes(_ hashes: [UInt64], _ count: Int) -> [UInt64] {
  guard count > 0 else { return [] }
  // Twice as many as wanted lie below this on average; where they do not, all are sorted.
  let share = 2 * Double(count + 32) / Double(max(1, hashes.count))
  let limit = share < 1 ? UInt64(share * 0x1p64) : .max
  let few = hashes.filter { $0 <= limit }
  return Array((few.count >= count ? few : hashes).sorted().prefix(count))
}
