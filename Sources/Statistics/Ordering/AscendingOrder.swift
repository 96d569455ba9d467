/// Sorting by value, ties by place.
package enum AscendingOrder {
  /// The places of `values` from the smallest value to the largest; equal values (−0 and 0 among them) keep their
  /// order. Values are never NaN.
  ///
  /// Sorts the bits of the numbers, flipped so that they compare as whole numbers, eleven at a time from the lowest
  /// up; rounds in which all rows agree are passed over. Time is linear in the number of values.
  package static func of(_ values: [Double]) -> [Int32] {
    let count = values.count
    var order = (0..<Int32(count)).map { $0 }
    guard count > 1 else { return order }
    var keys = values.map { value in
      let bits = (value + 0).bitPattern
      return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
    }
    guard count > 64 else {
      order.sort { keys[Int($0)] != keys[Int($1)] ? keys[Int($0)] < keys[Int($1)] : $0 < $1 }
      return order
    }
    var movedKeys = keys
    var movedOrder = order
    for round in 0..<6 {
      let shift = UInt64(round * 11)
      var starts = [Int](repeating: 0, count: 2049)
      for key in keys { starts[Int(truncatingIfNeeded: key &>> shift & 2047) + 1] += 1 }
      if starts.contains(count) { continue }
      for digit in 1...2048 { starts[digit] += starts[digit - 1] }
      for place in 0..<count {
        let digit = Int(truncatingIfNeeded: keys[place] &>> shift & 2047)
        let target = starts[digit]
        starts[digit] = target + 1
        movedKeys[target] = keys[place]
        movedOrder[target] = order[place]
      }
      swap(&keys, &movedKeys)
      swap(&order, &movedOrder)
    }
    return order
  }
}
