import Clientele
import Findings
import Fingerprints
import Learning
import Modelling
import Numerics
import Staging
import Tabular
import Testing

@testable import Training

struct PlainReferenceTests {
  private let features = FeatureTables.made(1500) { row, z in row % 50 == 0 ? nil : z > 0.3 ? 1 : 0 }

  private func train(_ examples: Table?, threads: Int = 2) throws -> TrainingFindings {
    let artifacts = MemoryArtifacts()
    try artifacts.table("features", features)
    if let examples { try artifacts.table("examples", examples) }
    let stage = TrainStage(parameters: try ParameterValues(TrainStage.declaration.parameters))
    _ = try artifacts.run(stage, StageContext(seed: 1, threads: threads))
    return try JSONDecoding.decode(TrainingFindings.self, from: artifacts.document("training"))
  }

  /// Every training row of the rarer outcome counted three times.
  private func weights() throws -> Table {
    let labels = try features.integers("label")
    let folds = try features.integers("fold").values
    var (fold, row): ([Int64], [Int64]) = ([], [])
    for held in 0..<5 {
      for place in 0..<features.rowCount
      where labels.isPresent(place) && labels.values[place] == 1 && folds[place] != Int64(held) {
        fold.append(Int64(held))
        row.append(Int64(place))
      }
    }
    let none = Validity(repeating: false, count: row.count)
    let zeros = [Int64](repeating: 0, count: row.count)
    return Table(
      schema: Schema(
        [
          Field(ExampleColumn.fold, .integer), Field(ExampleColumn.row, .integer),
          Field(ExampleColumn.weight, .real), Field(ExampleColumn.base, .integer),
          Field(ExampleColumn.neighbour, .integer), Field(ExampleColumn.step, .real),
        ], metadata: ["holdfast.resampling": "weights"]),
      columns: [
        .integer(IntegerColumn(fold)), .integer(IntegerColumn(row)),
        .real(RealColumn(row.map { _ in 3 })), .integer(IntegerColumn(zeros, validity: none)),
        .integer(IntegerColumn(zeros, validity: none)), .real(RealColumn(row.map { _ in Double.nan })),
      ])
  }

  @Test func `beside a resampled model stands the one that training without resampling makes`() throws {
    let weighted = try train(weights())
    let reference = try #require(weighted.withoutResampling)
    let plain = try #require(try train(nil).learners.first { $0.name == reference.learner })
    #expect(reference.logLoss == plain.logLoss && reference.rocAuc == plain.rocAuc)
    #expect(reference.rows == 1470 && reference.sample == nil)
    #expect(reference.learner == weighted.learners.first?.name)
    #expect(reference.logLoss != weighted.learners.first?.logLoss)
    #expect(try train(weights(), threads: 1).withoutResampling == reference)
  }

  @Test func `without resampling there is nothing to compare`() throws {
    #expect(try train(nil).withoutResampling == nil)
  }

  @Test func `of many customers a sample by key is compared, and said`() throws {
    let data = try TrainingData(of: features)
    let sample = data.sampled(400, keys: try features.texts("key"))
    #expect(sample.labelled.count == 400 && sample.labels.allSatisfy { $0 == 0 || $0 == 1 })
    #expect(sample.events == sample.labels.filter { $0 == 1 }.count && sample.frame.rows == 400)
    let turned = features.taking((0..<Int32(features.rowCount)).reversed())
    let same = try TrainingData(of: turned).sampled(400, keys: try turned.texts("key"))
    let backwards = (0..<Int32(400)).reversed().map { $0 }
    // The balance in front has gaps, and a gap equals nothing.
    let isSame = same.frame.taking(backwards).columns.dropFirst() == sample.frame.columns.dropFirst()
    #expect(isSame)
    #expect(Array(same.labels.reversed()) == sample.labels && Array(same.folds.reversed()) == sample.folds)
    let reference = sample.reference(try figures(sample), of: data)
    #expect(reference.sample == "400 customers drawn by key" && reference.rows == 400)
  }

  private func figures(_ data: TrainingData) throws -> Trained {
    let trainer = Trainer(
      parameters: TrainParameters(try ParameterValues(TrainParameters.declarations)), rows: 320, seed: 1,
      crew: Crew(threads: 2))
    return try trainer.best(
      of: [.logistic], data, [Examples](repeating: Examples(), count: data.assignment.count))
  }
}
