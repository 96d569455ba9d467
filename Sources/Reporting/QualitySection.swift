import Findings
import Markup
import Tabular

/// What was read, what could not be taken, what was mended. Rejected values are not shown: they may hold
/// anything; they stand in the table `rejects`.
struct QualitySection {
  let inputs: ReportInputs

  private var intake: IntakeFindings { inputs.intake }
  private var quality: QualityFindings { inputs.quality }
  private static let mostColumns = 200
  private static let mostRejects = 20

  var html: HTML {
    section("quality", "Data quality") {
      paragraph(sentence, "say")
      facts(figures)
      rejected
      repaired
      HTML.element("h3") { "How the file was read" }
      paragraph(reading)
      sentences(intake.notes + quality.notes)
      columns
    }
  }

  private var sentence: String {
    let taken =
      intake.rowsRejected == 0
      ? "All \(counted(intake.rowsRead, "row", "rows")) of the file could be read."
      : "\(NumberText.count(intake.rowsRejected)) of \(counted(intake.rowsRead, "row", "rows")) could not be read as declared and \(intake.rowsRejected == 1 ? "is" : "are") kept apart with the reason; nothing is dropped."
    let repairs = quality.repairs.filter { $0.rule != "structuralZero" }.reduce(0) { $0 + $1.rows }
    return taken
      + (repairs == 0
        ? " Nothing had to be mended."
        : " \(counted(repairs, "value or row was", "values and rows were")) mended by rule.")
  }

  private var figures: [(name: String, value: String, remark: String)] {
    let labelled = quality.labelled
    return [
      ("Rows read", NumberText.count(intake.rowsRead), size),
      ("Rows kept apart", NumberText.count(intake.rowsRejected), "in rejects, with line and rule"),
      ("Customers", NumberText.count(quality.rowsOut), "of \(NumberText.count(quality.rowsIn)) rows taken"),
      (
        "Known to have left", NumberText.count(quality.events),
        labelled == 0
          ? "no labels in this file"
          : "\(NumberText.percent(Double(quality.events) / Double(labelled))) of \(NumberText.count(labelled)) with a label"
      ),
    ].map { (name: $0.0, value: $0.1, remark: $0.2) }
  }

  private var size: String {
    let bytes = Double(intake.bytes)
    return bytes >= 1e6
      ? NumberText.significant(bytes / 1e6, 3) + " MB" : NumberText.significant(bytes / 1e3, 3) + " kB"
  }

  private var reading: String {
    let ends = intake.lineEnds == "mixed" ? "mixed line ends" : "line ends \(intake.lineEnds)"
    let mark = intake.byteOrderMark ? " with a byte-order mark" : ""
    let left = intake.undeclaredColumns
    let names = left.prefix(20).map { "“\($0)”" }
    let undeclared =
      left.isEmpty
      ? ""
      : " \(counted(left.count, "column is", "columns are")) not in the contract and left out: \(names.joined(separator: ", "))\(left.count > names.count ? ", …" : "")."
    return
      "Fields apart by “\(intake.delimiter)”, encoding \(intake.encoding)\(mark), decimal “\(intake.decimal)”, \(ends).\(undeclared)"
  }

  // MARK: Rejects

  @HTMLBuilder private var rejected: HTML {
    if !intake.rejectsByRule.isEmpty {
      HTML.element("h3") { "Rows kept apart" }
      DataTable(
        "Rows kept apart, by rule",
        [.words("Rule"), .numbers("Rows"), .words("First at (file:line:column)")],
        intake.rejectsByRule.map {
          [QualitySection.rule($0.rule), NumberText.count($0.rows), $0.firstPlaces.joined(separator: ", ")]
        }
      ).html(isCaptionHidden: true)
      first
    }
  }

  /// The first rejected rows with their places.
  private var first: HTML {
    let table = inputs.rejects
    let most = min(QualitySection.mostRejects, table.rowCount)
    guard let files = try? table.categories(RejectColumn.file),
      let lines = try? table.integers(RejectColumn.line),
      let columns = try? table.integers(RejectColumn.column),
      let names = try? table.categories(RejectColumn.columnName),
      let rules = try? table.categories(RejectColumn.rule)
    else { return HTML() }
    return folded(
      most < table.rowCount
        ? "The first \(most) of \(NumberText.count(table.rowCount)) rows kept apart" : "Each row kept apart",
      DataTable(
        "Rows kept apart", [.words("Place (file:line:column)"), .words("Column"), .words("Rule")],
        (0..<most).map { row in
          [
            "\(files.text(row) ?? ""):\(lines.values[row]):\(columns.values[row])",
            names.text(row) ?? "whole row",
            QualitySection.rule(rules.text(row) ?? ""),
          ]
        }
      ).html(isCaptionHidden: true))
  }

  /// A rule of intake or repair in words.
  static func rule(_ code: String) -> String {
    switch code {
    case "ragged": "number of fields differs from the header"
    case "nul": "a NUL byte"
    case "invalidUTF8": "not in the declared encoding"
    case "missingKey": "no customer key"
    case "scientificKey": "customer key in scientific notation"
    case "repeatedHeader": "the header again"
    case "wrongType": "not of the column’s type"
    case "belowMinimum": "below the lowest allowed: taken as unknown"
    case "aboveMaximum": "above the highest allowed: taken as unknown"
    case "notAllowed": "not an allowed category: taken as unknown"
    case "requiredMissing": "a required value is missing"
    case "repeatedRow": "the same row again: taken out"
    case "structuralZero": "missing, and by rule a zero"
    default: code
    }
  }

  // MARK: Repairs and columns

  @HTMLBuilder private var repaired: HTML {
    if !quality.repairs.isEmpty {
      HTML.element("h3") { "Mended by rule" }
      DataTable(
        "Mended by rule", [.words("Column"), .words("Rule"), .numbers("Rows")],
        quality.repairs.prefix(60).map {
          [
            $0.column.isEmpty ? "whole row" : $0.column, QualitySection.rule($0.rule),
            NumberText.count($0.rows),
          ]
        }
      ).html(isCaptionHidden: true)
      paragraph("Each one stands in repairs with its row, the old value and the new one.", "soft")
    }
  }

  private var columns: HTML {
    let most = QualitySection.mostColumns
    let rows = Double(max(1, quality.rowsOut))
    return folded(
      "All \(counted(quality.columns.count, "column", "columns"))",
      HTML([
        quality.columns.count > most ? paragraph("The first \(most) are shown.") : HTML(),
        DataTable(
          "Columns",
          [
            .words("Column"), .words("Role"), .words("Type"), .numbers("Missing"), .numbers("Different"),
            .numbers("Smallest"), .numbers("Middle"), .numbers("Largest"),
          ],
          quality.columns.prefix(most).map { column in
            // The numbers of a key are customers, and are nobody's business here.
            let isShown = column.role == "feature"
            func number(_ value: Double?) -> String {
              isShown ? value.map { NumberText.significant($0, 6) } ?? NumberText.nothing : NumberText.nothing
            }
            return [
              column.name, column.role + (column.protected ? ", protected" : ""), column.type,
              column.missing == 0
                ? "0"
                : "\(NumberText.count(column.missing)) (\(NumberText.percent(Double(column.missing) / rows)))",
              column.distinct.map { NumberText.count($0) } ?? "over 1,000", number(column.minimum),
              number(column.median), number(column.maximum),
            ]
          }
        ).html(isCaptionHidden: true),
      ]))
  }
}
