import Clientele
import Findings
import Learning
import Numerics
import Staging
import Statistics
import Tabular

/// The columns segments are made from, scaled.
struct ScaledColumns: Sendable {
  /// How each is scaled.
  let scales: [PortraitsFindings.Scale]
  /// Their numbers as they stand in `features`, NaN where missing.
  let raw: [[Double]]
  /// What a person should know, in sentences.
  let notes: [String]

  /// The most columns taken where none are declared.
  static let mostColumns = 30

  /// Columns of `features` by `parameters`, scales learnt from all its rows.
  init(_ features: InputTable, _ parameters: SegmentParameters, crew: Crew) throws {
    var notes: [String] = []
    var names = parameters.columns ?? ScaledColumns.automatic(features)
    if let declared = parameters.columns {
      for name in declared { try ScaledColumns.check(name, features) }
    } else if names.count > ScaledColumns.mostColumns {
      notes.append(
        "Of \(Wording.count(names.count)) numeric columns the first \(ScaledColumns.mostColumns) make the segments; "
          + "segment.columns names others.")
      names = Array(names.prefix(ScaledColumns.mostColumns))
    }
    let taken = names
    let logarithmic = taken.map { name in
      if let declared = parameters.logColumns { return declared.contains(name) }
      return ScaledColumns.isMoney(name, features)
    }
    if let stray = parameters.logColumns?.first(where: { !taken.contains($0) }) {
      throw StageFault(
        .configuration,
        "segment.logColumns names \"\(stray)\", which is not among the columns segments are made from.",
        remedy: "Add it to segment.columns or take it out of segment.logColumns.")
    }
    let read = try crew.map(taken.count) { place throws(any Error) in
      let raw = try features.selecting([taken[place]]).numbers(taken[place])
      return (raw: raw, scale: ScaledColumns.learn(taken[place], raw, logarithmic: logarithmic[place]))
    }
    let kept = read.indices.filter { read[$0].scale != nil }
    let idle = taken.indices.filter { read[$0].scale == nil }.map { "\"\(taken[$0])\"" }
    if !idle.isEmpty {
      notes.append("Left out because they hold one value only: \(idle.joined(separator: ", ")).")
    }
    scales = kept.compactMap { read[$0].scale }
    raw = kept.map { read[$0].raw }
    self.notes = notes
  }

  /// Columns of `features` scaled as `scales` says.
  init(_ features: InputTable, frozen scales: [PortraitsFindings.Scale]) throws {
    self.scales = scales
    notes = []
    raw = try scales.map { scale in
      do { return try features.selecting([scale.column]).numbers(scale.column) } catch {
        throw StageFault(
          .configuration, "The champion's segments need the numbers of \"\(scale.column)\": \(error).",
          remedy: "Bring the column back, or run the whole pipeline and promote its model.")
      }
    }
  }

  /// One point a customer.
  func points(rows: Int, crew: Crew) -> PointMatrix {
    PointMatrix(rows: rows, width: scales.count, crew: crew) { column, range, numbers in
      let scale = scales[column]
      let isLogarithmic = scale.transform == ScaledColumns.logOnePlus
      let raw = raw[column]
      for row in range {
        let value = raw[row]
        let moved = isLogarithmic ? ScaledColumns.transformed(value) : value
        let filled = value.isNaN ? scale.fill : moved
        numbers[row - range.lowerBound] = (filled - scale.mean) / scale.deviation
      }
    }
  }

  /// The name of the transform x → sign(x)·ln(1 + |x|).
  static let logOnePlus = "logOnePlus"

  static func transformed(_ value: Double) -> Double {
    value < 0 ? -logarithmOnePlus(-value) : logarithmOnePlus(value)
  }

  private static func automatic(_ features: InputTable) -> [String] {
    features.schema.fields.filter { field in
      let facts = FeatureFacts(field)
      return facts.role == .feature && !facts.protected && (field.type == .integer || field.type == .real)
    }.map(\.name)
  }

  private static func isMoney(_ name: String, _ features: InputTable) -> Bool {
    guard let place = features.schema.index(of: name) else { return false }
    switch FeatureFacts(features.schema.fields[place]).meaning {
    case .balance, .monthlyCharge, .money: return true
    case .products, nil: return false
    }
  }

  private static func check(_ name: String, _ features: InputTable) throws {
    guard let place = features.schema.index(of: name) else {
      let known = automatic(features).joined(separator: ", ")
      throw StageFault(
        .configuration, "segment.columns names \"\(name)\", which features has not.",
        remedy: "It has \(known).")
    }
    let field = features.schema.fields[place]
    let facts = FeatureFacts(field)
    guard facts.role == .feature, field.type == .integer || field.type == .real else {
      throw StageFault(
        .configuration, "segment.columns names \"\(name)\", which is no numeric feature.",
        remedy: "Name columns that hold numbers and are neither key, fold, label nor state.")
    }
    guard !facts.protected else {
      throw StageFault(
        .configuration, "segment.columns names \"\(name)\", a protected attribute.",
        remedy: "Segments are never made from protected attributes; take it out.")
    }
  }

  /// `nil` where the column holds fewer than two different numbers.
  private static func learn(_ name: String, _ raw: [Double], logarithmic: Bool) -> PortraitsFindings.Scale? {
    var values = raw
    if logarithmic { for row in raw.indices where !raw[row].isNaN { values[row] = transformed(raw[row]) } }
    let fill = OrderStatistics.median(values)
    guard fill.isFinite else { return nil }
    for row in raw.indices where raw[row].isNaN { values[row] = fill }
    let mean = ProbabilityLoss.mean(values)
    for row in values.indices { values[row] = (values[row] - mean) * (values[row] - mean) }
    let deviation = ProbabilityLoss.mean(values).squareRoot()
    guard deviation.isFinite, deviation > 1e-12 * max(1, mean.magnitude) else { return nil }
    return PortraitsFindings.Scale(
      column: name, transform: logarithmic ? logOnePlus : "linear", fill: fill, mean: mean,
      deviation: deviation)
  }
}
