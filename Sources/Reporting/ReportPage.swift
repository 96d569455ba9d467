import Findings
import Markup
import Tabular

/// The page as a whole.
struct ReportPage {
  /// The page.
  let html: HTML
  /// Customers kept in it for sorting and searching.
  let embedded: Int

  /// The page of these findings.
  init(_ inputs: ReportInputs, title: String, embedRows: Int) throws {
    embedded = min(embedRows, inputs.ranking.rowCount)
    let keys = try inputs.ranking.texts(RankingColumn.key)
    let decisions = try inputs.ranking.categories(RankingColumn.decision)
    let drivers = try inputs.ranking.texts(RankingColumn.drivers)
    html = HTML.document(
      language: "en",
      head: HTML([HTML.element("title") { title }]),
      body: HTML.element("main") {
        HTML.element("h1") { title }
        if !inputs.gate.hasSkill {
          HTML.element("p") { "The model shows no skill: nobody should be called on its word." }
        }
        HTML.element("p") {
          "\(inputs.assumptions.act) to call of \(inputs.assumptions.ranked) ranked."
        }
        HTML.element("table") {
          (0..<min(50, inputs.ranking.rowCount)).map { row in
            HTML.element("tr") {
              HTML.element("td") { keys.text(row) ?? "" }
              HTML.element("td") { decisions.text(row) ?? "" }
              HTML.element("td") { drivers.text(row) ?? "" }
            }
          }
        }
      })
  }
}
