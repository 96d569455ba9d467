import Numerics
import Testing

@testable import Learning

struct HistogramTests {
  /// The sums as their definition has them, row by row, column by column, every access checked.
  private func plain(_ rows: [TreeRow], _ matrix: BinnedMatrix, _ columns: [Int32]) -> [Int64] {
    let layout = HistogramLayout(matrix)
    var sums = [Int64](repeating: 0, count: layout.size)
    for row in rows {
      for column in columns {
        let bin = matrix.bins[Int(row.row) * matrix.stride + Int(column)]
        sums[Int(layout.offsets[Int(column)]) + Int(bin)] &+= row.gradient
      }
    }
    return sums
  }

  private func matrix(_ rows: Int, _ columns: Int, bins: Int) -> BinnedMatrix {
    let stride = (columns + 7) / 8 * 8
    let generator = CounterGenerator(seed: 4)
    var all = [UInt8](repeating: 0, count: rows * stride)
    for row in 0..<rows {
      for column in 0..<columns {
        let place = row * stride + column
        all[place] = UInt8(generator.uniform(UInt64(place), below: column % 3 == 0 ? 2 : bins))
      }
    }
    return BinnedMatrix(
      rows: rows, columns: columns, stride: stride, bins: all,
      valueBins: (0..<columns).map { $0 % 3 == 0 ? 1 : bins - 1 },
      isCategorical: [Bool](repeating: false, count: columns))
  }

  @Test(arguments: [1, 7, 8, 13, 16, 23, 70]) func `the kernel's sums are the plain ones`(columns: Int) {
    let matrix = matrix(1500, columns, bins: 255)
    let generator = CounterGenerator(seed: 5)
    let rows = (0..<1500).filter { $0 % 3 != 1 }.map {
      TreeRow(gradient: Int64(bitPattern: generator.bits(UInt64($0))) >> 20, row: Int32($0))
    }
    let all = (0..<Int32(columns)).map { $0 }
    for wanted in [all, all.filter { $0 % 4 != 2 }, Array(all.suffix(1))] {
      let plan = HistogramPlan(HistogramLayout(matrix), ColumnBundles(matrix), columns: wanted)
      var kernel = HistogramKernel(plan)
      for count in [0, 1, 255, 256, 257, rows.count] {
        var sums = [Int64](repeating: 7, count: HistogramLayout(matrix).size)
        kernel.histogram(
          rows.span.extracting(0..<count), into: &sums, crew: Crew(threads: 1))
        #expect(sums == plain(Array(rows[..<count]), matrix, wanted))
      }
    }
  }

  @Test(arguments: [1, 2, 3, 4]) func `sums and partitions are the same for any number of threads`(
    threads: Int
  ) {
    let matrix = matrix(80_000, 17, bins: 40)
    let rows = (0..<Int32(80_000)).map { TreeRow(gradient: Int64($0) << 32 | 3, row: $0) }
    var kernel = HistogramKernel(
      HistogramPlan(
        HistogramLayout(matrix), ColumnBundles(matrix), columns: (0..<17).map { Int32($0) }))
    var sums = [Int64](repeating: 0, count: HistogramLayout(matrix).size)
    kernel.histogram(rows.span, into: &sums, crew: Crew(threads: threads))
    #expect(sums == plain(rows, matrix, (0..<17).map { Int32($0) }))

    var split = Split(gain: 1, feature: 4, kind: .missingRight, threshold: 13, leftSum: 0)
    let crew = Crew(threads: threads)
    for kind in [DecisionTrees.Kind.missingRight, .missingLeft] {
      for columns in [ColumnBins(), ColumnBins(matrix, crew: crew)] {
        split.kind = kind
        var order = rows
        var scratch = rows
        let range = 5000..<71_003
        let middle = RowPartition(matrix, columns, split).divide(&order, range, &scratch, crew: crew)
        let isLeft = { (row: TreeRow) in
          let bin = matrix.bins[Int(row.row) * matrix.stride + 4]
          return bin <= 13 && (bin > 0 || kind == .missingLeft)
        }
        let expected =
          rows[..<5000] + rows[range].filter(isLeft) + rows[range].filter { !isLeft($0) } + rows[71_003...]
        #expect(order.map(\.row) == expected.map(\.row))
        #expect(order.map(\.gradient) == expected.map(\.gradient))
        #expect(middle == 5000 + rows[range].count(where: isLeft))
      }
    }
  }
}
