import Tabular

/// Gathers one column of categories: a code a row, in the order in which texts first appear.
struct CategoryBuilder {
  private(set) var codes: [Int32] = []
  /// The texts end to end, and where each ends.
  private var arena: [UInt8] = []
  private var ends: [Int] = []
  /// The hash of each text. The first eight bytes and the length of a short text are its hash's source
  /// and tell it apart whole; longer ones are compared byte by byte.
  private var heads: [UInt64] = []
  private var lengths: [Int] = []
  /// Codes by hash; −1 where free.
  private var slots = [Int32](repeating: -1, count: 64)

  /// Lets go of all rows and texts, and keeps the rows' room for others.
  mutating func clear() {
    var codes = codes
    self.codes = []
    codes.removeAll(keepingCapacity: true)
    self = CategoryBuilder()
    self.codes = codes
  }

  mutating func reserve(_ rows: Int) { codes.reserveInLargePages(rows) }

  /// Adds a row; −1 where it holds no value.
  mutating func append(code: Int32) { codes.append(code) }

  /// Adds rows.
  mutating func append(codes more: ArraySlice<Int32>) { codes.append(contentsOf: more) }

  /// The code of a text in which quotes may be doubled, a new one where it is seen for the first time.
  mutating func code(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ isDoubled: Bool) -> Int32 {
    guard isDoubled else { return code(bytes, start, end) }
    let plain = undoubled(bytes, start, end, true)
    return code(plain.span, 0, plain.count)
  }

  /// The code of a text, a new one where it is seen for the first time.
  private mutating func code(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int32 {
    let length = end - start
    var head: UInt64 = 0
    for place in start..<(start + min(8, length)) { head = head << 8 | UInt64(bytes[place]) }
    var hash = head
    if length > 8 {
      for place in (start + 8)..<end { hash = (hash ^ UInt64(bytes[place])) &* 0x0000_0100_0000_01b3 }
    }
    var slot = CategoryBuilder.slot(hash, length, slots.count)
    while slots[slot] >= 0 {
      let code = Int(slots[slot])
      if heads[code] == head, lengths[code] == length, length <= 8 || equal(code, bytes, start) {
        return slots[slot]
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    let code = Int32(lengths.count)
    slots[slot] = code
    for place in start..<end { arena.append(bytes[place]) }
    ends.append(arena.count)
    heads.append(head)
    lengths.append(length)
    if lengths.count * 2 > slots.count { grow() }
    return code
  }

  private static func slot(_ hash: UInt64, _ length: Int, _ count: Int) -> Int {
    let mixed = (hash ^ UInt64(truncatingIfNeeded: length)) &* 0x9e37_79b9_7f4a_7c15
    return Int(truncatingIfNeeded: mixed ^ (mixed >> 32)) & (count - 1)
  }

  private func equal(_ code: Int, _ bytes: Span<UInt8>, _ start: Int) -> Bool {
    let first = ends[code] - lengths[code]
    for place in 8..<lengths[code] where arena[first + place] != bytes[start + place] { return false }
    return true
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 4)
    for code in lengths.indices {
      var hash = heads[code]
      let past = ends[code]
      for place in min(past, past - lengths[code] + 8)..<past where lengths[code] > 8 {
        hash = (hash ^ UInt64(arena[place])) &* 0x0000_0100_0000_01b3
      }
      var slot = CategoryBuilder.slot(hash, lengths[code], slots.count)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(code)
    }
  }

  /// Adds all rows of a builder that came after this one in the file.
  mutating func append(_ later: CategoryBuilder) {
    var translation: [Int32] = []
    translation.reserveCapacity(later.lengths.count)
    let texts = later.arena.span
    for entry in later.lengths.indices {
      translation.append(code(texts, later.ends[entry] - later.lengths[entry], later.ends[entry]))
    }
    codes.append(contentsOf: later.codes.lazy.map { $0 < 0 ? -1 : translation[Int($0)] })
  }

  func finish() -> CategoryColumn {
    CategoryColumn(
      codes: codes,
      dictionary: lengths.indices.map {
        String(decoding: arena[(ends[$0] - lengths[$0])..<ends[$0]], as: UTF8.self)
      })
  }
}
