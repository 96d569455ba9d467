import Learning
import Numerics
import Testing

/// What else is fitted, on input that is no good.
struct OtherInputTests {
  private let crew = Crew(threads: 2)

  @Test func `a blend of members that are not finite, alike, or about one class`() throws {
    func kind(_ logits: [[Double]], _ labels: [Double]) -> LearningError.Kind? {
      do throws(LearningError) {
        _ = try LogitBlend.fit(logits, labels: labels)
        return nil
      } catch { return error.kind }
    }
    #expect(kind([[0, .nan]], [0, 1]) == .badParameter)
    #expect(kind([[0, 1]], [1, 1]) == .oneClass)
    #expect(kind([[0]], [1]) == .oneClass)
    #expect(kind([[]], []) == .noRows)
    #expect(kind([[0, 1], [0]], [1, 0]) == .shapeMismatch)
    #expect(kind([], [1, 0]) == .shapeMismatch)
    for members in [
      [[0.0, 0, 0, 0]], [[1, 1, 1, 1], [1, 1, 1, 1]], [[1e3, -1e3, 700, -700], [1, 2, 3, 4]],
    ] {
      let blend = try LogitBlend.fit(members, labels: [1, 0, 0, 1])
      #expect(blend.intercept.isFinite && blend.weights.allSatisfy { $0.isFinite && $0 >= 0 })
    }
  }

  @Test func `calibration on scores that are infinite or all alike`() throws {
    let calibrated = try VennAbers(scores: [-.infinity, 0, 0, .infinity], labels: [0, 1, 0, 1])
    for bounds in calibrated.bounds([-.infinity, -1, 0, 5, .infinity]) {
      #expect(bounds.lower.isFinite && bounds.upper.isFinite && bounds.probability.isFinite)
      #expect(bounds.lower <= bounds.upper)
    }
    let alike = try VennAbers(scores: [2, 2, 2], labels: [0, 1, 0]).bounds([1, 2, 3])
    #expect(alike.allSatisfy { $0.probability > 0 && $0.probability < 1 })
  }

  @Test func `nothing is told apart by columns that say nothing`() {
    let labels = (0..<200).map { $0 % 4 == 0 }
    let columns: [FeatureFrame.Column] = [
      .numeric([Double](repeating: .nan, count: 200)), .numeric([Double](repeating: .infinity, count: 200)),
      .categorical(codes: [Int32](repeating: -1, count: 200), levels: 0),
    ]
    let share = Separability.crossFitted(
      FeatureFrame(rows: 200, columns: columns), labels, seed: 1, crew: crew)
    #expect(share == nil || share == 0.5)
    let none = FeatureFrame(rows: 200, columns: [])
    #expect(Separability.crossFitted(none, labels, seed: 1, crew: crew) == nil)
    let empty = FeatureFrame(rows: 0, columns: [.numeric([])])
    #expect(Separability.crossFitted(empty, [], seed: 1, crew: crew) == nil)
    let one = FeatureFrame(rows: 200, columns: [.numeric((0..<200).map(Double.init))])
    #expect(Separability.crossFitted(one, labels.map { _ in true }, seed: 1, crew: crew) == nil)
  }

  @Test func `groups of no points, one point and points all alike`() {
    func kind(_ values: [Double], _ counts: ClosedRange<Int>) -> LearningError.Kind? {
      do throws(LearningError) {
        let table = try ClusterCount(
          PointMatrix(values: values, width: 2), counts: counts, seed: 1, crew: crew)
        for candidate in table.candidates {
          let numbers = [
            candidate.stability, candidate.quality.silhouette, candidate.quality.calinskiHarabasz,
            candidate.quality.daviesBouldin,
          ]
          #expect(numbers.allSatisfy { !$0.isNaN }, "\(numbers)")
          #expect(candidate.centres.allSatisfy { $0.isFinite })
        }
        return nil
      } catch { return error.kind }
    }
    #expect(kind([], 2...4) == .noRows)
    #expect(kind([1, 2], 2...4) == .noRows)
    #expect(kind([1, 2], 1...1) == nil)
    #expect(kind([Double](repeating: 4, count: 60), 2...4) == .noRows)
    #expect(kind([1, 1, 1, 1, 2, 2], 2...4) == nil)
    #expect(kind([1, 2, 3, 4], 0...2) == .badParameter)
  }

  @Test func `neighbours among no points, one, and points all alike`() {
    func search(_ count: Int, _ numbers: [Double]) -> Neighbours {
      Neighbours.search(
        MixedPoints(count: count, width: 1, numbers: numbers, categoryWidth: 0, codes: []), asked: 3,
        crew: crew)
    }
    #expect(search(0, []).indices.isEmpty && search(1, [4]).perPoint == 0)
    let alike = search(100, [Double](repeating: 7, count: 100))
    #expect(Array(alike.indices.prefix(6)) == [1, 2, 3, 0, 2, 3])
    let huge = search(4, [1e308, -1e308, 0, 1])
    #expect(huge.perPoint == 3 && Set(huge.indices) == [0, 1, 2, 3])
    let none = Surroundings(
      MixedPoints(count: 0, width: 1, numbers: [], categoryWidth: 0, codes: []), rare: [], asked: 5,
      crew: crew)
    #expect(none.danger.isEmpty && none.adaptiveCounts(3) == nil)
  }
}
