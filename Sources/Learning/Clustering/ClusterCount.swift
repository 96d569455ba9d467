package import Numerics

/// How many groups points fall into, by a rule over a table: among the numbers whose groups come back when the
/// points are drawn again (stability at least .85) and whose smallest group holds at least 3 %, the one with the
/// best simplified silhouette; of equal ones the smaller. Where none qualifies, the most stable.
package struct ClusterCount: Sendable, Equatable {
  /// One number of groups tried.
  package struct Candidate: Sendable, Equatable {
    /// The number of groups.
    package let count: Int
    /// How they hold together.
    package let quality: ClusterQuality
    /// Mean adjusted Rand index between these groups and those of points drawn again with replacement.
    package let stability: Double
    /// Centres, row-major.
    package let centres: [Double]

    /// Whether it may be chosen.
    package var qualifies: Bool {
      stability >= ClusterCount.leastStability && quality.smallestShare >= ClusterCount.leastShare
    }
  }

  /// Groups less stable than this are not chosen while stable ones are to be had.
  package static let leastStability = 0.85
  /// Nor are those of which one holds less than this share.
  package static let leastShare = 0.03
  /// The most points the table is made from.
  package static let tableRows = 20_000
  /// The most points stability is measured on.
  package static let stabilityRows = 1_500
  /// How often these are drawn again.
  package static let resamples = 8
  /// Fits of each number on the points of stability; the fit to all points of the table starts where the one with
  /// the least inertia ended.
  package static let starts = 3

  /// The most rounds of each of these fits; the last moves of a few points change no figure of the table.
  package static let rounds = 40

  /// The numbers tried, ascending.
  package let candidates: [Candidate]
  /// Place of the chosen one in `candidates`.
  package let chosen: Int
  /// Whether the chosen one meets the rule; `false` where it is only the most stable.
  package let meetsRule: Bool

  /// Tries each of `counts` on a keyed sample of `points`; throws where no number of groups can be tried.
  package init(_ points: PointMatrix, counts: ClosedRange<Int>, seed: UInt64, crew: Crew)
    throws(LearningError)
  {
    guard counts.lowerBound >= 1 else {
      throw LearningError(.badParameter, "\(counts.lowerBound) groups asked for; at least 1 makes sense.")
    }
    let draws = CounterGenerator(seed: seed, label: "clustering")
    let sample =
      points.rows <= ClusterCount.tableRows
      ? points : points.taking(draws.deriving("table").sample(ClusterCount.tableRows, of: points.rows))
    let checked = draws.deriving("stability").sample(ClusterCount.stabilityRows, of: sample.rows)
    let small = sample.taking(checked)
    let alone = Crew(threads: 1)
    let tried = Array(counts)
    // One task a start, a number or a resample, so that the work is even.
    let starts = ClusterCount.starts
    let trials = crew.map(tried.count * starts) { task -> Clusters? in
      let count = tried[task / starts]
      let start = KMeans.start(small, count: count, draws: draws.deriving("start").deriving(task))
      return start.count == count * small.width
        ? KMeans.fit(small, from: start, rounds: ClusterCount.rounds, crew: alone) : nil
    }
    let best = crew.map(tried.count) { place -> Clusters? in
      let kept = trials[place * starts..<(place + 1) * starts].compactMap { $0 }.reduce(nil) {
        (kept: Clusters?, next) in kept.map { $0.inertia <= next.inertia } ?? false ? kept : next
      }
      return kept.map {
        small.rows == sample.rows
          ? $0 : KMeans.fit(sample, from: $0.centres, rounds: ClusterCount.rounds, crew: alone)
      }
    }
    let agreements = crew.map(tried.count * ClusterCount.resamples) { task -> Double in
      guard let reference = best[task / ClusterCount.resamples] else { return 0 }
      let mine = draws.deriving("resample").deriving(task)
      let again = small.taking((0..<small.rows).map { Int32(mine.uniform(UInt64($0), below: small.rows)) })
      let start = KMeans.start(
        again, count: tried[task / ClusterCount.resamples], draws: mine.deriving("start"))
      let refit = KMeans.fit(again, from: start, rounds: ClusterCount.rounds, crew: alone)
      let labels = KMeans.assign(small, to: refit.centres, crew: alone).labels
      return ClusterQuality.adjustedRandIndex(checked.map { reference.labels[Int($0)] }, labels)
    }
    let qualities = crew.map(tried.count) { place in
      best[place].map { ClusterQuality(sample, $0, crew: alone) }
    }
    var candidates: [Candidate] = []
    for place in tried.indices {
      guard let clusters = best[place], let quality = qualities[place] else { continue }
      let resamples = ClusterCount.resamples
      let agreed = agreements[place * resamples..<(place + 1) * resamples].reduce(0, +)
      candidates.append(
        Candidate(
          count: tried[place], quality: quality, stability: agreed / Double(resamples),
          centres: clusters.centres))
    }
    guard !candidates.isEmpty else {
      throw LearningError(
        .noRows, "There are fewer different points than the \(counts.lowerBound) groups asked for.")
    }
    self.candidates = candidates
    let qualified = candidates.indices.filter { candidates[$0].qualifies }
    meetsRule = !qualified.isEmpty
    chosen =
      qualified.isEmpty
      ? candidates.indices.reduce(0) { candidates[$1].stability > candidates[$0].stability ? $1 : $0 }
      : qualified.reduce(qualified[0]) {
        candidates[$1].quality.silhouette > candidates[$0].quality.silhouette ? $1 : $0
      }
  }
}
