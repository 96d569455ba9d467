import Foundation
import Learning
import Numerics
import Testing

/// Where the rarer kind meets the other: Borderline-SMOTE's border and ADASYN's proportions.
struct SurroundingsTests {
  private let crew = Crew(threads: 1)

  private struct Table {
    var points: MixedPoints
    var rare: [Int32]
    var danger: [Int32]
    var generated: [Int]
    var rows: Int
  }

  /// The tables of imbalanced-learn (Tests/Golden/synthesis).
  private static func tables() throws -> [Table] {
    let golden = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Golden/synthesis/synthesis.csv")
    let lines = try String(contentsOf: golden, encoding: .utf8).split(separator: "\n").map {
      try $0.split(separator: ",").map { try #require(Double($0)) }
    }
    return (0..<3).map { table in
      let own = lines.filter { $0[0] == Double(table) }
      let rare = own.indices.filter { own[$0][1] == 1 }
      return Table(
        points: MixedPoints(
          count: own.count, width: 2, numbers: own.flatMap { [$0[2], $0[3]] }, categoryWidth: 0, codes: []),
        rare: rare.map(Int32.init),
        danger: rare.indices.filter { own[rare[$0]][4] == 1 }.map(Int32.init),
        generated: rare.map { Int(own[$0][5]) }, rows: own.count)
    }
  }

  @Test func `the points on the border are those of the reference`() throws {
    for table in try Self.tables() {
      let around = Surroundings(table.points, rare: table.rare, asked: 10, crew: crew)
      #expect(around.perPoint == 10)
      #expect(around.danger == table.danger && !table.danger.isEmpty)
      #expect(Surroundings(table.points, rare: table.rare, asked: 10, crew: Crew(threads: 4)) == around)
    }
  }

  /// The reference rounds each number by itself and misses the sum by a few: as many points differ, by one each.
  @Test func `bases get as many points as in the reference, and in sum what was asked for`() throws {
    for table in try Self.tables() {
      let wanted = table.rows - 2 * table.rare.count
      let around = Surroundings(table.points, rare: table.rare, asked: 5, crew: crew)
      let counts = try #require(around.adaptiveCounts(wanted))
      #expect(counts.reduce(0, +) == wanted)
      let apart = zip(counts, table.generated).map { ($0 - $1).magnitude }
      #expect(apart.allSatisfy { $0 <= 1 })
      #expect(apart.reduce(0, +) == (table.generated.reduce(0, +) - wanted).magnitude)
    }
  }

  @Test func `half of the neighbours make a border, all of them noise`() {
    #expect(Surroundings(perPoint: 10, others: [0, 4, 5, 6, 9, 10]).danger == [2, 3, 4])
    #expect(Surroundings(perPoint: 5, others: [2, 3, 4, 5]).danger == [1, 2])
    #expect(Surroundings(perPoint: 0, others: [0, 0]).danger.isEmpty)
  }

  @Test func `what is left over goes by largest remainder, ties to the first`() {
    // 7 · (3, 3, 1, 0) ∕ 7.
    #expect(Surroundings(perPoint: 5, others: [3, 3, 1, 0]).adaptiveCounts(7) == [3, 3, 1, 0])
    // 5 · (1, 1, 1) ∕ 3 = 1⅔ each.
    #expect(Surroundings(perPoint: 5, others: [1, 1, 1]).adaptiveCounts(5) == [2, 2, 1])
    // Less than half a point each: the paper's rounding would make none.
    #expect(Surroundings(perPoint: 5, others: [2, 2, 2, 2, 2]).adaptiveCounts(2) == [1, 1, 0, 0, 0])
    #expect(Surroundings(perPoint: 5, others: [0, 0]).adaptiveCounts(5) == nil)
    #expect(Surroundings(perPoint: 5, others: []).adaptiveCounts(5) == nil)
    #expect(Surroundings(perPoint: 5, others: [1]).adaptiveCounts(0) == [0])
  }

  @Test func `bases are only those on the border, neighbours of their own kind`() throws {
    let table = try Self.tables()[1]
    let own = MixedPoints(
      count: table.rare.count, width: 2,
      numbers: table.rare.flatMap {
        [table.points.numbers[2 * Int($0)], table.points.numbers[2 * Int($0) + 1]]
      },
      categoryWidth: 0, codes: [])
    let near = Neighbours.search(own, asked: 5, crew: crew)
    let random = CounterGenerator(seed: 3, label: "border")
    let drawn = try Synthesis.draw(500, from: near, bases: table.danger, points: own.count, random)
    #expect(drawn.count == 500)
    #expect(Set(drawn.map(\.base)) == Set(table.danger))
    for row in drawn {
      #expect(near.indices[Int(row.base) * 5..<Int(row.base) * 5 + 5].contains(row.neighbour))
      #expect((0..<1).contains(row.step))
    }
    #expect(
      try Synthesis.draw(9, from: near, bases: table.danger, points: own.count, random)
        == Array(drawn.prefix(9)))
    #expect(try Synthesis.draw(9, from: near, bases: [], points: own.count, random).isEmpty)
    // All bases: as plain SMOTE draws.
    let all = (0..<Int32(own.count)).map { $0 }
    #expect(
      try Synthesis.draw(50, from: near, bases: all, points: own.count, random)
        == Synthesis.draw(50, from: near, points: own.count, random))
  }

  @Test func `each base is drawn as often as counted`() throws {
    let own = MixedPoints(
      count: 4, width: 1, numbers: [0, 1, 2, 4], categoryWidth: 0, codes: [])
    let near = Neighbours.search(own, asked: 2, crew: crew)
    let random = CounterGenerator(seed: 3, label: "adaptive")
    let drawn = try Synthesis.draw(counts: [3, 0, 40, 1], from: near, random)
    #expect([0, 1, 2, 3].map { base in drawn.count { $0.base == base } } == [3, 0, 40, 1])
    #expect(drawn.filter { $0.base == 2 }.allSatisfy { $0.neighbour == 1 || [0, 3].contains($0.neighbour) })
    #expect(Set(drawn.filter { $0.base == 2 }.map(\.neighbour)).count == 2)
    #expect(try Synthesis.draw(counts: [0, 0], from: near, random).isEmpty)
    let alone = Neighbours.search(
      MixedPoints(count: 1, width: 1, numbers: [1], categoryWidth: 0, codes: []), asked: 2, crew: crew)
    let error = #expect(throws: LearningError.self) {
      try Synthesis.draw(counts: [2], from: alone, random)
    }
    #expect(error?.kind == .tooFewRows)
  }
}
