/// How training parts are resampled.
package enum ResamplingMethod: String, Sendable, CaseIterable {
  /// Not at all.
  case none
  /// Both outcomes get the same sum of weights.
  case weights
  /// Rows of the rarer outcome are repeated.
  case over
  /// Rows of the more frequent outcome are left out.
  case under
  /// Rows of the rarer outcome are made between neighbours; categories are one-hot numbers.
  case smote
  /// The same, with categories kept as categories.
  case smoteNC
  /// The same as `smoteNC`, starting only from rows of which at least half, but not all, of the neighbours of either
  /// outcome have the other (Borderline-SMOTE, kind 1).
  case borderline
  /// The same as `smoteNC`, starting from each row in proportion to the share of the other outcome around it (ADASYN).
  case adasyn

  /// Whether categories of synthetic rows are taken whole from neighbours, at distances the numbers give.
  var keepsCategories: Bool { self != .smote }
}
