import Clientele
import Delimited
import Findings
import Fingerprints
package import Staging
import Tabular

/// `ingest`: a source's bytes to a typed table, with every row it could not take kept beside it.
package struct IngestStage: Stage {
  package static let declaration = StageDeclaration(
    id: "ingest",
    purpose:
      "Reads the customers' file into a typed table and keeps every row it cannot take, with the reason.",
    codeVersion: 1, module: "Ingesting",
    inputs: [InputDeclaration("sources.customers", purpose: "The bank's file.")],
    outputs: [
      OutputDeclaration(
        "customers", .table, format: "holdfast.customers/v1",
        purpose: "The file's rows as typed columns, in file order.", holds: .raw),
      OutputDeclaration(
        "intake", .document, format: "holdfast.intake/v1",
        purpose: "How the file is written and what it held.", holds: .metric),
      OutputDeclaration(
        "rejects", .table, format: "holdfast.rejects/v1",
        purpose: "Rows that were not taken: file, line, column, value and rule.", holds: .raw),
    ],
    parameters: [
      ParameterDeclaration(
        "maxRejectedShare", .number(0...1), default: 0.05,
        help: "Share of rejected rows above which the run stops (exit code 3).")
    ],
    contract: .types)

  private let maxRejectedShare: Double

  package init(parameters: ParameterValues) throws(ParameterError) {
    maxRejectedShare = parameters.number("maxRejectedShare") ?? 0.05
  }

  package func run(_ inputs: Inputs, _ outputs: Outputs, _ context: StageContext) throws -> StageSummary {
    guard let contract = context.contracts["customers"] else {
      throw StageFault(.configuration, "pipeline.json declares no source \"customers\".")
    }
    let source = try inputs.source("customers")
    let intake = try Intake.read(source, contract, context)
    let findings = intake.findings
    try outputs.table("customers", intake.contents.table)
    try outputs.document("intake", findings)
    try outputs.table("rejects", RejectTable.make(intake.contents.rejects, file: source.name))
    let share = Double(findings.rowsRejected) / Double(max(1, findings.rowsRead))
    let message =
      "\(findings.rowsRejected) of \(findings.rowsRead) rows were rejected"
      + (findings.rowsRejected == 0
        ? "."
        : ", first \(RejectTable.firstPlaces(intake.contents.rejects, file: source.name)); see the artifact rejects.")
    return StageSummary(
      rowsIn: findings.rowsRead, rowsOut: findings.rowsAccepted,
      remark: findings.rowsRejected == 0
        ? nil : Wording.count(findings.rowsRejected, "row rejected", "rows rejected"),
      metrics: ["rejectedShare": share],
      checks: [
        CheckOutcome(
          id: "rejectedShare", subject: .data, severity: .stop,
          passed: share <= maxRejectedShare && findings.rowsAccepted > 0,
          message: share <= maxRejectedShare && findings.rowsAccepted > 0
            ? message
            : message
              + " More than \(maxRejectedShare) of the rows may not be; mend the file, or raise ingest.maxRejectedShare."
        )
      ])
  }
}
