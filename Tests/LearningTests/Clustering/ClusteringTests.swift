import Numerics
import Testing

@testable import Learning

struct ClusteringTests {
  private let crew = Crew(threads: 2)
  private let ten = PointMatrix(
    values: [1, 1, 1.5, 2, 3, 4, 5, 7, 3.5, 5, 4.5, 5, 3.5, 4.5, 8, 1, 8.5, 1.5, 9, 0.5], width: 2)

  private func blobs(_ rows: Int, width: Int, groups: Int, spread: Double, seed: UInt64, shift: Double = 0)
    -> PointMatrix
  {
    let draws = CounterGenerator(seed: seed, label: "blobs")
    var values: [Double] = []
    for row in 0..<rows {
      for column in 0..<width {
        let middle = 10 * draws.deriving("middle").uniform(UInt64(row % groups * width + column))
        var noise = -6.0
        for place in 0..<12 { noise += draws.uniform(UInt64((row * width + column) * 12 + place)) }
        values.append(shift + middle + spread * noise)
      }
    }
    return PointMatrix(values: values, width: width)
  }

  @Test func `ten points fall into three groups`() {
    let start = [1.0, 1, 5, 7, 8, 1]
    let clusters = KMeans.fit(ten, from: start, crew: crew)
    #expect(clusters.labels == [0, 0, 1, 1, 1, 1, 1, 2, 2, 2])
    #expect((clusters.inertia - 9.525).magnitude < 1e-12)
    let quality = ClusterQuality(ten, clusters, crew: crew)
    #expect((quality.silhouette - 0.825701834264).magnitude < 1e-11)
    #expect((quality.calinskiHarabasz - 39.914698162730).magnitude < 1e-9)
    #expect((quality.daviesBouldin - 0.331951724228).magnitude < 1e-11)
    #expect(quality.sizes == [2, 5, 3] && quality.smallestShare == 0.2)
  }

  @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6]) func `estimates change no label`(seed: UInt64) {
    // The last table lies far from the origin, so that estimates say little and most points are looked at again.
    let points = blobs(
      900, width: 3, groups: 4, spread: 0.5 + Double(seed), seed: seed, shift: seed == 6 ? 3000 : 0)
    for count in [1, 2, 5, 11] {
      let start = KMeans.start(points, count: count, draws: CounterGenerator(seed: seed))
      let fast = KMeans.fit(points, from: start, crew: crew)
      #expect(fast == KMeans.fit(points, from: start, crew: crew, isEstimating: false))
      #expect(KMeans.assign(points, to: fast.centres, crew: crew).labels == fast.labels)
    }
  }

  @Test(arguments: [2, 5, 9]) func `groups are those of Lloyd's method written out`(count: Int) {
    let points = blobs(3001, width: 4, groups: 5, spread: 1.5, seed: 40, shift: 0)
    let start = KMeans.start(points, count: count, draws: CounterGenerator(seed: 2))
    let numbers = (0..<points.rows).map { points.point($0) }
    var centres = (0..<count).map { Array(start[$0 * 4..<($0 + 1) * 4]) }
    var (labels, rounds) = ([Int32](repeating: -1, count: points.rows), 0)
    while true {
      let next = numbers.map { point in
        let squares = centres.map { zip(point, $0).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
        return Int32(squares.indices.reduce(0) { squares[$1] < squares[$0] ? $1 : $0 })
      }
      rounds += 1
      if next == labels { break }
      labels = next
      for centre in 0..<count {
        let own = numbers.indices.filter { labels[$0] == Int32(centre) }
        for column in 0..<4 {
          centres[centre][column] = own.reduce(0) { $0 + numbers[$1][column] } / Double(own.count)
        }
      }
    }
    let found = KMeans.fit(points, from: start, crew: crew)
    #expect(found.labels == labels && found.rounds == rounds && found.refilled == 0)
    #expect(zip(found.centres, centres.flatMap { $0 }).allSatisfy { ($0 - $1).magnitude < 1e-11 })
    let inertia = zip(numbers, labels).reduce(0) { sum, pair in
      sum + zip(pair.0, centres[Int(pair.1)]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    #expect((found.inertia / inertia - 1).magnitude < 1e-12)
  }

  @Test func `numbers of any size are grouped alike, and the last tile holds no point too many`() {
    let points = blobs(157, width: 2, groups: 3, spread: 0.2, seed: 5, shift: 0)
    let start = KMeans.start(points, count: 3, draws: CounterGenerator(seed: 1))
    let labels = KMeans.fit(points, from: start, crew: crew).labels
    #expect(labels.count == 157)
    for factor in [0x1p-50, 0x1p60, 0x1p70] {
      let scaled = PointMatrix(
        values: (0..<157).flatMap { points.point($0).map { $0 * factor } }, width: 2)
      let fit = KMeans.fit(scaled, from: start.map { $0 * factor }, crew: crew)
      #expect(fit.labels == labels && fit.inertia.isFinite)
    }
    let drawn = Set((0..<200).map { KMeans.start(points, count: 1, draws: CounterGenerator(seed: $0)) })
    #expect(drawn.count > 100 && !drawn.contains([0, 0]))
  }

  @Test func `points on a grid, with ties everywhere, go to the first of equally near centres`() {
    let values = (0..<400).flatMap { [Double($0 % 20), Double($0 / 20)] }
    let points = PointMatrix(values: values, width: 2)
    for count in 2...9 {
      let start = (0..<count).flatMap { [Double($0 * 2), Double($0)] }
      let fast = KMeans.fit(points, from: start, crew: crew)
      #expect(fast == KMeans.fit(points, from: start, crew: crew, isEstimating: false))
    }
    #expect(KMeans.assign(points, to: [0, 0, 2, 0], crew: crew).labels[1] == 0)
  }

  @Test func `a centre without points moves to the farthest point`() {
    let points = PointMatrix(values: [0, 1, 2, 3, 50], width: 1)
    let lost = KMeans.fit(points, from: [1, 1000], crew: crew)
    #expect(lost.refilled == 1 && lost.labels == [0, 0, 0, 0, 1])
    let alike = KMeans.fit(PointMatrix(values: [4, 4, 4], width: 1), from: [4, 9], crew: crew)
    #expect(alike.labels == [0, 0, 0] && alike.refilled == 0)
  }

  @Test func `threads change nothing`() throws {
    let points = blobs(30_000, width: 4, groups: 5, spread: 1, seed: 9)
    let one = try ClusterCount(points, counts: 2...6, seed: 1, crew: Crew(threads: 1))
    #expect(one == (try ClusterCount(points, counts: 2...6, seed: 1, crew: Crew(threads: 3))))
    let start = one.candidates[one.chosen].centres
    let a = KMeans.fit(points, from: start, crew: Crew(threads: 1))
    #expect(a == KMeans.fit(points, from: start, crew: Crew(threads: 3)))
    let draws = CounterGenerator(seed: 4)
    #expect(
      KMeans.start(points, count: 6, draws: draws, crew: Crew(threads: 1))
        == KMeans.start(points, count: 6, draws: draws, crew: Crew(threads: 3)))
  }

  @Test func `four clear groups are found to be four`() throws {
    let points = blobs(2000, width: 5, groups: 4, spread: 0.3, seed: 21)
    let table = try ClusterCount(points, counts: 2...8, seed: 3, crew: crew)
    #expect(table.candidates.map(\.count) == Array(2...8))
    #expect(table.meetsRule && table.candidates[table.chosen].count == 4)
    #expect(table.candidates[table.chosen].stability > 0.99)
  }

  @Test func `where no number qualifies the most stable is taken, and said`() throws {
    let draws = CounterGenerator(seed: 77)
    let noise = PointMatrix(values: (0..<6000).map { draws.uniform(UInt64($0)) }, width: 6)
    let table = try ClusterCount(noise, counts: 5...8, seed: 3, crew: crew)
    #expect(!table.meetsRule)
    let best = table.candidates.map(\.stability).max()
    #expect(table.candidates[table.chosen].stability == best)
  }

  @Test func `more groups than different points are not tried`() throws {
    let points = PointMatrix(values: [1, 1, 1, 2, 2, 2], width: 1)
    #expect(try ClusterCount(points, counts: 2...5, seed: 1, crew: crew).candidates.map(\.count) == [2])
    #expect(throws: LearningError.self) { try ClusterCount(points, counts: 3...5, seed: 1, crew: crew) }
  }

  @Test func `agreement of groupings`() {
    let index = ClusterQuality.adjustedRandIndex([0, 0, 1, 1], [0, 0, 1, 2])
    #expect((index - 0.5714285714).magnitude < 1e-9)
    #expect(ClusterQuality.adjustedRandIndex([0, 0, 1], [1, 1, 0]) == 1)
    #expect(ClusterQuality.adjustedRandIndex([0, 0, 0], [0, 0, 0]) == 1)
  }
}
