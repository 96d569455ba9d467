import Fingerprints
import Staging
import Testing

private let declarations = [
  ParameterDeclaration("folds", .integer(2...20), default: nil, help: "How many."),
  ParameterDeclaration("rate", .number(0...1), default: 0.5, help: "How much."),
  ParameterDeclaration("kind", .choice(["a", "b"]), default: "a", help: "Which."),
  ParameterDeclaration("kinds", .choices(["a", "b"]), default: ["a"], help: "Which ones."),
  ParameterDeclaration("on", .flag, default: false, help: "Whether."),
  ParameterDeclaration("names", .texts, default: [], help: "What."),
]

@Test func `defaults fill what is not given`() throws {
  let values = try ParameterValues(declarations, given: ["rate": 0.25])
  #expect(values.integer("folds") == nil)
  #expect(values.number("rate") == 0.25)
  #expect(values.text("kind") == "a")
  #expect(values.texts("kinds") == ["a"])
  #expect(values.flag("on") == false)
  #expect(values.texts("names") == [])
}

private let refused: [(String, JSONValue, String)] = [
  ("folds", 1, "from 2 to 20"), ("folds", 2.5, "whole number"), ("rate", 1.5, "out of range"),
  ("rate", "x", "text found"), ("kind", "c", "one of a, b"), ("kinds", [], "list of some"),
  ("kinds", ["a", "a"], "list of some"), ("kinds", ["z"], "not among"), ("on", 1, "true or false"),
  ("names", [1], "list of texts"), ("rate", nil, "null found"), ("rat", 1, "no such parameter"),
]

@Test(arguments: refused.indices)
func `a value that does not fit is refused with what would`(place: Int) {
  let (name, value, word) = refused[place]
  let error = #expect(throws: ParameterError.self) {
    try ParameterValues(declarations, given: [name: value])
  }
  #expect(error?.name == name)
  #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
}
