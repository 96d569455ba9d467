/// What was said against what happened: a point a group with its interval, and the diagonal.
package struct ReliabilityChart: Sendable {
  /// One group of customers.
  package struct Point: Sendable {
    /// Mean probability said.
    package var predicted: Double
    /// Share to which it happened.
    package var observed: Double
    /// Lower bound of that share.
    package var lower: Double
    /// Upper bound of that share.
    package var upper: Double
    /// How many.
    package var rows: Int

    /// A group.
    package init(predicted: Double, observed: Double, lower: Double, upper: Double, rows: Int) {
      self.predicted = predicted
      self.observed = observed
      self.lower = lower
      self.upper = upper
      self.rows = rows
    }
  }

  /// The chart of `points`. Both axes are the same, so that right is on the diagonal.
  package static func html(_ words: ChartWords, _ points: [Point], said: String, happened: String) -> HTML {
    let points = points.filter { $0.predicted.isFinite && $0.observed.isFinite }
    let (left, right, top, bottom) = (46.0, ChartFigure.width - 20, 46.0, 226.0)
    let values = points.flatMap { [$0.predicted, $0.observed, $0.lower, $0.upper] }
    let x = Axis(values, including: [0], wanted: 5, from: left, to: right)
    let y = Axis(values, including: [0], wanted: 5, from: bottom, to: top)
    var marks: [HTML] = []
    if !points.isEmpty {
      marks = [
        Drawing.side(y, .share, left: left, right: right, title: happened),
        Drawing.foot(x, .share, top: top, bottom: bottom, title: said),
        Drawing.line(left, bottom, right, bottom, "base"),
        Drawing.line(left, bottom, right, top, "chance"),
        Drawing.line(2, 10, 20, 10, "chance"), Drawing.text("exactly right", 25, 13.5, .start, "tick"),
        Drawing.circle(116, 10, 3.5, "dot c1"),
        Drawing.text("group, with 95 % interval", 124, 13.5, .start, "tick"),
      ]
      for point in points {
        let across = x.place(point.predicted)
        if point.lower.isFinite, point.upper.isFinite {
          marks.append(Drawing.line(across, y.place(point.lower), across, y.place(point.upper), "range"))
        }
        marks.append(Drawing.circle(across, y.place(point.observed), 3.5, "dot c1"))
      }
    }
    return ChartFigure.html(
      words, height: 262,
      columns: [.numbers(said), .numbers(happened), .words("95 % interval"), .numbers("Customers")],
      rows: points.map {
        [
          NumberText.percent($0.predicted), NumberText.percent($0.observed),
          "\(NumberText.percent($0.lower)) to \(NumberText.percent($0.upper))", NumberText.count($0.rows),
        ]
      }, marks)
  }
}
