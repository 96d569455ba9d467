/// A straight axis with ticks at round numbers.
struct Axis: Equatable {
  /// Where the axis begins and ends, in the numbers shown.
  let range: ClosedRange<Double>
  /// The round numbers marked, rising, all within `range`.
  let ticks: [Double]
  /// Decimals that tell the ticks apart.
  let places: Int
  /// Where it is drawn, in units of the drawing; `from` may lie beyond `to`.
  let from: Double
  /// Where it ends.
  let to: Double

  /// An axis over the finite ones among `values`, with about `wanted` ticks. With `isWidened` the axis
  /// begins and ends at a tick. Values that are all equal get room around them; no values: 0 to 1.
  init(
    _ values: some Sequence<Double>, including fixed: [Double] = [], wanted: Int = 5, isWidened: Bool = true,
    from: Double, to: Double
  ) {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    for value in fixed {
      low = min(low, value)
      high = max(high, value)
    }
    if low > high { (low, high) = (0, 1) }
    if low == high {
      let room = low == 0 ? 1 : abs(low) / 2
      if low < 0 || !fixed.contains(low) { low -= room }
      high += room
    }
    let (step, places) = Axis.step(high - low, wanted)
    let first = (low / step).rounded(.down)
    let last = (high / step).rounded(.up)
    if isWidened { (low, high) = (first * step, last * step) }
    range = low...max(high, low)
    var ticks: [Double] = []
    var count = first
    while count <= last {
      // A multiple of the step, not a running sum: no error piles up.
      let tick = count * step
      if tick >= low - step * 1e-9, tick <= high + step * 1e-9 { ticks.append(tick) }
      count += 1
    }
    self.ticks = ticks
    self.places = places
    self.from = from
    self.to = to
  }

  /// The smallest of 1, 2, 2.5, 5 times a power of ten that cuts `width` into at most `wanted` parts, and
  /// the decimals it needs.
  private static func step(_ width: Double, _ wanted: Int) -> (Double, Int) {
    let rough = width / Double(max(1, wanted))
    let exponent = NumberText.decimalExponent(rough)
    var power = 1.0
    for _ in 0..<abs(exponent) { power *= 10 }
    let unit = exponent < 0 ? 1 / power : power
    for (factor, extra) in [(1.0, 0), (2.0, 0), (2.5, 1), (5.0, 0)] where factor * unit >= rough * (1 - 1e-9)
    {
      return (factor * unit, max(0, extra - exponent))
    }
    return (10 * unit, max(0, -exponent - 1))
  }

  /// Where `value` is drawn; a value beyond the axis at its end.
  func place(_ value: Double) -> Double {
    let width = range.upperBound - range.lowerBound
    let share =
      width > 0 ? (min(max(value, range.lowerBound), range.upperBound) - range.lowerBound) / width : 0.5
    return from + share * (to - from)
  }

  /// A tick's text.
  func label(_ tick: Double, _ unit: AxisUnit) -> String {
    switch unit {
    case .number: abs(tick) >= 9_999.5 ? NumberText.short(tick) : NumberText.decimals(tick, places)
    case .share: NumberText.decimals(100 * tick, max(0, places - 2)) + " %"
    }
  }
}

/// What the numbers of an axis are.
package enum AxisUnit: Sendable, Equatable {
  /// Plain numbers.
  case number
  /// Shares of one, shown as per cent.
  case share

  /// A value in a sentence or table cell.
  func text(_ value: Double) -> String {
    switch self {
    case .number: abs(value) >= 1000 ? NumberText.decimals(value, 0) : NumberText.significant(value, 3)
    case .share: NumberText.percent(value)
    }
  }
}
