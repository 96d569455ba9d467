extension MannWhitneyTest {
  /// The most pairs (first, second) for which the exact p-value is worked out; beyond them the normal approximation
  /// is as good.
  package static let mostExactPairs = 2500

  /// The exact two-sided p-value: twice the smaller tail of U where all orders are equally likely, at most 1.
  ///
  /// `nil` where numbers tie, one is not a number, a group is empty, or there are more than `mostExactPairs` pairs.
  package static func exactPValue(_ first: [Double], _ second: [Double]) -> Double? {
    let (n, m) = (first.count, second.count)
    guard n > 0, m > 0, n <= mostExactPairs / m, !(first + second).contains(where: \.isNaN) else {
      return nil
    }
    let order = ScoreOrder(
      first + second, labels: [UInt8](repeating: 1, count: n) + [UInt8](repeating: 0, count: m))
    guard order.values.count == n + m else { return nil }
    var (u, below) = (0, 0)
    for group in order.values.indices {
      if order.events[group] == 1 { u += below } else { below += 1 }
    }
    let chances = MannWhitneyTest.chances(n, m)
    // The distribution is symmetric: the upper tail of u is the lower tail of n·m − u.
    let tail = chances[0...min(u, n * m - u)].reduce(0, +)
    return min(1, 2 * tail)
  }

  /// The chance of each U from 0 to n·m. The largest number of all belongs to the first group with chance n∕(n + m),
  /// and then beats all m of the second.
  private static func chances(_ n: Int, _ m: Int) -> [Double] {
    var row = [[Double]](repeating: [1], count: m + 1)
    for i in 1...n {
      var next: [[Double]] = [[1]]
      next.reserveCapacity(m + 1)
      for j in 1...m {
        let (of, among) = (Double(i) / Double(i + j), Double(j) / Double(i + j))
        var chances = [Double](repeating: 0, count: i * j + 1)
        for (u, chance) in row[j].enumerated() { chances[u + j] += of * chance }
        for (u, chance) in next[j - 1].enumerated() { chances[u] += among * chance }
        next.append(chances)
      }
      row = next
    }
    return row[m]
  }
}
