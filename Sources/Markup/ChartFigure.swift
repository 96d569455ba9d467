/// What every chart says besides its marks: what it is, what it finds, and its numbers.
package struct ChartWords: Sendable {
  /// A name of its own on the page, for references within it.
  package var id: String
  /// What is shown.
  package var title: String
  /// What it shows, in a sentence.
  package var finding: String

  /// Words of a chart.
  package init(id: String, title: String, finding: String) {
    self.id = id
    self.title = title
    self.finding = finding
  }
}

/// Wraps marks into a figure that can be read, heard, printed and checked by its numbers.
enum ChartFigure {
  /// Width of every drawing; the page scales it.
  static let width = 390.0

  /// The figure: the finding as its caption, the drawing with title and description, the numbers below.
  static func html(
    _ words: ChartWords, height: Double, columns: [DataTable.Column], rows: [[String]], _ marks: [HTML]
  ) -> HTML {
    .element("figure", ["class": "chart"]) {
      HTML.element("figcaption") {
        HTML.element("strong") { words.title }
        HTML.element("span") { words.finding }
      }
      drawing(words, width: width, height: height, kind: nil, marks)
      HTML.element("details") {
        HTML.element("summary") { "Numbers" }
        DataTable(words.title, columns, rows).html(isCaptionHidden: true)
      }
    }
  }

  /// A drawing with title and description. The title has to be the first child.
  static func drawing(
    _ words: ChartWords, width: Double, height: Double, kind: String?, _ marks: [HTML]
  ) -> HTML {
    .element(
      "svg",
      [
        "class": kind, "role": "img",
        "viewBox": "0 0 \(Drawing.coordinate(width)) \(Drawing.coordinate(height))",
        "aria-labelledby": words.id + "-t", "aria-describedby": words.id + "-d",
      ]
    ) {
      HTML.element("title", ["id": words.id + "-t"]) { words.title }
      HTML.element("desc", ["id": words.id + "-d"]) { words.finding }
      marks.isEmpty ? [Drawing.text("Nothing to draw.", width / 2, height / 2, .middle, "axis")] : marks
    }
  }
}
