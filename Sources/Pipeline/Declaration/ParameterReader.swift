import Fingerprints
import Staging
import Tabular

/// Reads one parameter of a stage's file and holds it to the built-in one.
struct ParameterReader {
  let node: DeclarationNode
  let builtIn: ParameterDeclaration
  let what: String

  /// A reader of the parameter at `node`.
  init(_ node: DeclarationNode, builtIn: ParameterDeclaration) {
    self.node = node
    self.builtIn = builtIn
    what = "parameter \"\(builtIn.name)\""
  }

  /// The parameter in force: the built-in one with the file's range, default and help.
  func declaration() -> ParameterDeclaration {
    var result = builtIn
    guard node.isObject(what, keys: ["type", "range", "choices", "default", "help"]) else { return result }
    guard let type = node.required("type", of: what), let word = type.text() else { return result }
    guard word == builtIn.type.word else {
      if ParameterType.words.contains(word) {
        type.complain(
          .disagreesWithStage, "\(what) is of type \"\(builtIn.type.word)\"",
          hint: "write \"\(builtIn.type.word)\"")
      } else {
        type.complain(
          .valueNotAllowed, "there is no type \(quoted(word))",
          hint: NearestName.hint(word, among: ParameterType.words),
          help: "\(what) is of type \"\(builtIn.type.word)\"")
      }
      return result
    }
    result.type = narrowed()
    if let help = node.child("help")?.text() { result.help = help }
    guard let given = node.required("default", of: what) else { return result }
    result.defaultValue = given.value
    // Whether null may stand at all is the stage's own affair.
    if given.value == .null, builtIn.defaultValue != .null {
      given.complain(.valueNotAllowed, "\(what) cannot be null: \(builtIn.expectation) is expected")
    } else if let fault = result.fault(in: given.value) {
      given.complain(.valueNotAllowed, "the default of \(what): \(fault)")
    }
    return result
  }

  private func narrowed() -> ParameterType {
    switch builtIn.type {
    case .integer(let range):
      guard let (low, high) = bounds() else { return builtIn.type }
      for bound in [low, high] where bound.map({ Int(exactly: $0) == nil }) ?? false {
        node.child("range")?.complain(.wrongKind, "\(what) is a whole number, and so are its bounds")
        return builtIn.type
      }
      let lower = low.flatMap { Int(exactly: $0) } ?? range.lowerBound
      let upper = high.flatMap { Int(exactly: $0) } ?? range.upperBound
      guard lower <= upper, lower >= range.lowerBound, upper <= range.upperBound else {
        return refuseRange()
      }
      return .integer(lower...upper)
    case .number(let range):
      guard let (low, high) = bounds() else { return builtIn.type }
      let lower = low ?? range.lowerBound
      let upper = high ?? range.upperBound
      guard lower <= upper, lower >= range.lowerBound, upper <= range.upperBound else {
        return refuseRange()
      }
      return .number(lower...upper)
    case .choice(let choices): return .choice(chosen(choices))
    case .choices(let choices): return .choices(chosen(choices))
    case .flag, .text, .texts:
      for key in ["range", "choices"] {
        node.child(key)?.complain(
          .unknownKey, "\(what) is of type \"\(builtIn.type.word)\", which has no \(key)", at: .key)
      }
      return builtIn.type
    }
  }

  private func refuseRange() -> ParameterType {
    node.child("range")?.complain(
      .disagreesWithStage, "the range of \(what) may be narrower than the stage's, not wider",
      hint: "\(builtIn.expectation)")
    return builtIn.type
  }

  /// The two bounds written, `nil` for an open side; `nil` altogether where none is written or it is
  /// no range.
  private func bounds() -> (Double?, Double?)? {
    node.child("choices")?.complain(
      .unknownKey, "\(what) is of type \"\(builtIn.type.word)\", which has no choices", at: .key)
    guard let range = node.child("range") else { return nil }
    guard let elements = range.value.elements, elements.count == 2,
      elements.allSatisfy({ $0 == .null || $0.double != nil })
    else {
      range.complain(.wrongKind, "a range is a list of two numbers; null leaves a side open")
      return nil
    }
    return (elements[0].double, elements[1].double)
  }

  private func chosen(_ choices: [String]) -> [String] {
    node.child("range")?.complain(
      .unknownKey, "\(what) is of type \"\(builtIn.type.word)\", which has no range", at: .key)
    guard let list = node.child("choices"), let texts = list.texts() else { return choices }
    for element in list.elements() {
      guard let text = element.value.text, !choices.contains(text) else { continue }
      element.complain(
        .disagreesWithStage, "\(quoted(text)) is no choice of \(what)",
        hint: NearestName.hint(text, among: choices), help: "there are \(choices.joined(separator: ", "))")
    }
    return choices.filter(texts.contains)
  }
}
