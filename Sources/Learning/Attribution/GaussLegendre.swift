/// Points and weights that integrate polynomials of degree 2n − 1 over [0, 1] exactly.
struct GaussLegendre: Sendable, Equatable {
  let points: [Double]
  let weights: [Double]

  /// The rules of 1, 2, … `most` points.
  ///
  /// The points are the roots of Legendre's polynomials, by bisection between those of the one before (they
  /// interlace) and a few Newton steps; the weights are 1 ∕ ((1 − x²) P′ₙ(x)²) on [0, 1].
  static func rules(upTo most: Int) -> [GaussLegendre] {
    var rules: [GaussLegendre] = []
    var roots: [Double] = []
    for degree in 1..<max(1, most + 1) {
      let ends = [-1.0] + roots + [1.0]
      roots = (0..<degree).map { root(degree, between: ends[$0], and: ends[$0 + 1]) }
      rules.append(
        GaussLegendre(
          points: roots.map { 0.5 + 0.5 * $0 },
          weights: roots.map { x in
            let slope = legendre(degree, x).slope
            return 1 / ((1 - x * x) * slope * slope)
          }))
    }
    return rules
  }

  private static func root(_ degree: Int, between start: Double, and end: Double) -> Double {
    var low = start
    var high = end
    let rises = legendre(degree, high).value > 0
    for _ in 0..<20 {
      let middle = (low + high) / 2
      if (legendre(degree, middle).value > 0) == rises { high = middle } else { low = middle }
    }
    var x = (low + high) / 2
    for _ in 0..<4 {
      let p = legendre(degree, x)
      x -= p.value / p.slope
    }
    return x
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
