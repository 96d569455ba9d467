/// A line through points, to be drawn.
package struct Polyline: Sendable, Equatable {
  /// Across.
  package private(set) var x: [Double] = []
  /// Up.
  package private(set) var y: [Double] = []

  /// A line through no points yet.
  package init() {}

  /// Adds a point at the end.
  package mutating func append(_ across: Double, _ up: Double) {
    x.append(across)
    y.append(up)
  }
}
