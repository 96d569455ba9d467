import Fingerprints
import Tabular

/// A place in a declaration file that is being checked: what stands there, and how to complain.
struct DeclarationNode {
  let file: DeclarationFile
  let path: String
  let value: JSONValue
  let complaints: Complaints

  /// The root of `file`.
  init(_ file: DeclarationFile, _ complaints: Complaints) {
    self.init(file: file, path: "", value: file.value, complaints: complaints)
  }

  private init(file: DeclarationFile, path: String, value: JSONValue, complaints: Complaints) {
    self.file = file
    self.path = path
    self.value = value
    self.complaints = complaints
  }

  /// Complains about this place.
  func complain(
    _ code: DiagnosticCode, _ message: String, at part: DeclarationFile.Part = .value, hint: String? = nil,
    help: String? = nil
  ) {
    complaints.add(file.diagnostic(code, message, path: path, part: part, hint: hint, help: help))
  }

  /// The member or element of that name, `nil` where there is none.
  func child(_ name: String) -> DeclarationNode? {
    value[name].map {
      DeclarationNode(file: file, path: path + "/" + name, value: $0, complaints: complaints)
    }
  }

  /// The members in order of their names, but for `comment`; complains where this is no object.
  func entries() -> [(name: String, node: DeclarationNode)] {
    guard let members = value.members else {
      complain(.wrongKind, "an object { … } is expected here, \(value.kindName) found")
      return []
    }
    return CanonicalJSON.sortedKeys(members).compactMap { name in
      name == "comment" ? nil : child(name).map { (name, $0) }
    }
  }

  /// The elements; complains where this is no list.
  func elements() -> [DeclarationNode] {
    guard let elements = value.elements else {
      complain(.wrongKind, "a list [ … ] is expected here, \(value.kindName) found")
      return []
    }
    return elements.enumerated().map { index, element in
      DeclarationNode(file: file, path: path + "/\(index)", value: element, complaints: complaints)
    }
  }

  /// Checks that this is an object with no other members than those named; `what` names it in messages.
  @discardableResult
  func isObject(_ what: String, keys: [String]) -> Bool {
    guard value.members != nil else {
      complain(.wrongKind, "\(what) is an object { … }, \(value.kindName) found")
      return false
    }
    for (name, node) in entries() where !keys.contains(name) {
      node.complain(
        .unknownKey, "unknown key \(quoted(name)) in \(what)", at: .key,
        hint: NearestName.hint(name, among: keys),
        help: NearestName.of(name, among: keys) == nil ? "known are \(keys.joined(separator: ", "))" : nil)
    }
    return true
  }

  /// The member of that name; complains where it is absent.
  func required(_ name: String, of what: String) -> DeclarationNode? {
    if let node = child(name) { return node }
    if value.members != nil {
      complain(.missingKey, "\(what) lacks \"\(name)\"", at: .key, hint: "add \"\(name)\": …")
    }
    return nil
  }

  /// The text here; complains where it is none.
  func text() -> String? {
    if let text = value.text { return text }
    complain(.wrongKind, "text is expected here, \(value.kindName) found")
    return nil
  }

  /// The truth value here; complains where it is none.
  func flag() -> Bool? {
    if let flag = value.boolean { return flag }
    complain(.wrongKind, "true or false is expected here, \(value.kindName) found")
    return nil
  }

  /// The number here; complains where it is none.
  func number() -> Double? {
    if let number = value.double { return number }
    complain(.wrongKind, "a number is expected here, \(value.kindName) found")
    return nil
  }

  /// The whole number here; complains where it is none or beyond 2^53, where JSON numbers blur.
  func integer() -> Int? {
    guard let number = number() else { return nil }
    guard let whole = Int(exactly: number), abs(whole) <= 1 << 53 else {
      complain(.valueNotAllowed, "a whole number within ±9007199254740992 is expected here")
      return nil
    }
    return whole
  }

  /// The texts here, each once; complains about all else.
  func texts() -> [String]? {
    guard value.elements != nil else {
      complain(.wrongKind, "a list of texts is expected here, \(value.kindName) found")
      return nil
    }
    return distinct(elements().compactMap { node in node.text().map { ($0, node) } })
  }

  /// One of the choices here; complains where it is none.
  func choice<Choice: CaseIterable & RawRepresentable<String>>(_ type: Choice.Type) -> Choice? {
    guard let text = text() else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let names = type.allCases.map(\.rawValue)
    complain(
      .valueNotAllowed, "\(quoted(text)) is none of \(names.joined(separator: ", "))",
      hint: NearestName.hint(text, among: names))
    return nil
  }

  /// A name that can stand in paths, commands and the catalog; complains where it cannot.
  func name(_ what: String, _ text: String, at part: DeclarationFile.Part) -> String? {
    if isName(text) { return text }
    complain(
      .badName, "\(quoted(text)) cannot be the name of \(what)", at: part,
      help: "a name is 1 to 64 letters, digits, '-' and '_', and begins with a letter")
    return nil
  }

  /// Those of `items` whose name did not stand before; complains about the others.
  func distinct(_ items: [(name: String, node: DeclarationNode)]) -> [String] {
    var seen: Set<String> = []
    return items.compactMap { name, node in
      if seen.insert(name).inserted { return name }
      node.complain(.repeated, "\(quoted(name)) stands twice in this list", hint: "keep one")
      return nil
    }
  }
}

/// Whether `text` may name a thing of ours.
func isName(_ text: String) -> Bool {
  let letters = Array(text.utf8)
  guard let first = letters.first, letters.count <= 64 else { return false }
  func isLetter(_ byte: UInt8) -> Bool {
    (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
  }
  return isLetter(first)
    && letters.allSatisfy { byte in
      isLetter(byte) || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "_")
    }
}

/// `text` in quotes for a message: control characters replaced, cut where long.
func quoted(_ text: String) -> String {
  var shown = String.UnicodeScalarView()
  for scalar in text.unicodeScalars.prefix(60) {
    let isControl = scalar.properties.generalCategory == .control || scalar.properties.isBidiControl
    shown.append(isControl ? "\u{FFFD}" : scalar)
  }
  return "\"" + String(shown) + (text.unicodeScalars.count > 60 ? "…" : "") + "\""
}
