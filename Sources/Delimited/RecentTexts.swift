/// Remembers the codes of short texts seen lately, one text a slot: what most rows hold is found by one
/// comparison of two words; the rest is looked up where all texts are kept.
struct RecentTexts: Sendable {
  /// At most sixteen bytes, shifted to the upper end of their words.
  struct Text: Equatable {
    var head: UInt64
    var tail: UInt64
    /// Zeros to the left of bytes would be told apart by it.
    var length: Int32
  }

  private var texts: [Text]
  private var codes: [Int32]

  /// Nothing remembered yet.
  init() { self.init(slots: 128) }

  private init(slots: Int) {
    texts = [Text](repeating: Text(head: 0, tail: 0, length: 0), count: slots)
    codes = [Int32](repeating: 0, count: slots)
  }

  /// Nothing, and no room for anything.
  static let empty = RecentTexts(slots: 0)

  var isEmpty: Bool { texts.isEmpty }

  @inline(__always)
  static func slot(_ text: Text) -> Int {
    Int(
      truncatingIfNeeded: ((text.head ^ (text.tail &* 0xff51_afd7_ed55_8ccd)) &* 0x9e37_79b9_7f4a_7c15) >> 57)
  }

  /// The code of `text` if it is the one remembered at `slot`.
  @inline(__always)
  func code(_ text: Text, at slot: Int) -> Int32? {
    texts[slot] == text ? codes[slot] : nil
  }

  mutating func remember(_ text: Text, _ code: Int32, at slot: Int) {
    texts[slot] = text
    codes[slot] = code
  }
}
