import Learning
import Numerics
import Testing

private let golden = MixedPoints(
  count: 5, width: 2, numbers: [1, 10, 2, 12, 1.5, 11, 4, 30, 3.5, 28], categoryWidth: 1,
  codes: [0, 0, 1, 2, 2])

/// Distances and neighbours as imbalanced-learn's definition gives them.
@Test func `the SMOTE-NC example comes out to the last digit`() {
  #expect(abs(golden.mismatch.squareRoot() - 5.010495806372) < 1e-11)
  // It is the median of the columns' standard deviations: of one column alone, that column's.
  for (column, deviation) in [(0, 1.1575836903), (1, 8.8634079225)] {
    let alone = MixedPoints(
      count: 5, width: 1, numbers: (0..<5).map { golden.numbers[2 * $0 + column] }, categoryWidth: 1,
      codes: [0, 0, 1, 2, 2])
    #expect(abs(alone.mismatch.squareRoot() - deviation) < 1e-9)
  }
  let distances = (0..<5).map { golden.squaredDistance(0, $0).squareRoot() }
  for (found, expected) in zip(distances, [0, 2.2360679775, 5.1337187521, 20.8351882215, 18.8508638589]) {
    #expect(abs(found - expected) < 1e-9)
  }
  let near = Neighbours.search(golden, asked: 2, crew: Crew(threads: 1))
  #expect(near.indices == [1, 2, 0, 2, 0, 1, 4, 1, 3, 1])
  let step = 0.8472517388
  #expect(abs(Synthesis.synthesize(1.5, 2, step) - 1.9236258694) < 1e-9)
  #expect(abs(Synthesis.synthesize(11, 12, step) - 11.8472517388) < 1e-9)
  #expect(Synthesis.category([0, 0]) == 0)
}

@Test func `ties among categories go to the lowest code`() {
  #expect(Synthesis.category([3, 1, 3, 1, 2]) == 1)
}

private func cloud(_ count: Int) -> MixedPoints {
  let random = CounterGenerator(seed: 4, label: "cloud")
  return MixedPoints(
    count: count, width: 3, numbers: (0..<count * 3).map { (random.uniform(UInt64($0)) * 8).rounded() / 2 },
    categoryWidth: 1, codes: (0..<count).map { Int32($0 % 3) })
}

@Test func `the search finds what looking at all pairs finds, ties included`() {
  let points = cloud(700)
  let near = Neighbours.search(points, asked: 5, crew: Crew(threads: 2))
  for point in 0..<points.count {
    let all = (0..<points.count).filter { $0 != point }.sorted {
      let left = points.squaredDistance(point, $0)
      let right = points.squaredDistance(point, $1)
      return left != right ? left < right : $0 < $1
    }
    #expect(Array(near.indices[point * 5..<point * 5 + 5]) == all.prefix(5).map(Int32.init))
  }
}

@Test func `neighbours and draws do not depend on threads`() throws {
  let points = cloud(1500)
  let one = Neighbours.search(points, asked: 5, crew: Crew(threads: 1))
  #expect(one == Neighbours.search(points, asked: 5, crew: Crew(threads: 4)))
  let random = CounterGenerator(seed: 9, label: "draw")
  let drawn = try Synthesis.draw(300, from: one, points: 1500, random)
  #expect(try Synthesis.draw(10, from: one, points: 1500, random) == Array(drawn.prefix(10)))
  for row in drawn {
    let around = one.indices[Int(row.base) * 5..<Int(row.base) * 5 + 5]
    #expect(around.contains(row.neighbour))
    #expect((0..<1).contains(row.step))
  }
}

@Test func `one row alone cannot be multiplied`() {
  let point = MixedPoints(count: 1, width: 1, numbers: [1], categoryWidth: 0, codes: [])
  let near = Neighbours.search(point, asked: 5, crew: Crew(threads: 1))
  let error = #expect(throws: LearningError.self) {
    try Synthesis.draw(3, from: near, points: 1, CounterGenerator(seed: 1, label: "x"))
  }
  #expect(error?.kind == .tooFewRows)
}

@Test func `some points' neighbours are those they have among all`() {
  let points = cloud(900)
  let all = Neighbours.search(points, asked: 4, crew: Crew(threads: 1))
  let wanted = (0..<900).filter { $0 % 7 == 2 }.reversed().map { Int32($0) }
  let some = Neighbours.search(points, of: wanted, asked: 4, crew: Crew(threads: 3))
  #expect(some.perPoint == 4)
  for (place, point) in wanted.enumerated() {
    #expect(some.indices[place * 4..<place * 4 + 4] == all.indices[Int(point) * 4..<Int(point) * 4 + 4])
  }
  #expect(Neighbours.search(points, of: [], asked: 4, crew: Crew(threads: 1)).indices.isEmpty)
}
