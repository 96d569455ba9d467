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
    codeVersion: 8, module: "Training",
    inputs: [
      InputDeclaration("features", purpose: "What is known of each customer, who left, and the folds."),
      InputDeclaration(
        "examples", optional: true, purpose: "Weights and synthetic rows of the training parts."),
    ],
    outputs: [
      OutputDeclaration(
        "model", .document, format: ChurnModel.format,
        purpose: "The fold models, their calibration and encoding.", holds: .model),
      OutputDeclaration(
        "training", .document, format: "holdfast.training/v1", purpose: "How the model came about.",
        holds: .metric),
    ],
    parameters: TrainParameters.declarations, usesSeed: true)

  private let parameters: TrainParameters

  package init(parameters: ParameterValues) { self.parameters = TrainParameters(parameters) }

  package func run(_ inputs: Inputs, _ outputs: Outputs, _ context: StageContext) throws -> StageSummary {
    let features = try InputTable(inputs, "features")
    let examples = inputs.has("examples") ? try inputs.table("examples") : nil
    let crew = Crew(threads: context.threads)
    let (parameters, note) = try parameters.keepingDirections()
    var read = try Self.explained {
      try TrainingData(features, usesProtected: parameters.usesProtected, crew: crew)
    }
    read.directions = try read.encoding.directions(rising: parameters.rising, falling: parameters.falling)
    let data = read
    context.progress(StageProgress("training", done: 0, total: data.labelled.count))
    let trainer = Trainer(
      parameters: parameters, rows: data.labelled.count * (data.assignment.count - 1) / data.assignment.count,
      seed: context.seed, crew: crew)
    let resampling =
      (examples?.rowCount ?? 0) == 0 ? "none" : examples?.schema.metadata["holdfast.resampling"] ?? "examples"
    func keys() throws -> TextColumn {
      try features.selecting([FeatureColumn.key]).texts(FeatureColumn.key)
    }
    // Drawn first: training lets go of the features of a large table.
    let plain =
      resampling == "none"
      ? nil : data.sampled(TrainingData.mostPlainRows, keys: try keys())
    let (trained, way, asked) = try Self.explained {
      try Self.train(trainer, data, Examples.byFold(examples, data), keys)
    }
    let model = ChurnModel(
      assignment: data.assignment, encoding: data.encoding, learner: trained.learner,
      contract: ChurnModel.TrainingContract(
        labelled: data.labelled.count, events: data.events, calibration: trained.calibration,
        resampling: resampling),
      folds: trained.foldsWithBands(crew: trainer.crew))
    try outputs.document("model", model.document)
    var found = try Self.explained { try Self.findings(data, trained, resampling, trainer) }
    if let note { found.notes.append(note) }
    if let plain {
      do {
        // In the same way, of the same capacities, whatever the sample's size.
        let without = try Examples.byFold(nil, plain)
        let fitted =
          way == .blend
          ? try trainer.blend(of: asked, plain, without) : try trainer.best(of: asked, plain, without)
        found.withoutResampling = plain.reference(fitted, of: data)
      } catch let error as LearningError {
        found.notes.append("Nothing to compare resampling with: \(error.description).")
      }
    }
    try outputs.document("training", found)
    return StageSummary(
      rowsIn: data.labelled.count,
      remark: "\(trained.learner), log-loss \(Wording.decimals(trained.logLoss, 4))",
      metrics: ["logLoss": trained.logLoss, "rocAuc": trained.rocAuc])
  }

  /// Trains in the way that fits the number of customers; `asked` are the learners that what scores was made of.
  private static func train(
    _ trainer: Trainer, _ data: TrainingData, _ examples: [Examples], _ keys: () throws -> TextColumn
  ) throws -> (trained: Trained, way: Trainer.Way, asked: [Learner]) {
    let asked = trainer.parameters.learners
    guard !asked.isEmpty else { throw StageFault(.configuration, "no learner is asked for.") }
    let way = trainer.way(data.labelled.count)
    switch way {
    case .blend: return (try trainer.blend(of: asked, data, examples), way, asked)
    case .bestOnTenths:
      let trained = try trainer.best(of: asked, data, examples)
      return (trained, way, asked.filter { $0.rawValue == trained.learner })
    case .bestOnSample:
      let sample = data.sampled(Trainer.sampled, keys: try keys())
      let small = Trainer(
        parameters: trainer.parameters, rows: Trainer.sampled, seed: trainer.seed, crew: trainer.crew)
      // A kind of boosting: nothing else learns as much of many customers in the time.
      let kinds = asked.filter { [.boosting, .symmetric, .randomised].contains($0) }
      let tried = try small.best(of: kinds.isEmpty ? asked : kinds, sample, Examples.byFold(nil, sample))
      let one = asked.filter { $0.rawValue == tried.learner }
      var trained = try trainer.best(of: one, data, examples)
      let losses = tried.learners.map { "\($0.name) \(Wording.decimals($0.tenthLogLoss ?? 0, 4))" }
      trained.notes.append(
        "Learner chosen by the log-loss on kept tenths of \(Wording.count(Trainer.sampled)) customers drawn by key: "
          + losses.joined(separator: ", ") + ".")
      return (trained, way, one)
    }
  }

  /// Turns the errors of the floors below into the stage's own, with their kind.
  private static func explained<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let error as LearningError {
      throw StageFault(.data, "training is not possible: \(error.description).")
    } catch let error as ModellingError {
      throw StageFault(.configuration, error.description + ".")
    }
  }

  private static func findings(
    _ data: TrainingData, _ trained: Trained, _ resampling: String, _ trainer: Trainer
  ) throws(LearningError) -> TrainingFindings {
    var notes = trained.notes
    let isWide = !trained.learners.contains { $0.name == Learner.logistic.rawValue }
    if isWide, trainer.parameters.learners.contains(.logistic), trained.learners.count > 1 {
      notes.append(
        "logistic was left out: the table gives more than \(LinearDesign.mostColumns) numbers a customer.")
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
      calibration: trained.calibration, resampling: resampling, learners: trained.learners,
      capacities: trained.capacities, features: used + unused,
      scorecards: trained.cards.isEmpty ? nil : trained.cardFindings(data),
      coefficients: trained.learner == Learner.logistic.rawValue
        ? try CoefficientFindings(data, crew: trainer.crew) : nil,
      notes: notes)
  }
}
