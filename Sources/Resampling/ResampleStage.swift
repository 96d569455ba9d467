import Clientele
import Findings
import Fingerprints
import Numerics
package import Staging
import Tabular

/// `resample`: departures of each fold's training part from "every row once". Nothing by default: it buys
/// no better probabilities and costs calibration, and the page shows its price where it is used.
package struct ResampleStage: Stage {
  package static let declaration = StageDeclaration(
    id: "resample",
    purpose:
      "Weights or synthetic rows for the training parts; none by default, and never for held-out customers.",
    codeVersion: 1, module: "Resampling",
    inputs: [InputDeclaration("features", purpose: "The training parts of the folds.")],
    outputs: [
      OutputDeclaration(
        "examples", .table, format: "holdfast.examples/v1",
        purpose: "One row per row whose weight is not 1, one per synthetic row with its values."),
      OutputDeclaration(
        "resampling", .document, format: "holdfast.resampling/v1", purpose: "What was done, fold by fold.",
        holds: .metric),
    ],
    parameters: [
      ParameterDeclaration(
        "method", .choice(ResamplingMethod.allCases.map(\.rawValue)), default: "none",
        help:
          "none, weights (classes balanced), over, under, smote, smoteNC, borderline or adasyn; on training parts only."
      ),
      ParameterDeclaration(
        "neighbours", .integer(1...100), default: 5,
        help:
          "Neighbours a synthetic row may lie towards; borderline looks at twice as many, of either outcome, for the border."
      ),
    ],
    usesSeed: true)

  private let method: ResamplingMethod
  private let neighbours: Int

  package init(parameters: ParameterValues) throws(ParameterError) {
    method = parameters.text("method").flatMap(ResamplingMethod.init) ?? .none
    neighbours = parameters.integer("neighbours") ?? 5
  }

  package func run(_ inputs: Inputs, _ outputs: Outputs, _ context: StageContext) throws -> StageSummary {
    guard method != .none else {
      // Costs nothing: the customers are not even read.
      try outputs.table("examples", ExampleTable().finish(.none))
      try outputs.document(
        "resampling",
        ResamplingFindings(method: "none", parts: [], notes: ["Every customer counts once, as in life."]))
      return StageSummary(rowsOut: 0)
    }
    let features = try inputs.table("features")
    let parts = try TrainingPart.all(features)
    let crew = Crew(threads: context.threads)
    let random = CounterGenerator(seed: context.seed, label: "resample")
    var examples = ExampleTable(features)
    var findings: [ResamplingFindings.Part] = []
    var notes = [
      "Only training parts were resampled; held-out customers are as they are.",
      "Resampling shifts probabilities; they are calibrated on customers as they are.",
    ]
    for part in parts {
      context.progress(StageProgress("fold", done: part.fold, total: parts.count))
      let draws = random.deriving(part.fold)
      var weights = part.rows.map { _ in 1.0 }
      var synthetic = SyntheticRows()
      switch method {
      case .none: break
      case .weights: weights = Reweighting.balanced(part)
      case .over: weights = Reweighting.over(part, draws)
      case .under: weights = Reweighting.under(part, draws)
      case .smote, .smoteNC, .borderline, .adasyn:
        synthetic = try SyntheticRows(part, features, method: method, neighbours: neighbours, draws, crew)
        notes += synthetic.note.map { ["Fold \(part.fold): \($0)"] } ?? []
      }
      examples.add(part, weights: weights)
      examples.add(part, synthetic)
      let rare = Reweighting.split(part).rare.first.map { part.labels[$0] } ?? 1
      let eventWeight = zip(weights, part.labels).reduce(0.0) { $0 + ($1.1 == 1 ? $1.0 : 0) }
      findings.append(
        ResamplingFindings.Part(
          fold: part.fold, rows: part.rows.count, events: part.events,
          weightAfter: weights.reduce(0, +) + Double(synthetic.count),
          eventWeightAfter: eventWeight + (rare == 1 ? Double(synthetic.count) : 0),
          synthetic: synthetic.count))
    }
    let table = examples.finish(method)
    try outputs.table("examples", table)
    try outputs.document(
      "resampling",
      ResamplingFindings(
        method: method.rawValue, parts: findings,
        notes: notes))
    return StageSummary(rowsIn: features.rowCount, rowsOut: table.rowCount, remark: method.rawValue)
  }
}
