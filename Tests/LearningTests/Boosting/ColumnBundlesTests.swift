import Numerics
import Testing

@testable import Learning

struct ColumnBundlesTests {
  /// Rows of these bins, column by column.
  private func matrix(_ columns: [[UInt8]], valueBins: [Int]) -> BinnedMatrix {
    let rows = columns[0].count
    let stride = (columns.count + 7) / 8 * 8
    var bins = [UInt8](repeating: 0, count: rows * stride)
    for (column, values) in columns.enumerated() {
      for row in 0..<rows { bins[row * stride + column] = values[row] }
    }
    return BinnedMatrix(
      rows: rows, columns: columns.count, stride: stride, bins: bins, valueBins: valueBins,
      isCategorical: valueBins.map { _ in false })
  }

  /// Every row's bins, told from its codes.
  private func expectReadable(_ bundles: ColumnBundles, _ matrix: BinnedMatrix) {
    #expect(bundles.bundles.flatMap(\.columns).sorted() == Array(0..<matrix.columns))
    for row in 0..<matrix.rows {
      for (place, bundle) in bundles.bundles.enumerated() {
        let code = Int(bundles.codes[row * bundles.stride + place])
        #expect(code < bundle.codes)
        for (member, column) in bundle.columns.enumerated() {
          let bin = bundle.bins.isEmpty ? UInt8(code) : bundle.bins[member * bundle.codes + code]
          #expect(bin == matrix.bins[row * matrix.stride + column])
        }
      }
    }
  }

  @Test func `columns whose values take few forms together share a code`() {
    let draws = CounterGenerator(seed: 9)
    let rows = 2000
    let large = (0..<rows).map { UInt8(draws.uniform(UInt64($0), below: 200)) }
    let country = (0..<rows).map { draws.uniform(UInt64(rows + $0), below: 30) }
    // Thirty columns of which one is set: 2^30 forms as such, thirty in fact; and a flag with missing values.
    let oneHot = (0..<30).map { code in country.map { $0 == code ? UInt8(2) : 1 } }
    let flag = (0..<rows).map { UInt8(draws.uniform(UInt64(2 * rows + $0), below: 3)) }
    let matrix = matrix([large] + oneHot + [flag], valueBins: [199] + [Int](repeating: 2, count: 31))
    let bundles = ColumnBundles(matrix)
    #expect(bundles.bundles.map(\.columns.count) == [31, 1])
    #expect(bundles.bundles.map(\.codes) == [90, 200])
    #expect(bundles.stride == 8)
    expectReadable(bundles, matrix)
  }

  @Test func `a bundle takes 256 forms and no more`() {
    let numbers = (0..<1024)
    let both = [
      numbers.map { UInt8($0 & 15) }, numbers.map { UInt8($0 >> 4 & 15) }, numbers.map { UInt8($0 >> 8) },
    ]
    let matrix = matrix(both, valueBins: [15, 15, 3])
    let bundles = ColumnBundles(matrix)
    // The column of four goes first, with the first of sixteen; the other would make 1,024 forms.
    #expect(bundles.bundles.map(\.columns) == [[2, 0], [1]])
    #expect(bundles.bundles.map(\.codes) == [64, 16])
    expectReadable(bundles, matrix)

    let two = self.matrix(Array(both[..<2]), valueBins: [15, 15])
    #expect(ColumnBundles(two).bundles.map(\.codes) == [256])
    expectReadable(ColumnBundles(two), two)
  }

  @Test func `without columns to join the matrix is read as it is`() {
    let values = (0..<300).map { UInt8($0 % 200) }
    let matrix = matrix([values, values.reversed()], valueBins: [199, 199])
    let bundles = ColumnBundles(matrix)
    #expect(bundles.bundles.map(\.columns) == [[0], [1]])
    #expect(bundles.codes == matrix.bins)
    expectReadable(bundles, matrix)
  }
}
