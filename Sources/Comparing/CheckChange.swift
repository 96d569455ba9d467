package import Fingerprints

/// A check whose outcome is another than before, or that only one of the two had.
package struct CheckChange: Sendable, Equatable {
  /// What became of a check.
  package enum State: String, Sendable {
    /// It held.
    case passed
    /// It failed, and what failed was used all the same.
    case warned
    /// It failed, and what failed was kept back.
    case stopped
  }

  /// What: `evaluate.skillAuc`.
  package var name: String
  /// Before; `nil` where there was no such check.
  package var old: State?
  /// Now; `nil` where there is no such check.
  package var new: State?
  /// What it says, in a sentence: now, or before where there is none now.
  package var message: String

  /// A change.
  package init(_ name: String, old: State?, new: State?, message: String) {
    (self.name, self.old, self.new, self.message) = (name, old, new, message)
  }

  /// For programs.
  package var json: JSONValue {
    func text(_ state: State?) -> JSONValue { state.map { .string($0.rawValue) } ?? .null }
    return ["name": .string(name), "old": text(old), "new": text(new), "message": .string(message)]
  }
}
