import Fingerprints
import Markup
package import Staging
import Tabular

/// `report`: one page for the people who act, which opens from a file and asks no network for anything.
package struct ReportStage: Stage {
  package static let declaration = StageDeclaration(
    id: "report",
    purpose: "Writes one self-contained page: who to call and why, and how far it can be trusted.",
    codeVersion: 3, module: "Reporting", inputs: ReportInputs.declarations,
    outputs: [
      OutputDeclaration(
        "report", .page, fileName: "index.html", format: "holdfast.report/v1",
        purpose: "The page: opens from a file, asks no network for anything.")
    ],
    parameters: [
      ParameterDeclaration(
        "embedRows", .integer(0...1_000_000), default: 20_000,
        help: "Most customers kept in the page for sorting and searching; the first 50 always stand in it."),
      ParameterDeclaration(
        "title", .text, default: "", help: "Heading of the page; empty for \"Customers about to leave\"."),
    ])

  private let embedRows: Int
  private let title: String

  package init(parameters: ParameterValues) throws(ParameterError) {
    embedRows = parameters.integer("embedRows") ?? 0
    let given = parameters.text("title") ?? ""
    title = given.isEmpty ? "Customers about to leave" : given
  }

  package func run(_ inputs: Inputs, _ outputs: Outputs, _ context: StageContext) throws -> StageSummary {
    let findings = try ReportInputs(inputs)
    let page = try ReportPage(findings, title: title, embedRows: embedRows)
    let bytes = page.html.bytes
    try outputs.bytes("report", bytes)
    return StageSummary(
      rowsIn: findings.ranking.rowCount, rowsOut: page.embedded, remark: "\((bytes.count + 999) / 1000) kB",
      metrics: ["bytes": Double(bytes.count)])
  }
}
