import Numerics

/// How far shares of one day are from shares of another; both lists hold counts or shares by the same groups.
package enum DistributionShift {
  /// The population stability index Σ(a − e)·ln(a ∕ e) of shares, none taken as below `floor`.
  package static func stabilityIndex(expected: [Double], actual: [Double], floor: Double = 1e-4) -> Double {
    let (e, a) = (shares(expected), shares(actual))
    precondition(e.count == a.count, "the same groups on both days")
    return e.indices.reduce(0.0) { sum, group in
      let (before, after) = (max(e[group], floor), max(a[group], floor))
      return sum + (after - before) * logarithm(after / before)
    }
  }

  /// What the index exceeds by chance alone once in twenty, with `rows` and `otherRows` customers:
  /// χ²(groups − 1, .95) · (1∕n + 1∕m).
  package static func stabilityIndexByChance(groups: Int, rows: Int, otherRows: Int) -> Double {
    guard groups > 1, rows > 0, otherRows > 0 else { return 0 }
    return chiSquareQuantile(upperTail: 0.05, degrees: Double(groups - 1))
      * (1 / Double(rows) + 1 / Double(otherRows))
  }

  /// The Jensen-Shannon divergence in nats, from 0 to ln 2.
  package static func jensenShannon(_ first: [Double], _ second: [Double]) -> Double {
    let (p, q) = (shares(first), shares(second))
    precondition(p.count == q.count, "the same groups on both days")
    return p.indices.reduce(0.0) { sum, group in
      let middle = (p[group] + q[group]) / 2
      let left = p[group] > 0 ? p[group] * logarithm(p[group] / middle) : 0
      let right = q[group] > 0 ? q[group] * logarithm(q[group] / middle) : 0
      return sum + (left + right) / 2
    }
  }

  private static func shares(_ counts: [Double]) -> [Double] {
    let total = counts.reduce(0, +)
    return total > 0 ? counts.map { $0 / total } : counts
  }
}
