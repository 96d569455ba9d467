import Fingerprints

/// What a customer is known by in every artifact: the key's text as read; a key of several columns
/// joins its parts with `|`. All code that makes, splits or hashes a key goes through here, so that
/// pseudonyms can take the key's place one day without a wall moving.
package enum CustomerKey {
  /// The key of these parts: joined with `|`; inside a part of a key of several columns, `\` stands
  /// before `|` and `\`. A key of one column is its text unchanged.
  package static func join(_ parts: [String]) -> String {
    guard parts.count != 1 else { return parts[0] }
    return parts.map(escape).joined(separator: "|")
  }

  /// The parts of a key of `count` columns; `nil` where it does not have as many.
  package static func split(_ key: String, count: Int) -> [String]? {
    guard count != 1 else { return [key] }
    var parts: [String] = []
    var part = ""
    var escaped = false
    for character in key.unicodeScalars {
      if escaped {
        part.unicodeScalars.append(character)
        escaped = false
      } else if character == "\\" {
        escaped = true
      } else if character == "|" {
        parts.append(part)
        part = ""
      } else {
        part.unicodeScalars.append(character)
      }
    }
    parts.append(part)
    return parts.count == count && !escaped ? parts : nil
  }

  private static func escape(_ part: String) -> String {
    var escaped = ""
    for character in part.unicodeScalars {
      if character == "|" || character == "\\" { escaped.unicodeScalars.append("\\") }
      escaped.unicodeScalars.append(character)
    }
    return escaped
  }
}

/// Deals customers into folds by a hash of their key, never by position: the same customer falls
/// into the same fold whatever file, order or night it comes in.
package struct FoldAssignment: Sendable, Equatable, Codable {
  /// Chooses among the possible dealings.
  package let seed: Int
  /// Number of folds.
  package let count: Int

  /// A dealing into `count` folds.
  package init(seed: Int, count: Int) {
    precondition(count > 0, "at least one fold")
    self.seed = seed
    self.count = count
  }

  /// The fold, from 0, of the customer with this key (UTF-8 bytes).
  package func fold(of key: some Sequence<UInt8>) -> Int {
    Int(stableHash(key, seed: UInt64(bitPattern: Int64(seed))) % UInt64(count))
  }

  /// Labelled rows up to which there are five folds.
  package static let fiveFoldLimit = 50_000
  /// Labelled rows up to which there are three; above, two: a model learns little more from the customers that a
  /// further fold would add, and each fold is a fit.
  package static let threeFoldLimit = 200_000

  /// The number of folds for that many labelled rows, where none is declared.
  package static func automaticCount(labelledRows: Int) -> Int {
    labelledRows <= fiveFoldLimit ? 5 : labelledRows <= threeFoldLimit ? 3 : 2
  }
}
