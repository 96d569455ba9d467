import Clientele
import Findings
import Learning
import Numerics
import Staging
import Tabular

/// Customers in segments, and how the segments came about.
struct Segmentation: Sendable {
  /// The segment of each customer.
  var labels: [Int32]
  /// Distance to its centre in scaled units.
  var distances: [Double]
  /// The centres, one list a segment.
  var centres: [[Double]]
  /// The numbers of segments tried.
  var choices: [PortraitsFindings.Choice]
  /// The rule and how it came out.
  var rule: String
  /// Whether the centres were fitted here.
  var isFitted: Bool
  /// Names that are kept from an earlier fit.
  var names: [String]?
  /// What a person should know.
  var notes: [String]

  /// The most rounds of the fit to a table larger than the one k was chosen on: it starts where that one ended.
  static let mostRounds = 25

  /// Everyone in one segment, because `reason`.
  init(everyone rows: Int, width: Int, because reason: String) {
    labels = [Int32](repeating: 0, count: rows)
    distances = [Double](repeating: 0, count: rows)
    centres = [[Double](repeating: 0, count: width)]
    choices = []
    rule = reason
    isFitted = true
    notes = []
  }

  /// The segments whose centres `champion` names.
  init(_ points: PointMatrix, champion: PortraitsFindings, crew: Crew) {
    centres = champion.portraits.map(\.centre)
    (labels, distances) = KMeans.assign(points, to: centres.flatMap { $0 }, crew: crew)
    choices = champion.choices
    rule = "The champion's segments: each customer belongs to the nearest of its centres."
    isFitted = false
    names = champion.portraits.map(\.name)
    notes = []
  }

  /// Segments fitted to `points`.
  static func fitted(
    _ points: PointMatrix, _ parameters: SegmentParameters, seed: UInt64, crew: Crew
  ) throws -> Segmentation {
    // At least ten customers a segment, so that its figures mean something.
    let most = max(parameters.segments ?? 0, min(parameters.mostSegments, max(2, points.rows / 10)))
    let fewest = min(2, parameters.segments ?? 2)
    let table: ClusterCount
    do {
      table = try ClusterCount(points, counts: fewest...most, seed: seed, crew: crew)
    } catch {
      return Segmentation(
        everyone: points.rows, width: points.width,
        because: "The customers are alike in the columns looked at: one segment.")
    }
    var chosen = table.chosen
    if let wanted = parameters.segments {
      guard let place = table.candidates.firstIndex(where: { $0.count == wanted }) else {
        throw StageFault(
          .configuration, "There are fewer different customers than the \(wanted) segments asked for.",
          remedy: "Lower segment.segments, or set it to null to let the rule choose.")
      }
      chosen = place
    }
    let candidate = table.candidates[chosen]
    let clusters = KMeans.fit(
      points, from: candidate.centres,
      rounds: points.rows > ClusterCount.tableRows ? Segmentation.mostRounds : KMeans.mostRounds, crew: crew)
    let sizes = SegmentTraits.sizes(clusters.labels, candidate.count)
    // The largest segment is number 0; of equally large ones the one found first.
    let order = sizes.indices.sorted { (sizes[$0], $1) > (sizes[$1], $0) }
    let width = points.width
    var made = Segmentation(
      everyone: points.rows, width: width,
      because: rule(table, candidate, isDeclared: parameters.segments != nil))
    made.centres = order.map { Array(clusters.centres[$0 * width..<($0 + 1) * width]) }
    (made.labels, made.distances) = KMeans.assign(points, to: made.centres.flatMap { $0 }, crew: crew)
    made.choices = table.candidates.indices.map { place in
      let row = table.candidates[place]
      return PortraitsFindings.Choice(
        k: row.count, silhouette: row.quality.silhouette, calinskiHarabasz: row.quality.calinskiHarabasz,
        daviesBouldin: row.quality.daviesBouldin, stability: row.stability,
        smallestShare: row.quality.smallestShare, chosen: place == chosen)
    }
    if candidate.quality.silhouette < 0.25 {
      made.notes.append(
        "The silhouette of \(Wording.decimals(candidate.quality.silhouette, 2)) is low: the segments shade into "
          + "each other and are a way to speak of customers, not kinds found in nature.")
    }
    if points.rows > ClusterCount.tableRows {
      made.notes.append(
        "The numbers of segments were compared on \(Wording.count(ClusterCount.tableRows)) customers drawn by key."
      )
    }
    if clusters.refilled > 0 {
      made.notes.append("A centre that had lost all its customers was moved to the farthest one.")
    }
    return made
  }

  private static func rule(
    _ table: ClusterCount, _ chosen: ClusterCount.Candidate, isDeclared: Bool
  ) -> String {
    if isDeclared { return "\(chosen.count) segments, as segment.segments says." }
    let counts = table.candidates.map(\.count)
    let range = "\(counts.first ?? 0) to \(counts.last ?? 0)"
    let asked =
      "come back when customers are drawn again (agreement at least \(Wording.decimals(ClusterCount.leastStability, 2))) "
      + "and each hold at least \(Wording.decimals(100 * ClusterCount.leastShare, 0)) % of customers"
    guard table.meetsRule else {
      return "Of \(range) segments none \(asked); taken are the \(chosen.count) that come back most often "
        + "(agreement \(Wording.decimals(chosen.stability, 2)))."
    }
    return "Of \(range) segments, among those that \(asked), \(chosen.count) have the best silhouette "
      + "(\(Wording.decimals(chosen.quality.silhouette, 2)))."
  }
}
