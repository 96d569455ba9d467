import Clientele
import Fingerprints
import Tabular

/// `pipeline.json` as text: members in the order in which people ask, each column on one line.
struct PipelineText {
  private(set) var text = ""

  /// The file of this project.
  init(
    name: String, path: String, dialect: DialectContract, columns: [ColumnContract],
    rank: [(name: String, value: JSONValue)]
  ) {
    let stages = PipelineText.stages
    let nightly = stages.filter { $0 != "resample" && $0 != "train" }
    line(0, "{")
    line(1, "\"schema\": \"holdfast.pipeline/v1\",")
    line(1, "\"name\": \(PipelineText.json(.string(name))),")
    line(1, "\"seed\": 1,")
    line(1, "\"sources\": {")
    line(2, "\"customers\": {")
    line(3, "\"path\": \(PipelineText.json(.string(path))),")
    line(3, "\"kind\": \"snapshot\",")
    line(3, "\"keep\": \"bytes\",")
    line(3, "\"dialect\": {\(PipelineText.members(PipelineText.dialect(dialect)))},")
    line(3, "\"columns\": [")
    for (place, column) in columns.enumerated() {
      let members = PipelineText.members(PipelineText.column(column))
      line(4, "{\(members)}" + (place + 1 < columns.count ? "," : ""))
    }
    line(3, "]")
    line(2, "}")
    line(1, "},")
    line(1, "\"stages\": \(PipelineText.list(stages)),")
    line(1, "\"parameters\": {")
    line(2, "\"rank\": {")
    for (place, parameter) in rank.enumerated() {
      let comma = place + 1 < rank.count ? "," : ""
      line(3, "\(PipelineText.json(.string(parameter.name))): \(PipelineText.json(parameter.value))\(comma)")
    }
    line(2, "}")
    line(1, "},")
    line(1, "\"profiles\": {")
    line(2, "\"nightly\": {")
    line(3, "\"comment\": \"Scores a new day's file with the model that is champion; trains nothing.\",")
    line(3, "\"stages\": \(PipelineText.list(nightly)),")
    line(3, "\"champion\": \(PipelineText.list(PipelineText.champion))")
    line(2, "},")
    line(2, "\"retrain\": {")
    line(
      3, "\"comment\": \"Trains a challenger on the newest file; it scores nobody until it is promoted.\",")
    line(3, "\"stages\": \(PipelineText.list(stages))")
    line(2, "}")
    line(1, "}")
    line(0, "}")
  }

  /// The stages of a new project, in order.
  static let stages = [
    "ingest", "clean", "resample", "train", "score", "evaluate", "segment", "rank", "report",
  ]
  /// What the nightly profile takes from the champion.
  static let champion = ["model", "training", "resampling", "gate", "metrics", "curves", "portraits"]

  private mutating func line(_ depth: Int, _ line: String) {
    text += String(repeating: "  ", count: depth) + line + "\n"
  }

  private static func json(_ value: JSONValue) -> String {
    String(decoding: CanonicalJSON.encode(value), as: UTF8.self)
  }

  private static func list(_ texts: [String]) -> String {
    "[" + texts.map { json(.string($0)) }.joined(separator: ", ") + "]"
  }

  private static func members(_ members: [(String, String)]) -> String {
    members.map { "\(json(.string($0.0))): \($0.1)" }.joined(separator: ", ")
  }

  private static func dialect(_ dialect: DialectContract) -> [(String, String)] {
    var members: [(String, String)] = []
    if let delimiter = dialect.delimiter { members.append(("delimiter", json(.string(delimiter)))) }
    if let encoding = dialect.encoding { members.append(("encoding", json(.string(encoding)))) }
    if let decimal = dialect.decimal { members.append(("decimal", json(.string(decimal)))) }
    if let missing = dialect.missing { members.append(("missing", list(missing))) }
    return members
  }

  private static func column(_ column: ColumnContract) -> [(String, String)] {
    func text(_ text: String) -> String { json(.string(text)) }
    var members = [
      ("name", text(column.name)), ("type", text(column.type.rawValue)), ("role", text(column.role.rawValue)),
    ]
    if let meaning = column.meaning { members.append(("meaning", text(meaning.rawValue))) }
    if let protected = column.protected { members.append(("protected", protected ? "true" : "false")) }
    if let positive = column.positive { members.append(("positive", text(positive))) }
    if let minimum = column.minimum { members.append(("minimum", json(.number(minimum)))) }
    if let maximum = column.maximum { members.append(("maximum", json(.number(maximum)))) }
    if let allowed = column.allowed { members.append(("allowed", list(allowed))) }
    if let policy = column.onViolation { members.append(("onViolation", text(policy.rawValue))) }
    if let required = column.required { members.append(("required", required ? "true" : "false")) }
    if let rule = column.structuralZero {
      let when = rule.when.map { "{\"column\": \(text($0.column)), \"isOneOf\": \(list($0.isOneOf))}" }
      members.append(
        ("structuralZero", "{\"enabled\": \(rule.enabled), \"when\": [\(when.joined(separator: ", "))]}"))
    }
    if let policy = column.missingPolicy { members.append(("missingPolicy", text(policy.rawValue))) }
    return members
  }
}
