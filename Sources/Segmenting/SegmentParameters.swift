import Fingerprints
package import Staging

/// The parameters of `segment`, checked.
package struct SegmentParameters: Sendable, Equatable {
  /// The columns looked at; `nil` for every numeric feature that is not protected.
  package var columns: [String]?
  /// The columns whose logarithm is looked at; `nil` for those that hold money.
  package var logColumns: [String]?
  /// How many segments; `nil` to choose by the rule.
  package var segments: Int?
  /// The most segments tried.
  package var mostSegments: Int

  /// The parameters as declared.
  package init(_ values: ParameterValues) throws(ParameterError) {
    columns = values.texts("columns")
    logColumns = values.texts("logColumns")
    segments = values.integer("segments")
    mostSegments = values.integer("mostSegments") ?? 8
    if let columns, columns.isEmpty || Set(columns).count != columns.count {
      throw ParameterError("columns", "names each column once, and at least one; null means all that fit.")
    }
  }

  /// What can be set.
  package static let declarations = [
    ParameterDeclaration(
      "columns", .texts, default: .null,
      help: "Columns segments are made from; null: every numeric feature that is not protected."),
    ParameterDeclaration(
      "logColumns", .texts, default: .null,
      help: "Columns taken as sign(x) ln(1 + |x|) before scaling; null: those that hold money."),
    ParameterDeclaration(
      "segments", .integer(1...20), default: .null, help: "How many segments; null: chosen by the rule."),
    ParameterDeclaration(
      "mostSegments", .integer(2...20), default: .number(8), help: "The most segments the rule tries."),
  ]
}
