import Clientele
import Findings
import Fingerprints
import Learning
import Numerics
package import Staging
import Statistics
import Tabular

/// `segment`: customers of a kind, and what sets each kind apart.
package struct SegmentStage: Stage {
  package static let declaration = StageDeclaration(
    id: "segment",
    purpose:
      "Groups customers by what they hold and do, never by whether they left, and describes each group.",
    codeVersion: 2, module: "Segmenting",
    inputs: [
      InputDeclaration(
        "features", purpose: "The customers; labels are used only to tell each segment's churn."),
      InputDeclaration(
        "champion.portraits", optional: true,
        purpose: "The champion's centres, to which customers are assigned."),
    ],
    outputs: [
      OutputDeclaration(
        "segments", .table, format: "holdfast.segments/v1", purpose: "Each customer's segment."),
      OutputDeclaration(
        "portraits", .document, format: "holdfast.portraits/v1",
        purpose: "The segments in numbers and words.", holds: .metric),
    ],
    parameters: SegmentParameters.declarations, usesSeed: true)

  private let parameters: SegmentParameters

  package init(parameters: ParameterValues) throws(ParameterError) {
    self.parameters = try SegmentParameters(parameters)
  }

  package func run(_ inputs: Inputs, _ outputs: Outputs, _ context: StageContext) throws -> StageSummary {
    let crew = Crew(threads: context.threads)
    let features = try InputTable(inputs, "features")
    let champion = try inputs.documentIfPresent("champion.portraits", as: PortraitsFindings.self)
    let columns =
      if let champion { try ScaledColumns(features, frozen: champion.scales) } else {
        try ScaledColumns(features, parameters, crew: crew)
      }
    var segmentation: Segmentation
    var points: PointMatrix?
    if columns.scales.isEmpty {
      segmentation = Segmentation(
        everyone: features.rowCount, width: 0,
        because: "There is no numeric column that tells customers apart: one segment.")
    } else {
      let scaled = columns.points(rows: features.rowCount, crew: crew)
      points = scaled
      context.progress(StageProgress("grouping", done: 0, total: features.rowCount))
      segmentation =
        if let champion { Segmentation(scaled, champion: champion, crew: crew) } else {
          try Segmentation.fitted(scaled, parameters, seed: context.seed, crew: crew)
        }
    }
    segmentation.notes = columns.notes + segmentation.notes
    let portraits = try Portraits.all(segmentation, columns, points, features, crew: crew)
    try outputs.table(
      "segments",
      Table([
        (SegmentColumn.key, .text(features.selecting([FeatureColumn.key]).texts(FeatureColumn.key))),
        (SegmentColumn.segment, .integer(IntegerColumn(segmentation.labels.map { Int64($0) }))),
        (SegmentColumn.distance, .real(RealColumn(segmentation.distances))),
      ]))
    try outputs.document(
      "portraits",
      PortraitsFindings(
        scales: columns.scales, choices: segmentation.choices, rule: segmentation.rule,
        fitted: segmentation.isFitted, portraits: portraits, notes: segmentation.notes))
    var metrics = ["segments": Double(portraits.count)]
    if let chosen = segmentation.choices.first(where: \.chosen) {
      metrics["silhouette"] = chosen.silhouette
      metrics["stability"] = chosen.stability
    }
    return StageSummary(
      rowsIn: features.rowCount, rowsOut: features.rowCount,
      remark: Wording.count(portraits.count, "segment", "segments")
        + (champion == nil ? "" : " of the champion"),
      metrics: metrics)
  }
}

/// The segments in numbers and words.
enum Portraits {
  /// One a segment, in order.
  static func all(
    _ segmentation: Segmentation, _ columns: ScaledColumns, _ points: PointMatrix?, _ features: InputTable,
    crew: Crew
  ) throws -> [PortraitsFindings.Portrait] {
    let count = segmentation.centres.count
    let labels = segmentation.labels
    let traits = try points.map {
      try SegmentTraits(columns, $0, labels: labels, count: count, features: features, crew: crew)
    }
    let outcomes = try features.selecting([FeatureColumn.label]).integers(FeatureColumn.label)
    let sizes = SegmentTraits.sizes(labels, count)
    var labelled = [Int](repeating: 0, count: count)
    var events = labelled
    for row in labels.indices where outcomes.isPresent(row) {
      labelled[Int(labels[row])] += 1
      if outcomes.values[row] != 0 { events[Int(labels[row])] += 1 }
    }
    let isLabelled = labelled.contains { $0 > 0 }
    let names =
      segmentation.names
      ?? unique((0..<count).map { count == 1 ? "everyone" : traits?.name($0) ?? "everyone" })
    return (0..<count).map { segment in
      let rows = sizes[segment]
      let share = labels.isEmpty ? 0 : Double(rows) / Double(labels.count)
      let known = labelled[segment] > 0
      let churn = known ? Double(events[segment]) / Double(labelled[segment]) : nil
      let interval = known ? Proportion.wilson(events: events[segment], rows: labelled[segment]) : nil
      let own = traits?.numeric[segment] ?? []
      var sentence = "\(Wording.count(rows, "customer", "customers")), \(Wording.percent(share)) of all."
      let words = own.map(\.words) + (traits?.categories[segment] ?? [])
      if !words.isEmpty { sentence += " Stands out by: \(words.prefix(5).joined(separator: "; "))." }
      if let churn, let interval {
        sentence +=
          " \(Wording.percent(churn)) of \(Wording.count(labelled[segment])) with a known outcome left "
          + "(95 % interval \(Wording.percent(interval.lower)) to \(Wording.percent(interval.upper)))."
      }
      return PortraitsFindings.Portrait(
        segment: segment, name: names[segment], rows: rows, share: share,
        labelled: isLabelled ? labelled[segment] : nil, events: isLabelled ? events[segment] : nil,
        churn: churn,
        churnLower: interval?.lower, churnUpper: interval?.upper, traits: own,
        centre: segmentation.centres[segment], sentence: sentence)
    }
  }

  /// The names, a number put behind one that has been given before.
  static func unique(_ names: [String]) -> [String] {
    var given: [String] = []
    for name in names {
      var candidate = name
      var number = 2
      while given.contains(candidate) {
        candidate = "\(name) (\(number))"
        number += 1
      }
      given.append(candidate)
    }
    return given
  }
}
