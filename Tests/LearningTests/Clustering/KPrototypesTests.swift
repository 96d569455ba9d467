import Learning
import Numerics
import Testing

struct KPrototypesTests {
  private let crew = Crew(threads: 1)

  @Test func `six points of a number and two categories fall into two groups`() {
    let numbers = [1, 1.2, 0.9, 5, 5.1, 4.8]
    let points = MixedPoints(
      count: 6, width: 1, numbers: numbers, categoryWidth: 2, codes: [0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 0, 1],
      mismatch: 0.5)
    let found = KPrototypes.fit(points, from: [1, 5], codes: [0, 0, 1, 1], crew: crew)
    #expect(found.labels == [0, 0, 0, 1, 1, 1])
    #expect((found.cost - 1.093333333).magnitude < 1e-9)
    #expect((found.numbers[0] - 1.0333333333).magnitude < 1e-9)
    #expect((found.numbers[1] - 4.9666666667).magnitude < 1e-9)
    #expect(found.codes == [0, 0, 1, 1])
    // Half the population standard deviation, where nobody says.
    #expect(KPrototypes.mismatch([1, 0, 3, 6], width: 2) == 1)
    #expect(KPrototypes.mismatch([0, 2, 0, 2], width: 1) == 0.5)
  }

  @Test func `it is k-means where there are no categories, and does not depend on threads`() {
    let draws = CounterGenerator(seed: 6)
    let numbers = (0..<30_000).map { draws.uniform(UInt64($0)) }
    let codes = (0..<10_000).map { Int32(draws.uniform(UInt64(50_000 + $0), below: 3)) - 1 }
    let start = Array(numbers.prefix(12))
    let plain = KPrototypes.fit(
      MixedPoints(count: 10_000, width: 3, numbers: numbers, categoryWidth: 0, codes: []), from: start,
      codes: [], rounds: 20, crew: crew)
    let means = KMeans.fit(PointMatrix(values: numbers, width: 3), from: start, rounds: 20, crew: crew)
    #expect((plain.cost / means.inertia - 1).magnitude < 1e-3)
    let mixed = MixedPoints(
      count: 10_000, width: 3, numbers: numbers, categoryWidth: 1, codes: codes, mismatch: 0.05)
    let one = KPrototypes.fit(mixed, from: start, codes: [0, 1, -1, 0], rounds: 20, crew: crew)
    #expect(
      one == KPrototypes.fit(mixed, from: start, codes: [0, 1, -1, 0], rounds: 20, crew: Crew(threads: 3)))
    #expect(Set(one.labels).count == 4)
  }

  @Test func `a centre without points stays`() {
    let points = MixedPoints(
      count: 3, width: 1, numbers: [0, 1, 2], categoryWidth: 1, codes: [2, 2, -1], mismatch: 1)
    let found = KPrototypes.fit(points, from: [0, 100], codes: [0, 0], crew: crew)
    #expect(found.labels == [0, 0, 0] && found.numbers == [1, 100] && found.codes == [2, 0])
  }

  @Test func `the silhouette over all pairs of the reference`() throws {
    let ten = PointMatrix(
      values: [1, 1, 1.5, 2, 3, 4, 5, 7, 3.5, 5, 4.5, 5, 3.5, 4.5, 8, 1, 8.5, 1.5, 9, 0.5], width: 2)
    let labels: [Int32] = [0, 0, 1, 1, 1, 1, 1, 2, 2, 2]
    let found = try #require(Silhouette.mean(ten, labels: labels, crew: crew))
    #expect((found - 0.704728890896).magnitude < 1e-11)
    #expect(Silhouette.mean(ten, labels: [Int32](repeating: 0, count: 10), crew: crew) == nil)
    // A point alone counts 0, groups that no point has do not count.
    let alone = PointMatrix(values: [0, 1, 9], width: 1)
    let expected = (8.0 / 9 + 7.0 / 8) / 3
    #expect(
      (try #require(Silhouette.mean(alone, labels: [0, 0, 5], crew: crew)) - expected).magnitude < 1e-12)
  }
}
