import Fingerprints
package import Staging
import Tabular

/// Reads `"checks"` of pipeline.json:
///
///     "checks": {
///       "aucFloor":  {"metric": "evaluate.rocAuc", "atLeast": 0.75, "fallAtMost": 0.02, "severity": "stop"},
///       "customers": {"rows": "customers", "atLeast": 1000, "fallShareAtMost": 0.2, "severity": "stop"},
///       "balances":  {"missing": "customers.balance", "atMost": 0.05, "severity": "warn"},
///       "shape":     {"columns": {"balance": "real"}, "of": "customers", "severity": "stop"}
///     }
struct CheckReader {
  private static let measures = ["metric", "rows", "missing", "columns"]
  private static let keys =
    measures + ["of", "severity", "subject"] + CheckDeclaration.Comparison.allCases.map(\.rawValue)

  /// The checks at `node`, each with its place; the stages are those that `stages` says make an artifact.
  static func checks(_ node: DeclarationNode, stages: [StageDeclaration]) -> [CheckDeclaration] {
    node.entries().compactMap { name, check in
      guard check.name("a check", name, at: .key) != nil else { return nil }
      return read(name, check, stages)
    }
  }

  private static func read(
    _ name: String, _ node: DeclarationNode, _ stages: [StageDeclaration]
  ) -> CheckDeclaration? {
    let what = "check \(quoted(name))"
    guard node.isObject(what, keys: keys) else { return nil }
    let severity = node.required("severity", of: what)?.choice(CheckSeverity.self)
    let given = measures.filter { node.child($0) != nil }
    guard given.count == 1, let word = given.first, let place = node.child(word) else {
      let code: DiagnosticCode = given.isEmpty ? .missingKey : .contradiction
      node.complain(
        code,
        given.isEmpty ? "\(what) measures nothing" : "\(what) measures \(given.joined(separator: " and "))",
        at: .key, hint: "say one of \(measures.joined(separator: ", "))")
      return nil
    }
    if word != "columns", let of = node.child("of") {
      of.complain(.unknownKey, "\"of\" stands only beside \"columns\"", at: .key)
    }
    let found = word == "columns" ? columns(place, node, what, stages) : measure(word, place, stages)
    let bounds = bounds(node, what, isNeeded: word != "columns")
    let subject =
      node.child("subject").map { $0.choice(CheckSubject.self) } ?? (word == "metric" ? .model : .data)
    guard let (stage, measure) = found, let bounds, let severity, let subject else { return nil }
    return CheckDeclaration(
      name: name, stage: stage, measure: measure, bounds: bounds, severity: severity, subject: subject,
      place: node.place(.key))
  }

  private static func measure(
    _ word: String, _ node: DeclarationNode, _ stages: [StageDeclaration]
  ) -> (stage: String, CheckDeclaration.Measure)? {
    guard let text = node.text() else { return nil }
    if word == "rows" {
      return table(text, node, stages).map { ($0, .rows(artifact: text)) }
    }
    guard let dot = text.firstIndex(of: "."), case let rest = String(text[text.index(after: dot)...]),
      !rest.isEmpty
    else {
      node.complain(
        .valueNotAllowed, "\(quoted(text)) does not say of what",
        hint: word == "metric" ? "write STAGE.METRIC" : "write ARTIFACT.COLUMN")
      return nil
    }
    let owner = String(text[..<dot])
    if word == "missing" {
      return table(owner, node, stages).map { ($0, .missing(artifact: owner, column: rest)) }
    }
    guard stages.contains(where: { $0.id == owner }) else {
      let ids = stages.map(\.id)
      node.complain(
        .unknownStage, "this pipeline has no stage \(quoted(owner))",
        hint: NearestName.hint(owner, among: ids),
        help: "its stages are \(ids.joined(separator: ", "))")
      return nil
    }
    guard rest.split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ isName(String($0)) })
    else {
      node.complain(
        .badName, "\(quoted(rest)) cannot be the name of a metric",
        help: "a name is 1 to 64 letters, digits, '-' and '_', and begins with a letter")
      return nil
    }
    return (owner, .metric(rest))
  }

  private static func columns(
    _ node: DeclarationNode, _ check: DeclarationNode, _ what: String, _ stages: [StageDeclaration]
  ) -> (stage: String, CheckDeclaration.Measure)? {
    var types: [String: String] = [:]
    for (name, column) in node.entries() {
      guard let type = column.choice(ColumnType.self) else { continue }
      types[name] = type.rawValue
    }
    if node.value.members?.isEmpty == true {
      node.complain(.valueNotAllowed, "\(what) names no column", hint: "write {\"COLUMN\": \"TYPE\"}")
    }
    guard let of = check.required("of", of: what), let artifact = of.text() else { return nil }
    return table(artifact, of, stages).map { ($0, .columns(artifact: artifact, types)) }
  }

  /// The stage that makes the table `artifact`; complains where there is none or it is no table.
  private static func table(
    _ artifact: String, _ node: DeclarationNode, _ stages: [StageDeclaration]
  ) -> String? {
    guard let maker = stages.first(where: { $0.outputs.contains { $0.name == artifact } }) else {
      let names = stages.flatMap { $0.outputs.filter { $0.kind == .table }.map(\.name) }
      node.complain(
        .unknownArtifact, "no stage of this pipeline makes \(quoted(artifact))",
        hint: NearestName.hint(artifact, among: names),
        help: "its tables are \(names.joined(separator: ", "))")
      return nil
    }
    guard maker.outputs.contains(where: { $0.name == artifact && $0.kind == .table }) else {
      node.complain(.contradiction, "\"\(artifact)\" is no table: it has neither rows nor columns")
      return nil
    }
    return maker.id
  }

  private static func bounds(
    _ node: DeclarationNode, _ what: String, isNeeded: Bool
  ) -> [CheckDeclaration.Bound]? {
    var bounds: [CheckDeclaration.Bound] = []
    var isGood = true
    for comparison in CheckDeclaration.Comparison.allCases {
      guard let place = node.child(comparison.rawValue) else { continue }
      guard isNeeded else {
        place.complain(.contradiction, "columns have no number to hold against a bound", at: .key)
        isGood = false
        continue
      }
      guard let limit = place.number() else {
        isGood = false
        continue
      }
      if comparison.isChange, limit < 0 {
        place.complain(.valueNotAllowed, "how much a value may change is not below 0")
        isGood = false
      }
      bounds.append(CheckDeclaration.Bound(comparison: comparison, limit: limit))
    }
    let limit = { (wanted: CheckDeclaration.Comparison) in bounds.first { $0.comparison == wanted }?.limit }
    if let low = limit(.atLeast), let high = limit(.atMost), low > high {
      node.child("atLeast")?.complain(.contradiction, "\(what) asks for at least more than at most")
      isGood = false
    }
    if isNeeded, bounds.isEmpty, isGood {
      let words = CheckDeclaration.Comparison.allCases.map(\.rawValue)
      node.complain(
        .missingKey, "\(what) has no bound", at: .key, hint: "say one of \(words.joined(separator: ", "))")
      isGood = false
    }
    return isGood ? bounds : nil
  }
}

extension CheckSeverity: CaseIterable {
  package static var allCases: [CheckSeverity] { [.warn, .stop] }
}

extension CheckSubject: CaseIterable {
  package static var allCases: [CheckSubject] { [.data, .model] }
}

extension DeclarationNode {
  /// Where this stands, for messages: `file:line:column`.
  func place(_ part: DeclarationFile.Part) -> String {
    let here = file.diagnostic(.valueNotAllowed, "", path: path, part: part)
    return "\(here.file):\(here.line):\(here.column)"
  }
}
