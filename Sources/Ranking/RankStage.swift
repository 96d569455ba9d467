import Clientele
import Delimited
import Findings
import Fingerprints
import Modelling
import Numerics
package import Staging
import Tabular

/// `rank`: what acting on each customer is worth, and whom to call.
package struct RankStage: Stage {
  package static let declaration = StageDeclaration(
    id: "rank",
    purpose:
      "Ranks customers by what acting on each is worth and decides whom to call within budget and capacity.",
    codeVersion: 2, module: "Ranking",
    inputs: [
      InputDeclaration(
        "features", purpose: "Balances, charges and products, for a customer's value."),
      InputDeclaration("predictions", purpose: "Who is about to leave, and in what range."),
      InputDeclaration("model", purpose: "The reasons of a score."),
      InputDeclaration(
        "segments", optional: true, columns: ["key", "segment"], purpose: "Each customer's segment."),
      InputDeclaration("portraits", optional: true, purpose: "The segments' names."),
      InputDeclaration("gate", purpose: "Whether the model may be acted on."),
    ],
    outputs: [
      OutputDeclaration(
        "ranking", .table, format: "holdfast.ranking/v1", purpose: "Every customer, most worth a call first."),
      OutputDeclaration(
        "rankingText", .file, fileName: "ranking.csv", format: "holdfast.ranking-csv/v1",
        purpose: "The same for a spreadsheet; text cannot run as a formula."),
      OutputDeclaration(
        "assumptions", .document, format: "holdfast.assumptions/v1",
        purpose: "What was taken for granted, and what came of it.", holds: .metric),
    ],
    parameters: RankParameters.declarations)

  private let parameters: RankParameters

  package init(parameters: ParameterValues) throws(ParameterError) {
    self.parameters = try RankParameters(parameters)
  }

  package func run(_ inputs: Inputs, _ outputs: Outputs, _ context: StageContext) throws -> StageSummary {
    let crew = Crew(threads: context.threads)
    let gate = try inputs.document("gate", as: GateFindings.self)
    let (keys, values, list) = try ranked(inputs, hasSkill: gate.hasSkill, crew)
    context.progress(StageProgress("explaining", done: 0, total: list.explained))
    let model = try ChurnModel(document: inputs.json("model"))
    var background = ExplanationBackground()
    background.take(keys)
    let (drivers, doubt) = try Drivers.words(
      inputs.rows("features", list.rows.prefix(list.explained) + background.rows),
      explaining: list.explained, model, crew: crew)
    let segments = try SegmentNames.perRow(inputs, keys)
    let table = list.table(
      keys: keys, values: values, drivers: drivers, segments: segments, crew: crew)
    // Written at once: each waits for the disk and for digests while the other reckons.
    _ = try crew.map(2) { output throws(any Error) in
      if output == 0 { return try outputs.table("ranking", table) }
      try outputs.bytes("rankingText") { sink in
        try DelimitedWriter(isFormulaSafe: true).write(table, threads: context.threads, sink)
      }
    }
    var findings = list.findings(values, parameters)
    if let doubt { findings.notes.append(doubt) }
    try outputs.document("assumptions", findings)
    return StageSummary(
      rowsIn: keys.count, rowsOut: list.rows.count,
      remark: gate.hasSkill ? "\(findings.act) to act on" : "no skill: nobody to act on",
      metrics: [
        "act": Double(findings.act), "expectedValue": findings.expectedValue,
        "expectedCost": findings.expectedCost, "expectedLeavers": findings.expectedLeavers,
      ])
  }
}

extension RankStage {
  /// The customers' keys, where their values come from, and the list. What it is made of is in memory here alone.
  private func ranked(
    _ inputs: Inputs, hasSkill: Bool, _ crew: Crew
  ) throws -> (keys: TextColumn, values: CustomerValues, list: RankedList) {
    let features = try inputs.table(
      "features", columns: CustomerValues.columns(of: inputs.shape("features").schema))
    let keys = try features.texts(FeatureColumn.key)
    let (probabilities, ranges) = try Self.predicted(inputs, keys)
    var values: CustomerValues
    do { values = try CustomerValues(features, parameters) } catch let error as RankError {
      throw StageFault(.configuration, error.description)
    }
    let list = try RankedList(
      keys: keys, labels: features.integers(FeatureColumn.label), probabilities: probabilities,
      ranges: ranges, values: values, hasSkill: hasSkill, parameters, crew: crew)
    // The list has them in its own order.
    values.dropValues()
    return (keys, values, list)
  }

  /// The probabilities of the customers `keys`, and their ranges where there are any.
  private static func predicted(
    _ inputs: Inputs, _ keys: TextColumn
  ) throws -> (probabilities: [Double], ranges: ProbabilityRanges?) {
    let predictions = try inputs.table(
      "predictions",
      anyOf: [
        PredictionColumn.key, PredictionColumn.probability, PredictionColumn.probabilityLow,
        PredictionColumn.probabilityHigh,
      ])
    guard try predictions.texts(PredictionColumn.key) == keys else {
      throw StageFault(.failed, RankError.differentCustomers("predictions").description)
    }
    return (try predictions.numbers(PredictionColumn.probability), try ProbabilityRanges(predictions))
  }
}

/// The reasons of a score in words.
enum Drivers {
  /// One text for each of the first `count` rows of `features`, explained beside the others: at most three columns
  /// that raise the score most, with what they hold; and where the reasons are sampled, how far off they may be.
  static func words(
    _ features: Table, explaining count: Int, _ model: ChurnModel, crew: Crew
  ) throws -> (words: [String?], doubt: String?) {
    guard count > 0 else { return ([], nil) }
    let rows = (0..<Int32(features.rowCount)).map { $0 }
    let explanation = try model.explain(
      features, rows: Array(rows[..<count]), background: Array(rows[count...]), crew: crew)
    let words = try (0..<count).map { row -> String? in
      let reasons = explanation.drivers(row, most: 3)
      guard !reasons.isEmpty else { return nil }
      return try reasons.map { reason in
        let column = try features.column(reason.feature)
        if case .real(let numbers) = column, !numbers.values[row].isNaN {
          return "\(reason.feature) \(Drivers.rounded(numbers.values[row]))"
        }
        if let text = column.display(row) { return "\(reason.feature) \(text)" }
        return "\(reason.feature) missing"
      }.joined(separator: "; ")
    }
    return (words, explanation.doubt)
  }
}

extension Drivers {
  /// A number as a person would say it: whole from a hundred up, at most two digits after the point below.
  static func rounded(_ value: Double) -> String {
    if value == value.rounded() || abs(value) >= 100 { return Wording.decimals(value, 0) }
    return Wording.decimals(value, abs(value) >= 10 ? 1 : 2)
  }
}

/// The segment of each customer by name.
enum SegmentNames {
  /// The names in the order of `keys`, and which each customer has; `nil` where there are no segments.
  static func perRow(_ inputs: Inputs, _ keys: TextColumn) throws -> CategoryColumn? {
    guard inputs.has("segments") else { return nil }
    let segments = try inputs.table("segments")
    guard try segments.texts(SegmentColumn.key) == keys else {
      throw StageFault(.failed, RankError.differentCustomers("segments").description)
    }
    let numbers = try segments.integers(SegmentColumn.segment).values
    let count = Int(numbers.max() ?? -1) + 1
    var names = (0..<count).map { "segment \($0 + 1)" }
    if let portraits = try inputs.documentIfPresent("portraits", as: PortraitsFindings.self) {
      for portrait in portraits.portraits where portrait.segment < count {
        names[portrait.segment] = portrait.name
      }
    }
    return CategoryColumn(codes: numbers.map { Int32($0) }, dictionary: names)
  }
}
