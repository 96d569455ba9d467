import Clientele
import Findings
import Fingerprints
import Modelling
import Numerics
package import Staging
import Statistics
import Tabular

/// `evaluate`: how good the probabilities are, on customers the scoring model had not seen.
package struct EvaluateStage: Stage {
  package static let declaration = StageDeclaration(
    id: "evaluate",
    purpose: "Measures the probabilities against what happened and decides whether the model shows skill.",
    codeVersion: 4, module: "Evaluating",
    inputs: [
      InputDeclaration("features", purpose: "Who left, and the columns to shuffle."),
      InputDeclaration(
        "predictions", columns: ["key", "fold", "probability"], purpose: "What was predicted."),
      InputDeclaration("model", purpose: "Scores the shuffled customers."),
      InputDeclaration("training", optional: true, purpose: "The figures of each learner."),
    ],
    outputs: [
      OutputDeclaration(
        "metrics", .document, format: "holdfast.metrics/v1", purpose: "Figures with intervals, out of fold.",
        holds: .metric),
      OutputDeclaration(
        "curves", .document, format: "holdfast.curves/v1", purpose: "Points of the curves.", holds: .metric),
      OutputDeclaration(
        "gate", .document, format: "holdfast.gate/v1", purpose: "Whether the model may be acted on, and why.",
        holds: .metric),
    ],
    parameters: [
      ParameterDeclaration(
        "gate", .choice(["warn", "stop"]), default: "warn",
        help: "Without skill: warn lets rank say \"do not act\", stop ends the run with exit code 4."),
      ParameterDeclaration(
        "threshold", .number(0...1), default: nil,
        help: "Operating point of the confusion counts; null flags as many customers as left."),
      ParameterDeclaration(
        "importanceRows", .integer(0...5000), default: 2000,
        help: "Held-out customers on which importance is measured by shuffling; 0 for none."),
      ParameterDeclaration(
        "importanceRepeats", .integer(2...20), default: 3, help: "How often each column is shuffled."),
      ParameterDeclaration(
        "profitValue", .number(0.01...1e12), default: 200,
        help:
          "Campaign profit (EMPC, MPC): what a kept customer is worth; above profitOffer. The defaults are the published ones, to compare models by."
      ),
      ParameterDeclaration(
        "profitOffer", .number(0...1e12), default: 10,
        help: "Campaign profit: what an accepted offer costs."),
      ParameterDeclaration(
        "profitContact", .number(0...1e12), default: 1,
        help: "Campaign profit: what contacting a customer costs."),
    ],
    usesSeed: true)

  private let parameters: ParameterValues
  private let campaign: CampaignProfit

  package init(parameters: ParameterValues) throws(ParameterError) {
    self.parameters = parameters
    let (value, offer) = (parameters.number("profitValue") ?? 200, parameters.number("profitOffer") ?? 10)
    guard value > offer else {
      throw ParameterError(
        "profitValue", "it must be more than profitOffer, which is \(offer); \(value) found")
    }
    campaign = CampaignProfit(value: value, offer: offer, contact: parameters.number("profitContact") ?? 1)
  }

  package func run(_ inputs: Inputs, _ outputs: Outputs, _ context: StageContext) throws -> StageSummary {
    let held = try HeldOut(
      inputs.table("features", columns: [FeatureColumn.key, FeatureColumn.label]),
      predictions: inputs.table("predictions"))
    guard held.events > 0, held.events < held.labels.count else {
      throw StageFault(
        .notApplicable,
        held.labels.isEmpty
          ? "no outcome is known yet" : "all \(held.labels.count) customers with an outcome have the same one"
      )
    }
    let training = try inputs.documentIfPresent("training", as: TrainingFindings.self)
    context.progress(StageProgress("measuring", done: 0, total: held.labels.count))
    let crew = Crew(threads: context.threads)
    let order = ScoreOrder(held.probabilities, labels: held.labels, crew: crew)
    let importance: [MetricsFindings.Importance]
    var notShuffled = 0
    let rows = parameters.integer("importanceRows") ?? 0
    let sample = held.sample(rows)
    if sample.isEmpty {
      importance = []
    } else {
      let model = try ChurnModel(document: inputs.json("model"))
      (importance, notShuffled) = try PermutationImportance(
        seed: context.seed, repeats: parameters.integer("importanceRepeats") ?? 3
      ).measure(
        inputs.rows("features", sample.map { held.rows[$0] }), labels: sample.map { held.labels[$0] }, model,
        crew
      ) { done, total in
        context.progress(StageProgress("shuffling columns", done: done, total: total))
      }
    }
    let measures = Measures(held, order, campaign, crew: crew)
    var metrics = MetricsFindings(
      held, order, measures, training: training, importance: importance, importanceRows: sample.count,
      threshold: parameters.number("threshold"))
    if notShuffled > 0 {
      metrics.notes.append(
        "Importance was measured for the \(PermutationImportance.mostShuffled) columns that the model leans on most; "
          + "it also uses \(Wording.count(notShuffled, "other", "others")).")
    }
    let gate = SkillGate.findings(metrics)
    try outputs.document("metrics", metrics)
    try outputs.document("curves", measures.curves)
    try outputs.document("gate", gate)
    let stops = parameters.text("gate") == "stop"
    return StageSummary(
      rowsIn: held.labels.count,
      remark:
        "AUC \(Wording.decimals(metrics.outOfFold.rocAuc, 3)), log-loss \(Wording.decimals(metrics.outOfFold.logLoss, 4))",
      metrics: [
        "logLoss": metrics.outOfFold.logLoss, "rocAuc": metrics.outOfFold.rocAuc,
        "averagePrecision": metrics.outOfFold.averagePrecision, "brier": metrics.outOfFold.brier,
        "calibrationSlope": metrics.calibration.slope,
        "smoothCalibrationError": metrics.calibration.smoothError ?? 0,
        "expectedMaximumProfit": metrics.profit?.expectedMaximum ?? 0,
      ],
      checks: gate.checks.map { check in
        CheckOutcome(
          id: check.id, subject: .model, severity: stops ? .stop : .warn, passed: check.passed,
          message: check.passed
            ? check.message
            : check.message
              + " Nobody should be called on this model's word; look for columns that tell more, or more customers."
        )
      })
  }
}
