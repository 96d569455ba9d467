/// A plain table: a caption, headers with their scope, rows of text.
package struct DataTable: Sendable {
  /// One column.
  package struct Column: Sendable {
    /// Its header.
    package var title: String
    /// Whether it holds numbers, which are set flush right.
    package var isNumber: Bool

    /// A column of words.
    package static func words(_ title: String) -> Column { Column(title: title, isNumber: false) }
    /// A column of numbers.
    package static func numbers(_ title: String) -> Column { Column(title: title, isNumber: true) }
  }

  /// What the table shows.
  package var caption: String
  /// The columns; the first names the row.
  package var columns: [Column]
  /// One list of cells a row, as many as columns.
  package var rows: [[HTML]]

  /// A table of text.
  package init(_ caption: String, _ columns: [Column], _ rows: [[String]]) {
    self.init(caption, columns, cells: rows.map { $0.map { HTML($0) } })
  }

  /// A table of pieces.
  package init(_ caption: String, _ columns: [Column], cells: [[HTML]]) {
    for row in cells { precondition(row.count == columns.count, "one cell a column") }
    self.caption = caption
    self.columns = columns
    self.rows = cells
  }

  /// The table. It scrolls sideways in a region of its own where the page is narrow; the caption is kept
  /// for readers who hear the page where `isCaptionHidden`.
  package func html(isCaptionHidden: Bool = false) -> HTML {
    HTML.element("div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": caption]) {
      HTML.element("table") {
        HTML.element("caption", ["class": isCaptionHidden ? "unseen" : nil]) { caption }
        HTML.element("thead") {
          HTML.element("tr") {
            columns.map { column in
              HTML.element("th", ["scope": "col", "class": column.isNumber ? "n" : nil]) { column.title }
            }
          }
        }
        HTML.element("tbody") {
          rows.map { row in
            HTML.element("tr") {
              row.indices.map { place in
                let kind = columns[place].isNumber ? "n" : nil
                return place == 0
                  ? HTML.element("th", ["scope": "row", "class": kind]) { row[0] }
                  : HTML.element("td", ["class": kind]) { row[place] }
              }
            }
          }
        }
      }
    }
  }
}
