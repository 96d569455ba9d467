import Numerics

/// A tree of at most 64 leaves over rows whose codes fit a word, ready to say which leaf a row is in without walking:
/// a bundle's code rules leaves out, and the first leaf that none rules out is the row's (as `LeafMasks`, but by the
/// codes of `ColumnBundles`, which are at hand while a model is grown).
struct LeafCodes: Sendable {
  /// The places in the word of the bundles that rule anything out, in bits.
  private var shifts: [UInt64] = []
  /// For each of them, for each of 256 codes: bit l is set where leaf l, left to right, is still possible.
  private var masks: [UInt64] = []
  /// The leaves' values, left to right; 64 of them.
  private var values = [Double](repeating: 0, count: 64)

  /// `nil` where the tree has more leaves. `sides` gives what a node's split looks at, and which codes go left.
  init?(_ tree: TreeGrower.Tree, sides: (Int) -> (shift: UInt64, goesLeft: [UInt8])) {
    let nodes = tree.kinds.count
    guard nodes <= 127 else { return nil }
    let leaf = DecisionTrees.Kind.leaf.rawValue
    // Children come after their parents.
    var leaves = [Int](repeating: 1, count: nodes)
    for node in tree.kinds.indices.reversed() where tree.kinds[node] != leaf {
      leaves[node] = leaves[Int(tree.left[node])] + leaves[Int(tree.left[node]) + 1]
    }
    var first = [Int](repeating: 0, count: nodes)
    for node in 0..<nodes {
      if tree.kinds[node] == leaf {
        values[first[node]] = tree.values[node]
        continue
      }
      let left = Int(tree.left[node])
      first[left] = first[node]
      first[left + 1] = first[node] + leaves[left]
      let (shift, goesLeft) = sides(node)
      let slot = shifts.firstIndex(of: shift) ?? shifts.count
      if slot == shifts.count {
        shifts.append(shift)
        masks += [UInt64](repeating: .max, count: 256)
      }
      let below: UInt64 = ((1 << UInt64(leaves[left])) &- 1) << UInt64(first[left])
      for code in 0..<256 where goesLeft[code] == 0 { masks[slot * 256 + code] &= ~below }
    }
  }

  /// Adds to the score of each of `rows` the value of its leaf in each of `trees`; `codes` holds each row's word.
  ///
  /// Unchecked but for the rows' numbers: a code is a byte, a table has 256 entries, and a leaf is one of 64. The tests
  /// hold it against walking the tree.
  static func add(
    _ trees: [LeafCodes], _ rows: ArraySlice<Int32>, _ codes: [UInt8], to scores: inout [Double], crew: Crew
  ) {
    precondition(codes.count == scores.count * 8)
    let count = scores.count
    unsafe scores.withUnsafeMutableBufferPointer { scores in
      nonisolated(unsafe) let scores = unsafe scores
      crew.forEachBlock(count: rows.count, blockSize: rowsPerBlock) { places, _ in
        let rows = rows.span.extracting(places)
        let words = unsafe codes.span.bytes
        for tree in trees {
          let values = tree.values.span
          unsafe tree.leaves(rows, words, count) { row, leaf in
            unsafe scores[row] += values[unchecked: leaf]
          }
        }
      }
    }
  }

  /// Gives each row's leaf to `found`.
  @unsafe @inline(__always)
  private func leaves(_ rows: Span<Int32>, _ words: RawSpan, _ count: Int, _ found: (Int, Int) -> Void) {
    precondition(masks.count == shifts.count * 256)
    if shifts.isEmpty {
      for place in 0..<rows.count {
        precondition(rows[place] >= 0 && rows[place] < count)
        found(Int(rows[place]), 0)
      }
      return
    }
    let (shifts, masks) = (shifts.span, masks.span)
    // How many there are as a constant, so that the loops are straight code.
    switch shifts.count {
    case 0...2: unsafe Self.leaves(2, shifts, masks, rows, words, count, found)
    case 3: unsafe Self.leaves(3, shifts, masks, rows, words, count, found)
    case 4: unsafe Self.leaves(4, shifts, masks, rows, words, count, found)
    case 5: unsafe Self.leaves(5, shifts, masks, rows, words, count, found)
    case 6: unsafe Self.leaves(6, shifts, masks, rows, words, count, found)
    default: unsafe Self.leaves(8, shifts, masks, rows, words, count, found)
    }
  }

  @unsafe @inline(__always)
  private static func leaves(
    _ used: Int, _ shifts: Span<UInt64>, _ masks: Span<UInt64>, _ rows: Span<Int32>, _ words: RawSpan,
    _ count: Int, _ found: (Int, Int) -> Void
  ) {
    // Where there are fewer the last stands for those after it, which changes nothing.
    let last = shifts.count - 1
    func shift(_ slot: Int) -> UInt64 { shifts[min(slot, last)] }
    let (a, b, c, d) = (shift(0), shift(1), shift(2), shift(3))
    let (e, f, g, h) = (shift(4), shift(5), shift(6), shift(7))
    for place in 0..<rows.count {
      let row = Int(rows[place])
      precondition(row >= 0 && row < count)
      let word = unsafe UInt64(
        littleEndian: words.unsafeLoadUnaligned(fromUncheckedByteOffset: row &* 8, as: UInt64.self))
      func possible(_ slot: Int, _ shift: UInt64) -> UInt64 {
        unsafe masks[unchecked: min(slot, last) &* 256 &+ Int(truncatingIfNeeded: word &>> shift & 255)]
      }
      var leaves = possible(0, a) & possible(1, b)
      if used > 2 { leaves &= possible(2, c) }
      if used > 3 { leaves &= possible(3, d) }
      if used > 4 { leaves &= possible(4, e) }
      if used > 5 { leaves &= possible(5, f) }
      if used > 6 { leaves &= possible(6, g) & possible(7, h) }
      found(row, leaves.trailingZeroBitCount & 63)
    }
  }
}
