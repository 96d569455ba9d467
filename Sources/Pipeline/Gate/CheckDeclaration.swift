package import Staging

/// A check that `pipeline.json` declares under `"checks"`: what is measured, between what bounds it must
/// lie, and how bad it is that it does not. No part of any key: it judges what is stored.
package struct CheckDeclaration: Sendable, Equatable {
  /// What is measured.
  package enum Measure: Sendable, Equatable {
    /// A number the stage reports.
    case metric(String)
    /// The rows of a table.
    case rows(artifact: String)
    /// The share of rows of a table in which a column is missing, 0 to 1.
    case missing(artifact: String, column: String)
    /// The columns of a table: each named must be there, with that type.
    case columns(artifact: String, [String: String])
  }

  /// A bound; those of change compare with what is current in the profile when the check is made.
  package enum Comparison: String, Sendable, CaseIterable {
    case atLeast
    case atMost
    /// The value may be above the current one by so much.
    case riseAtMost
    /// The value may be below the current one by so much.
    case fallAtMost
    /// The same as a share of the current one.
    case riseShareAtMost
    /// The same as a share of the current one.
    case fallShareAtMost

    /// Whether it is a bound of change.
    var isChange: Bool { self != .atLeast && self != .atMost }
  }

  /// A bound with its value.
  package struct Bound: Sendable, Equatable {
    /// Which.
    package var comparison: Comparison
    /// How much.
    package var limit: Double
  }

  /// Its name under `"checks"`.
  package var name: String
  /// The stage whose result it judges.
  package var stage: String
  /// What is measured.
  package var measure: Measure
  /// Between what bounds it must lie; all must hold.
  package var bounds: [Bound]
  /// How bad it is that it fails.
  package var severity: CheckSeverity
  /// What it is about; decides the exit code.
  package var subject: CheckSubject
  /// Where it is declared: `file:line:column`.
  package var place: String

  /// Its name in the catalog, in reports and in reason codes: no stage's own check has a colon in its id.
  package var id: String { CheckDeclaration.prefix + name }

  /// How the ids of declared checks begin.
  static let prefix = "declared:"

  /// What is measured, as written: `evaluate.auc`, `rows of customers`.
  var what: String {
    switch measure {
    case .metric(let name): "\(stage).\(name)"
    case .rows(let artifact): "the number of rows of \(artifact)"
    case .missing(let artifact, let column): "the missing share of \(artifact).\(column)"
    case .columns(let artifact, _): "the columns of \(artifact)"
    }
  }
}
