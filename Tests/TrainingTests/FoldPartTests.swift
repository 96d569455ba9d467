import Clientele
import Findings
import Learning
import Modelling
import Numerics
import Staging
import Tabular
import Testing

@testable import Training

extension TrainingData {
  /// Those of a table in memory.
  init(of features: Table) throws {
    let artifacts = MemoryArtifacts()
    try artifacts.table("features", features)
    self = try TrainingData(
      InputTable(Inputs(TrainStage.declaration, from: artifacts), "features"), usesProtected: true,
      crew: Crew(threads: 2))
  }
}

struct FoldPartTests {
  private let features = FeatureTables.made(1500) { row, z in row % 50 == 0 ? nil : z > 0.3 ? 1 : 0 }

  /// The part of fold 0 with synthetic rows between these rows of the features.
  private func part(_ ends: [(base: Int, neighbour: Int)], keepsTenth: Bool = true) throws -> FoldPart {
    let data = try TrainingData(of: features)
    var examples = Examples()
    if !ends.isEmpty {
      examples.synthetic = data.frame.taking(ends.map { Int32($0.base) })
      examples.syntheticLabels = ends.map { data.labels[$0.base] }
      examples.syntheticWeights = ends.map { _ in 1 }
      examples.syntheticEnds = ends
    }
    return FoldPart(
      data, fold: 0, examples, keepsTenth: keepsTenth, needsBins: false, crew: Crew(threads: 1))
  }

  @Test func `nothing is learnt from a synthetic row made of one that is kept to judge`() throws {
    let data = try TrainingData(of: features)
    let training = data.labelled.map(Int.init).filter { data.folds[$0] != 0 && data.labels[$0] == 1 }
    let kept = try #require(training.first { data.isTenth[$0] })
    let learnt = training.filter { !data.isTenth[$0] }
    let rows = features.rowCount
    let ends = [
      (base: learnt[0], neighbour: learnt[1]), (base: kept, neighbour: learnt[0]),
      (base: learnt[0], neighbour: kept), (base: learnt[1], neighbour: learnt[0]),
    ]
    let synthetic = try part(ends).fitting.filter { $0 >= rows }
    #expect(synthetic == [Int32(rows), Int32(rows + 3)])
    // Where nothing is kept, all are learnt from.
    #expect(try part(ends, keepsTenth: false).fitting.filter { $0 >= rows }.count == 4)
  }

  @Test func `a resampled part is judged at the share of events among customers as they are`() throws {
    let plain = try part([])
    #expect(plain.shift == 0)
    let data = try TrainingData(of: features)
    let events = plain.fitting.map(Int.init).filter { data.labels[$0] == 1 }
    // Every event twice: the log-odds of the share rise by ln 2.
    let doubled = try part(events.map { (base: $0, neighbour: $0) })
    #expect((doubled.shift + logarithm(2)).magnitude < 1e-12)
    let scores = doubled.tenth.map { Double($0 % 7) / 3 - 1 }
    #expect(
      (doubled.meanLoss(scores, doubled.tenth) - plain.meanLoss(scores.map { $0 - logarithm(2) }, plain.tenth))
        .magnitude < 1e-12)
  }

  @Test func `weights shift what a part is judged at as copies do`() throws {
    let data = try TrainingData(of: features)
    let plain = try part([])
    var examples = Examples()
    examples.weights = plain.fitting.map(Int.init).filter { data.labels[$0] == 1 }.map { ($0, 2) }
    let weighted = FoldPart(
      data, fold: 0, examples, keepsTenth: true, needsBins: false, crew: Crew(threads: 1))
    #expect((weighted.shift + logarithm(2)).magnitude < 1e-12)
  }

  @Test func `what is learnt is the same where the features are let go of`() throws {
    let data = try TrainingData(of: features)
    var trainer = Trainer(
      parameters: TrainParameters(try ParameterValues(TrainParameters.declarations)), rows: 1200, seed: 1,
      crew: Crew(threads: 2))
    let none = [Examples](repeating: Examples(), count: data.assignment.count)
    let kept = try trainer.best(of: [.boosting], data, none)
    trainer.mostKept = 0
    let dropped = try trainer.best(of: [.boosting], data, none)
    #expect(kept.folds == dropped.folds && kept.logLoss == dropped.logLoss)
  }

  @Test func `of four million rows to learn from each tree takes a stretch of two`() {
    #expect([0, 1, 3_999_999].allSatisfy { Capacity.stretches($0) == 1 })
    #expect(Capacity.stretches(4_000_000) == 2 && Capacity.stretches(5_999_999) == 2)
    #expect(Capacity.stretches(6_000_000) == 3 && Capacity.stretches(.max) == 256)
  }

  @Test func `a tree draws from wide tables at most five hundred columns`() {
    #expect(FittedCapacity.drawn(0.8, of: 100) == 0.8 && FittedCapacity.drawn(1, of: 500) == 1)
    #expect(FittedCapacity.drawn(0.8, of: 5000) == 0.1 && FittedCapacity.drawn(0.05, of: 5000) == 0.05)
  }
}
