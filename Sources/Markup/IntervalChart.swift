/// Dots with their intervals, one a row, and a line they are compared with.
package struct IntervalChart: Sendable {
  /// One row.
  package struct Row: Sendable {
    /// Its label.
    package var label: String
    /// The figure.
    package var value: Double
    /// Lower bound; not finite where there is none.
    package var lower: Double
    /// Upper bound; not finite where there is none.
    package var upper: Double
    /// Whether it is set apart; said so in `note`.
    package var isMarked: Bool
    /// Said in the table.
    package var note: String

    /// A row.
    package init(
      _ label: String, value: Double, lower: Double = .nan, upper: Double = .nan, isMarked: Bool = false,
      note: String = ""
    ) {
      self.label = label
      self.value = value
      self.lower = lower
      self.upper = upper
      self.isMarked = isMarked
      self.note = note
    }
  }

  /// The chart of `rows`; a marked row has a square instead of a dot.
  package static func html(
    _ words: ChartWords, rows rowTitle: String, _ rows: [Row], across: LineChart.Side,
    reference: (name: String, value: Double)? = nil, noteTitle: String = "Note"
  ) -> HTML {
    let rows = rows.filter { $0.value.isFinite }
    let left = Drawing.room(rows.map(\.label), most: 21)
    let right = ChartFigure.width - Drawing.room(rows.map { across.unit.text($0.value) }) - 4
    let pitch = 22.0
    let top = reference == nil ? 6.0 : 24
    let bottom = top + pitch * Double(rows.count)
    let values = rows.flatMap { [$0.value, $0.lower, $0.upper] } + (reference.map { [$0.value] } ?? [])
    let axis = Axis(values, including: across.including, wanted: 4, from: left, to: right)
    var marks: [HTML] = []
    if !rows.isEmpty {
      marks.append(Drawing.foot(axis, across.unit, top: top, bottom: bottom, title: across.title))
      if let reference, reference.value.isFinite {
        let x = axis.place(reference.value)
        marks.append(Drawing.line(x, top - 4, x, bottom, "chance"))
        marks.append(
          Drawing.text(
            reference.name, x, 13.5, x > right - 40 ? .end : (x < left + 40 ? .start : .middle), "tick"))
      }
    }
    for (place, row) in rows.enumerated() {
      let y = top + pitch * (Double(place) + 0.5)
      let kind = row.isMarked ? "c4" : "c1"
      marks.append(Drawing.text(Drawing.cut(row.label, 21), left - 8, y + 3.5, .end, "label"))
      if row.lower.isFinite, row.upper.isFinite {
        marks.append(Drawing.line(axis.place(row.lower), y, axis.place(row.upper), y, "range"))
      }
      let x = axis.place(row.value)
      marks.append(
        row.isMarked
          ? Drawing.rectangle(x - 4, y - 4, 8, 8, "dot " + kind) : Drawing.circle(x, y, 4, "dot " + kind))
      marks.append(Drawing.text(across.unit.text(row.value), right + 8, y + 3.5, .start, "value"))
    }
    let hasNotes = rows.contains { !$0.note.isEmpty }
    return ChartFigure.html(
      words, height: max(60, bottom + 36),
      columns: [.words(rowTitle), .numbers(across.title), .words("95 % interval")]
        + (hasNotes ? [.words(noteTitle)] : []),
      rows: rows.map { row in
        [
          row.label, across.unit.text(row.value),
          row.lower.isFinite && row.upper.isFinite
            ? "\(across.unit.text(row.lower)) to \(across.unit.text(row.upper))" : NumberText.nothing,
        ] + (hasNotes ? [row.note] : [])
      }, marks)
  }
}
