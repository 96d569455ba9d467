import Numerics
import Testing

@testable import Learning

struct ForestGrowerTests {
  private func matrix(_ rows: Int, _ columns: Int, _ bin: (Int, Int) -> Int) -> BinnedMatrix {
    let stride = (columns + 7) / 8 * 8
    var bins = [UInt8](repeating: 0, count: rows * stride)
    for row in 0..<rows {
      for column in 0..<columns { bins[row * stride + column] = UInt8(bin(row, column)) }
    }
    return BinnedMatrix(
      rows: rows, columns: columns, stride: stride, bins: bins,
      valueBins: [Int](repeating: 254, count: columns),
      isCategorical: [Bool](repeating: false, count: columns))
  }

  private func drawn(_ rows: Int, _ columns: Int) -> BinnedMatrix {
    let generator = CounterGenerator(seed: 9)
    return matrix(rows, columns) {
      generator.uniform(UInt64($0 * columns + $1), below: $1 % 3 == 0 ? 2 : 255)
    }
  }

  @Test(arguments: [3, 12, 20, 31, 70])
  func `records are divided and added as plain loops have it`(columns: Int) {
    let rows = 500
    let matrix = drawn(rows, columns)
    var records = ForestRecords(matrix)
    let draws = (0..<rows).map { UInt8($0 % 3) }
    func cell(_ row: Int) -> Int64 { Int64(row % 2) << 32 | Int64(row % 3) }
    let training = (0..<Int32(rows)).map { $0 }
    let total = records.fill(training, draws: draws) { row, _ in cell(row) }
    let taken = (0..<rows).filter { draws[$0] > 0 }
    #expect(records.count == taken.count)
    #expect(total == taken.reduce(0) { $0 + cell($1) })
    func table(_ rows: [Int], _ column: Int) -> [Int64] {
      var sums = [Int64](repeating: 0, count: 256)
      for row in rows { sums[Int(matrix.bins[row * matrix.stride + column])] += cell(row) }
      return sums
    }
    let split = Split(gain: 0, feature: 1, kind: .missingRight, threshold: 90, leftSum: 0)
    let sides = RowPartition.sides(split, left: 0)
    let left = taken.filter { (1...90).contains(matrix.bins[$0 * matrix.stride + 1]) }
    let right = taken.filter { !(1...90).contains(matrix.bins[$0 * matrix.stride + 1]) }
    let all = 0..<taken.count
    #expect(records.countLeft(all, isFar: false, column: 1, sides: sides) == left.count)
    var tables = [Int64](repeating: 0, count: 4 * 256)
    let middle = records.divide(
      all, isFar: false, column: 1, sides: sides, columns: [2, 0, 0, 1], tables: &tables, at: 0)
    #expect(middle == left.count)
    #expect(tables == table(left, 2) + table(left, 0) + table(right, 0) + table(right, 1))
    // What was moved is found where it was moved to.
    var again = [Int64](repeating: 0, count: 512)
    records.add(0..<middle, isFar: true, columns: [1, 2], to: &again, at: 0)
    #expect(again == table(left, 1) + table(left, 2))
    var sums = [Int64](repeating: 0, count: 256)
    var filled = [UInt64](repeating: 0, count: 4)
    records.gather(middle..<taken.count, isFar: true, column: 2, sums: &sums, filled: &filled)
    #expect(sums == table(right, 2))
    let bins = Set(right.map { Int(matrix.bins[$0 * matrix.stride + 2]) })
    #expect((0..<256).allSatisfy { (filled[$0 / 64] >> UInt64($0 % 64) & 1 == 1) == bins.contains($0) })
  }

  @Test func `fetched bins grow the tree that carried bins grow`() {
    let matrix = drawn(3000, 12)
    let rules = ForestParameters().rules
    let training = (0..<Int32(3000)).map { $0 }
    let draws = CounterGenerator(seed: 1).bootstrapCounts(3000)
    let trees = [false, true].map { isIndirect in
      var grower = ForestGrower(matrix, rules, columnsPerNode: 4, isIndirect: isIndirect)
      let total = grower.records.fill(training, draws: draws) { row, count in
        (matrix.bins[row * matrix.stride + 1] > 100 ? Int64(count) << 32 : 0) | Int64(count)
      }
      return DecisionTrees(
        grower.grow(
          total: total, units: GradientUnits(gradient: 1, hessian: 1), generator: CounterGenerator(seed: 2)))
    }
    #expect(trees[0].kinds.count > 50)
    #expect(trees[0] == trees[1])
  }

  @Test func `a node goes on drawing columns until one divides it`() throws {
    // Of twenty columns only one tells rows apart, and a node draws one at first.
    let matrix = matrix(400, 20) { $1 == 13 ? 1 + $0 % 200 : 5 }
    let labels = (0..<400).map { Double($0 % 200 / 50 % 2) }
    var parameters = ForestParameters()
    parameters.trees = 8
    parameters.minimumRows = 1
    parameters.columnsPerNode = 1
    let training = (0..<Int32(400)).map { $0 }
    let forest = try RandomForest.fit(
      matrix, labels: labels, training: training, parameters: parameters, crew: Crew(threads: 1))
    // Every tree parts the labels wholly: all leaves are pure.
    let leaves = forest.trees.kinds.indices.filter { forest.trees.features[$0] < 0 }
    #expect(leaves.count >= 4 * 8)
    #expect(leaves.allSatisfy { forest.trees.values[$0] == 0 || forest.trees.values[$0] == 1 })
  }

  @Test func `a leaf may hold a single row, and never fewer than asked for`() throws {
    let matrix = drawn(600, 6)
    let labels = (0..<600).map { Double(CounterGenerator(seed: 3).bits(UInt64($0)) & 1) }
    for minimumRows in [1, 7] {
      var parameters = ForestParameters()
      parameters.trees = 6
      parameters.minimumRows = minimumRows
      let forest = try RandomForest.fit(
        matrix, labels: labels, training: (0..<600).map { $0 }, parameters: parameters,
        crew: Crew(threads: 1))
      let leaves = forest.trees.kinds.indices.filter { forest.trees.features[$0] < 0 }
      #expect(leaves.map { forest.trees.covers[$0] }.min() == Double(minimumRows))
    }
  }
}
