import Fingerprints

/// The JSON Schemas of what stages write and commands print.
enum DocumentSchema {
  /// The schema of that name: a format (`holdfast.diff/v1`), or its file's (`diff`, `log-line`).
  static func text(_ name: String) -> String? {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard name.hasPrefix("holdfast."), parts.count == 2 else { return SchemaTexts.byName[name] }
    // Of another version of the format we know nothing.
    guard let text = SchemaTexts.byName[String(parts[0].dropFirst("holdfast.".count))],
      text.contains("\"\(name)\"")
    else { return nil }
    return text
  }

  /// Prints a schema: as documented, or as one line.
  static func say(_ text: String, json: Bool) throws {
    guard json else { return Console.write(Array(text.utf8)) }
    Console.say(JSONText.line(try JSONParser.parse(Array(text.utf8))))
  }
}
