import Findings
import Markup

/// The page as a whole: a pure function of the findings, with no run, clock or path in it.
struct ReportPage {
  /// The page.
  let html: HTML
  /// Customers kept in it for sorting and searching.
  let embedded: Int

  /// The page of these findings.
  init(_ inputs: ReportInputs, title: String, embedRows: Int) throws {
    let customers = try RankedCustomers(inputs.ranking)
    let embedded = inputs.gate.hasSkill ? min(embedRows, customers.count) : 0
    self.embedded = embedded
    let today = TodaySection(inputs: inputs, customers: customers, title: title)
    html = HTML.document(
      language: "en", head: ReportPage.head(today.heading),
      body: HTML([
        HTML.element("a", ["class": "skip", "href": "#content"]) { "Skip to the content" }, today.header,
        ReportPage.navigation,
        HTML.element("main", ["id": "content", "class": "wrap", "tabindex": "-1"]) {
          today.body
          CallSection(inputs: inputs, customers: customers, embedded: embedded).html
          SegmentsSection(inputs: inputs, customers: customers).html
          DriversSection(inputs: inputs).html
          QualitySection(inputs: inputs).html
          MissingSection(inputs: inputs).html
          ModelSection(inputs: inputs).html
          AssumptionsSection(inputs: inputs).html
        },
        ReportPage.footer,
        embedded > 0
          ? HTML.data(id: "customers", EmbeddedList.datum(customers, count: embedded, inputs.assumptions))
          : HTML(),
        HTML.script(PageScript.text),
      ]))
  }

  private static func head(_ title: String) -> HTML {
    HTML([
      HTML.void(
        "meta",
        [
          "http-equiv": "Content-Security-Policy",
          "content": ContentPolicy.text(style: Stylesheet.text, script: PageScript.text),
        ]),
      HTML.void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
      HTML.void("meta", ["name": "referrer", "content": "no-referrer"]),
      HTML.void("meta", ["name": "color-scheme", "content": "light dark"]),
      HTML.element("title") { title }, HTML.style(Stylesheet.text),
    ])
  }

  private static var navigation: HTML {
    let parts: [(id: String, name: String)] = [
      ("today", "Today"), ("call", "Who to call"), ("segments", "Segments"), ("drivers", "Drivers"),
      ("quality", "Data quality"), ("missing", "Missing balances"), ("model", "Model"),
      ("assumptions", "Assumptions"),
    ]
    return HTML.element("nav", ["aria-label": "Sections"]) {
      HTML.element("ul", ["class": "wrap"]) {
        parts.map { part in
          HTML.element("li") { HTML.element("a", ["href": "#" + part.id]) { part.name } }
        }
      }
    }
  }

  private static var footer: HTML {
    HTML.element("footer") {
      HTML.element("div", ["class": "wrap"]) {
        paragraph(
          "Confidential: holds customer keys and what the model says of them; no names or addresses. Made by Holdfast; the same inputs give the same page. When it was made, and from what, stands in the catalog."
        )
      }
    }
  }
}
