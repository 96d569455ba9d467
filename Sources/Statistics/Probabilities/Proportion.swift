/// Intervals of a share of events.
package enum Proportion {
  /// Wilson's 95 % interval of `events` among `rows`; 0 … 1 without rows.
  package static func wilson(events: Int, rows: Int) -> (lower: Double, upper: Double) {
    guard rows > 0 else { return (0, 1) }
    let n = Double(rows)
    let share = Double(events) / n
    let square = normal975 * normal975
    let middle = (share + square / (2 * n)) / (1 + square / n)
    let half = normal975 / (1 + square / n) * (share * (1 - share) / n + square / (4 * n * n)).squareRoot()
    return (events == 0 ? 0 : max(0, middle - half), events == rows ? 1 : min(1, middle + half))
  }

  /// Clopper and Pearson's exact 95 % interval; 0 … 1 without rows.
  package static func exact(events: Int, rows: Int) -> (lower: Double, upper: Double) {
    guard rows > 0 else { return (0, 1) }
    let (k, n) = (Double(events), Double(rows))
    return (
      events == 0 ? 0 : betaQuantile(0.025, k, n - k + 1),
      events == rows ? 1 : betaQuantile(0.975, k + 1, n - k)
    )
  }
}
