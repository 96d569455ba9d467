import Findings
import Markup

/// What the model looks at, and which of it is protected.
struct DriversSection {
  let inputs: ReportInputs

  /// Columns drawn; all stand in the table.
  private static let drawn = 15

  var html: HTML {
    section("drivers", "What drives the risk") {
      if !inputs.gate.hasSkill {
        paragraph("The model shows no skill, so none of this says who leaves.", "say")
      }
      if let metrics = inputs.metrics, !metrics.importance.isEmpty {
        importance(metrics)
      } else {
        paragraph("There are no labels in this file, so what a column is worth could not be measured on it.")
      }
      protected
      columns
    }
  }

  private func importance(_ metrics: MetricsFindings) -> HTML {
    let list = metrics.importance.prefix(DriversSection.drawn)
    let top = list.prefix(3).map(\.feature)
    let more =
      metrics.importance.count > list.count
      ? " The first \(list.count) of the \(metrics.importance.count) columns measured." : ""
    return HTML.element("div", ["class": "grid"]) {
      IntervalChart.html(
        ChartWords(
          id: "importance", title: "What the model would miss most",
          finding:
            "\(listed(top)) \(top.count == 1 ? "matters" : "matter") most. Each column was shuffled among "
            + "\(counted(metrics.importanceRows, "customer", "customers")) the model had not seen; a square is a protected attribute.\(more)"
        ),
        rows: "Column",
        list.map {
          .init(
            $0.feature, value: $0.logLossIncrease, lower: $0.logLossIncrease - 1.96 * $0.standardError,
            upper: $0.logLossIncrease + 1.96 * $0.standardError, isMarked: $0.protected,
            note: $0.protected ? "protected" : "")
        }, across: .init("rise in log-loss when shuffled", including: [0]), noteTitle: "Protected")
      HTML.element("div", ["class": "card"]) {
        HTML.element("h3", ["class": "first"]) { "How to read this" }
        paragraph(
          "Shuffling a column takes away what it tells the model. The more the error rises, the more the model leans on it."
        )
        paragraph(
          "It says what the model uses, not what makes customers leave: changing such a number for a customer need not change what they do."
        )
        paragraph(
          "Two columns that say the same can stand in for each other, and then each looks smaller than it is."
        )
      }
    }
  }

  private var protected: HTML {
    let attributes = inputs.training.features.filter(\.protected)
    let used = attributes.filter(\.used).map(\.name)
    let left = attributes.filter { !$0.used }.map(\.name)
    let text: String
    if attributes.isEmpty {
      text =
        "No column is declared a protected attribute. If one is, such as sex or age, say so in its contract."
    } else if used.isEmpty {
      text =
        "Protected attributes are not used: \(listed(left)). Other columns may still stand in for them."
    } else {
      text =
        "The model uses \(listed(used)), declared \(used.count == 1 ? "a protected attribute" : "protected attributes")"
        + (left.isEmpty ? "" : "; it does not use \(listed(left))")
        + ". Whether that is allowed is for the bank to decide; leaving them out costs accuracy and need not make the list fairer."
    }
    return HTML.element("div", ["class": "note" + (used.isEmpty ? "" : " warn")]) {
      HTML.element("h3", ["class": "first"]) { "Protected attributes" }
      paragraph(text)
    }
  }

  private var columns: HTML {
    let list = inputs.training.features
    let most = 200
    return folded(
      "All \(counted(list.count, "column", "columns")) the model was offered",
      HTML([
        list.count > most ? paragraph("The first \(most) are shown.") : HTML(),
        DataTable(
          "Columns offered to the model",
          [.words("Column"), .words("Kind"), .words("Used"), .words("Protected")],
          list.prefix(most).map { feature in
            [
              feature.name, feature.kind,
              feature.used ? "used" : "not used" + (feature.note.map { ": " + $0 } ?? ""),
              feature.protected ? "protected" : "",
            ]
          }
        ).html(isCaptionHidden: true),
      ]))
  }
}
