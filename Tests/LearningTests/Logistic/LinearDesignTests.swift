import Learning
import Numerics
import Testing

struct LinearDesignTests {
  private let crew = Crew(threads: 1)

  @Test func `numbers are filled with the median, standardised, and their gaps marked`() throws {
    let frame = FeatureFrame(rows: 6, columns: [.numeric([1, 2, 6, .nan, 100, .infinity])])
    let design = try LinearDesign.learn(frame, training: [0, 1, 2, 3], crew: crew)
    guard case .numeric(let fill, let mean, let sd, let indicates) = design.terms[0] else {
      Issue.record("a numeric term")
      return
    }
    #expect(fill == 2 && (mean - 2.75).magnitude < 1e-12 && indicates)
    // 1, 2, 6, 2: population variance 3.6875.
    #expect((sd * sd - 3.6875).magnitude < 1e-12)
    let applied = design.apply(frame, rows: [3, 4, 5], crew: crew)
    #expect(applied.columns == 2)
    #expect(applied.values == [(2 - mean) / sd, 1, (100 - mean) / sd, 0, (2 - mean) / sd, 1])
    #expect(design.sources == [0, 0])
  }

  @Test func `categories are marks, the most frequent is the reference`() throws {
    let frame = FeatureFrame(
      rows: 6, columns: [.categorical(codes: [2, 2, 0, -1, 1, 7], levels: 9), .numeric([1, 2, 3, 4, 5, 6])])
    let design = try LinearDesign.learn(frame, training: [0, 1, 2, 3], crew: crew)
    #expect(design.terms[0] == .categorical(codes: [0], indicatesMissing: true))
    #expect(design.columns == 3)
    let applied = design.apply(frame, rows: [0, 2, 3, 4, 5], crew: crew)
    let marks = (0..<5).map { [applied.values[$0 * 3], applied.values[$0 * 3 + 1]] }
    #expect(marks == [[0, 0], [1, 0], [0, 1], [0, 0], [0, 0]])
  }

  @Test func `constant and empty columns give nothing, constants with gaps say where`() throws {
    let frame = FeatureFrame(
      rows: 3,
      columns: [
        .numeric([4, 4, 4]), .numeric([.nan, .nan, .nan]), .numeric([5, .nan, 5]),
        .categorical(codes: [1, 1, 1], levels: 2), .categorical(codes: [-1, -1, -1], levels: 0),
      ])
    let design = try LinearDesign.learn(frame, training: [0, 1, 2], crew: crew)
    #expect(design.terms[0] == .nothing && design.terms[1] == .nothing)
    #expect(design.terms[2] == .numeric(fill: 5, mean: 5, sd: 1, indicatesMissing: true))
    #expect(design.terms[3] == .nothing && design.terms[4] == .nothing)
    #expect(design.apply(frame, rows: [0, 1], crew: crew).values == [0, 0, 0, 1])
  }

  @Test func `too many columns are refused, too many categories shortened`() throws {
    let wide = FeatureFrame(rows: 2, columns: (0..<1001).map { _ in .numeric([1, 2]) })
    #expect(throws: LearningError.self) { try LinearDesign.learn(wide, training: [0, 1], crew: crew) }
    let codes = (0..<100_000).map { Int32($0) }
    let many = FeatureFrame(rows: 100_000, columns: [.categorical(codes: codes, levels: 100_000)])
    #expect(try LinearDesign.learn(many, training: SampleFrames.all(100_000), crew: crew).columns == 50)
  }
}
