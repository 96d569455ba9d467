import Findings
import Markup

/// What was taken for granted, and where to change it.
struct AssumptionsSection {
  let inputs: ReportInputs

  private var found: AssumptionsFindings { inputs.assumptions }

  var html: HTML {
    section("assumptions", "What is taken for granted") {
      paragraph(
        "A wrong assumption moves every sum on this page by the same rule; the order of the list moves little as long as it is the same for all customers.",
        "say")
      DataTable(
        "Assumptions",
        [.words("Symbol"), .words("Meaning"), .numbers("Value"), .words("How known"), .words("Set by")],
        cells: found.assumptions.map { assumption in
          [
            HTML(assumption.symbol), HTML(assumption.meaning), HTML(assumption.text(found.currency)),
            HTML.element("span", ["class": "assumed"]) { assumption.sourceWord },
            assumption.parameter.isEmpty ? HTML() : HTML.element("code") { "rank." + assumption.parameter },
          ]
        }
      ).html(isCaptionHidden: true)
      HTML.element("h3") { "Value of a customer" }
      paragraph(found.valueRule)
      if let cap = found.valueCap {
        paragraph(
          "No value counts above \(NumberText.money(cap, found.currency)): \(counted(found.valuesCapped, "customer was", "customers were")) cut to it, so that one cannot rule the list."
        )
      }
      HTML.element("h3") { "Who is ranked" }
      paragraph(population)
      sentences(found.notes)
      HTML.element("h3") { "The rule" }
      paragraph(
        "Net value of a call = p·γ·(V − d) − (1 − p)·(ψ·d + w·V) − f, where p is the probability of leaving. A customer is called where it is above zero, within budget and number of calls."
      )
    }
  }

  private var population: String {
    let who =
      found.population == "all"
      ? "All customers of the file" : "Customers whose outcome is not known"
    return who
      + (found.isSnapshot
        ? ", as of the snapshot the file was taken at: among them are customers who have left since and cannot be kept any more."
        : ".")
  }
}
