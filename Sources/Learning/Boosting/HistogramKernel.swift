/// Which columns a tree's histograms hold, and how their sums are made: of bundles' codes first (see
/// `ColumnBundles`), then of each column's bins.
struct HistogramPlan: Sendable {
  /// A wanted bundle: the word of a row that holds its code, its place in the word in bits, the place of its sums.
  struct Cells: Sendable {
    var word: Int
    var shift: UInt64
    var offset: Int
  }
  /// A wanted column whose sums stand among those of a bundle's codes.
  struct Member: Sendable {
    /// The first of the codes' sums, and how many there are.
    var cells: Int
    var codes: Int
    /// Where the column's histogram stands.
    var target: Range<Int>
    /// The column's bin in each code; empty where the codes are the bins.
    var bins: [UInt8]
  }
  let bundles: ColumnBundles
  /// The wanted bundles.
  private(set) var cells: [Cells] = []
  private(set) var members: [Member] = []
  /// How many sums of codes are made; 256 more are allotted, so that no byte reaches past the end.
  private(set) var size = 0
  /// How many words a row has.
  let words: Int
  /// How many columns a histogram has, wanted or not.
  private let columns: Int

  /// The plan for `columns` of the bundled matrix.
  init(_ layout: HistogramLayout, _ bundles: ColumnBundles, columns: [Int32]) {
    self.bundles = bundles
    words = bundles.stride / 8
    self.columns = layout.offsets.count
    var isWanted = [Bool](repeating: false, count: layout.offsets.count)
    for column in columns { isWanted[Int(column)] = true }
    for (number, bundle) in bundles.bundles.enumerated()
    where bundle.columns.contains(where: { isWanted[$0] }) {
      cells.append(Cells(word: number / 8, shift: UInt64(number % 8 * 8), offset: size))
      for (member, column) in bundle.columns.enumerated() where isWanted[column] {
        let bins = bundle.bins.isEmpty ? [] : bundle.bins[member * bundle.codes..<(member + 1) * bundle.codes]
        let end = column + 1 < layout.offsets.count ? Int(layout.offsets[column + 1]) : layout.size
        let target = Int(layout.offsets[column])..<end
        members.append(Member(cells: size, codes: bundle.codes, target: target, bins: Array(bins)))
      }
      size += bundle.codes
    }
  }

  /// Writes the histogram that `cells`, the sums of codes, are of, to `sums`.
  func spread(_ cells: Span<Int64>, to sums: inout [Int64]) {
    var sums = sums.mutableSpan
    if members.count < columns { for i in 0..<sums.count { sums[i] = 0 } }
    for member in members {
      let from = cells.extracting(member.cells..<member.cells + member.codes)
      let target = member.target
      precondition(target.lowerBound >= 0 && target.upperBound <= sums.count)
      if member.bins.isEmpty {
        // Places are checked above: unchecked the loop takes several sums at a time.
        for code in 0..<min(from.count, target.count) {
          unsafe sums[unchecked: target.lowerBound &+ code] = from[unchecked: code]
        }
      } else {
        let bins = member.bins.span
        for place in target { sums[place] = 0 }
        for code in 0..<from.count { sums[target.lowerBound &+ Int(bins[code])] &+= from[code] }
      }
    }
  }
}

/// Adds rows' gradients to sums of codes.
///
/// Rows that hold their codes (one word) are read one after another. Where a row has more words, they lie scattered
/// in memory: a first short loop copies the words of some 200 rows side by side, so that the processor fetches many of
/// them at once; the sums are then made from the copies. (One loop for both has so much to do per row that only a few
/// fetches overlap.)
///
/// The loops are unchecked: the processor looks ahead over a fixed number of instructions, and the checks' were
/// half. Measured on a million rows of 13 columns, 20 trees of 63 leaves: 2.45 s with the checks of the copying, 1.75 s
/// without, 3.2 s in one loop. The adding, on 100,000 rows, 200 trees: .10 s, .02 s for the spreading; checked and column
/// by column it took .30 s. What makes it sound: a `TreeRow` is only made of a row that the gradients, one for each
/// row of the matrix, were asked for; a code is a byte, and 256 sums more are allotted than the last bundle needs;
/// the other lengths are checked once a batch. The tests hold it against plain loops.
struct HistogramKernel {
  let plan: HistogramPlan
  /// Rows copied at a time.
  private let batch: Int
  /// The copied words: those of all rows for word 0, then for word 1, … Empty where rows hold their codes.
  private var copies: [UInt64]
  /// The copied gradients.
  private var gradients: [Int64]
  /// The sums of codes, as the plan has them.
  private(set) var sums: [Int64]

  /// A kernel whose sums are 0.
  init(_ plan: HistogramPlan) {
    self.plan = plan
    // Copies stay within some 16 kB, half of the fastest cache.
    batch = plan.words == 1 ? 0 : max(16, min(256, 2048 / max(1, plan.words)))
    copies = [UInt64](repeating: 0, count: batch * plan.words)
    gradients = [Int64](repeating: 0, count: batch)
    sums = [Int64](repeating: 0, count: plan.size + 256)
  }

  /// Makes the sums 0 again.
  mutating func reset() {
    for i in sums.indices { sums[i] = 0 }
  }

  /// Adds the sums of a kernel of the same plan.
  mutating func add(_ other: [Int64]) {
    var sums = self.sums.mutableSpan
    let other = other.span
    for i in 0..<sums.count { sums[i] &+= other[i] }
  }

  /// Adds the gradients of `rows`.
  mutating func add(_ rows: Span<TreeRow>) {
    precondition(sums.count == plan.size + 256 && plan.cells.allSatisfy { $0.offset <= plan.size })
    precondition(plan.cells.allSatisfy { $0.word < plan.words })
    if plan.words == 1 {
      unsafe Self.add(plan.cells.indices, of: plan, rows: rows.count, to: &sums) {
        unsafe (rows[unchecked: $0].key, rows[unchecked: $0].gradient)
      }
      return
    }
    var start = 0
    while start < rows.count {
      let end = min(rows.count, start + batch)
      unsafe Self.copy(rows.extracting(start..<end), plan, &copies, &gradients)
      var place = 0
      while place < plan.cells.count {
        // Bundles of one word together, up to eight.
        let word = plan.cells[place].word
        var last = place
        while last < plan.cells.count, plan.cells[last].word == word { last += 1 }
        let (copies, gradients) = (copies, gradients)
        let words = copies.span.extracting(word * batch..<word * batch + end - start)
        let given = gradients.span.extracting(0..<end - start)
        unsafe Self.add(place..<last, of: plan, rows: end - start, to: &sums) {
          unsafe (words[unchecked: $0], given[unchecked: $0])
        }
        place = last
      }
      start = end
    }
  }

  @unsafe private static func copy(
    _ rows: Span<TreeRow>, _ plan: HistogramPlan, _ copied: inout [UInt64], _ gradient: inout [Int64]
  ) {
    let (stride, words, batch) = (plan.bundles.stride, plan.words, gradient.count)
    let bins = unsafe plan.bundles.codes.span.bytes
    precondition(rows.count <= batch && copied.count == batch * words)
    var copies = copied.mutableSpan
    var gradients = gradient.mutableSpan
    for place in 0..<rows.count {
      let row = unsafe rows[unchecked: place]
      let start = Int(truncatingIfNeeded: row.key) &* stride
      unsafe gradients[unchecked: place] = row.gradient
      for word in 0..<words {
        unsafe copies[unchecked: word &* batch &+ place] = UInt64(
          littleEndian: bins.unsafeLoadUnaligned(
            fromUncheckedByteOffset: start &+ word &* 8, as: UInt64.self))
      }
    }
  }

  /// Adds rows to the sums of these bundles, at most eight, all of one word; `row` gives a row's word and gradient.
  @unsafe @inline(__always)
  private static func add(
    _ cells: Range<Int>, of plan: HistogramPlan, rows: Int, to sum: inout [Int64],
    _ row: (Int) -> (UInt64, Int64)
  ) {
    if cells.isEmpty { return }
    let cells = plan.cells.span.extracting(cells)
    var sums = sum.mutableSpan
    // How many there are as a constant, so that the loops are straight code.
    switch cells.count {
    case 1: unsafe add(1, cells, rows, row, &sums)
    case 2: unsafe add(2, cells, rows, row, &sums)
    case 3: unsafe add(3, cells, rows, row, &sums)
    case 4: unsafe add(4, cells, rows, row, &sums)
    case 5: unsafe add(5, cells, rows, row, &sums)
    case 6: unsafe add(6, cells, rows, row, &sums)
    case 7: unsafe add(7, cells, rows, row, &sums)
    default: unsafe add(8, cells, rows, row, &sums)
    }
  }

  @unsafe @inline(__always)
  private static func add(
    _ count: Int, _ cells: Span<HistogramPlan.Cells>, _ rows: Int, _ row: (Int) -> (UInt64, Int64),
    _ sums: inout MutableSpan<Int64>
  ) {
    let a = cells[0]
    let b = cells[min(1, count - 1)]
    let c = cells[min(2, count - 1)]
    let d = cells[min(3, count - 1)]
    let e = cells[min(4, count - 1)]
    let f = cells[min(5, count - 1)]
    let g = cells[min(6, count - 1)]
    let h = cells[min(7, count - 1)]
    for place in 0..<rows {
      let (word, gradient) = row(place)
      unsafe add(gradient, word, a, &sums)
      if count > 1 { unsafe add(gradient, word, b, &sums) }
      if count > 2 { unsafe add(gradient, word, c, &sums) }
      if count > 3 { unsafe add(gradient, word, d, &sums) }
      if count > 4 { unsafe add(gradient, word, e, &sums) }
      if count > 5 { unsafe add(gradient, word, f, &sums) }
      if count > 6 { unsafe add(gradient, word, g, &sums) }
      if count > 7 { unsafe add(gradient, word, h, &sums) }
    }
  }

  @unsafe @inline(__always)
  private static func add(
    _ gradient: Int64, _ word: UInt64, _ cells: HistogramPlan.Cells, _ sums: inout MutableSpan<Int64>
  ) {
    unsafe sums[unchecked: cells.offset &+ Int(truncatingIfNeeded: word &>> cells.shift & 255)] &+= gradient
  }
}
