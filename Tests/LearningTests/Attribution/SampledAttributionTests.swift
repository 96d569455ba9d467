import Learning
import Numerics
import Testing

struct SampledAttributionTests {
  private let matrix: BinnedMatrix

  init() {
    var bins: [UInt8] = []
    for row in 0..<6 {
      for column in 0..<8 { bins.append(column < 3 ? UInt8((row * 7 + column * 3) % 5) : 0) }
    }
    matrix = BinnedMatrix(
      rows: 6, columns: 3, stride: 8, bins: bins, valueBins: [4, 4, 4], isCategorical: [false, false, false])
  }

  private static func value(_ matrix: BinnedMatrix, _ row: Int, _ column: Int) -> Double {
    Double(matrix.bins[row * matrix.stride + column])
  }

  private func explain(
    _ threads: Int, used: [Bool] = [true, true, true], _ score: @escaping @Sendable (BinnedMatrix) -> [Double]
  ) -> SampledAttribution {
    SampledAttribution(
      matrix, rows: [0, 3], background: [1, 2, 4, 5], used: used, seed: 9, crew: Crew(threads: threads),
      score: score)
  }

  @Test func `columns that the score does not use are not switched, and change nothing`() {
    let score: @Sendable (BinnedMatrix) -> [Double] = { matrix in
      (0..<matrix.rows).map { Self.value(matrix, $0, 0) * Self.value(matrix, $0, 1) }
    }
    let all = explain(1, score)
    let some = explain(1, used: [true, true, false]) { matrix in
      // An order is its background row and at most two switches.
      #expect(matrix.rows <= 3 * SampledAttribution.orders)
      return score(matrix)
    }
    #expect(all.contributions == some.contributions && all.bases == some.bases && all.errors == some.errors)
  }

  @Test func `base and contributions sum to the score, the same for any crew`() {
    let score: @Sendable (BinnedMatrix) -> [Double] = { matrix in
      (0..<matrix.rows).map { row in
        let (a, b, c) = (Self.value(matrix, row, 0), Self.value(matrix, row, 1), Self.value(matrix, row, 2))
        return a * b - c
      }
    }
    let found = explain(1, score)
    let own = score(matrix)
    for (place, row) in [0, 3].enumerated() {
      let sum = found.contributions[place * 3..<place * 3 + 3].reduce(found.bases[place], +)
      #expect((sum - own[row]).magnitude < 1e-12)
    }
    #expect(explain(3, score).contributions == found.contributions)
  }

  @Test func `a column that does not count gets nothing, and a sum has no error but the background's`() {
    let found = explain(2) { matrix in (0..<matrix.rows).map { 2 * Self.value(matrix, $0, 1) } }
    for place in 0..<2 {
      #expect(found.contributions[place * 3] == 0 && found.contributions[place * 3 + 2] == 0)
      #expect(found.errors[place * 3] == 0)
    }
    let mean = [1, 2, 4, 5].reduce(0.0) { $0 + Self.value(matrix, $1, 1) } / 4
    let exact = 2 * (Self.value(matrix, 0, 1) - mean)
    #expect((found.contributions[1] - exact).magnitude < 4 * found.errors[1] + 1e-9)
  }
}
