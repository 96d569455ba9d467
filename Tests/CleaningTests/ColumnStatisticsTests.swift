import Tabular
import Testing

@testable import Cleaning

@Suite struct ColumnStatisticsTests {
  @Test func `numbers have their extremes and middle`() {
    let odd = ColumnStatistics(reals([3, -1, nil, 2.5]))
    #expect(odd.missing == 1 && odd.distinct == 3)
    #expect(odd.minimum == -1 && odd.median == 2.5 && odd.maximum == 3)
    let even = ColumnStatistics(integers([4, 1, 2, nil, 3]))
    #expect(even.median == 2.5 && even.missing == 1)
    let none = ColumnStatistics(reals([nil]))
    #expect(none.median == nil && none.distinct == 0)
    #expect(ColumnStatistics(reals([0, -0.0])).distinct == 1)
  }

  @Test func `the middle equals that of a sorted copy`() {
    for count in [1, 2, 3, 100, 1001, 5000] {
      var state: UInt64 = UInt64(count)
      let values = (0..<count).map { _ -> Double in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(Int64(bitPattern: state) >> 30) / 7
      }
      let sorted = values.sorted()
      let middle = count % 2 == 1 ? sorted[count / 2] : sorted[count / 2 - 1] / 2 + sorted[count / 2] / 2
      #expect(ColumnStatistics(.real(RealColumn(values))).median == middle)
    }
  }

  @Test func `different values are counted up to a thousand`() {
    #expect(ColumnStatistics(integers((0..<1000).map { $0 * 7 })).distinct == 1000)
    #expect(ColumnStatistics(integers((0..<1001).map { $0 * 7 })).distinct == nil)
    #expect(ColumnStatistics(texts(["a", "b", "a", nil])).distinct == 2)
    #expect(ColumnStatistics(texts(["a", "b", "a", nil]), rows: [0, 2]).distinct == 1)
    #expect(
      ColumnStatistics(categories(["a", "b", "a", nil])) == ColumnStatistics(texts(["a", "b", "a", nil])))
  }
}
