import Numerics

/// Whether two ways to group rows go together: counts by row group and column group, tested by χ² and by likelihood.
package struct ContingencyTable: Sendable, Equatable {
  /// Counts, one list a row group; row and column groups without a count are left out.
  package let counts: [[Double]]
  /// Pearson's χ², without continuity correction.
  package let chiSquare: Double
  /// The likelihood ratio G.
  package let likelihoodRatio: Double
  /// Degrees of freedom.
  package let degrees: Int
  /// p-value of χ²; 1 where there is nothing to compare.
  package let pValue: Double
  /// p-value of G.
  package let likelihoodPValue: Double
  /// Cramér's V: 0 no association, 1 the one decides the other.
  package let cramerV: Double
  /// V with its bias taken out (Bergsma, 2013).
  package let correctedV: Double
  /// The smallest expected count; below 5 the p-values are rough.
  package let smallestExpected: Double

  /// The tests of `given`: lists of equal length, counts not negative.
  package init(_ given: [[Double]]) {
    let width = given.first?.count ?? 0
    precondition(given.allSatisfy { $0.count == width }, "rows of a table are equally long")
    let kept = (0..<width).filter { column in given.contains { $0[column] > 0 } }
    let counts = given.filter { $0.contains { $0 > 0 } }.map { row in kept.map { row[$0] } }
    let rowSums = counts.map { $0.reduce(0, +) }
    let columnSums = kept.indices.map { column in counts.reduce(0) { $0 + $1[column] } }
    let total = rowSums.reduce(0, +)
    var (chiSquare, ratio, smallest) = (0.0, 0.0, Double.infinity)
    for (row, rowSum) in zip(counts, rowSums) {
      for (count, columnSum) in zip(row, columnSums) {
        let expected = rowSum * columnSum / total
        chiSquare += (count - expected) * (count - expected) / expected
        if count > 0 { ratio += 2 * count * logarithm(count / expected) }
        smallest = min(smallest, expected)
      }
    }
    self.counts = counts
    degrees = max(0, counts.count - 1) * max(0, kept.count - 1)
    self.chiSquare = degrees == 0 ? 0 : chiSquare
    likelihoodRatio = degrees == 0 ? 0 : max(0, ratio)
    smallestExpected = counts.isEmpty ? 0 : smallest
    guard degrees > 0 else {
      (pValue, likelihoodPValue, cramerV, correctedV) = (1, 1, 0, 0)
      return
    }
    pValue = chiSquareSurvival(chiSquare, degrees: Double(degrees))
    likelihoodPValue = chiSquareSurvival(max(0, ratio), degrees: Double(degrees))
    let (r, c) = (Double(counts.count), Double(kept.count))
    cramerV = (chiSquare / total / (min(r, c) - 1)).squareRoot()
    guard total > 1 else {
      correctedV = 0
      return
    }
    let square = max(0, chiSquare / total - (r - 1) * (c - 1) / (total - 1))
    let rows = r - (r - 1) * (r - 1) / (total - 1)
    let columns = c - (c - 1) * (c - 1) / (total - 1)
    let most = min(rows, columns) - 1
    correctedV = most > 0 ? (square / most).squareRoot() : 0
  }
}

/// Fisher's exact test of a table of two by two.
package struct FisherExact: Sendable, Equatable {
  /// a·d ∕ (b·c); infinite where b or c is 0.
  package let oddsRatio: Double
  /// Two-sided p-value: all tables with these margins that are no likelier than this one.
  package let pValue: Double

  /// The test of the table [[a, b], [c, d]].
  package init(_ a: Int, _ b: Int, _ c: Int, _ d: Int) {
    oddsRatio =
      b == 0 || c == 0 ? (a == 0 || d == 0 ? .nan : .infinity) : Double(a) * Double(d) / Double(b) / Double(c)
    let (first, second, taken) = (a + b, c + d, a + c)
    func weight(_ k: Int) -> Double {
      logChoose(first, k) + logChoose(second, taken - k) - logChoose(first + second, taken)
    }
    let here = weight(a)
    var sum = 0.0
    for k in max(0, taken - second)...min(first, taken) {
      let other = weight(k)
      // Tables of equal likelihood differ in the last digits.
      if other <= here + 1e-7 { sum += exponential(other) }
    }
    pValue = min(1, sum)
  }
}

/// ln of the number of ways to take `k` of `n`.
func logChoose(_ n: Int, _ k: Int) -> Double {
  k == 0 || k == n ? 0 : logGamma(Double(n + 1)) - logGamma(Double(k + 1)) - logGamma(Double(n - k + 1))
}
