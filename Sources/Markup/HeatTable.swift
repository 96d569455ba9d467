/// A table whose cells are shaded by how far a number lies from zero; the number stands in each.
package struct HeatTable: Sendable {
  /// The table of `values`, one list a row. `full` is where the shade is deepest. Not finite: "–", no shade.
  package static func html(
    _ words: ChartWords, rows rowTitle: String, _ rows: [String], columns: [String], values: [[Double]],
    full: Double, places: Int = 1
  ) -> HTML {
    .element("figure", ["class": "chart wide"]) {
      HTML.element("figcaption", ["id": words.id + "-c"]) {
        HTML.element("strong") { words.title }
        HTML.element("span") { words.finding }
      }
      HTML.element("div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": words.title]) {
        HTML.element("table", ["class": "heat", "aria-labelledby": words.id + "-c"]) {
          HTML.element("thead") {
            HTML.element("tr") {
              HTML.element("th", ["scope": "col"]) { rowTitle }
              columns.map { column in HTML.element("th", ["scope": "col", "class": "n"]) { column } }
            }
          }
          HTML.element("tbody") {
            zip(rows, values).map { row, numbers in
              HTML.element("tr") {
                HTML.element("th", ["scope": "row"]) { row }
                numbers.map { number in
                  HTML.element("td", ["class": "n " + shade(number, full)]) { text(number, places) }
                }
              }
            }
          }
        }
      }
    }
  }

  private static func text(_ number: Double, _ places: Int) -> String {
    let text = NumberText.decimals(number, places)
    return number > 0 && text.contains(where: { ("1"..."9").contains($0) }) ? "+" + text : text
  }

  /// One of seven shades: `m3` … `m1`, `z`, `p1` … `p3`.
  private static func shade(_ number: Double, _ full: Double) -> String {
    guard number.isFinite, full > 0 else { return "z" }
    let depth = min(3, Int((3 * abs(number) / full).rounded()))
    return depth == 0 ? "z" : (number < 0 ? "m" : "p") + String(depth)
  }
}
