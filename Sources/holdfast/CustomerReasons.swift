import Catalog
import Clientele
import Columnar
import Fingerprints
import Modelling
import Numerics
import Pipeline
import Tabular

/// Why one customer scores as they do: each column's part in the score, by the model the run scored with.
struct CustomerReasons: Equatable {
  /// One column's part.
  struct Part: Equatable {
    var feature: String
    /// By how much it moved the log-odds.
    var contribution: Double
  }

  /// The log-odds of the customers compared with; base and parts sum to the score.
  let base: Double
  /// Those that moved the score, the furthest first, ties in the table's order.
  let parts: [Part]
  private let origin: [Digest]

  /// The reasons of the customer in `row` of a run's features; `nil` where the run does not say which model it
  /// scored with. `other` is taken over where it rests on the same model and the same table.
  init?(
    _ grounds: CustomerGrounds, _ run: PastRun, _ features: MappedTable, row: Int,
    beside other: CustomerReasons?
  ) throws {
    guard let model = run.stage("score")?.inputs["model"], let table = run.output("features") else {
      return nil
    }
    if let other, other.origin == [model, table] {
      self = other
      return
    }
    guard let known = grounds.model(model), let background = grounds.background(table) else { return nil }
    origin = [model, table]
    let some = try features.rows([row] + background)
    do {
      let explanation = try known.explain(
        some, rows: [0], background: (1..<Int32(some.rowCount)).map { $0 }, crew: Crew(threads: 1))
      base = explanation.bases[0]
      parts = zip(explanation.features, explanation.contributions).enumerated()
        .filter { $0.element.1 != 0 }
        .sorted { (abs($1.element.1), $0.offset) < (abs($0.element.1), $1.offset) }
        .map { Part(feature: $0.element.0, contribution: $0.element.1) }
    } catch let error as ModellingError {
      throw PipelineError(.integrity, "the score cannot be explained: \(error.description)")
    }
  }

  /// The parts as facts: in words, what a column multiplies the odds of leaving by.
  var facts: [CustomerStory.Fact] {
    parts.map { part in
      let factor = exponential(part.contribution)
      return CustomerStory.Fact(
        part.feature, value: "odds × " + Wording.decimals(factor, factor >= 10 ? 1 : 2),
        json: .number(part.contribution))
    }
  }
}
