/// One or two lines over the same axes, with a line to compare with and points that stand out.
package struct LineChart: Sendable {
  /// One line.
  package struct Line: Sendable {
    /// Its name.
    package var name: String
    /// Across.
    package var x: [Double]
    /// Up.
    package var y: [Double]
    /// Its colour.
    package var tone: BarChart.Tone

    /// A line.
    package init(_ name: String, x: [Double], y: [Double], tone: BarChart.Tone = .plain) {
      self.name = name
      self.x = x
      self.y = y
      self.tone = tone
    }

    /// Its points, without those that are not finite.
    var points: [(x: Double, y: Double)] {
      zip(x, y).filter { $0.isFinite && $1.isFinite }.map { (x: $0, y: $1) }
    }
  }

  /// A point that stands out, with a label.
  package struct Mark: Sendable {
    /// Its label.
    package var label: String
    /// Across.
    package var x: Double
    /// Up.
    package var y: Double

    /// A mark.
    package init(_ label: String, x: Double, y: Double) {
      self.label = label
      self.x = x
      self.y = y
    }
  }

  /// An axis: its title, its unit, and numbers it has to hold whatever the points.
  package struct Side: Sendable {
    /// What is along it.
    package var title: String
    /// What its numbers are.
    package var unit: AxisUnit
    /// Numbers it holds at least.
    package var including: [Double]

    /// An axis.
    package init(_ title: String, _ unit: AxisUnit = .number, including: [Double] = []) {
      self.title = title
      self.unit = unit
      self.including = including
    }

    /// Shares from 0 to 1.
    package static func share(_ title: String) -> Side { Side(title, .share, including: [0, 1]) }
  }

  /// The chart of `lines`; `reference` is drawn dashed below them: what chance, or nothing, would give.
  package static func html(
    _ words: ChartWords, across: Side, up: Side, _ lines: [Line], reference: Line? = nil, marks: [Mark] = []
  ) -> HTML {
    let all = lines + (reference.map { [$0] } ?? [])
    let (left, right, top, bottom) = (46.0, ChartFigure.width - 20, 46.0, 226.0)
    let x = Axis(
      lines.flatMap { $0.points.map(\.x) }, including: across.including, wanted: 5, isWidened: false,
      from: left,
      to: right)
    let y = Axis(
      all.flatMap { $0.points.map(\.y) }, including: up.including, wanted: 5, from: bottom, to: top)
    var drawn: [HTML] = []
    if lines.contains(where: { !$0.points.isEmpty }) {
      drawn = [
        Drawing.side(y, up.unit, left: left, right: right, title: up.title),
        Drawing.foot(x, across.unit, top: top, bottom: bottom, title: across.title),
        Drawing.line(left, bottom, right, bottom, "base"), key(lines, reference),
      ]
      if let reference { drawn.append(path(reference, x, y, "chance")) }
      for line in lines { drawn.append(path(line, x, y, "line s" + line.tone.rawValue)) }
      for mark in marks where mark.x.isFinite && mark.y.isFinite {
        let place = (x: x.place(mark.x), y: y.place(mark.y))
        let isRight = place.x > (left + right) / 2
        drawn.append(Drawing.line(place.x, place.y, place.x, bottom, "drop"))
        drawn.append(Drawing.circle(place.x, place.y, 4, "mark"))
        drawn.append(
          Drawing.text(
            mark.label, place.x + (isRight ? -8 : 8), bottom - 7,
            isRight ? .end : .start, "value"))
      }
    }
    return ChartFigure.html(
      words, height: 262,
      columns: [.words("Line"), .numbers(across.title), .numbers(up.title)],
      rows: lines.flatMap { line in
        sampled(line.points).map { [line.name, across.unit.text($0.x), up.unit.text($0.y)] }
      }, drawn)
  }

  private static func path(_ line: Line, _ x: Axis, _ y: Axis, _ kind: String) -> HTML {
    Drawing.polyline(line.points.map { (x: x.place($0.x), y: y.place($0.y)) }, kind)
  }

  /// At most 21 points for the table, first and last among them.
  private static func sampled(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    guard points.count > 21 else { return points }
    return (0..<21).map { points[$0 * (points.count - 1) / 20] }
  }

  private static func key(_ lines: [Line], _ reference: Line?) -> HTML {
    var at = 2.0
    func entry(_ name: String, _ kind: String) -> HTML {
      let piece = HTML([
        Drawing.line(at, 10, at + 18, 10, kind), Drawing.text(name, at + 23, 13.5, .start, "tick"),
      ])
      at += 36 + 6 * Double(name.count)
      return piece
    }
    return HTML(
      lines.map { entry($0.name, "line s" + $0.tone.rawValue) }
        + (reference.map { [entry($0.name, "chance")] } ?? []))
  }
}
