import Fingerprints
import Learning

/// A scorecard's part of holdfast.model/v1. What it scores by is `intercept`, `coefficient` and `weights`; the tallies
/// say where the weights come from, and `points` are the same card as people add it up.
extension Scorecard {
  var document: JSONValue {
    [
      "kind": "scorecard", "intercept": .number(intercept),
      "scale": [
        "base": .number(scale.base), "odds": .number(scale.odds), "doubling": .number(scale.doubling),
      ],
      "lines": .list(
        zip(lines, table).map { line, points in
          [
            "column": .number(Double(line.column)), "coefficient": .number(line.coefficient),
            "rule": line.classes.rule.document,
            "rows": .list(line.classes.tallies.map(\.rows)),
            "events": .list(line.classes.tallies.map(\.events)), "weights": .list(line.classes.weights),
            "informationValue": .number(line.classes.informationValue), "points": .list(points),
          ]
        }),
    ]
  }

  /// The card that `reader` holds, over columns of which `isCategory` tells the kinds.
  init(_ reader: DocumentReader, _ isCategory: [Bool]) throws(ModellingError) {
    let given = try reader.member("scale")
    let (base, odds) = (try given.number("base"), try given.number("odds"))
    guard let scale = try? PointScale(base: base, odds: odds, doubling: try given.number("doubling")) else {
      throw given.fault("base points, base odds and points to double")
    }
    var lines: [Line] = []
    var points: [[Double]] = []
    for line in try reader.members("lines") {
      let column = try line.integer("column")
      guard isCategory.indices.contains(column), !lines.contains(where: { $0.column == column }) else {
        throw line.fault("a column of the encoding, once")
      }
      let rule = try CoarseClasses.Rule(try line.member("rule"), isCategory: isCategory[column])
      let (rows, events) = (try line.numbers("rows"), try line.numbers("events"))
      let weights = try line.numbers("weights")
      guard rule.fits(weights.count), rows.count == weights.count, events.count == weights.count else {
        throw line.fault("rows, events and a weight for each class")
      }
      lines.append(
        Line(
          column: column,
          classes: CoarseClasses(
            rule: rule, tallies: zip(rows, events).map { .init(rows: $0, events: $1) }, weights: weights,
            informationValue: try line.number("informationValue")),
          coefficient: try line.number("coefficient")))
      points.append(try line.numbers("points"))
    }
    self.init(intercept: try reader.number("intercept"), lines: lines, scale: scale)
    // Points that are not those of the weights would tell people another card than the one that scores.
    guard points == table else { throw reader.fault("points that follow from the weights") }
  }
}

extension CoarseClasses.Rule {
  fileprivate var document: JSONValue {
    switch self {
    case .edges(let edges): ["edges": .list(edges)]
    case .codes(let classes): ["codes": .list(classes.map(Double.init))]
    }
  }

  fileprivate init(_ reader: DocumentReader, isCategory: Bool) throws(ModellingError) {
    guard isCategory == reader.has("codes") else { throw reader.fault("classes of the column's kind") }
    if isCategory {
      self = .codes(try reader.whole("codes"))
    } else {
      let edges = try reader.numbers("edges")
      guard zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }) else {
        throw reader.fault("ascending edges")
      }
      self = .edges(edges)
    }
  }

  /// Whether the rule leads to classes of this `count`, the missing among them, and to no other.
  fileprivate func fits(_ count: Int) -> Bool {
    switch self {
    case .edges(let edges): count == edges.count + 2
    case .codes(let classes): count > 0 && classes.allSatisfy { $0 >= -1 && $0 < count - 1 }
    }
  }
}
