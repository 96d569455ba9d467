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

  /// The median of numbers in any order, missing ones (NaN) left out; NaN of nothing. Time is linear on average.
  package static func median(_ values: [Double]) -> Double {
    var present = [Double](capacity: values.count) { present in
      for value in values where !value.isNaN { present.append(value) }
    }
    return median(reordering: &present)
  }

  /// The median of numbers of which none is missing, which it puts in another order; NaN of nothing.
  package static func median(reordering values: inout [Double]) -> Double {
    guard !values.isEmpty else { return .nan }
    let middle = (values.count - 1) / 2
    select(middle, &values)
    let lower = values[middle]
    guard values.count % 2 == 0 else { return lower }
    let upper = values[(middle + 1)...].min() ?? lower
    return lower + (upper - lower) / 2
  }

  /// The number that would stand at `place` (from 0) were `values`, none of them missing, sorted. Time is linear on
  /// average.
  package static func value(at place: Int, of values: [Double]) -> Double {
    var values = values
    select(place, &values)
    return values[place]
  }

  /// Moves numbers so that place `wanted` holds what it would hold were they sorted, no larger one before it and no
  /// smaller one after it (Hoare's selection, the pivot the middle one of three).
  private static func select(_ wanted: Int, _ all: inout [Double]) {
    var values = all.mutableSpan
    var (low, high) = (0, values.count - 1)
    while low < high {
      let (a, b, c) = (values[low], values[low + (high - low) / 2], values[high])
      let pivot = max(min(a, b), min(max(a, b), c))
      var (left, right) = (low, high)
      while left <= right {
        while values[left] < pivot { left += 1 }
        while values[right] > pivot { right -= 1 }
        if left <= right {
          values.swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if wanted <= right {
        high = right
      } else if wanted >= left {
        low = left
      } else {
        return
      }
    }
  }
}
