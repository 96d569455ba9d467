package import Numerics

/// A model a person can add up: points for the class a customer falls into in each column; their sum says how safe the
/// customer is.
package struct Scorecard: Sendable, Equatable {
  /// One column of the card.
  package struct Line: Sendable, Equatable {
    /// The column of the frame.
    package let column: Int
    /// Its classes.
    package let classes: CoarseClasses
    /// What its weight of evidence counts for in the log-odds of leaving; −1 if columns told nothing of one another.
    package let coefficient: Double

    /// A line of these parts.
    package init(column: Int, classes: CoarseClasses, coefficient: Double) {
      (self.column, self.classes, self.coefficient) = (column, classes, coefficient)
    }
  }

  /// The log-odds of leaving where every weight of evidence is 0.
  package let intercept: Double
  /// The columns, the most telling first.
  package let lines: [Line]
  /// How log-odds become points.
  package let scale: PointScale

  /// A card of these parts.
  package init(intercept: Double, lines: [Line], scale: PointScale) {
    (self.intercept, self.lines, self.scale) = (intercept, lines, scale)
  }

  /// The points of each class of each line: the line's part of the log-odds in points, plus its even share of what
  /// everyone starts with, so that a customer's points are nothing but a sum.
  package var table: [[Double]] {
    let start = scale.points(intercept) / Double(max(1, lines.count))
    return lines.map { line in
      line.classes.weights.map { start - scale.factor * line.coefficient * $0 }
    }
  }

  /// The log-odds of leaving of each of `rows`. The same bits for any crew.
  package func logits(_ frame: FeatureFrame, rows: [Int32], crew: Crew) -> [Double] {
    sums(
      frame, rows: rows, start: intercept,
      lines.map { line in line.classes.weights.map { line.coefficient * $0 } }, crew: crew)
  }

  /// The points of each of `rows`, not rounded: `scale.points` of the log-odds, but for the last digits.
  package func points(_ frame: FeatureFrame, rows: [Int32], crew: Crew) -> [Double] {
    sums(frame, rows: rows, start: lines.isEmpty ? scale.points(intercept) : 0, table, crew: crew)
  }

  /// What each of `rows` gets for its class, line by line.
  private func sums(
    _ frame: FeatureFrame, rows: [Int32], start: Double, _ parts: [[Double]], crew: Crew
  ) -> [Double] {
    let classes = crew.map(lines.count) { number in
      lines[number].classes.classes(frame.columns[lines[number].column], rows: rows)
    }
    return rows.indices.map { row in
      var sum = start
      for number in lines.indices { sum += parts[number][Int(classes[number][row])] }
      return sum
    }
  }
}
