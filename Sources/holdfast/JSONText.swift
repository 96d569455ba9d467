import Fingerprints

/// JSON as the commands print it.
enum JSONText {
  /// On one line.
  static func line(_ value: JSONValue) -> String {
    String(decoding: CanonicalJSON.encode(value), as: UTF8.self)
  }
  /// For people.
  static func pretty(_ value: JSONValue) -> String {
    String(decoding: CanonicalJSON.pretty(value).dropLast(), as: UTF8.self)
  }
}
