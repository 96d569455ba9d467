/// What bounds and shapes one tree, whoever grows it.
struct GrowthRules: Sendable {
  /// How leaves are divided.
  var shape = BoostingParameters.Shape.leafwise
  /// The most leaves; `Int.max` for no limit.
  var leaves: Int
  /// The most splits above a leaf.
  var depth: Int
  /// The fewest training rows a leaf holds.
  var minimumRows: Int
  /// The least sum of hessians a leaf holds.
  var minimumHessian: Double
  /// λ of the gain and of leaf values.
  var lambda: Double
  /// A split must gain more.
  var minimumGain: Double
  /// Added to a category's hessian when categories are put in order.
  var categorySmoothing: Double
  /// Added to λ in the gain of a split by more than four categories.
  var categoryLambda: Double
  /// −1 (falling), 0 (free) or 1 (rising) for each column; empty for all free.
  var monotone: [Int8]
  /// What a leaf's value is multiplied by.
  var shrinkage: Double
}

/// Sums of gradients and hessians in one word: whole numbers, so that no sum depends on its order.
///
/// The gradient is the upper half (signed), the hessian the lower half (never negative); `Quantizer` sees to it that
/// neither can overflow. One addition adds both.
struct GradientUnits: Sendable {
  /// What a gradient of 1 in the upper half stands for.
  var gradient: Double
  /// What a hessian of 1 in the lower half stands for.
  var hessian: Double

  /// The gradient that `sum` stands for.
  func gradient(_ sum: Int64) -> Double { Double(sum >> 32) * gradient }
  /// The hessian that `sum` stands for.
  func hessian(_ sum: Int64) -> Double { Double(sum & 0xffff_ffff) * hessian }

  /// Units so fine that rows whose gradients and hessians sum (in magnitude) to these, and number `rows`, still fit.
  ///
  /// Powers of two: multiplying by them is exact.
  static func fitting(gradientSum: Double, hessianSum: Double, rows: Int) -> GradientUnits {
    // Rounding each row adds at most ½.
    let room = 2_147_483_647.0 - Double(rows)
    return GradientUnits(
      gradient: powerOfTwo(atLeast: gradientSum / room), hessian: powerOfTwo(atLeast: hessianSum / room))
  }

  private static func powerOfTwo(atLeast x: Double) -> Double {
    guard x > 0x1p-1000 else { return 0x1p-1000 }
    return Double(sign: .plus, exponent: x.exponent + 1, significand: 1)
  }

  /// The word of one row.
  static func packed(gradient: Double, hessian: Double, inverse: (gradient: Double, hessian: Double)) -> Int64
  {
    // Adding and taking away 1.5·2⁵² rounds to a whole number; its low bits are that number.
    let g = Int64(bitPattern: (gradient * inverse.gradient + 0x1.8p52).bitPattern)
    let h = Int64(bitPattern: (hessian * inverse.hessian + 0x1.8p52).bitPattern) & 0xffff_ffff
    return (g &<< 32) | h
  }
}
