/// Points and weights that integrate polynomials of degree 2n − 1 over [0, 1] exactly.
struct GaussLegendre: Sendable, Equatable {
  let points: [Double]
  let weights: [Double]

  /// The rule of `count` points: the roots of Legendre's polynomial, by bisection between those of the one before
  /// (they interlace) and a few Newton steps; weights 1 ∕ ((1 − x²) P′ₙ(x)²) on [0, 1].
  init(count: Int) {
    var roots: [Double] = []
    for degree in 1...max(1, count) {
      let ends = [-1.0] + roots + [1.0]
      roots = (0..<degree).map { place in
        var low = ends[place]
        var high = ends[place + 1]
        let rises = Self.legendre(degree, high).value > 0
        for _ in 0..<40 {
          let middle = (low + high) / 2
          if (Self.legendre(degree, middle).value > 0) == rises { high = middle } else { low = middle }
        }
        var x = (low + high) / 2
        for _ in 0..<3 {
          let p = Self.legendre(degree, x)
          x -= p.value / p.slope
        }
        return x
      }
    }
    points = roots.map { 0.5 + 0.5 * $0 }
    weights = roots.map { x in
      let slope = Self.legendre(max(1, count), x).slope
      return 1 / ((1 - x * x) * slope * slope)
    }
  }

  /// Pₙ(x) and its derivative, by the three-term recurrence.
  private static func legendre(_ n: Int, _ x: Double) -> (value: Double, slope: Double) {
    var before = 1.0
    var value = x
    if n > 1 {
      for k in 2...n {
        (before, value) = (value, (Double(2 * k - 1) * x * value - Double(k - 1) * before) / Double(k))
      }
    }
    let slope = x.magnitude == 1 ? 0 : Double(n) * (x * value - before) / (x * x - 1)
    return (value, slope)
  }
}
