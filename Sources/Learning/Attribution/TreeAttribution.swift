package import Numerics

/// What each column contributed to each row's score (Shapley values): exactly, tree by tree and leaf by leaf.
///
/// A leaf answers its value where all columns on its path pass, else nothing; so its game is a product over the
/// columns of its path, and a row enters it only by which of them it passes. What each such pattern contributes is
/// computed once a leaf.
package struct TreeAttribution: Sendable {
  /// Whether a column that is left out takes the training rows' shares, or a background row's value.
  package enum Mode: Sendable {
    /// A left-out column splits by the shares of training rows at each node ("path-dependent").
    case pathDependent
    /// A left-out column takes the values of these rows of a matrix in the same bins, one after another, and the
    /// results are averaged ("interventional").
    case interventional(background: BinnedMatrix, rows: [Int32])
  }

  /// Rows of a block. A leaf's patterns are worked out anew in each, so there are many: measured on 20,000 rows and 200
  /// trees of 63 leaves, blocks of 256 took twice as long.
  static let blockRows = 2048

  private let paths: [[LeafPath]]
  private let mode: Mode
  /// How many columns the explained matrix has.
  package let columns: Int
  /// The score of a row of which nothing is known: contributions sum to a row's score less this.
  package let base: Double

  /// Explains base + `scale` · Σ trees over rows of `columns` columns. (A boosted model: its base and 1; a forest: 0
  /// and 1 ∕ trees.)
  package init(trees: DecisionTrees, base: Double, scale: Double = 1, columns: Int, mode: Mode) {
    var paths = (0..<trees.count).map { trees.leafPaths(of: $0) }
    if scale != 1 {
      for tree in paths.indices {
        for leaf in paths[tree].indices { paths[tree][leaf].value *= scale }
      }
    }
    self.paths = paths
    self.mode = mode
    self.columns = columns
    var expected = base
    switch mode {
    case .pathDependent:
      for tree in paths { expected += tree.reduce(0.0) { $0 + $1.value * $1.shares.reduce(1, *) } }
    case .interventional(let background, let rows):
      precondition(!rows.isEmpty, "a background of at least one row")
      for tree in paths {
        var sum = 0.0
        for leaf in tree {
          let all = leaf.everything
          for row in rows where leaf.pattern(background.bins.span, Int(row) * background.stride) == all {
            sum += leaf.value
          }
        }
        expected += sum / Double(rows.count)
      }
    }
    self.base = expected
  }

  /// The contributions of each column to each of `rows`, row by row, `columns` numbers a row.
  package func contributions(_ matrix: BinnedMatrix, rows: [Int32], crew: Crew) -> [Double] {
    precondition(matrix.columns == columns, "a matrix of the model's columns")
    var result = [Double](repeating: 0, count: rows.count * columns)
    let longest = paths.reduce(0) { most, tree in tree.reduce(most) { max($0, $1.features.count) } }
    let rules = GaussLegendre.rules(upTo: (longest + 1) / 2)
    crew.rewrite(&result, width: columns, blockSize: TreeAttribution.blockRows) { range, part in
      let own = rows.span.extracting(range)
      var patterns = [UInt64](repeating: 0, count: range.count)
      for tree in paths {
        for leaf in tree where !leaf.features.isEmpty {
          leaf.patterns(matrix, own, to: &patterns)
          var table = PatternTable(leaf, mode, rules)
          table.add(patterns, to: &part, columns: columns)
        }
      }
    }
    return result
  }
}

extension LeafPath {
  /// The pattern of a row that reaches the leaf.
  var everything: UInt64 { features.count == 64 ? .max : (1 << UInt64(features.count)) - 1 }
}

/// The contributions of one leaf for each pattern that came up, computed when it first does.
private struct PatternTable {
  private let leaf: LeafPath
  private let rule: GaussLegendre
  private let mode: TreeAttribution.Mode
  /// Where a pattern's contributions stand in `values`, −1 for not yet; patterns beyond its size are not kept.
  private var places: [Int32]
  /// The background rows' patterns, each with how many have it.
  private var background: [(pattern: UInt64, share: Double)] = []
  /// Contributions, one a column of the path.
  private(set) var values: [Double] = []
  /// Scratch: the products of the factors of the columns before each.
  private var before: [Double]

  init(_ leaf: LeafPath, _ mode: TreeAttribution.Mode, _ rules: [GaussLegendre]) {
    self.leaf = leaf
    self.mode = mode
    before = [Double](repeating: 1, count: leaf.features.count + 1)
    rule = rules[(leaf.features.count + 1) / 2 - 1]
    places = [Int32](repeating: -1, count: leaf.features.count <= 10 ? 1 << leaf.features.count : 1)
    if case .interventional(let matrix, let rows) = mode {
      let patterns = rows.map { leaf.pattern(matrix.bins.span, Int($0) * matrix.stride) }.sorted()
      for pattern in patterns {
        if background.last?.pattern != pattern { background.append((pattern, 0)) }
        background[background.count - 1].share += 1
      }
      for index in background.indices { background[index].share /= Double(rows.count) }
    }
  }

  /// Adds the contributions of each of `patterns`, one a row, to the rows of `part`, `columns` numbers each.
  mutating func add(_ patterns: [UInt64], to part: inout MutableSpan<Double>, columns: Int) {
    let slots = leaf.features.count
    let rows = part.count / columns
    for row in 0..<rows {
      let start = contributions(of: patterns[row])
      let (features, values) = (leaf.features.span, values.span)
      let target = row &* columns
      for slot in 0..<slots { part[target &+ features[slot]] += values[start &+ slot] }
    }
  }

  /// Where in `values` the contributions of a row with `pattern` start.
  mutating func contributions(of pattern: UInt64) -> Int {
    let isKept = places.count > 1
    if isKept, places[Int(pattern)] >= 0 { return Int(places[Int(pattern)]) }
    if !isKept { values.removeAll(keepingCapacity: true) }
    let start = values.count
    if isKept { places[Int(pattern)] = Int32(start) }
    values += [Double](repeating: 0, count: leaf.features.count)
    switch mode {
    case .pathDependent: addPathDependent(pattern, start)
    case .interventional: for other in background { addPair(pattern, other.pattern, other.share, start) }
    }
    return start
  }

  /// φᵢ = v(oᵢ − zᵢ) ∫₀¹ Πⱼ≠ᵢ ((1 − t)zⱼ + t·oⱼ) dt: the multilinear form of Shapley's value, whose integrand is a
  /// polynomial, so that Gauss's rule gives it exactly; all terms are positive, nothing cancels.
  private mutating func addPathDependent(_ pattern: UInt64, _ start: Int) {
    let slots = leaf.features.count
    for point in rule.points.indices {
      let (t, weight) = (rule.points[point], rule.weights[point])
      for slot in 0..<slots { before[slot + 1] = before[slot] * factor(pattern, slot, t) }
      var after = weight * leaf.value
      for slot in (0..<slots).reversed() {
        values[start + slot] += (passes(pattern, slot) - leaf.shares[slot]) * before[slot] * after
        after *= factor(pattern, slot, t)
      }
    }
  }

  private func passes(_ pattern: UInt64, _ slot: Int) -> Double { Double((pattern >> UInt64(slot)) & 1) }

  private func factor(_ pattern: UInt64, _ slot: Int, _ t: Double) -> Double {
    (1 - t) * leaf.shares[slot] + t * passes(pattern, slot)
  }

  /// One row against one background row: of the columns where exactly one of them passes, a that the row alone passes
  /// and b that the background alone passes, each of the a gains v·(a − 1)!·b! ∕ (a + b)!, each of the b loses
  /// v·a!·(b − 1)! ∕ (a + b)!; a column that neither passes closes the leaf to both.
  private mutating func addPair(_ pattern: UInt64, _ other: UInt64, _ share: Double, _ start: Int) {
    guard pattern | other == leaf.everything else { return }
    let mine = pattern & ~other
    let theirs = other & ~pattern
    let a = mine.nonzeroBitCount
    let b = theirs.nonzeroBitCount
    guard a + b > 0 else { return }
    // 1 ∕ C(a + b, a), by multiplying and dividing small numbers only.
    var ways = 1.0
    for k in 1..<max(1, a + 1) { ways = ways * Double(b + k) / Double(k) }
    let gain = a > 0 ? share * leaf.value / (ways * Double(a)) : 0
    let loss = b > 0 ? share * leaf.value / (ways * Double(b)) : 0
    for slot in 0..<leaf.features.count {
      if (mine >> UInt64(slot)) & 1 == 1 { values[start + slot] += gain }
      if (theirs >> UInt64(slot)) & 1 == 1 { values[start + slot] -= loss }
    }
  }
}
