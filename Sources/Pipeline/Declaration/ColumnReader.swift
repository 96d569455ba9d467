import Clientele
import Fingerprints
import Tabular

/// Reads one column's contract.
enum ColumnReader {
  private static let keys = [
    "name", "type", "role", "meaning", "protected", "positive", "minimum", "maximum", "allowed",
    "onViolation",
    "required", "structuralZero", "missingPolicy",
  ]

  /// The contract at `node`; `nil` where name, type or role cannot be read.
  static func column(_ node: DeclarationNode) -> ColumnContract? {
    let label = node.value["name"]?.text.map { "column \(quoted($0))" } ?? "a column"
    guard node.isObject(label, keys: keys) else { return nil }
    let name = node.required("name", of: label)?.text()
    let type = node.required("type", of: label)?.choice(ColumnType.self)
    let role = node.required("role", of: label)?.choice(Role.self)
    if name?.isEmpty == true { node.child("name")?.complain(.badName, "a column's name is not empty") }
    func given(_ name: String) -> DeclarationNode? {
      node.child(name).flatMap { $0.value == .null ? nil : $0 }
    }
    var column = ColumnContract(name: name ?? "", type: type ?? .text, role: role ?? .feature)
    column.meaning = given("meaning")?.choice(Meaning.self)
    column.protected = given("protected")?.flag()
    column.positive = given("positive")?.text()
    column.minimum = given("minimum")?.number()
    column.maximum = given("maximum")?.number()
    column.allowed = given("allowed")?.texts()
    column.onViolation = given("onViolation")?.choice(ViolationPolicy.self)
    column.required = given("required")?.flag()
    column.missingPolicy = given("missingPolicy")?.choice(MissingPolicy.self)
    if let rule = given("structuralZero") { column.structuralZero = structuralZero(rule) }
    guard let name, !name.isEmpty, type != nil, role != nil else { return nil }
    checkTogether(column, node, label)
    return column
  }

  private static func structuralZero(_ node: DeclarationNode) -> StructuralZeroRule {
    var rule = StructuralZeroRule(enabled: false, when: [])
    let what = "a structural-zero rule"
    guard node.isObject(what, keys: ["enabled", "when"]) else { return rule }
    rule.enabled = node.required("enabled", of: what)?.flag() ?? false
    guard let when = node.required("when", of: what) else { return rule }
    for element in when.elements() where element.isObject("a condition", keys: ["column", "isOneOf"]) {
      let column = element.required("column", of: "a condition")?.text()
      let texts = element.required("isOneOf", of: "a condition")?.texts()
      if let column, let texts { rule.when.append(Condition(column: column, isOneOf: texts)) }
    }
    if when.value.elements?.isEmpty == true {
      when.complain(.valueNotAllowed, "\(what) has at least one condition")
    }
    return rule
  }

  private static func checkTogether(_ column: ColumnContract, _ node: DeclarationNode, _ label: String) {
    let isNumber = column.type == .integer || column.type == .real
    if let low = column.minimum, let high = column.maximum, low > high {
      node.child("minimum")?.complain(
        .contradiction, "the smallest allowed value of \(label) is above the largest")
    }
    for bound in ["minimum", "maximum"] where !isNumber {
      guard let member = node.child(bound), member.value != .null else { continue }
      member.complain(
        .contradiction, "\(label) holds \(column.type.rawValue); only numbers have a range", at: .key)
    }
    if isNumber, column.allowed != nil {
      node.child("allowed")?.complain(
        .contradiction, "\(label) holds numbers; only texts are listed one by one", at: .key,
        hint: "use \"minimum\" and \"maximum\"")
    }
    if column.positive != nil, column.role != .target {
      node.child("positive")?.complain(
        .contradiction, "\(label) is not the target; only the target has a value that means \"left\"",
        at: .key)
    }
    if column.meaning != nil, !isNumber {
      node.child("meaning")?.complain(
        .contradiction, "\(label) holds \(column.type.rawValue); money and products are numbers", at: .key)
    }
  }

  /// Complains about rules of `column` that name a column `names` does not hold.
  static func checkConditions(
    _ column: ColumnContract, _ node: DeclarationNode, names: Set<String>, of what: String
  ) {
    guard let when = node.child("structuralZero")?.child("when"), when.value.elements != nil else { return }
    for element in when.elements() {
      guard let member = element.child("column"), let name = member.value.text else { continue }
      if !names.contains(name) {
        member.complain(
          .unknownColumn, "\(what) declares no column \(quoted(name))",
          hint: NearestName.hint(name, among: names))
      }
    }
  }
}
