import Numerics
import Testing

@testable import Learning

struct HistogramTests {
  /// The sums as their definition has them, row by row, column by column, every access checked.
  private func plain(
    _ rows: some Sequence<Int32>, _ gradients: [Int64], _ matrix: BinnedMatrix, _ columns: [Int32]
  ) -> [Int64] {
    let layout = HistogramLayout(matrix)
    var sums = [Int64](repeating: 0, count: layout.size)
    for row in rows {
      for column in columns {
        let bin = matrix.bins[Int(row) * matrix.stride + Int(column)]
        sums[Int(layout.offsets[Int(column)]) + Int(bin)] &+= gradients[Int(row)]
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

  /// The numbers of the rows at `places`, of a matrix of so many, in ascending order: those that get a leaf's value.
  private func held(_ rows: TreeRows, _ places: Range<Int>, of count: Int) -> [Int32] {
    var scores = [Double](repeating: 0, count: count)
    rows.add([(node: 0, rows: places)], [1], to: &scores, crew: Crew(threads: 1))
    return (0..<Int32(count)).filter { scores[Int($0)] == 1 }
  }

  @Test(arguments: [1, 7, 8, 13, 16, 23, 70]) func `the kernel's sums are the plain ones`(columns: Int) {
    let matrix = matrix(1500, columns, bins: 255)
    let generator = CounterGenerator(seed: 5)
    let gradients = (0..<1500).map { Int64(bitPattern: generator.bits(UInt64($0))) >> 20 }
    let numbers = (0..<Int32(1500)).filter { $0 % 3 != 1 }
    let bundles = ColumnBundles(matrix)
    let crew = Crew(threads: 1)
    let rows = TreeRows(bundles, capacity: 1500)
    let places = rows.fill(numbers, gradients, crew: crew)
    #expect(held(rows, places, of: 1500) == numbers)
    let all = (0..<Int32(columns)).map { $0 }
    for wanted in [all, all.filter { $0 % 4 != 2 }, Array(all.suffix(1))] {
      var kernel = HistogramKernel(HistogramPlan(HistogramLayout(matrix), bundles, columns: wanted))
      for count in [0, 1, 255, 256, 257, numbers.count] {
        var sums = [Int64](repeating: 7, count: HistogramLayout(matrix).size)
        kernel.histogram(rows, 0..<count, into: &sums, crew: crew)
        #expect(sums == plain(numbers[..<count], gradients, matrix, wanted))
      }
    }
  }

  /// Of 17 columns a row's codes take more than a word and rows hold their numbers; of 4 they hold their codes, the
  /// first two and the last in one.
  @Test(arguments: [1, 2, 3, 4], [17, 4]) func `sums and partitions are the same for any number of threads`(
    threads: Int, columns: Int
  ) {
    let matrix = matrix(40_000, columns, bins: 40)
    let crew = Crew(threads: threads)
    let all = (0..<Int32(columns)).map { $0 }
    let numbers = (0..<Int32(40_000)).filter { $0 % 17 != 0 }
    let gradients = (0..<40_000).map { Int64($0) << 32 | 3 }
    let bundles = ColumnBundles(matrix)
    #expect((bundles.stride == 8) == (columns == 4))
    let rows = TreeRows(bundles, capacity: numbers.count)
    let places = rows.fill(numbers, gradients, crew: crew)
    var kernel = HistogramKernel(HistogramPlan(HistogramLayout(matrix), bundles, columns: all))
    var sums = [Int64](repeating: 0, count: HistogramLayout(matrix).size)
    kernel.histogram(rows, places, into: &sums, crew: crew)
    #expect(sums == plain(numbers, gradients, matrix, all))

    var split = Split(gain: 1, feature: columns - 1, kind: .missingRight, threshold: 13, leftSum: 0)
    for (kind, column) in [
      (DecisionTrees.Kind.missingRight, columns - 1), (.missingLeft, 2), (.missingLeft, 0), (.categories, 1),
    ] {
      split.kind = kind
      split.feature = column
      split.threshold = column == 0 ? 0 : 13
      split.categories = (0b1101, 0, 0, 0)
      for columnBins in columns == 4 ? [ColumnBins()] : [ColumnBins(), ColumnBins(matrix, crew: crew)] {
        let partition = RowPartition(matrix, bundles, columnBins, split)
        let isLeft = { (row: Int32) in
          let bin = Int(matrix.bins[Int(row) * matrix.stride + column])
          return switch kind {
          case .categories: [0, 2, 3].contains(bin)
          case .missingLeft: bin <= split.threshold
          default: bin > 0 && bin <= split.threshold
          }
        }
        _ = rows.fill(numbers, gradients, crew: crew)
        let divided = rows.divide(2000..<35_003, partition, crew: crew)
        #expect(held(rows, divided.left, of: 40_000) == numbers[2000..<35_003].filter(isLeft))
        #expect(held(rows, divided.right, of: 40_000) == numbers[2000..<35_003].filter { !isLeft($0) })
        #expect(divided.left.count + divided.right.count == 33_003)
        // Divided once more, back to where they came from, with their gradients.
        split.feature = column == 1 ? 2 : 1
        let again = rows.divide(divided.left, RowPartition(matrix, bundles, columnBins, split), crew: crew)
        split.feature = column
        #expect(again.left.lowerBound == 2000)
        kernel.histogram(rows, again.left, into: &sums, crew: crew)
        #expect(sums == plain(held(rows, again.left, of: 40_000), gradients, matrix, all))
        #expect(again.left.count > 0 && again.right.count > 0)
      }
    }
  }

  @Test(arguments: [17, 4]) func `each row's score gets the value of the leaf that holds the row`(
    columns: Int
  ) {
    let matrix = matrix(80_000, columns, bins: 40)
    let rows = TreeRows(ColumnBundles(matrix), capacity: 80_000)
    let numbers = (0..<Int32(80_000)).filter { $0 % 3 != 0 }
    for threads in [1, 3] {
      let crew = Crew(threads: threads)
      _ = rows.fill(numbers, [Int64](repeating: 1, count: 80_000), crew: crew)
      var scores = (0..<80_000).map { Double($0) }
      rows.add(
        [(2, 0..<20_001), (1, 20_001..<20_001), (0, 20_001..<numbers.count)], [0.5, 9, 0.25], to: &scores,
        crew: crew)
      for (place, row) in numbers.enumerated() {
        #expect(scores[Int(row)] == Double(row) + (place < 20_001 ? 0.25 : 0.5))
      }
      #expect(scores[0] == 0 && scores[3] == 3)
    }
  }
}
