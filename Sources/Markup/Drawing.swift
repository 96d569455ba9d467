/// Marks of a drawing, in units of its view box, with one decimal.
enum Drawing {
  /// A coordinate as text: one decimal at most, never an exponent. What is not a number is a fault of ours.
  static func coordinate(_ value: Double) -> String {
    precondition(value.isFinite && abs(value) < 1e9, "a drawing holds finite numbers")
    let tenths = Int((value * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let whole = "\(sign)\(tenths.magnitude / 10)"
    return tenths % 10 == 0 ? (tenths == 0 ? "0" : whole) : whole + ".\(tenths.magnitude % 10)"
  }

  static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ kind: String) -> HTML {
    .element(
      "line",
      [
        "class": kind, "x1": coordinate(x1), "y1": coordinate(y1), "x2": coordinate(x2), "y2": coordinate(y2),
      ])
  }

  static func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ kind: String) -> HTML {
    .element(
      "rect",
      [
        "class": kind, "x": coordinate(x), "y": coordinate(y), "width": coordinate(max(0, width)),
        "height": coordinate(max(0, height)),
      ])
  }

  static func circle(_ x: Double, _ y: Double, _ radius: Double, _ kind: String) -> HTML {
    .element("circle", ["class": kind, "cx": coordinate(x), "cy": coordinate(y), "r": coordinate(radius)])
  }

  static func polyline(_ points: [(x: Double, y: Double)], _ kind: String) -> HTML {
    let text = points.map { coordinate($0.x) + "," + coordinate($0.y) }.joined(separator: " ")
    return .element("polyline", ["class": kind, "points": text])
  }

  static func polygon(_ points: [(x: Double, y: Double)], _ kind: String) -> HTML {
    let text = points.map { coordinate($0.x) + "," + coordinate($0.y) }.joined(separator: " ")
    return .element("polygon", ["class": kind, "points": text])
  }

  /// Text that begins, is centred or ends at `x`.
  enum Anchor: String { case start, middle, end }

  static func text(
    _ text: String, _ x: Double, _ y: Double, _ anchor: Anchor = .start, _ kind: String? = nil
  ) -> HTML {
    .element(
      "text",
      [
        "class": kind, "x": coordinate(x), "y": coordinate(y),
        "text-anchor": anchor == .start ? nil : anchor.rawValue,
      ]
    ) { text }
  }

  /// About how wide the longest of `texts` is, cut to `most` characters, with some air.
  static func room(_ texts: some Sequence<String>, most: Int = 24) -> Double {
    12 + 5.9 * Double(min(most, texts.reduce(0) { max($0, $1.count) }))
  }

  /// `text` cut to `most` characters; the whole of it stands in the chart's table.
  static func cut(_ text: String, _ most: Int) -> String {
    text.count <= most ? text : String(text.prefix(most - 1)) + "…"
  }

  /// A tick's line across the drawing and its label, for each tick of the axis across the foot.
  static func foot(_ axis: Axis, _ unit: AxisUnit, top: Double, bottom: Double, title: String) -> HTML {
    HTML(
      axis.ticks.map { tick in
        let x = axis.place(tick)
        return HTML([
          line(x, top, x, bottom, "rule"), text(axis.label(tick, unit), x, bottom + 13, .middle, "tick"),
        ])
      } + [text(title, (axis.from + axis.to) / 2, bottom + 28, .middle, "axis")])
  }

  /// The same for the axis up the left side; its title stands above it.
  static func side(_ axis: Axis, _ unit: AxisUnit, left: Double, right: Double, title: String) -> HTML {
    HTML(
      axis.ticks.map { tick in
        let y = axis.place(tick)
        return HTML([
          line(left, y, right, y, "rule"), text(axis.label(tick, unit), left - 6, y + 3.5, .end, "tick"),
        ])
      } + [text(title, 2, axis.to - 11, .start, "axis")])
  }
}
