/// Horizontal bars, one a row, each in one or more parts.
package struct BarChart: Sendable {
  /// How a bar or part is coloured; a shape or word always says the same.
  package enum Tone: String, Sendable {
    /// The ordinary colour.
    case plain = "c1"
    /// A second one.
    case second = "c2"
    /// A third one.
    case third = "c3"
    /// Set apart.
    case strong = "c4"
    /// Quiet.
    case quiet = "c0"
  }

  /// One bar.
  package struct Bar: Sendable {
    /// Its label.
    package var label: String
    /// Its parts, one a series, in the series' order.
    package var values: [Double]
    /// Said after the number.
    package var note: String

    /// A bar.
    package init(_ label: String, _ values: [Double], note: String = "") {
      self.label = label
      self.values = values
      self.note = note
    }
  }

  /// One part of each bar.
  package struct Series: Sendable {
    /// Its name.
    package var name: String
    /// Its colour.
    package var tone: Tone

    /// A series.
    package init(_ name: String, _ tone: Tone = .plain) {
      self.name = name
      self.tone = tone
    }
  }

  /// The chart of `bars`, whose parts are `series`, as a figure. Numbers that are not finite count as 0.
  package static func html(
    _ words: ChartWords, rows rowTitle: String, _ bars: [Bar], _ series: [Series], unit: AxisUnit = .number
  ) -> HTML {
    let left = Drawing.room(bars.map(\.label), most: 21)
    func note(_ bar: Bar) -> String { bar.note.isEmpty ? unit.text(sum(bar)) : bar.note }
    let top = series.count > 1 ? 24.0 : 6
    let pitch = 22.0
    let bottom = top + pitch * Double(bars.count)
    func sum(_ bar: Bar) -> Double { bar.values.reduce(0) { $0 + ($1.isFinite ? max(0, $1) : 0) } }
    let axis = Axis(
      bars.map(sum), including: [0], wanted: 4, from: left,
      to: ChartFigure.width - Drawing.room(bars.map(note)))
    var marks: [HTML] = []
    if series.count > 1, !bars.isEmpty { marks.append(legend(series)) }
    for (place, bar) in bars.enumerated() {
      let y = top + pitch * Double(place)
      marks.append(Drawing.text(Drawing.cut(bar.label, 21), left - 8, y + 14.5, .end, "label"))
      var start = 0.0
      for (part, value) in zip(series, bar.values) where value.isFinite && value > 0 {
        let from = axis.place(start)
        start += value
        marks.append(
          Drawing.rectangle(
            from, y + 4, max(1, axis.place(start) - from), pitch - 8, "bar " + part.tone.rawValue))
      }
      marks.append(Drawing.text(note(bar), axis.place(sum(bar)) + 5, y + 14.5, .start, "value"))
    }
    if !bars.isEmpty { marks.append(Drawing.line(left, top, left, bottom, "base")) }
    return ChartFigure.html(
      words, height: max(60, bottom + 6),
      columns: [.words(rowTitle)] + series.map { .numbers($0.name) },
      rows: bars.map { bar in [bar.label] + bar.values.map { unit.text($0) } }, marks)
  }

  static func legend(_ series: [Series]) -> HTML {
    var x = 2.0
    return HTML(
      series.map { part in
        let piece = HTML([
          Drawing.rectangle(x, 4, 10, 10, "bar " + part.tone.rawValue),
          Drawing.text(part.name, x + 14, 13, .start, "tick"),
        ])
        x += 26 + 6 * Double(part.name.count)
        return piece
      })
  }
}
