import Fingerprints
import FoundationEssentials
import Testing

/// `init` and `run`, unedited, on each table, and how good the probabilities must be.
private let tables: [(file: String, logLoss: Double)] = [
  ("churn-modelling/Churn_Modelling.csv", 0.340), ("metanprom-reconstructed/bank_dataset.csv", 0.340),
  ("telco/WA_Fn-UseC_-Telco-Customer-Churn.csv", 0.420), ("metanprom-scrooge/bank_scrooge.csv", 0.292),
]

@Test(arguments: tables.indices)
func `init and run work unedited on a real table`(place: Int) throws {
  let (file, limit) = tables[place]
  guard let data = Holdfast.data(file) else { return }
  let work = try Workplace()
  let made = try Holdfast.run(["init", "bank", "--data", data], in: work.path)
  #expect(made.code == 0, "\(made.errors)")
  let run = try Holdfast.run(["run", "--json"], in: work.path + "/bank")
  #expect(run.code == 0, "\(run.errors)\(run.output)")
  let metrics = try JSONParser.parse(Array(work.read("bank/artifacts/latest/evaluate/metrics.json").utf8))
  let found = try #require(metrics["outOfFold"]?["logLoss"]?.double)
  #expect(found <= limit, "\(file): log-loss \(found)")
  let ranking = try work.read("bank/artifacts/latest/rank/ranking.csv")
  #expect(
    ranking.hasPrefix(
      "rank,key,probability,value,tau,expectedValue,breakEvenSaveRate,decision,reason,drivers,band"))
  #expect(try Holdfast.run(["run", "--json"], in: work.path + "/bank").ran == [])
}

@Test func `noise ends in do not act, not in a confident list`() throws {
  guard let data = Holdfast.data("churn-modelling-negative/Churn_Modelling.cr-only.csv") else { return }
  let work = try Workplace()
  #expect(try Holdfast.run(["init", "bank", "--data", data], in: work.path).code == 0)
  let run = try Holdfast.run(["run"], in: work.path + "/bank")
  #expect(run.code == 0, "\(run.errors)")
  #expect(run.output.contains("nobody to call"))
  let ranking = try work.read("bank/artifacts/latest/rank/ranking.csv")
  #expect(!ranking.contains(",act,"))
  #expect(ranking.contains(",doNotAct,modelHasNoSkill,"))
  let stopped = try Holdfast.run(["run", "--set", "evaluate.gate=stop"], in: work.path + "/bank")
  #expect(stopped.code == 4)
  #expect(try work.read("bank/artifacts/latest/rank/ranking.csv") == ranking)
}

@Test func `a table whose ids repeat across cities gets a key of two columns`() throws {
  guard let data = Holdfast.data("metanprom-scrooge/bank_scrooge.csv") else { return }
  let work = try Workplace()
  let made = try Holdfast.run(["init", "bank", "--data", data], in: work.path)
  #expect(made.output.contains("USERID + city"))
}
