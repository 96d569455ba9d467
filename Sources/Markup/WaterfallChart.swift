/// How a sum comes about: steps up and down, and where they end.
package struct WaterfallChart: Sendable {
  /// One step.
  package struct Step: Sendable {
    /// Its label.
    package var label: String
    /// By how much it goes up or, below zero, down.
    package var change: Double

    /// A step.
    package init(_ label: String, _ change: Double) {
      self.label = label
      self.change = change
    }
  }

  /// The chart of `steps` from `start`, and their total named `total`; numbers are written by `text`.
  package static func html(
    _ words: ChartWords, start: Double = 0, _ steps: [Step], total: String, text: (Double) -> String
  ) -> HTML {
    let steps = steps.filter { $0.change.isFinite }
    var levels = [start]
    for step in steps { levels.append(levels[levels.count - 1] + step.change) }
    let end = levels[levels.count - 1]
    let left = Drawing.room(steps.map(\.label) + [total], most: 21)
    let (top, pitch) = (6.0, 26.0)
    let right = ChartFigure.width - Drawing.room((steps.map(\.change) + [end]).map { "▼ " + text(abs($0)) })
    let axis = Axis(levels, including: [0], wanted: 4, from: left, to: right)
    var marks: [HTML] = []
    func row(_ place: Int, _ label: String, _ from: Double, _ to: Double, _ kind: String, _ value: String) {
      let y = top + pitch * Double(place)
      let (low, high) = (min(axis.place(from), axis.place(to)), max(axis.place(from), axis.place(to)))
      marks.append(Drawing.text(Drawing.cut(label, 21), left - 8, y + 16.5, .end, "label"))
      marks.append(Drawing.rectangle(low, y + 5, max(1, high - low), pitch - 10, "bar " + kind))
      marks.append(Drawing.text(value, high + 5, y + 16.5, .start, "value"))
    }
    for (place, step) in steps.enumerated() {
      row(
        place, step.label, levels[place], levels[place + 1], step.change < 0 ? "down" : "up",
        (step.change < 0 ? "▼ " : "▲ ") + text(abs(step.change)))
      let x = axis.place(levels[place + 1])
      let y = top + pitch * Double(place)
      marks.append(Drawing.line(x, y + pitch - 5, x, y + pitch + 5, "join"))
    }
    row(steps.count, total, 0, end, "sum", text(end))
    let bottom = top + pitch * Double(steps.count + 1)
    let zero = axis.place(0)
    marks.append(Drawing.line(zero, top, zero, bottom, "base"))
    return ChartFigure.html(
      words, height: bottom + 6, columns: [.words("Step"), .numbers("Change"), .numbers("Level after")],
      rows: steps.indices.map { [steps[$0].label, text(steps[$0].change), text(levels[$0 + 1])] }
        + [[total, "", text(end)]], steps.isEmpty ? [] : marks)
  }
}
