import Clientele
package import Fingerprints

/// A place at which two versions of a document differ.
package struct DocumentChange: Sendable, Equatable {
  /// Where: names joined with dots; elements of lists by their name where they have one.
  package var place: String
  /// What stood there, short; `nil` where nothing did.
  package var old: String?
  /// What stands there now.
  package var new: String?
}

/// What differs between two versions of a document.
package struct DocumentComparison: Sendable, Equatable {
  /// The artifact.
  package var name: String
  /// Number of places that differ.
  package var count: Int
  /// The first of them.
  package var changes: [DocumentChange]

  /// How many places are kept.
  package static let mostPlaces = 200

  /// Compares two documents, leaf by leaf; lists whose elements have names, by these.
  package init(_ name: String, _ old: JSONValue, _ new: JSONValue) {
    self.name = name
    var walk = Walk()
    walk.compare(old, new, "")
    count = walk.count
    changes = walk.changes
  }

  private struct Walk {
    var count = 0
    var changes: [DocumentChange] = []

    mutating func note(_ place: String, _ old: JSONValue?, _ new: JSONValue?) {
      count += 1
      guard changes.count < DocumentComparison.mostPlaces else { return }
      changes.append(
        DocumentChange(
          place: place.isEmpty ? "(all)" : place, old: old.map(DocumentComparison.short),
          new: new.map(DocumentComparison.short)))
    }

    mutating func compare(_ old: JSONValue?, _ new: JSONValue?, _ place: String) {
      guard old != new else { return }
      func inner(_ name: String) -> String { place.isEmpty ? name : place + "." + name }
      if let a = old?.members, let b = new?.members {
        for name in CanonicalJSON.sortedKeys(a.merging(b) { first, _ in first }) {
          compare(a[name], b[name], inner(name))
        }
        return
      }
      guard let a = old?.elements, let b = new?.elements else { return note(place, old, new) }
      if let (first, other) = DocumentComparison.named(a, b) {
        for name in first.names + other.names.filter({ first.members[$0] == nil }) {
          compare(first.members[name], other.members[name], inner(name))
        }
      } else if a.count == b.count, a.contains(where: { $0.members != nil }) {
        for index in a.indices { compare(a[index], b[index], inner(String(index))) }
      } else {
        // A list of numbers or words is one thing.
        note(place, old, new)
      }
    }
  }

  private static let nameMembers = ["name", "id", "feature", "column", "symbol", "segment"]

  /// The elements of two lists by a member that tells them apart in both.
  private static func named(
    _ a: [JSONValue], _ b: [JSONValue]
  ) -> ((names: [String], members: [String: JSONValue]), (names: [String], members: [String: JSONValue]))? {
    for member in nameMembers {
      func byName(_ elements: [JSONValue]) -> (names: [String], members: [String: JSONValue])? {
        var names: [String] = []
        var members: [String: JSONValue] = [:]
        for element in elements {
          guard let name = element[member].map(short) else { return nil }
          guard members.updateValue(element, forKey: name) == nil else { return nil }
          names.append(name)
        }
        return (names, members)
      }
      if !(a.isEmpty && b.isEmpty), let first = byName(a), let other = byName(b) { return (first, other) }
    }
    return nil
  }

  static func short(_ value: JSONValue) -> String {
    if let number = value.double { return NumberWords.plain(number) }
    let text = value.text ?? String(decoding: CanonicalJSON.encode(value), as: UTF8.self)
    return text.count > 60 ? String(text.prefix(59)) + "…" : text
  }

  /// For programs.
  package var json: JSONValue {
    func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    return [
      "document": .string(name), "places": .number(Double(count)),
      "changes": .list(
        changes.map { ["place": .string($0.place), "old": text($0.old), "new": text($0.new)] }),
    ]
  }
}

/// Numbers in words.
enum NumberWords {
  /// As short as tells it apart to six digits.
  static func plain(_ number: Double) -> String {
    guard number.isFinite else { return Wording.decimals(number, 0) }
    let size = abs(number)
    if number == number.rounded(), size < 1e12 { return Wording.decimals(number, 0) }
    if size >= 1e12 || size < 1e-5 { return "\(number)" }
    return Wording.decimals(number, size >= 1000 ? 2 : size >= 10 ? 4 : 6)
  }

  /// With a sign in front.
  static func signed(_ number: Double, _ places: Int) -> String {
    (number > 0 ? "+" : "") + Wording.decimals(number, places)
  }
}
