/// Rising steps closest to what happened (pool adjacent violators).
package enum Isotonic {
  /// The rising values closest by weighted least squares to `sums[i] ∕ weights[i]`, in order; weights are above 0.
  ///
  /// Neighbours that fall are pooled, equal ones with them, so that the result is the same whatever the order of
  /// pooling.
  package static func fit(sums: [Double], weights: [Double]) -> [Double] {
    precondition(sums.count == weights.count, "one weight a sum")
    var pooledSums: [Double] = []
    var pooledWeights: [Double] = []
    var ends: [Int] = []
    for place in sums.indices {
      var (sum, weight) = (sums[place], weights[place])
      while let lastSum = pooledSums.last, let lastWeight = pooledWeights.last,
        lastSum * weight >= sum * lastWeight
      {
        sum += lastSum
        weight += lastWeight
        pooledSums.removeLast()
        pooledWeights.removeLast()
        ends.removeLast()
      }
      pooledSums.append(sum)
      pooledWeights.append(weight)
      ends.append(place + 1)
    }
    var fitted: [Double] = []
    fitted.reserveCapacity(sums.count)
    for block in ends.indices {
      let level = pooledSums[block] / pooledWeights[block]
      while fitted.count < ends[block] { fitted.append(level) }
    }
    return fitted
  }
}

extension ScoreOrder {
  /// The share of events that rises with the score and is closest to what happened, for each group; tied scores
  /// share one.
  package func isotonicShares() -> [Double] {
    Isotonic.fit(sums: events.map(Double.init), weights: rows.map(Double.init))
  }
}
