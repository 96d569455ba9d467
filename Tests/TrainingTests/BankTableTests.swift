import Findings
import Fingerprints
import Modelling
import Numerics
import Staging
import Tabular
import Testing
import Training

/// With defaults, how well the public tables are foretold: pooled, out of fold, calibrated log-loss.
struct BankTableTests {
  private func logLoss(_ features: Table) throws -> Double {
    let artifacts = MemoryArtifacts()
    try artifacts.table("features", features)
    let stage = TrainStage(parameters: try ParameterValues(TrainStage.declaration.parameters))
    let clock = ContinuousClock()
    let start = clock.now
    _ = try artifacts.run(stage, StageContext(seed: 42, threads: 2))
    let wall = clock.now - start
    let training = try JSONDecoding.decode(TrainingFindings.self, from: artifacts.document("training"))
    let loss = try #require(training.learners.first).logLoss
    print("\(features.rowCount) customers: \(training.learners.map { ($0.name, $0.logLoss) }), \(wall)")
    return loss
  }

  @Test func `churn-modelling is below .340`() throws {
    guard
      let table = FeatureTables.shared(
        "churn-modelling/Churn_Modelling.csv", key: ["CustomerId"], target: "Exited",
        ignoring: ["RowNumber", "Surname"])
    else { return }
    #expect(try logLoss(table) <= 0.340)
  }

  @Test func `metanprom-reconstructed is below .340`() throws {
    guard
      let table = FeatureTables.shared(
        "metanprom-reconstructed/bank_dataset.csv", key: ["userid"], target: "Churn", ignoring: [])
    else { return }
    #expect(try logLoss(table) <= 0.340)
  }

  @Test func `telco is below .420`() throws {
    guard
      let table = FeatureTables.shared(
        "telco/WA_Fn-UseC_-Telco-Customer-Churn.csv", key: ["customerID"], target: "Churn", ignoring: [])
    else { return }
    #expect(try logLoss(table) <= 0.420)
  }

  @Test func `metanprom-scrooge is below .292`() throws {
    guard
      let table = FeatureTables.shared(
        "metanprom-scrooge/bank_scrooge.csv", key: ["USERID", "city"], target: "churn", ignoring: [])
    else { return }
    #expect(try logLoss(table) <= 0.292)
  }
}
