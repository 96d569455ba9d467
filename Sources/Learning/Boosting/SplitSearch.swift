import Numerics

/// The best way found to divide a node.
struct Split: Sendable {
  var gain: Double
  var feature: Int
  var kind: DecisionTrees.Kind
  var threshold: Int
  /// Bins that go left, where `kind` is `.categories`.
  var categories: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
  /// The sum of the rows that go left.
  var leftSum: Int64
}

/// A node as the search sees it.
struct NodeSums: Sendable {
  var sum: Int64
  var rows: Int
  /// Bounds of leaf values below it, where monotone columns have set some.
  var lower: Double
  var upper: Double
}

/// Searches the bins of columns for the split that gains most.
struct SplitSearch: Sendable {
  let rules: GrowthRules
  let units: GradientUnits
  let layout: HistogramLayout
  let valueBins: [Int]
  let isCategorical: [Bool]

  /// The best split of a node over `columns` (ascending), or `nil` when none gains enough. Ties go to the lower
  /// column, then the lower bin, then the missing to the right. With `cuts` one split of each column is tried, that
  /// which they draw by the column's number.
  func best(
    _ histogram: Span<Int64>, _ node: NodeSums, columns: Span<Int32>, cuts: CounterGenerator? = nil
  ) -> Split? {
    guard let least = leastHessian(node) else { return nil }
    let parent = score(node.sum, rules.lambda / units.hessian, node)
    var scan = Scan(
      search: self, node: node, least: least, floor: parent + 2 * max(rules.minimumGain, 1e-10) / scale,
      lambda: rules.lambda / units.hessian, cuts: cuts)
    for place in 0..<columns.count {
      let column = Int(columns[place])
      let offset = Int(layout.offsets[column])
      let bins = histogram.extracting(offset..<offset + valueBins[column] + 1)
      if isCategorical[column] {
        scan.categories(bins, column)
      } else if let cuts {
        scan.drawnNumber(bins, column, cuts)
      } else {
        scan.numbers(bins, column)
      }
    }
    var best = scan.best
    best?.gain = 0.5 * (scan.floor - parent) * scale
    return best
  }

  /// What a score of 1 stands for: scores are of whole numbers of units. A power of two, so nothing is rounded.
  var scale: Double { units.gradient * units.gradient / units.hessian }

  /// The least hessian of a child of `node`, in units; `nil` where it has too little for two.
  func leastHessian(_ node: NodeSums) -> Int64? {
    // ½ of a hessian's unit is lost to rounding, so both limits are taken in whole units.
    let perRow = Double(node.sum & 0xffff_ffff) / Double(node.rows)
    let least = max(rules.minimumHessian / units.hessian, Double(rules.minimumRows) * perRow * 0.999)
    guard least.isFinite, 2 * least <= Double(node.sum & 0xffff_ffff) else { return nil }
    return max(1, Int64(least.rounded(.up)))
  }

  /// Whether `left` may go left of `node`'s other rows: enough on both sides, and values in the order that
  /// `direction` (−1, 0, 1) asks for.
  @inline(__always)
  func admits(_ left: Int64, _ node: NodeSums, least: Int64, direction: Int8) -> Bool {
    let right = node.sum &- left
    if left & 0xffff_ffff < least || right & 0xffff_ffff < least { return false }
    if direction == 0 { return true }
    let l = value(left, lower: node.lower, upper: node.upper)
    let r = value(right, lower: node.lower, upper: node.upper)
    return direction > 0 ? l <= r : l >= r
  }

  /// G²∕(H + λ), all in units, or with bounds what the bounded value achieves: −(2Gw + (H + λ)w²).
  @inline(__always)
  func score(_ sum: Int64, _ lambda: Double, _ node: NodeSums) -> Double {
    let g = Double(sum >> 32)
    let h = Double(sum & 0xffff_ffff) + lambda
    let free = g * g / h
    if rules.monotone.isEmpty { return free }
    let unit = units.hessian / units.gradient
    let w = min(max(-g / h, node.lower * unit), node.upper * unit)
    return -(2 * g * w + h * w * w)
  }

  /// The sum of the scores of `left` and of the rest of `total`, without bounds, as a numerator and a denominator:
  /// two candidates are compared without dividing.
  @inline(__always)
  static func halves(_ left: Int64, of total: Int64, _ lambda: Double) -> (above: Double, below: Double) {
    let right = total &- left
    let (g, k) = (Double(left >> 32), Double(right >> 32))
    let (h, m) = (Double(left & 0xffff_ffff) + lambda, Double(right & 0xffff_ffff) + lambda)
    return (g * g * m + k * k * h, h * m)
  }

  /// The value of a leaf with `sum`, before shrinkage.
  func value(_ sum: Int64, lower: Double, upper: Double) -> Double {
    let h = units.hessian(sum) + rules.lambda
    guard h > 0 else { return min(max(0, lower), upper) }
    return min(max(-units.gradient(sum) / h, lower), upper)
  }
}

/// The best split so far, and what is needed to try the next.
struct Scan {
  let search: SplitSearch
  let node: NodeSums
  /// The least hessian of a child, in units.
  let least: Int64
  /// The sum of the children's scores to beat, in units.
  var floor: Double
  /// λ in units of the hessian.
  let lambda: Double
  let cuts: CounterGenerator?
  var best: Split?

  /// The sum of both children's scores when `left` goes left; −∞ when that is not allowed.
  @inline(__always)
  private func outcome(_ left: Int64, _ lambda: Double, _ direction: Int8) -> Double {
    guard search.admits(left, node, least: least, direction: direction) else { return -.infinity }
    if search.rules.monotone.isEmpty {
      let (above, below) = SplitSearch.halves(left, of: node.sum, lambda)
      return above / below
    }
    return search.score(left, lambda, node) + search.score(node.sum &- left, lambda, node)
  }

  /// Tries every edge of a numeric column, with the missing on either side.
  mutating func numbers(_ bins: Span<Int64>, _ column: Int) {
    let missing = bins[0]
    let last = bins.count - 1
    if search.rules.monotone.isEmpty {
      let edges = 1..<max(1, missing == 0 ? last : last + 1)
      let found = freeNumbers(bins, edges, column, missing: 0, .missingRight)
      if missing == 0 {
        if found { sendMissingToLarger() }
      } else {
        _ = freeNumbers(bins, edges, column, missing: missing, .missingLeft)
      }
      return
    }
    let direction = search.rules.monotone[column]
    var left: Int64 = 0
    var found = false
    for bin in 1..<max(1, missing == 0 ? last : last + 1) {
      // An empty bin divides the rows as the edge before it did.
      if bins[bin] == 0 { continue }
      left &+= bins[bin]
      let gain = outcome(left, lambda, direction)
      if gain > floor {
        floor = gain
        best = Split(gain: 0, feature: column, kind: .missingRight, threshold: bin, leftSum: left)
        found = true
      }
      if missing != 0 {
        let gain = outcome(left &+ missing, lambda, direction)
        if gain > floor {
          floor = gain
          best = Split(gain: 0, feature: column, kind: .missingLeft, threshold: bin, leftSum: left &+ missing)
          found = true
        }
      }
    }
    if found, missing == 0 { sendMissingToLarger() }
  }

  /// Tries every edge of a numeric column without bounds; `missing` goes left in any case. An empty bin divides the
  /// rows as the edge before it did, so it never gains more.
  private mutating func freeNumbers(
    _ bins: Span<Int64>, _ edges: Range<Int>, _ column: Int, missing: Int64, _ kind: DecisionTrees.Kind
  ) -> Bool {
    let total = node.sum
    let (least, lambda) = (least, lambda)
    var floor = self.floor
    var left = missing
    var place = 0
    var leftSum: Int64 = 0
    for bin in edges {
      left &+= bins[bin]
      if left & 0xffff_ffff < least { continue }
      if (total &- left) & 0xffff_ffff < least { break }
      let (above, below) = SplitSearch.halves(left, of: total, lambda)
      // The quotient decides, so that equal splits tie; the product spares most divisions.
      if above > floor * below, above / below > floor {
        floor = above / below
        place = bin
        leftSum = left
      }
    }
    if place == 0 { return false }
    self.floor = floor
    best = Split(gain: 0, feature: column, kind: kind, threshold: place, leftSum: leftSum)
    return true
  }

  /// Tries one edge of a numeric column, drawn among those between bins that hold rows.
  mutating func drawnNumber(_ bins: Span<Int64>, _ column: Int, _ cuts: CounterGenerator) {
    let direction = search.rules.monotone.isEmpty ? 0 : search.rules.monotone[column]
    let missing = bins[0]
    var filled = 0
    for bin in 1..<max(1, bins.count) where bins[bin] != 0 { filled += 1 }
    let edges = missing == 0 ? filled - 1 : filled
    guard edges > 0 else { return }
    var remaining = cuts.uniform(UInt64(column), below: edges) + 1
    var left: Int64 = 0
    var bin = 0
    while remaining > 0 {
      bin += 1
      left &+= bins[bin]
      remaining -= bins[bin] == 0 ? 0 : 1
    }
    for (kind, left) in [(DecisionTrees.Kind.missingRight, left), (.missingLeft, left &+ missing)] {
      let gain = outcome(left, lambda, direction)
      guard gain > floor else { continue }
      floor = gain
      best = Split(gain: 0, feature: column, kind: kind, threshold: bin, leftSum: left)
      if missing == 0 { sendMissingToLarger() }
    }
  }

  /// Missing values that the node never had follow the larger child.
  private mutating func sendMissingToLarger() {
    if let split = best, 2 * (split.leftSum & 0xffff_ffff) >= node.sum & 0xffff_ffff {
      best?.kind = .missingLeft
    }
  }

  /// Tries category sets: those with enough rows in order of G∕(H + smoothing), from either end; the rest go with the
  /// other side. Missing is a category like any other; where it was never seen it goes to the larger child.
  mutating func categories(_ bins: Span<Int64>, _ column: Int) {
    let rules = search.rules
    let units = search.units
    let support = Int64(Double(min(10, node.rows / 20)) * Double(node.sum & 0xffff_ffff) / Double(node.rows))
    var order: [(ratio: Double, bin: Int)] = []
    var present = 0
    for bin in 0..<bins.count where bins[bin] != 0 {
      present += 1
      guard bins[bin] & 0xffff_ffff >= support else { continue }
      let g = units.gradient(bins[bin])
      order.append((g / (units.hessian(bins[bin]) + rules.categorySmoothing), bin))
    }
    guard present >= 2, !order.isEmpty else { return }
    order.sort { ($0.ratio, $0.bin) < ($1.ratio, $1.bin) }
    // From both ends only when some categories stand outside the order; else one end tries every cut.
    let isWhole = order.count == present
    let lambda = self.lambda + (present > 4 ? rules.categoryLambda / units.hessian : 0)
    let count = isWhole ? order.count - 1 : order.count
    let drawn = cuts.map { $0.uniform(UInt64(column), below: count) }
    for fromEnd in isWhole ? [false] : [false, true] {
      var left: Int64 = 0
      var set: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
      for place in 0..<count {
        let bin = order[fromEnd ? order.count - 1 - place : place].bin
        left &+= bins[bin]
        insert(bin, &set)
        if let drawn, drawn != place { continue }
        let gain = outcome(left, lambda, 0)
        if gain > floor {
          floor = gain
          best = Split(
            gain: 0, feature: column, kind: .categories, threshold: 0, categories: set, leftSum: left)
        }
      }
    }
    guard var split = best, split.feature == column,
      2 * (split.leftSum & 0xffff_ffff) >= node.sum & 0xffff_ffff
    else { return }
    for bin in 0..<bins.count where bins[bin] == 0 { insert(bin, &split.categories) }
    best = split
  }
}

/// Sets the bit of `bin` in a set of categories.
func insert(_ bin: Int, _ set: inout (UInt64, UInt64, UInt64, UInt64)) {
  let bit: UInt64 = 1 << UInt64(bin & 63)
  switch bin >> 6 {
  case 0: set.0 |= bit
  case 1: set.1 |= bit
  case 2: set.2 |= bit
  default: set.3 |= bit
  }
}
