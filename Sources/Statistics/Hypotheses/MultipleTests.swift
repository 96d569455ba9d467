/// p-values adjusted for being several, in the order given.
package enum MultipleTests {
  /// Holm's: keeps the chance of any false finding below the level.
  package static func holm(_ values: [Double]) -> [Double] {
    let order = AscendingOrder.of(values).map(Int.init)
    var adjusted = values
    var highest = 0.0
    for (place, item) in order.enumerated() {
      highest = max(highest, min(1, Double(values.count - place) * values[item]))
      adjusted[item] = highest
    }
    return adjusted
  }

  /// Benjamini and Hochberg's: keeps the expected share of false findings among findings below the level.
  package static func benjaminiHochberg(_ values: [Double]) -> [Double] {
    let order = AscendingOrder.of(values).map(Int.init)
    var adjusted = values
    var lowest = 1.0
    for (place, item) in order.enumerated().reversed() {
      lowest = min(lowest, values[item] * Double(values.count) / Double(place + 1))
      adjusted[item] = lowest
    }
    return adjusted
  }
}

/// Kendall's τ-b: how far two orders of the same items agree, from −1 to 1.
package enum RankAgreement {
  /// τ-b of two lists of numbers, by counting in n log n (Knight, 1966); `nil` where one list has no two different
  /// numbers.
  package static func kendall(_ first: [Double], _ second: [Double]) -> Double? {
    precondition(first.count == second.count, "two numbers an item")
    // By the first list, ties by the second: sorts are stable, so the second goes first.
    let bySecond = AscendingOrder.of(second)
    let byFirst = AscendingOrder.of(bySecond.map { first[Int($0)] }).map { Int(bySecond[Int($0)]) }
    func tied(_ sorted: [Int], _ same: (Int, Int) -> Bool) -> Double {
      var (pairs, run) = (0.0, 1.0)
      for place in sorted.indices.dropFirst() {
        run = same(sorted[place - 1], sorted[place]) ? run + 1 : 1
        pairs += run - 1
      }
      return pairs
    }
    let total = Double(first.count) * Double(first.count - 1) / 2
    let tiedFirst = tied(byFirst) { first[$0] == first[$1] }
    let tiedBoth = tied(byFirst) { first[$0] == first[$1] && second[$0] == second[$1] }
    let tiedSecond = tied(bySecond.map(Int.init)) { second[$0] == second[$1] }
    guard tiedFirst < total, tiedSecond < total else { return nil }
    var values = byFirst.map { second[$0] }
    let discordant = inversions(&values)
    let concordant = total - tiedFirst - tiedSecond + tiedBoth - discordant
    return (concordant - discordant) / ((total - tiedFirst) * (total - tiedSecond)).squareRoot()
  }

  /// Pairs that stand the wrong way round; sorts on the way.
  private static func inversions(_ values: inout [Double]) -> Double {
    var (count, width) = (0.0, 1)
    var merged = values
    while width < values.count {
      var start = 0
      while start < values.count {
        let (middle, end) = (min(start + width, values.count), min(start + 2 * width, values.count))
        var (left, right) = (start, middle)
        for place in start..<end {
          if left < middle, right == end || values[left] <= values[right] {
            merged[place] = values[left]
            left += 1
          } else {
            merged[place] = values[right]
            count += Double(middle - left)
            right += 1
          }
        }
        start = end
      }
      swap(&values, &merged)
      width *= 2
    }
    return count
  }
}
