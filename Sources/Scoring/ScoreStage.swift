import Clientele
import Findings
import Modelling
import Numerics
package import Staging
import Tabular

/// Scores every customer with the model of its own fold.
package struct ScoreStage: Stage {
  package static let declaration = StageDeclaration(
    id: "score", purpose: "Gives every customer a probability of leaving.", codeVersion: 2, module: "Scoring",
    inputs: [
      InputDeclaration("features", purpose: "What is known of each customer."),
      InputDeclaration("model", purpose: "The model that scores."),
    ],
    outputs: [
      OutputDeclaration(
        "predictions", .table, format: "holdfast.predictions/v1",
        purpose: "Key, fold, score before calibration, probability and its range, in key order.")
    ])

  package init(parameters: ParameterValues) {}

  package func run(_ inputs: Inputs, _ outputs: Outputs, _ context: StageContext) throws -> StageSummary {
    let scored = try CustomerScores(
      rows: inputs.shape("features").rows, model: inputs.json("model"), threads: context.threads
    ) { rows, columns in try inputs.table("features", anyOf: columns, rows: rows) }
    try outputs.table("predictions", scored.predictions)
    let rows = scored.predictions.rowCount
    return StageSummary(
      rowsIn: rows, rowsOut: rows, remark: scored.remark,
      metrics: ["meanProbability": scored.meanProbability], checks: [])
  }
}
