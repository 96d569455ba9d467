import Fingerprints

/// Reads the members of an object of a document, with errors that name the place.
struct DocumentReader {
  private let members: [String: JSONValue]
  private let path: String

  init(_ value: JSONValue, at path: String) {
    members = value.members ?? [:]
    self.path = path
  }

  /// The error that something else stands where `expected` should.
  func fault(_ expected: String) -> ModellingError {
    ModellingError(
      .badDocument,
      "the model document is damaged: \(expected) should stand at \(path); restore it or train again")
  }

  func has(_ name: String) -> Bool { members[name] != nil }
  func isText(_ name: String, _ text: String) -> Bool { members[name]?.text == text }

  private func need<Value>(_ name: String, _ expected: String, _ value: Value?) throws(ModellingError)
    -> Value
  {
    guard let value else { throw fault("\"\(name)\", \(expected),") }
    return value
  }

  func text(_ name: String) throws(ModellingError) -> String { try need(name, "text", members[name]?.text) }
  func number(_ name: String) throws(ModellingError) -> Double {
    try need(name, "a number", members[name]?.double)
  }
  func integer(_ name: String) throws(ModellingError) -> Int {
    try need(name, "a whole number", members[name]?.integer)
  }
  func flag(_ name: String) throws(ModellingError) -> Bool {
    try need(name, "true or false", members[name]?.boolean)
  }
  func numbers(_ name: String) throws(ModellingError) -> [Double] {
    try need(name, "a list of numbers", members[name]?.doubles)
  }
  func texts(_ name: String) throws(ModellingError) -> [String] {
    let elements = try need(name, "a list of texts", members[name]?.elements)
    var texts: [String] = []
    for element in elements { texts.append(try need(name, "a list of texts", element.text)) }
    return texts
  }

  /// A list of whole numbers of a type, each within its range.
  func whole<Whole: FixedWidthInteger>(_ name: String) throws(ModellingError) -> [Whole] {
    let numbers = try numbers(name)
    var result: [Whole] = []
    result.reserveCapacity(numbers.count)
    for number in numbers {
      guard let whole = Whole(exactly: number) else { throw fault("\"\(name)\", a list of whole numbers,") }
      result.append(whole)
    }
    return result
  }

  func member(_ name: String) throws(ModellingError) -> DocumentReader {
    let value = try need(name, "an object", members[name])
    guard value.members != nil else { throw fault("\"\(name)\", an object,") }
    return DocumentReader(value, at: path + "/" + name)
  }

  func members(_ name: String) throws(ModellingError) -> [DocumentReader] {
    let elements = try need(name, "a list", members[name]?.elements)
    return elements.enumerated().map { DocumentReader($1, at: "\(path)/\(name)/\($0)") }
  }
}
