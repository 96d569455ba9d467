import Numerics
import Testing

@testable import Learning

struct LeafCodesTests {
  private static let rows = 40_000

  /// Numbers with missing ones, flags and categories; as many of each as `columns` has room for.
  private func matrix(_ columns: Int) -> BinnedMatrix {
    let stride = (columns + 7) / 8 * 8
    let generator = CounterGenerator(seed: 11)
    let bins = (0..<columns).map { [40, 2, 5, 200][$0 % 4] }
    var all = [UInt8](repeating: 0, count: Self.rows * stride)
    for row in 0..<Self.rows {
      for column in 0..<columns {
        let place = row * stride + column
        all[place] = UInt8(generator.uniform(UInt64(place), below: bins[column]))
      }
    }
    return BinnedMatrix(
      rows: Self.rows, columns: columns, stride: stride, bins: all, valueBins: bins.map { $0 - 1 },
      isCategorical: (0..<columns).map { $0 % 4 == 2 })
  }

  /// With few columns and at most 64 leaves leaves are told by codes, else by the rows they were grown on.
  @Test(arguments: [6, 31], [2, 64, 65])
  func `rows get the value of the leaf that walking finds`(columns: Int, leaves: Int) {
    let matrix = matrix(columns)
    var parameters = BoostingParameters()
    parameters.leaves = leaves
    parameters.depth = 20
    let numbers = (0..<Int32(Self.rows)).filter { $0 % 9 != 0 }
    let generator = CounterGenerator(seed: 3)
    let gradients = (0..<Self.rows).map { row in
      let bin =
        Double(matrix.bins[row * matrix.stride + 2] * 7 % 5) + Double(matrix.bins[row * matrix.stride]) / 20
      return GradientUnits.packed(
        gradient: bin - 3 + generator.uniform(UInt64(row)), hessian: 0.25, inverse: (0x1p12, 0x1p12))
    }
    for threads in [1, 3] {
      let grower = TreeGrower(
        matrix, parameters.rules, capacity: numbers.count, crew: Crew(threads: threads))
      #expect(grower.rows.holdsNumbers == (columns == 31 || leaves == 65))
      let tree = grower.grow(
        rows: numbers, gradients: gradients, units: GradientUnits(gradient: 0x1p-12, hessian: 0x1p-12),
        columns: (0..<Int32(columns)).map { $0 })
      #expect(tree.leaves.count == leaves)
      #expect(tree.kinds.contains(DecisionTrees.Kind.categories.rawValue))
      var scores = (0..<Self.rows).map { Double($0 % 3) }
      var walked = scores
      grower.add(tree, numbers, to: &scores)
      DecisionTrees(tree).add(
        tree: 0, matrix, rows: numbers[...], to: &walked, crew: Crew(threads: threads))
      #expect(scores == walked)
      #expect(scores[9] == 0 && scores[1] != 1)
    }
  }

  @Test func `a tree of one leaf gives every row its value`() {
    let matrix = matrix(6)
    var parameters = BoostingParameters()
    parameters.minimumRows = Self.rows
    let numbers = (0..<Int32(Self.rows)).map { $0 }
    let grower = TreeGrower(matrix, parameters.rules, capacity: Self.rows, crew: Crew(threads: 2))
    let gradients = [Int64](repeating: 1 << 32 | 1, count: Self.rows)
    let tree = grower.grow(
      rows: numbers, gradients: gradients, units: GradientUnits(gradient: 1, hessian: 1),
      columns: (0..<6).map { Int32($0) })
    var scores = [Double](repeating: 1, count: Self.rows)
    grower.add(tree, numbers, to: &scores)
    #expect(tree.values.count == 1 && tree.values[0] < 0)
    #expect(scores.allSatisfy { $0 == 1 + tree.values[0] })
  }
}
