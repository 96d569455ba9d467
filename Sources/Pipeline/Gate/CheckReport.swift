package import Fingerprints
package import Staging

/// The outcome of one check, a stage's own or a declared one, as runs, forecasts and the catalog have it.
package struct CheckReport: Sendable, Equatable {
  /// Its name: `skillAuc`; a declared one's begins with `declared:`.
  package var id: String
  /// What it is about.
  package var subject: CheckSubject
  /// How bad it is that it fails.
  package var severity: CheckSeverity
  /// Whether it holds.
  package var passed: Bool
  /// What was seen against what was asked; of one that failed, where it is declared and how to mend it.
  package var message: String
  /// For a declared one: `file:line:column`.
  package var declaredAt: String?
  /// For a declared one that measures a number: what was seen.
  package var observed: Double?

  /// Whether it keeps the result from being read.
  package var stops: Bool { !passed && severity == .stop }

  /// The report for programs.
  package var json: JSONValue {
    [
      "id": .string(id), "subject": .string(subject.rawValue), "severity": .string(severity.rawValue),
      "passed": .bool(passed), "message": .string(message),
      "declaredAt": declaredAt.map { .string($0) } ?? .null,
      "observed": observed.map { .number($0) } ?? .null,
    ]
  }
}

extension CheckReport {
  /// The outcome of a check a stage made itself.
  init(_ outcome: CheckOutcome) {
    self.init(
      id: outcome.id, subject: outcome.subject, severity: outcome.severity, passed: outcome.passed,
      message: outcome.message)
  }
}

extension [CheckReport] {
  /// Those that keep a result from being read.
  var stopping: [CheckReport] { filter(\.stops) }

  /// 3 where the data is at fault, 4 where the model is.
  var exitCode: Int32 { stopping.contains { $0.subject == .data } ? 3 : 4 }

  /// The stable words of those that stop.
  var codes: [String] { stopping.map { "check:\($0.id)" } }

  /// What those that stop say.
  var sentence: String { stopping.map(\.message).joined(separator: "; ") }
}
