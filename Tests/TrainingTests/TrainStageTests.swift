import Clientele
import Findings
import Fingerprints
import Modelling
import Numerics
import Staging
import Tabular
import Testing

@testable import Training

struct TrainStageTests {
  private func train(
    _ features: Table, examples: Table? = nil, threads: Int = 2, seed: UInt64 = 1,
    _ given: [String: JSONValue] = [:]
  ) throws -> (model: ChurnModel, training: TrainingFindings, document: JSONValue) {
    let artifacts = MemoryArtifacts()
    try artifacts.table("features", features)
    if let examples { try artifacts.table("examples", examples) }
    let stage = TrainStage(
      parameters: try ParameterValues(TrainStage.declaration.parameters, given: given))
    let summary = try artifacts.run(stage, StageContext(seed: seed, threads: threads))
    #expect(
      summary.rowsIn
        == (try JSONDecoding.decode(TrainingFindings.self, from: artifacts.document("training"))).labelled)
    let document = try artifacts.document("model")
    return (
      try ChurnModel(document: document),
      try JSONDecoding.decode(TrainingFindings.self, from: artifacts.document("training")), document
    )
  }

  private func fault(_ features: Table, _ given: [String: JSONValue] = [:]) -> StageFault? {
    do {
      _ = try train(features, given)
      return nil
    } catch { return error as? StageFault }
  }

  @Test func `the same bytes for any number of threads`() throws {
    let features = FeatureTables.made(1500)
    let learners: [String: JSONValue] = ["learners": ["boosting", "logistic", "forest"]]
    let one = CanonicalJSON.encode(try train(features, threads: 1, learners).document)
    #expect(CanonicalJSON.encode(try train(features, threads: 2, learners).document) == one)
    #expect(CanonicalJSON.encode(try train(features, threads: 4, learners).document) == one)
  }

  @Test func `no fold's model depends on that fold's labels`() throws {
    let features = FeatureTables.made(900)
    let folds = try features.integers("fold").values
    let labels = try features.integers("label").values
    // Turns over the labels of fold 2 alone: model 2 must not notice. (Its calibration may: the other folds' scores,
    // which it is fitted on, come from models that saw fold 2.)
    let turned = zip(folds, labels).map { $0 == 2 ? 1 - $1 : $1 }
    var columns = features.columns
    columns[2] = .integer(IntegerColumn(turned))
    let a = try train(features, ["learners": ["boosting"]]).model
    let b = try train(Table(schema: features.schema, columns: columns), ["learners": ["boosting"]]).model
    let isBlind = a.folds[2].predictor == b.folds[2].predictor && a.folds[2].fill == b.folds[2].fill
    let othersSee = a.folds[1].predictor != b.folds[1].predictor
    #expect(isBlind && othersSee)
  }

  @Test func `findings say what was tried, chosen and learnt from`() throws {
    let (model, training, _) = try train(
      FeatureTables.made(1200), ["learners": ["boosting", "logistic"], "blend": "never"])
    #expect(training.labelled == 1200 && training.folds == 5)
    #expect(training.learners.count == 2 && training.learners[0].chosen && !training.learners[1].chosen)
    #expect(training.learners[0].name == model.learner)
    let losses = training.learners.compactMap(\.tenthLogLoss)
    #expect(losses.count == 2 && losses[0] <= losses[1])
    #expect(training.learners.allSatisfy { $0.rocAuc > 0.7 && $0.logLoss < 0.6 })
    #expect(training.capacities.count == 2 * 2 * 5)
    #expect(training.capacities.filter(\.chosen).count == 2 * 5)
    #expect(training.features.map(\.name) == ["balance", "balance.state", "age", "city"])
    #expect(training.features.filter(\.protected).map(\.name) == ["age"])
    #expect(model.contract.events == training.events && training.resampling == "none")
  }

  @Test func `a blend says its members' weights, and no fold's weights see that fold`() throws {
    let features = FeatureTables.made(1200)
    let (model, training, _) = try train(features)
    #expect(model.learner == "blend" && training.calibration == "blend")
    #expect(
      training.learners.map(\.name) == [
        "blend", "boosting", "symmetric (depth 4)", "symmetric (depth 6)", "randomised", "forest", "logistic",
      ])
    let weights = training.learners.dropFirst().compactMap(\.weight)
    #expect(weights.count == 6 && weights.allSatisfy { $0 >= 0 })
    #expect(training.learners.dropFirst().allSatisfy { $0.logLoss > training.learners[0].logLoss - 0.005 })
    #expect(model.folds.allSatisfy { $0.calibration == .identity })
    // Another outcome for fold 2's customers moves neither its members nor, since they are not asked, its weights' share
    // of them: the members of fold 2 stay as they are.
    let folds = try features.integers("fold").values
    let labels = try features.integers("label").values
    var columns = features.columns
    columns[2] = .integer(IntegerColumn(zip(folds, labels).map { $0 == 2 ? 1 - $1 : $1 }))
    let turned = try train(Table(schema: features.schema, columns: columns)).model
    guard case .blend(let a) = model.folds[2].predictor, case .blend(let b) = turned.folds[2].predictor else {
      Issue.record("a blend scores")
      return
    }
    for member in a.members {
      guard let same = b.members.first(where: { $0.learner == member.learner }) else { continue }
      let isBlind = same.predictor == member.predictor
      #expect(isBlind)
    }
  }

  @Test func `of many customers one learner is chosen on a sample, and said`() throws {
    let trainer = Trainer(
      parameters: TrainParameters(try ParameterValues(TrainParameters.declarations)), rows: 100, seed: 1,
      crew: Crew(threads: 1))
    #expect(trainer.way(30_000) == .blend && trainer.way(30_001) == .bestOnSample)
    let one = Trainer(
      parameters: TrainParameters(
        try ParameterValues(TrainParameters.declarations, given: ["learners": ["forest"]])), rows: 100,
      seed: 1,
      crew: Crew(threads: 1))
    #expect(one.way(100) == .bestOnTenths && one.way(1_000_000) == .bestOnTenths)
  }

  @Test func `protected attributes are left out where asked, and said`() throws {
    let (model, training, _) = try train(FeatureTables.made(600), ["protected": "leaveOut"])
    #expect(!model.encoding.columns.contains { $0.name == "age" })
    let age = try #require(training.features.first { $0.name == "age" })
    #expect(!age.used && age.protected && age.note != nil)
  }

  @Test(arguments: ["beta", "platt", "isotonic"]) func `each calibration is kept in the model`(name: String)
    throws
  {
    let (model, training, _) = try train(
      FeatureTables.made(900), ["calibration": .string(name), "blend": "never"])
    for fold in model.folds {
      switch fold.calibration {
      case .beta: #expect(name == "beta")
      case .platt: #expect(name == "platt")
      case .isotonic: #expect(name == "isotonic")
      case .identity: Issue.record("there was enough to calibrate on")
      }
    }
    #expect(training.calibration == name)
  }

  @Test(arguments: [MissingPolicy.median, .group, .zero]) func `a declared fill is learnt a fold`(
    policy: MissingPolicy
  ) throws {
    let (model, _, _) = try train(FeatureTables.made(600, policy: policy), ["learners": ["logistic"]])
    #expect(model.folds.allSatisfy { $0.fill.rules[0] != .keep && $0.fill.rules[2] == .keep })
  }

  @Test func `weights and synthetic rows change the parts they name and no others`() throws {
    let features = FeatureTables.made(900)
    let folds = try features.integers("fold").values
    let rows = (0..<900).filter { folds[$0] != 0 }.prefix(300)
    func column(_ values: [Int64?]) -> Column {
      var validity = Validity()
      for value in values { validity.append(value != nil) }
      return .integer(IntegerColumn(values.map { $0 ?? 0 }, validity: validity))
    }
    let synthetic = features.taking(rows.prefix(100).map(Int32.init))
    let weighted = rows.map { Int64($0) as Int64? } + [Int64?](repeating: nil, count: 100)
    let bases = [Int64?](repeating: nil, count: 300) + rows.prefix(100).map { Int64($0) }
    let values = features.taking(rows.map(Int32.init) + rows.prefix(100).map(Int32.init))
    let examples = Table([
      ("fold", column([Int64?](repeating: 0, count: 400))), ("row", column(weighted)),
      ("weight", .real(RealColumn([Double](repeating: 3, count: 300) + [Double](repeating: 1, count: 100)))),
      ("base", column(bases)), ("neighbour", column(bases)),
      ("u", .real(RealColumn([Double](repeating: 0, count: 400)))),
      ("balance", try values.column("balance")), ("balance.state", try values.column("balance.state")),
      ("age", try values.column("age")), ("city", try values.column("city")),
    ])
    #expect(synthetic.rowCount == 100)
    let plain = try train(features, ["learners": ["boosting"]]).model
    let changed = try train(features, examples: examples, ["learners": ["boosting"]]).model
    let (first, second) = (plain.folds[0].predictor, plain.folds[1].predictor)
    let isNamedPartChanged = first != changed.folds[0].predictor && second == changed.folds[1].predictor
    #expect(isNamedPartChanged)
    #expect(changed.contract.resampling == "examples")
    // A training part never holds its own fold's rows.
    let own = Int64((0..<900).filter { folds[$0] == 0 }[0])
    let wrong = Table([
      ("fold", column([0])), ("row", column([own])), ("weight", .real(RealColumn([2]))),
      ("base", column([nil])), ("neighbour", column([nil])),
    ])
    #expect(throws: StageFault.self) { try train(features, examples: wrong) }
  }

  @Test func `a target that cannot be learnt is refused with a remedy`() {
    #expect(fault(FeatureTables.made(200) { _, _ in 1 })?.kind == .data)
    #expect(fault(FeatureTables.made(200) { _, _ in 0 })?.remedy != nil)
    #expect(fault(FeatureTables.made(200) { row, _ in Int64(row % 3) })?.kind == .data)
    #expect(fault(FeatureTables.made(200) { _, _ in nil })?.kind == .data)
    let table = FeatureTables.made(50)
    let names = table.schema.fields.map(\.name).filter { $0 != "label" }
    #expect((try? table.selecting(names)).flatMap { fault($0) }?.kind == .data)
  }

  @Test func `unlabelled customers are not learnt from`() throws {
    let (_, training, _) = try train(FeatureTables.made(900) { $0 % 3 == 0 ? nil : $1 > 0 ? 1 : 0 })
    #expect(training.labelled == 600)
  }

  @Test(arguments: ["always", "never"]) func `thirty customers are enough to run`(blend: String) throws {
    let (model, training, _) = try train(
      FeatureTables.made(30) { row, _ in row % 3 == 0 ? 1 : 0 }, ["blend": .string(blend)])
    #expect(model.folds.count == 5 && training.notes.isEmpty == (blend == "always"))
    #expect(training.learners.allSatisfy { $0.logLoss.isFinite && $0.rawLogLoss.isFinite })
  }

  @Test func `folds that the hash does not give are refused`() throws {
    let features = FeatureTables.made(100)
    var columns = features.columns
    columns[1] = .integer(IntegerColumn([Int64](repeating: 0, count: 100)))
    #expect(fault(Table(schema: features.schema, columns: columns))?.kind == .failed)
    var schema = features.schema
    schema.metadata = [:]
    #expect(fault(Table(schema: schema, columns: features.columns))?.kind == .failed)
  }
}
