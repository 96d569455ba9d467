package import Fingerprints

/// What a run would do about a stage, as far as can be said without running.
package struct StageForecast: Sendable, Equatable {
  /// How sure it is.
  package enum Prospect: String, Sendable {
    /// Its current result is the right one.
    case current
    /// An earlier result would become current; nothing would execute.
    case restored
    /// It would execute.
    case certain
    /// It would execute unless what is above it makes the same as before.
    case possible
    /// It has never run in this profile, and would.
    case never
    /// It would be skipped.
    case skipped
    /// A check would stop it, its own or a declared one, or has stopped a stage above it.
    case blocked
  }

  /// The stage.
  package let stage: String
  /// What would become of it.
  package let prospect: Prospect
  /// Why, for people.
  package let reason: String
  /// Why, as stable words.
  package let reasonCodes: [String]
  /// Seconds it took last time, where it ran before.
  package let secondsBefore: Double?
  /// The checks of the result it would use, made now; empty where it would execute.
  package let checks: [CheckReport]

  /// The forecast for programs.
  package var json: JSONValue {
    [
      "stage": .string(stage), "prospect": .string(prospect.rawValue), "reason": .string(reason),
      "reasonCodes": .list(reasonCodes.map(JSONValue.string)),
      "secondsBefore": secondsBefore.map { .number($0) } ?? .null,
      "checks": .list(checks.map(\.json)),
    ]
  }
}
