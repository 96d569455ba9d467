/// The texts that mean "missing", looked up without making a string: empty or blank text, and the
/// declared spellings after trimming spaces and tabs.
struct MissingSpellings {
  private let spellings: [[UInt8]]
  /// Whether a spelling (or a blank) begins with that byte: most fields are told apart by it.
  let beginnings: [Bool]
  /// Whether a spelling could be read as a number, such as -1 or 999: then numbers must be looked up, too.
  let maySpellNumbers: Bool

  init(_ texts: [String]) {
    spellings = texts.map { Array($0.utf8) }
    var beginnings = [Bool](repeating: false, count: 256)
    beginnings[0x20] = true
    beginnings[0x09] = true
    for spelling in spellings { if let first = spelling.first { beginnings[Int(first)] = true } }
    self.beginnings = beginnings
    maySpellNumbers = spellings.contains { spelling in
      spelling.allSatisfy { $0 &- UInt8(ascii: "0") < 10 || "+-.,eE".utf8.contains($0) }
    }
  }

  /// Whether bytes `start..<end` mean that there is no value.
  @inline(__always)
  func contain(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    start == end || (beginnings[Int(bytes[start])] && containTrimmed(bytes, start, end))
  }

  @inline(never)
  private func containTrimmed(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    var start = start
    var end = end
    while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
    while start < end, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
    if start == end { return true }
    spellings: for spelling in spellings where spelling.count == end - start {
      for place in 0..<spelling.count where bytes[start + place] != spelling[place] { continue spellings }
      return true
    }
    return false
  }
}
