/// Points of numbers and categories, for looking up neighbours: Euclidean over the numbers, and each
/// category that differs adds the same amount (SMOTE-NC, Chawla et al. 2002).
package struct MixedPoints: Sendable {
  /// Number of points.
  package let count: Int
  /// Numbers a point.
  package let width: Int
  /// The numbers, point by point; no NaN.
  package let numbers: [Double]
  /// Categories a point.
  package let categoryWidth: Int
  /// The codes, point by point; −1 is a category like any other.
  package let codes: [Int32]
  /// What a differing category adds to the squared distance.
  package let mismatch: Double

  /// Points. Where no `mismatch` is given it is the squared median of the population standard
  /// deviations of the numbers, which is 0 where there are none.
  package init(
    count: Int, width: Int, numbers: [Double], categoryWidth: Int, codes: [Int32],
    mismatch given: Double? = nil
  ) {
    precondition(numbers.count == count * width && codes.count == count * categoryWidth, "whole points")
    self.count = count
    self.width = width
    self.numbers = numbers
    self.categoryWidth = categoryWidth
    self.codes = codes
    var deviations: [Double] = []
    for column in 0..<width where count > 0 {
      var sum = 0.0
      for point in 0..<count { sum += numbers[point * width + column] }
      let mean = sum / Double(count)
      var squares = 0.0
      for point in 0..<count {
        let difference = numbers[point * width + column] - mean
        squares += difference * difference
      }
      deviations.append((squares / Double(count)).squareRoot())
    }
    deviations.sort()
    let half = deviations.count / 2
    let median =
      deviations.isEmpty
      ? 0 : deviations.count % 2 == 1 ? deviations[half] : (deviations[half - 1] + deviations[half]) / 2
    mismatch = given ?? median * median
  }

  /// The squared distance of two points.
  package func squaredDistance(_ first: Int, _ second: Int) -> Double {
    squaredDistance(first, second, upTo: .infinity)
  }

  /// The same, or any number above `limit` where it is above that.
  func squaredDistance(_ first: Int, _ second: Int, upTo limit: Double) -> Double {
    var sum = 0.0
    let (here, there) = (first * width, second * width)
    for column in 0..<width {
      let difference = numbers[here + column] - numbers[there + column]
      sum += difference * difference
    }
    return sum > limit ? sum : adding(categoriesOf: first, second, to: sum)
  }

  /// `sum` and what the categories add to the squared distance of two points.
  @inline(__always)
  func adding(categoriesOf first: Int, _ second: Int, to sum: Double) -> Double {
    var sum = sum
    let (own, other) = (first * categoryWidth, second * categoryWidth)
    for column in 0..<categoryWidth where codes[own + column] != codes[other + column] { sum += mismatch }
    return sum
  }
}
