/// Places in sorted numbers.
package enum OrderStatistics {
  /// The numbers ascending; missing ones (NaN) left out.
  package static func sorted(_ values: [Double]) -> [Double] {
    let present = values.filter { !$0.isNaN }
    return AscendingOrder.of(present).map { present[Int($0)] }
  }

  /// The `share` quantile of numbers already sorted: straight between neighbours at place share · (n − 1); NaN of
  /// nothing.
  package static func quantile(_ share: Double, ofSorted values: [Double]) -> Double {
    guard let last = values.last else { return .nan }
    let place = share * Double(values.count - 1)
    let below = min(max(0, Int(place)), values.count - 1)
    guard below + 1 < values.count else { return last }
    return values[below] + (place - Double(below)) * (values[below + 1] - values[below])
  }

  /// The median of numbers in any order; NaN of nothing.
  package static func median(_ values: [Double]) -> Double { quantile(0.5, ofSorted: sorted(values)) }
}
