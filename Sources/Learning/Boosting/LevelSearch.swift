import Numerics

/// A leaf of a symmetric tree's level.
struct LevelLeaf: Sendable {
  var node: Int
  var rows: Range<Int>
  var sums: NodeSums
  /// Empty where no further level needs it.
  var histogram: [Int64]
}

/// Searches for the one split that all leaves of a symmetric tree's level share.
///
/// Its gain is the sum of the gains of the leaves that it can divide. Ties go to the lower column, then the lower bin,
/// then the missing to the right.
struct LevelSearch: Sendable {
  let search: SplitSearch
  let leaves: [LevelLeaf]
  /// What the search needs of each leaf besides; `nil` where no split can divide it.
  private let limits: [(least: Int64, parent: Double)?]
  /// The hessian of all leaves, in units.
  private let hessian: Int64
  /// What all leaves score as they are.
  private let before: Double

  /// The best split of one column, and what it is compared with other columns' by.
  private typealias Candidate = (split: Split, score: Double)

  init(_ search: SplitSearch, _ leaves: [LevelLeaf]) {
    self.search = search
    self.leaves = leaves
    limits = leaves.map { leaf in
      guard leaf.sums.rows >= 2 * search.rules.minimumRows, let least = search.leastHessian(leaf.sums) else {
        return nil
      }
      return (least, search.score(leaf.sums.sum, search.rules.lambda / search.units.hessian, leaf.sums))
    }
    hessian = leaves.reduce(0) { $0 + $1.sums.sum & 0xffff_ffff }
    before =
      leaves.reduce(0.0) {
        $0 + search.score($1.sums.sum, search.rules.lambda / search.units.hessian, $1.sums)
      } * search.scale
  }

  /// The best split over `columns` (ascending), or `nil` when none gains enough. With `cuts` one split of each column
  /// is tried, that which they draw by the column's number; `noise` blurs which is best.
  func best(columns: [Int32], cuts: CounterGenerator?, noise: SplitNoise?, crew: Crew) -> Split? {
    // Less than some 0.1 ms of search is done before a second worker wakes.
    let isSmall = search.layout.size * leaves.count < 20_000
    let found = (isSmall ? Crew(threads: 1) : crew).map(columns.count) { place in
      let column = Int(columns[place])
      return search.isCategorical[column] ? categories(column, cuts, noise) : numbers(column, cuts, noise)
    }
    var best: Candidate?
    for case let candidate? in found where candidate.split.gain > max(search.rules.minimumGain, 1e-10) {
      if candidate.score > best?.score ?? -.infinity { best = candidate }
    }
    return best?.split
  }

  /// What dividing leaf number `place` gains when `left` goes left; 0 where that is not allowed.
  @inline(__always)
  private func gain(
    _ left: Int64, _ sums: NodeSums, _ limit: (least: Int64, parent: Double), _ lambda: Double,
    _ direction: Int8
  ) -> Double {
    guard search.admits(left, sums, least: limit.least, direction: direction) else { return 0 }
    if search.rules.monotone.isEmpty {
      let (above, below) = SplitSearch.halves(left, of: sums.sum, lambda)
      return (above / below - limit.parent) * search.scale
    }
    return (search.score(left, lambda, sums) + search.score(sums.sum &- left, lambda, sums) - limit.parent)
      * search.scale
  }

  private func place(_ column: Int) -> Range<Int> {
    let offset = Int(search.layout.offsets[column])
    return offset..<offset + search.valueBins[column] + 1
  }

  /// The sums of all leaves, bin by bin.
  private func totals(_ column: Int) -> (sums: [(gradient: Int64, hessian: Int64)], isFilled: [Bool]) {
    let range = place(column)
    var sums = [(gradient: Int64, hessian: Int64)](repeating: (0, 0), count: range.count)
    var isFilled = [Bool](repeating: false, count: range.count)
    for leaf in leaves {
      let bins = leaf.histogram.span.extracting(range)
      for bin in 0..<bins.count where bins[bin] != 0 {
        // Each half by itself: the halves of many leaves could run over, though those of one tree do not.
        sums[bin].gradient += bins[bin] >> 32
        sums[bin].hessian += bins[bin] & 0xffff_ffff
        isFilled[bin] = true
      }
    }
    return (sums, isFilled)
  }

  /// The best edge of a numeric column, or the drawn one.
  private func numbers(_ column: Int, _ cuts: CounterGenerator?, _ noise: SplitNoise?) -> Candidate? {
    let range = place(column)
    let last = range.count - 1
    guard last >= 1 else { return nil }
    let hasMissing = leaves.contains { $0.histogram[range.lowerBound] != 0 }
    var edges = 1..<max(1, hasMissing ? last + 1 : last)
    if let cuts {
      let isFilled = totals(column).isFilled
      var filled = (1...last).filter { isFilled[$0] }
      if !hasMissing { _ = filled.popLast() }
      guard !filled.isEmpty else { return nil }
      let edge = filled[cuts.uniform(UInt64(column), below: filled.count)]
      edges = edge..<edge + 1
    }
    guard !edges.isEmpty else { return nil }
    // For each edge the gain with the missing on the right, then on the left.
    var gains = [Double](repeating: 0, count: 2 * edges.count)
    for (leaf, limit) in zip(leaves, limits) {
      if let limit { addGains(leaf, limit, column, edges, to: &gains) }
    }
    let (best, score) = best(gains, alike: 2, column, noise)
    let edge = edges.lowerBound + best / 2
    var kind = best % 2 == 0 ? DecisionTrees.Kind.missingRight : .missingLeft
    if !hasMissing {
      let left = totals(column).sums[1...edge].reduce(0) { $0 + $1.hessian }
      kind = 2 * left >= hessian ? .missingLeft : .missingRight
    }
    return (Split(gain: 0.5 * gains[best], feature: column, kind: kind, threshold: edge, leftSum: 0), score)
  }

  /// The place of the best of `gains`, the first where several are, and its score; `alike` in a row share their noise.
  private func best(
    _ gains: [Double], alike: Int, _ column: Int, _ noise: SplitNoise?
  ) -> (place: Int, score: Double) {
    var best = (place: 0, score: -Double.infinity)
    for place in gains.indices where gains[place] > 0 {
      let score =
        noise.map { noise in
          (before + gains[place]).squareRoot() + noise.value(column: column, split: place / alike)
        } ?? gains[place]
      if score > best.score { best = (place, score) }
    }
    return best
  }

  private func addGains(
    _ leaf: LevelLeaf, _ limit: (least: Int64, parent: Double), _ column: Int, _ edges: Range<Int>,
    to gains: inout [Double]
  ) {
    let direction = search.rules.monotone.isEmpty ? 0 : search.rules.monotone[column]
    let bins = leaf.histogram.span.extracting(place(column))
    let missing = bins[0]
    let lambda = search.rules.lambda / search.units.hessian
    var left: Int64 = 0
    var (right, both) = (0.0, 0.0)
    for bin in 1..<edges.upperBound {
      // An empty bin divides the leaf as the edge before it did.
      if bins[bin] != 0 || bin == edges.lowerBound {
        left &+= bins[bin]
        if bin < edges.lowerBound { continue }
        right = gain(left, leaf.sums, limit, lambda, direction)
        both = missing == 0 ? right : gain(left &+ missing, leaf.sums, limit, lambda, direction)
      }
      if bin < edges.lowerBound { continue }
      gains[2 * (bin - edges.lowerBound)] += right
      gains[2 * (bin - edges.lowerBound) + 1] += both
    }
  }

  /// The best set of categories: those with enough rows, cut in the order of G∕(H + smoothing) over all leaves, or
  /// one of them against all others; or the drawn cut of that order. Missing is a category like any other.
  private func categories(_ column: Int, _ cuts: CounterGenerator?, _ noise: SplitNoise?) -> Candidate? {
    let (totals, isFilled) = totals(column)
    let order = ordered(totals, isFilled)
    let present = isFilled.count { $0 }
    guard present >= 2, !order.isEmpty else { return nil }
    let lambda =
      (search.rules.lambda + (present > 4 ? search.rules.categoryLambda : 0)) / search.units.hessian
    let sets = candidates(order, isWhole: order.count == present, cuts?.deriving(column))
    var gains = [Double](repeating: 0, count: sets.count)
    for (leaf, limit) in zip(leaves, limits) {
      guard let limit else { continue }
      let bins = leaf.histogram.span.extracting(place(column))
      var sum: Int64 = 0
      for (number, set) in sets.enumerated() {
        sum = (set.continues ? sum : 0) &+ bins[set.bin]
        if set.isTried { gains[number] += gain(sum, leaf.sums, limit, lambda, 0) }
      }
    }
    let (best, score) = best(gains, alike: 1, column, noise)
    return (split(column, sets, best, gain: 0.5 * gains[best], totals, isFilled), score)
  }

  private func ordered(_ totals: [(gradient: Int64, hessian: Int64)], _ isFilled: [Bool]) -> [Int] {
    let rows = leaves.reduce(0) { $0 + $1.sums.rows }
    let support = Double(min(10, rows / 20)) * Double(hessian) / Double(rows)
    let units = search.units
    let ratios = totals.map { sum in
      Double(sum.gradient) * units.gradient
        / (Double(sum.hessian) * units.hessian + search.rules.categorySmoothing)
    }
    return isFilled.indices
      .filter { isFilled[$0] && Double(totals[$0].hessian) >= support && totals[$0].hessian > 0 }
      .sorted { (ratios[$0], $0) < (ratios[$1], $1) }
  }

  /// A set to try: `bin`, and all of the one before where it `continues`.
  private struct CategorySet {
    var bin: Int
    var continues: Bool
    var isTried = true
  }

  private func candidates(_ order: [Int], isWhole: Bool, _ cuts: CounterGenerator?) -> [CategorySet] {
    let count = isWhole ? order.count - 1 : order.count
    func run(_ order: [Int]) -> [CategorySet] {
      order.prefix(count).enumerated().map { CategorySet(bin: $1, continues: $0 > 0) }
    }
    if let cuts {
      var sets = run(order)
      let drawn = cuts.uniform(0, below: sets.count)
      for place in sets.indices { sets[place].isTried = place == drawn }
      return sets
    }
    return run(order) + (isWhole ? [] : run(order.reversed()))
      + (order.count > 2 ? order.map { CategorySet(bin: $0, continues: false) } : [])
  }

  /// The split of which set number `best` goes left, and with it, where it is the larger side, what no leaf has.
  private func split(
    _ column: Int, _ sets: [CategorySet], _ best: Int, gain: Double,
    _ totals: [(gradient: Int64, hessian: Int64)], _ isFilled: [Bool]
  ) -> Split {
    var split = Split(gain: gain, feature: column, kind: .categories, threshold: 0, leftSum: 0)
    var left: Int64 = 0
    var place = best
    while true {
      insert(sets[place].bin, &split.categories)
      left += totals[sets[place].bin].hessian
      if !sets[place].continues { break }
      place -= 1
    }
    if 2 * left >= hessian {
      for bin in isFilled.indices where !isFilled[bin] { insert(bin, &split.categories) }
    }
    return split
  }
}
