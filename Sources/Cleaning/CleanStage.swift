import Clientele
import Findings
import Numerics
package import Staging
import Tabular

/// Holds customers to their contract, tells zeros from gaps, deals folds and learns nothing: each row
/// of `features` depends on that customer alone, so another night's file is cleaned the same way.
package struct CleanStage: Stage {
  package static let declaration = StageDeclaration(
    id: "clean",
    purpose:
      "Holds each column to its contract, tells structural zeros from unknown values, deals customers into folds.",
    codeVersion: 3, module: "Cleaning",
    inputs: [
      InputDeclaration("customers", purpose: "The customers as read, in the source's order.")
    ],
    outputs: [
      OutputDeclaration(
        "features", .table, format: "holdfast.features/v1",
        purpose: "One row a customer in key order: key, fold, label, and what may be learnt from."),
      OutputDeclaration(
        "quality", .document, format: "holdfast.quality/v1",
        purpose: "What was found: columns, repairs, the diagnosis of missing values. Feeds people only.",
        holds: .metric),
      OutputDeclaration(
        "repairs", .table, format: "holdfast.repairs/v1",
        purpose: "Each value or row that did not go through.", holds: .raw),
    ],
    parameters: CleanParameters.declarations, contract: .all)

  private let parameters: CleanParameters

  package init(parameters: ParameterValues) throws(ParameterError) {
    self.parameters = try CleanParameters(parameters)
  }

  package func run(_ inputs: Inputs, _ outputs: Outputs, _ context: StageContext) throws -> StageSummary {
    let customers = try InputTable(inputs, "customers")
    guard let contract = context.contracts["customers"] else {
      preconditionFailure("clean declares that it needs the whole contract of customers")
    }
    let crew = Crew(threads: context.threads)
    context.progress(StageProgress("ordering customers", done: 0, total: customers.rowCount))
    let unique = try UniqueCustomers(customers, contract, crew: crew)
    var cleaned = try CleanedCustomers(customers, contract, unique, crew)
    let features = try Features(&cleaned, source: customers, parameters: parameters, crew: crew)
    try outputs.table("features", features.table)
    try outputs.table(
      "repairs",
      repairsTable(cleaned.repairs, keys: cleaned.repairedKeys, columnNames: contract.columns.map(\.name)))
    context.progress(StageProgress("diagnosing gaps", done: customers.rowCount, total: customers.rowCount))
    let quality = try Quality(customers: cleaned, features: features, source: customers, crew: crew).findings
    try outputs.document("quality", quality)
    return summary(quality, cleaned)
  }

  private func summary(_ quality: QualityFindings, _ cleaned: CleanedCustomers) -> StageSummary {
    let unknown = quality.missing.filter(\.isMoney).reduce(0) { $0 + $1.unknown }
    var remarks: [String] = []
    if !cleaned.repairs.isEmpty { remarks.append(Wording.count(cleaned.repairs.count, "repair", "repairs")) }
    if unknown > 0 { remarks.append("\(Wording.count(unknown)) amounts unknown") }
    var metrics = ["repairs": Double(cleaned.repairs.count), "labelled": Double(quality.labelled)]
    if quality.labelled > 0 { metrics["churn"] = Double(quality.events) / Double(quality.labelled) }
    return StageSummary(
      rowsIn: quality.rowsIn, rowsOut: quality.rowsOut,
      remark: remarks.isEmpty ? nil : remarks.joined(separator: ", "), metrics: metrics,
      checks: [
        CheckOutcome(
          id: "clean.uniqueKey", subject: .data, severity: .stop, passed: true,
          message: "Each of \(Wording.count(quality.rowsOut)) keys stands for one customer.")
      ])
  }
}
