import Testing

@testable import Markup

private func text(_ html: HTML) -> String { String(decoding: html.bytes, as: UTF8.self) }
private let words = ChartWords(id: "c", title: "What <is> shown", finding: "What & it finds.")
private let strange: [Double] = [.nan, .infinity, -.infinity, 0, -1]

/// Every chart over the same numbers.
private func charts(_ values: [Double]) -> [HTML] {
  [
    BarChart.html(
      words, rows: "Row", values.map { BarChart.Bar("a <b>", [$0, $0]) },
      [BarChart.Series("one"), BarChart.Series("two", .second)]),
    Histogram.html(
      words, counts: values, range: 0...1,
      bands: [.init("low", end: 0.5, .second), .init("high", end: 1, .strong)],
      across: "Risk", up: "Customers"),
    LineChart.html(
      words, across: .share("a"), up: .share("b"), [LineChart.Line("model", x: values, y: values)],
      reference: LineChart.Line("chance", x: [0, 1], y: [0, 1]),
      marks: values.map { LineChart.Mark("here", x: $0, y: $0) }),
    ReliabilityChart.html(
      words, values.map { .init(predicted: $0, observed: $0, lower: $0, upper: $0, rows: 1) }, said: "said",
      happened: "happened"),
    WaterfallChart.html(words, values.map { .init("step", $0) }, total: "net") { NumberText.money($0) },
    IntervalChart.html(
      words, rows: "Row", values.map { .init("r", value: $0, lower: $0, upper: .nan) }, across: .init("x"),
      reference: ("all", .nan)),
    Sparkline.html(words, values),
  ]
}

@Test(arguments: [[], [1], [2, 2, 2], strange, [0, 0], [1e-12, 3e8], (0..<300).map { Double($0) }])
func `every chart says what it is and what it finds, whatever the numbers`(_ values: [Double]) {
  for chart in charts(values).map(text) {
    #expect(chart.contains("role=\"img\""))
    #expect(chart.contains("<title id=\"c-t\">What &lt;is&gt; shown</title>"))
    #expect(chart.contains("<desc id=\"c-d\">What &amp; it finds.</desc>"))
    #expect(!chart.contains("nan"))
    #expect(!chart.contains("inf\"") && !chart.contains(">inf") && !chart.contains("-inf"))
    #expect(!chart.contains("style="))
    #expect(!chart.contains("<b>"))
  }
}

@Test func `every figure keeps its numbers in a table with scoped headers`() {
  for chart in charts([0.25, 0.5]).map(text) where chart.contains("<figure") {
    #expect(chart.contains("<details><summary>Numbers</summary>"))
    #expect(chart.contains("<caption"))
    #expect(chart.split(separator: "<th ").dropFirst().allSatisfy { $0.hasPrefix("scope=") })
  }
}

@Test func `nothing to draw is said`() {
  for chart in charts([]).map(text) { #expect(chart.contains("Nothing to draw.")) }
}

@Test func `a bar chart is drawn to the tenth of a unit`() {
  let chart = text(
    BarChart.html(
      words, rows: "Row", [.init("age", [10]), .init("a very long column name indeed", [2.5])], [.init("n")]))
  #expect(chart.contains("</desc>" + golden + "</svg>"))
}

private let golden =
  #"<text class="label" x="127.9" y="20.5" text-anchor="end">age</text>"#
  + #"<rect class="bar c1" x="135.9" y="10" width="224.4" height="14"></rect>"#
  + #"<text class="value" x="365.3" y="20.5">10</text>"#
  + #"<text class="label" x="127.9" y="42.5" text-anchor="end">a very long column n…</text>"#
  + #"<rect class="bar c1" x="135.9" y="32" width="56.1" height="14"></rect>"#
  + #"<text class="value" x="197" y="42.5">2.5</text>"#
  + #"<line class="base" x1="135.9" y1="6" x2="135.9" y2="50"></line>"#

@Test func `a waterfall ends where its steps lead`() {
  let chart = text(
    WaterfallChart.html(words, [.init("kept", 100), .init("offers", -30), .init("calls", -20)], total: "net")
    {
      NumberText.money($0)
    })
  #expect(chart.contains(">▲ 100<") && chart.contains(">▼ 30<") && chart.contains(">▼ 20<"))
  #expect(chart.contains("<th scope=\"row\">net</th><td class=\"n\"></td><td class=\"n\">50</td>"))
}

@Test func `heat is shaded by distance from zero and always has its number`() {
  let table = text(
    HeatTable.html(
      words, rows: "Segment", ["one", "two"], columns: ["age", "balance"],
      values: [[1.5, -0.2], [.nan, -3]], full: 1.5))
  #expect(table.contains("class=\"n p3\">+1.5<"))
  #expect(table.contains("class=\"n z\">−0.2<"))
  #expect(table.contains("class=\"n z\">–<"))
  #expect(table.contains("class=\"n m3\">−3.0<"))
}

@Test func `coordinates have one decimal and no exponent`() {
  #expect(Drawing.coordinate(-0.04) == "0")
  #expect(Drawing.coordinate(-0.5) == "-0.5")
  #expect(Drawing.coordinate(12.26) == "12.3")
  #expect(Drawing.coordinate(1e-9) == "0")
}

@Test func `the same numbers give the same bytes`() {
  let values = (0..<50).map { Double($0 * $0) / 7 }
  #expect(charts(values) == charts(values))
}
