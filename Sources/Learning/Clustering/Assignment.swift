/// Pairs of the least total cost: each row goes with at most one column and each column with at most one row, as many
/// pairs as the shorter side has (Kuhn, 1955; by shortest paths, Jonker and Volgenant, 1987). Serves to tell which of
/// today's groups is which of yesterday's.
package struct Assignment: Sendable, Equatable {
  /// The column of each row; `nil` for a row left over.
  package let columns: [Int?]
  /// Sum of the costs of the pairs.
  package let cost: Double

  /// The pairs for `costs`, row after row, each with `width` finite costs. Time grows with the shorter side squared
  /// times the longer; of equally cheap choices the lower number is looked at first, so the outcome is always the same.
  package init(costs: [Double], width: Int) {
    precondition(width > 0 && costs.count % width == 0, "rows are equally long")
    precondition(costs.allSatisfy(\.isFinite), "costs are finite")
    let height = costs.count / width
    let isTurned = height > width
    let (few, many) = isTurned ? (width, height) : (height, width)
    func cost(_ i: Int, _ j: Int) -> Double { isTurned ? costs[j * width + i] : costs[i * width + j] }
    // Prices keep every cost less its two prices at 0 or above, and at 0 for the pairs made.
    var rowPrice = [Double](repeating: 0, count: few)
    var columnPrice = [Double](repeating: 0, count: many)
    var partner = [Int](repeating: -1, count: many)
    for start in 0..<few {
      var distance = [Double](repeating: .infinity, count: many)
      var previous = [Int](repeating: -1, count: many)
      var isDone = [Bool](repeating: false, count: many)
      var (row, reached, last, end) = (start, 0.0, -1, -1)
      while end < 0 {
        var next = -1
        for column in 0..<many where !isDone[column] {
          let through = reached + cost(row, column) - rowPrice[row] - columnPrice[column]
          if through < distance[column] { (distance[column], previous[column]) = (through, last) }
          if next < 0 || distance[column] < distance[next] { next = column }
        }
        isDone[next] = true
        reached = distance[next]
        last = next
        if partner[next] < 0 { end = next } else { row = partner[next] }
      }
      rowPrice[start] += reached
      for column in 0..<many where isDone[column] && column != end {
        rowPrice[partner[column]] += reached - distance[column]
        columnPrice[column] -= reached - distance[column]
      }
      var column = end
      while true {
        let before = previous[column]
        partner[column] = before < 0 ? start : partner[before]
        guard before >= 0 else { break }
        column = before
      }
    }
    var columns = [Int?](repeating: nil, count: height)
    for (column, row) in partner.enumerated() where row >= 0 {
      if isTurned { columns[column] = row } else { columns[row] = column }
    }
    self.columns = columns
    self.cost = columns.enumerated().reduce(0.0) { sum, pair in
      sum + (pair.element.map { costs[pair.offset * width + $0] } ?? 0)
    }
  }
}
