/// A symmetric positive definite matrix, factored as L·Lᵀ: solves equations and gives the inverse's diagonal.
struct SymmetricSystem {
  private let size: Int
  /// L, row by row; what lies above the diagonal is not used.
  private var factor: [Double]

  /// Factors `matrix` (row by row, `size` × `size`; only the lower triangle is read). `nil` when a pivot is not above
  /// 1e-10 of its diagonal entry: the columns depend on one another.
  init?(_ matrix: [Double], size: Int) {
    self.size = size
    factor = matrix
    for j in 0..<size {
      let diagonal = factor[j * size + j]
      for i in j..<size {
        var sum = factor[i * size + j]
        for k in 0..<j { sum -= factor[i * size + k] * factor[j * size + k] }
        if i == j {
          guard sum > 1e-10 * diagonal, sum < .infinity else { return nil }
          factor[j * size + j] = sum.squareRoot()
        } else {
          factor[i * size + j] = sum / factor[j * size + j]
        }
      }
    }
  }

  /// x with matrix·x = `right`.
  func solve(_ right: [Double]) -> [Double] {
    var x = right
    for i in 0..<size {
      for k in 0..<i { x[i] -= factor[i * size + k] * x[k] }
      x[i] /= factor[i * size + i]
    }
    for i in (0..<size).reversed() {
      for k in i + 1..<max(i + 1, size) { x[i] -= factor[k * size + i] * x[k] }
      x[i] /= factor[i * size + i]
    }
    return x
  }

  /// The diagonal of the matrix's inverse.
  func inverseDiagonal() -> [Double] {
    (0..<size).map { index in
      var unit = [Double](repeating: 0, count: size)
      unit[index] = 1
      return solve(unit)[index]
    }
  }
}
