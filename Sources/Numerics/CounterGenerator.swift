/// Mixes 64 bits so that each output bit depends on every input bit (two multiply–xor-shift rounds).
@inlinable package func mixed(_ value: UInt64) -> UInt64 {
  var z = value
  z = (z ^ (z &>> 32)) &* 0xd6e8_feb8_6659_fd93
  z = (z ^ (z &>> 32)) &* 0xd6e8_feb8_6659_fd93
  return z ^ (z &>> 32)
}

/// Random numbers by place, not by turn: number `counter` of a generator is a pure function of its key and `counter`.
///
/// So a draw for a row, a tree or a feature is the same whichever worker makes it, and in whatever order. A generator
/// is its two-word key, derived from a seed, a label that names the purpose, and the items drawn for:
/// `CounterGenerator(seed: 7, label: "boosting.rows").deriving(tree)`.
@frozen @usableFromInline package struct CounterGenerator: Sendable, Equatable {
  /// The half of the key that starts the counter.
  @usableFromInline package var offset: UInt64
  /// The half of the key mixed in between the rounds.
  @usableFromInline package var key: UInt64

  /// The generator of a run's `seed` alone.
  @inlinable package init(seed: UInt64) {
    offset = mixed(seed ^ 0x9e37_79b9_7f4a_7c15)
    key = mixed(offset &+ 0xbf58_476d_1ce4_e5b9)
  }

  /// The generator of a run's `seed` for the purpose called `label`.
  @inlinable package init(seed: UInt64, label: String) {
    self = CounterGenerator(seed: seed).deriving(label)
  }

  /// An independent generator for `item` (a tree, a fold, a feature).
  @inlinable package func deriving(_ item: UInt64) -> CounterGenerator {
    var derived = self
    derived.offset = mixed(mixed(item &* 0x9e37_79b9_7f4a_7c15 &+ offset) ^ key)
    derived.key = mixed(derived.offset &+ key)
    return derived
  }

  /// An independent generator for item number `item` (never negative).
  @inlinable package func deriving(_ item: Int) -> CounterGenerator {
    deriving(UInt64(bitPattern: Int64(item)))
  }

  /// An independent generator for the purpose called `label` (its UTF-8 bytes decide).
  @inlinable package func deriving(_ label: String) -> CounterGenerator {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in label.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return deriving(mixed(hash))
  }

  /// 64 random bits at place `counter`.
  @inlinable package func bits(_ counter: UInt64) -> UInt64 {
    mixed(mixed(counter &* 0x9e37_79b9_7f4a_7c15 &+ offset) ^ key)
  }

  /// A number in [0, 1) with 53 random bits at place `counter`.
  @inlinable package func uniform(_ counter: UInt64) -> Double { Double(bits(counter) &>> 11) * 0x1p-53 }

  /// A whole number in 0 ..< `bound` at place `counter`; the bias is below `bound` ∕ 2⁶⁴.
  @inlinable package func uniform(_ counter: UInt64, below bound: Int) -> Int {
    Int(truncatingIfNeeded: bits(counter).multipliedFullWidth(by: UInt64(bound)).high)
  }
}

/// 64 random bits at (seed, stream, counter), for callers that keep no generator.
@inlinable package func randomBits(seed: UInt64, stream: UInt64, counter: UInt64) -> UInt64 {
  CounterGenerator(seed: seed).deriving(stream).bits(counter)
}
