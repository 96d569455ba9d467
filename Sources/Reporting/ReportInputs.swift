import Findings
import Staging
import Tabular

/// What the page is made of, and nothing else.
struct ReportInputs {
  /// What `clean` found.
  var quality: QualityFindings
  /// What `ingest` saw.
  var intake: IntakeFindings
  /// Rows that could not be taken.
  var rejects: Table
  /// How training parts were changed, where they were.
  var resampling: ResamplingFindings?
  /// How the model came about.
  var training: TrainingFindings
  /// How good it is, where labels exist.
  var metrics: MetricsFindings?
  /// Points to draw, where labels exist.
  var curves: CurvesFindings?
  /// Whether the model may be acted on.
  var gate: GateFindings
  /// The segments.
  var portraits: PortraitsFindings
  /// The customers, most worth a call first.
  var ranking: Table
  /// What was taken for granted.
  var assumptions: AssumptionsFindings
  /// Keys of those to call in the newest list that differs from this one, where there is one.
  var previousToCall: Set<String>?

  /// What the page reads, as declared.
  static let declarations: [InputDeclaration] = [
    InputDeclaration("quality", purpose: "Data quality, repairs and missing balances."),
    InputDeclaration("intake", purpose: "How the file was read."),
    InputDeclaration("rejects", purpose: "Rows that could not be taken, with their places."),
    InputDeclaration("resampling", optional: true, purpose: "How training parts were balanced."),
    InputDeclaration("training", purpose: "Learners, columns used, protected attributes."),
    InputDeclaration("metrics", optional: true, purpose: "Model quality and drivers, where labels exist."),
    InputDeclaration("curves", optional: true, purpose: "Points of the charts, where labels exist."),
    InputDeclaration("gate", purpose: "Whether the model may be acted on."),
    InputDeclaration("portraits", purpose: "The segments in words."),
    InputDeclaration("ranking", purpose: "Who to call and why."),
    InputDeclaration("assumptions", purpose: "What was taken for granted, and what came of it."),
    InputDeclaration(
      "previous.ranking", optional: true, purpose: "What changed since the last different list."),
  ]

  /// Reads all of them.
  init(_ inputs: Inputs) throws {
    quality = try inputs.document("quality", as: QualityFindings.self)
    intake = try inputs.document("intake", as: IntakeFindings.self)
    rejects = try inputs.table("rejects")
    resampling = try inputs.documentIfPresent("resampling", as: ResamplingFindings.self)
    training = try inputs.document("training", as: TrainingFindings.self)
    metrics = try inputs.documentIfPresent("metrics", as: MetricsFindings.self)
    curves = try inputs.documentIfPresent("curves", as: CurvesFindings.self)
    gate = try inputs.document("gate", as: GateFindings.self)
    portraits = try inputs.document("portraits", as: PortraitsFindings.self)
    ranking = try inputs.table("ranking", anyOf: RankedCustomers.columns)
    assumptions = try inputs.document("assumptions", as: AssumptionsFindings.self)
    previousToCall =
      try inputs.has("previous.ranking")
      ? ReportInputs.toCall(
        inputs.table("previous.ranking", columns: [RankingColumn.key, RankingColumn.reason])) : nil
  }

  private static func toCall(_ ranking: Table) throws -> Set<String> {
    let keys = try ranking.texts(RankingColumn.key)
    let reasons = try ranking.categories(RankingColumn.reason)
    var chosen: Set<String> = []
    let worthIt = reasons.dictionary.firstIndex(of: DecisionReason.worthIt.rawValue).map { Int32($0) }
    for row in 0..<ranking.rowCount where reasons.codes[row] == worthIt {
      if let key = keys.text(row) { chosen.insert(key) }
    }
    return chosen
  }
}
