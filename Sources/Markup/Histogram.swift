/// Counts over equal parts of a range, with named bands across it.
package struct Histogram: Sendable {
  /// A named part of the range, up to `end`.
  package struct Band: Sendable {
    /// Its name.
    package var name: String
    /// Where it ends and the next begins.
    package var end: Double
    /// Its colour.
    package var tone: BarChart.Tone

    /// A band.
    package init(_ name: String, end: Double, _ tone: BarChart.Tone) {
      self.name = name
      self.end = end
      self.tone = tone
    }
  }

  /// The chart of `counts` over `range`, cut into as many equal parts; a bar has the colour of the band its
  /// middle lies in. `across` names the range, `up` what is counted.
  package static func html(
    _ words: ChartWords, counts: [Double], range: ClosedRange<Double>, bands: [Band], across: String,
    up: String,
    unit: AxisUnit = .share
  ) -> HTML {
    let (left, right, top, bottom) = (46.0, ChartFigure.width - 20, 44.0, 190.0)
    let counts = counts.map { $0.isFinite ? max(0, $0) : 0 }
    let x = Axis([range.lowerBound, range.upperBound], wanted: 5, isWidened: false, from: left, to: right)
    let y = Axis(counts, including: [0], wanted: 4, from: bottom, to: top)
    let width = (range.upperBound - range.lowerBound) / Double(max(1, counts.count))
    func start(_ place: Int) -> Double { range.lowerBound + width * Double(place) }
    func band(_ place: Int) -> Band? { bands.first { start(place) + width / 2 < $0.end } ?? bands.last }
    var marks: [HTML] = []
    if !counts.isEmpty {
      marks = [BarChart.legend(bands.map { BarChart.Series($0.name, $0.tone) })]
      marks.append(Drawing.side(y, .number, left: left, right: right, title: up))
      for (place, count) in counts.enumerated() where count > 0 {
        let from = x.place(start(place))
        let height = max(1, bottom - y.place(count))
        marks.append(
          Drawing.rectangle(
            from + 0.6, bottom - height, x.place(start(place + 1)) - from - 1.2, height,
            "bar " + (band(place)?.tone ?? .plain).rawValue))
      }
      marks.append(Drawing.line(left, bottom, right, bottom, "base"))
      for tick in x.ticks {
        marks.append(Drawing.text(x.label(tick, unit), x.place(tick), bottom + 14, .middle, "tick"))
      }
      marks.append(Drawing.text(across, (left + right) / 2, bottom + 30, .middle, "axis"))
    }
    return ChartFigure.html(
      words, height: 228, columns: [.words(across), .words("Band"), .numbers(up)],
      rows: counts.indices.map { place in
        [
          "\(unit.text(start(place))) to \(unit.text(start(place + 1)))", band(place)?.name ?? "",
          NumberText.decimals(counts[place], 0),
        ]
      }, marks)
  }
}
