import Clientele
import Findings
import Learning
import Modelling
import Numerics
package import Staging
import Tabular

/// Trains one model a fold on the customers of the other folds, so that every customer is scored by a model that has
/// not seen it.
package struct TrainStage: Stage {
  package static let declaration = StageDeclaration(
    id: "train", purpose: "Trains the churn model, one for each fold, and calibrates its probabilities.",
    codeVersion: 1, module: "Training",
    inputs: [
      InputDeclaration("features", purpose: "What is known of each customer, who left, and the folds."),
      InputDeclaration(
        "examples", optional: true, purpose: "Weights and synthetic rows of the training parts."),
    ],
    outputs: [
      OutputDeclaration(
        "model", .document, format: ChurnModel.format,
        purpose: "The fold models, their calibration and encoding."),
      OutputDeclaration(
        "training", .document, format: "holdfast.training/v1", purpose: "How the model came about."),
    ],
    parameters: TrainParameters.declarations, usesSeed: true)

  private let parameters: TrainParameters

  package init(parameters: ParameterValues) { self.parameters = TrainParameters(parameters) }

  package func run(_ inputs: Inputs, _ outputs: Outputs, _ context: StageContext) throws -> StageSummary {
    let features = try inputs.table("features")
    let examples = inputs.has("examples") ? try inputs.table("examples") : nil
    let data = try Self.explained { try TrainingData(features, usesProtected: parameters.usesProtected) }
    let crew = Crew(threads: context.threads)
    context.progress(StageProgress("training", done: 0, total: data.labelled.count))
    let rows = data.labelled.count * (data.assignment.count - 1) / data.assignment.count
    let results = try Self.explained {
      try fit(data, Examples.byFold(examples, data), parameters.learners, rows, context.seed, crew)
    }
    let best = results.results.min { $0.tenthLogLoss < $1.tenthLogLoss }
    guard let best else { throw StageFault(.configuration, "no learner is asked for.") }
    let resampling =
      (examples?.rowCount ?? 0) == 0 ? "none" : examples?.schema.metadata["holdfast.resampling"] ?? "examples"
    let model = ChurnModel(
      assignment: data.assignment, encoding: data.encoding, learner: best.learner.rawValue,
      contract: ChurnModel.TrainingContract(
        labelled: data.labelled.count, events: data.events, calibration: parameters.calibration.rawValue,
        resampling: resampling),
      folds: results.parts.indices.map { fold in
        FoldModel(
          fill: results.parts[fold].fill, predictor: best.chosen[fold].predictor, calibration: best.maps[fold]
        )
      })
    try outputs.document("model", model.document)
    var found = findings(data, results, best, resampling)
    if resampling != "none" {
      let plain = data.sampled(TrainingData.mostPlainRows, keys: try features.texts(FeatureColumn.key))
      do {
        // Of the same capacities, whatever the sample's size.
        let fitted = try fit(
          plain, Examples.byFold(nil, plain), [best.learner], rows, context.seed, crew)
        found.withoutResampling = plain.reference(fitted.results, of: data)
      } catch let error as LearningError {
        found.notes.append("Nothing to compare resampling with: \(error.description).")
      }
    }
    try outputs.document("training", found)
    return StageSummary(
      rowsIn: data.labelled.count,
      remark: "\(best.learner.rawValue), log-loss \(Wording.decimals(best.logLoss, 4))",
      metrics: ["logLoss": best.logLoss, "rocAuc": best.rocAuc])
  }

  /// Turns the errors of the floors below into the stage's own, with their kind.
  private static func explained<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let error as LearningError {
      throw StageFault(.data, "training is not possible: \(error.description).")
    } catch let error as ModellingError {
      throw StageFault(.configuration, error.description + ".")
    }
  }

  /// Every one of the learners `asked` for, every fold, every capacity tried on `rows` training rows.
  private func fit(
    _ data: TrainingData, _ examples: [Examples], _ asked: [Learner], _ rows: Int, _ seed: UInt64,
    _ crew: Crew
  ) throws -> (parts: [FoldPart], results: [LearnerResult]) {
    let count = data.assignment.count
    let inner = Crew(threads: max(1, crew.threads / count))
    let needsBins = asked.contains { $0 != .logistic }
    let parts = crew.map(count) { fold in
      FoldPart(data, fold: fold, examples[fold], needsBins: needsBins, crew: inner)
    }
    // A table too wide for a linear model is no reason to train nothing.
    let learners = asked.filter { learner in
      learner != .logistic || asked.count == 1 || parts.allSatisfy { $0.fitsLinear(crew: inner) }
    }
    let capacities = learners.map { Capacity.all(of: $0, rows: rows, seed: seed) }
    // The largest first, so that no worker is left with a long one at the end.
    let jobs = capacities.indices.flatMap { learner in
      capacities[learner].indices.reversed().flatMap { capacity in
        (0..<count).map { (learner: learner, capacity: capacity, fold: $0) }
      }
    }
    let fitted = try crew.map(jobs.count) { (job: Int) throws(LearningError) -> FittedCapacity in
      let (learner, capacity, fold) = jobs[job]
      return try FittedCapacity(capacities[learner][capacity], parts[fold], crew: inner)
    }
    let results = learners.indices.map { learner in
      let tried = (0..<count).map { fold in
        capacities[learner].indices.compactMap { capacity in
          zip(jobs, fitted).first { $0.0 == (learner, capacity, fold) }?.1
        }
      }
      return LearnerResult(
        learners[learner], tried, capacities[learner], parts, parameters.calibration, crew: crew)
    }
    return (parts, results)
  }

  private func findings(
    _ data: TrainingData, _ results: (parts: [FoldPart], results: [LearnerResult]), _ best: LearnerResult,
    _ resampling: String
  ) -> TrainingFindings {
    let others = results.results.filter { $0.learner != best.learner }
    var notes: [String] = []
    if results.parts.contains(where: \.tenth.isEmpty) {
      notes.append(
        "Some folds hold too few customers for a held-back tenth; there, boosting grew "
          + "\(FittedCapacity.treesUnstopped) trees and capacities were judged on the customers learnt from.")
    }
    if best.maps.contains(.identity) {
      notes.append("Some folds' probabilities could not be calibrated and are the scores as they are.")
    }
    for learner in parameters.learners where !results.results.contains(where: { $0.learner == learner }) {
      notes.append(
        "\(learner.rawValue) was left out: the table gives more than \(LinearDesign.mostColumns) numbers a customer."
      )
    }
    let used = data.encoding.columns.map { column in
      TrainingFindings.FeatureFinding(
        name: column.name, kind: column.kind == .number ? "number" : "category",
        protected: column.isProtected,
        used: true)
    }
    let unused = data.leftOut.map {
      TrainingFindings.FeatureFinding(
        name: $0.name, kind: "category", protected: $0.isProtected, used: false, note: $0.reason)
    }
    return TrainingFindings(
      labelled: data.labelled.count, events: data.events, folds: data.assignment.count,
      calibration: parameters.calibration.rawValue, resampling: resampling,
      learners: [best.finding(chosen: true)] + others.map { $0.finding(chosen: false) },
      capacities: results.results.flatMap(\.capacities), features: used + unused, notes: notes)
  }
}
