import Learning
import Numerics
import Testing

struct ScorecardTests {
  private let crew = Crew(threads: 1)

  @Test func `points of the reference scale`() throws {
    let scale = try PointScale(base: 600, odds: 50, doubling: 20)
    #expect((scale.factor - 28.853900818).magnitude < 1e-9)
    #expect((scale.offset - 487.122876205).magnitude < 1e-9)
    #expect((scale.points(-logarithm(50)) - 600).magnitude < 1e-9)
    #expect((scale.points(-logarithm(100)) - 620).magnitude < 1e-9)
    #expect((scale.logit(scale.points(0.7)) - 0.7).magnitude < 1e-12)
    for bad in [(Double.nan, 50.0, 20.0), (600, 0, 20), (600, 50, -1), (600, .infinity, 20)] {
      #expect(throws: LearningError.self) { try PointScale(base: bad.0, odds: bad.1, doubling: bad.2) }
    }
  }

  @Test func `a customer's points are the sum of the lines, and say what the log-odds say`() throws {
    let (frame, labels) = SampleFrames.made(6000)
    let rows = SampleFrames.all(6000)
    let scale = try PointScale()
    let fit = try Scorecard.fit(frame, labels: labels, training: rows, scale: scale, crew: crew)
    let card = fit.card
    #expect(card.lines.count >= 3)
    let logits = card.logits(frame, rows: rows, crew: crew)
    let points = card.points(frame, rows: rows, crew: crew)
    let table = card.table
    for row in stride(from: 0, to: 6000, by: 37) {
      #expect((points[row] - scale.points(logits[row])).magnitude < 1e-9)
      var sum = 0.0
      for (number, line) in card.lines.enumerated() {
        sum += table[number][Int(line.classes.classes(frame.columns[line.column], rows: [Int32(row)])[0])]
      }
      #expect((sum - points[row]).magnitude < 1e-9)
    }
    // Safer classes have more points.
    for (line, points) in zip(card.lines, table) {
      for (a, b) in zip(line.classes.weights.indices, line.classes.weights.indices.dropFirst()) {
        #expect((line.classes.weights[a] < line.classes.weights[b]) == (points[a] < points[b]))
      }
    }
    let errors = try #require(fit.regression.standardErrors)
    #expect(errors.count == card.lines.count + 1 && errors.allSatisfy { $0 > 0 && $0 < 1 })
    #expect(fit.regression.converged && !fit.isPenalised)
  }

  @Test func `it beats a straight line where the truth is bent, and keeps the base rate`() throws {
    let (frame, labels) = SampleFrames.made(8000)
    let (train, held) = (SampleFrames.all(6000), (6000..<8000).map { Int32($0) })
    let card = try Scorecard.fit(
      frame, labels: labels, training: train, scale: PointScale(), crew: crew
    ).card
    let design = try LinearDesign.learn(frame, training: train, crew: crew)
    let straight = try LogisticRegression.fit(
      design.apply(frame, rows: train, crew: crew), labels: Array(labels.prefix(6000)), penalty: 1, crew: crew
    )
    let truth = held.map { labels[Int($0)] }
    let ours = SampleFrames.loss(card.logits(frame, rows: held, crew: crew), truth)
    let theirs = SampleFrames.loss(
      straight.model.logits(design.apply(frame, rows: held, crew: crew), crew: crew), truth)
    #expect(ours < theirs)
    let mean = card.logits(frame, rows: train, crew: crew).reduce(0.0) { $0 + logistic($1) } / 6000
    #expect((mean - labels.prefix(6000).reduce(0, +) / 6000).magnitude < 1e-9)
  }

  @Test func `only training rows are looked at, and threads change nothing`() throws {
    let (frame, labels) = SampleFrames.made(9000)
    let train = SampleFrames.all(6000)
    var spoilt = labels
    for row in 6000..<9000 { spoilt[row] = 1 - spoilt[row] }
    func fit(_ labels: [Double], _ threads: Int) throws -> ScorecardFit {
      try Scorecard.fit(
        frame, labels: labels, training: train, scale: PointScale(), crew: Crew(threads: threads))
    }
    let one = try fit(labels, 1)
    #expect(try fit(spoilt, 1) == one)
    #expect(try fit(labels, 4) == one)
    let rows = SampleFrames.all(9000)
    #expect(
      one.card.logits(frame, rows: rows, crew: crew)
        == one.card.logits(frame, rows: rows, crew: Crew(threads: 3)))
  }

  @Test func `a column that would cost safer customers points is left out`() throws {
    // The second is the first with a little noise: beside it, it has nothing to say.
    let draws = CounterGenerator(seed: 40)
    let first = (0..<4000).map { draws.uniform(UInt64($0)) }
    let second = (0..<4000).map { first[$0] + 0.3 * draws.uniform(UInt64(5000 + $0)) }
    let labels = (0..<4000).map { row -> Double in
      draws.uniform(UInt64(10_000 + row)) < logistic(6 * first[row] - 2.5 * second[row] - 2.5) ? 1 : 0
    }
    let frame = FeatureFrame(rows: 4000, columns: [.numeric(first), .numeric(second)])
    let fit = try Scorecard.fit(
      frame, labels: labels, training: SampleFrames.all(4000), scale: PointScale(), crew: crew)
    #expect(fit.reversed == [1] && fit.card.lines.map(\.column) == [0])
    #expect(fit.informationValues[1] > 0.02)
    #expect(fit.card.lines.allSatisfy { $0.coefficient <= 0 })
  }

  @Test func `where no column tells anything everyone has the base rate`() throws {
    let frame = FeatureFrame(
      rows: 100,
      columns: [
        .numeric([Double](repeating: .nan, count: 100)), .numeric([Double](repeating: 4, count: 100)),
        .categorical(codes: [Int32](repeating: -1, count: 100), levels: 0),
      ])
    let labels = (0..<100).map { $0 < 20 ? 1.0 : 0 }
    let fit = try Scorecard.fit(
      frame, labels: labels, training: SampleFrames.all(100), scale: PointScale(), crew: crew)
    #expect(fit.card.lines.isEmpty && fit.card.table.isEmpty)
    #expect((fit.card.logits(frame, rows: [3], crew: crew)[0] - logit(0.2)).magnitude < 1e-12)
    let points = fit.card.points(frame, rows: [3], crew: crew)[0]
    #expect((points - fit.card.scale.points(logit(0.2))).magnitude < 1e-9)
  }

  @Test func `classes that separate the outcomes are held back by smoothing and a penalty`() throws {
    let values = (0..<400).map { Double($0) }
    let frame = FeatureFrame(rows: 400, columns: [.numeric(values)])
    let labels = values.map { $0 < 200 ? 0.0 : 1 }
    var parameters = ScorecardParameters()
    parameters.classing.leastOfEither = 0
    let fit = try Scorecard.fit(
      frame, labels: labels, training: SampleFrames.all(400), scale: PointScale(), parameters: parameters,
      crew: crew)
    #expect(fit.isPenalised && fit.isSeparated && fit.regression.standardErrors == nil)
    #expect(
      fit.card.logits(frame, rows: [0, 399], crew: crew).allSatisfy { $0.isFinite && $0.magnitude < 15 })
  }

  @Test func `columns that say the same share their points, held by a penalty`() throws {
    let (frame, labels) = SampleFrames.made(2000)
    let twice = FeatureFrame(rows: 2000, columns: frame.columns + frame.columns)
    let fit = try Scorecard.fit(
      twice, labels: labels, training: SampleFrames.all(2000), scale: PointScale(), crew: crew)
    #expect(fit.isPenalised && !fit.isSeparated && fit.card.lines.count > 1)
    #expect((fit.card.lines[0].coefficient - fit.card.lines[1].coefficient).magnitude < 1e-6)
  }

  @Test func `bad input is refused`() throws {
    let (frame, labels) = SampleFrames.made(100)
    let scale = try PointScale()
    func kind(
      _ frame: FeatureFrame, _ labels: [Double], _ weights: [Double]? = nil,
      _ change: (inout ScorecardParameters) -> Void = { _ in }
    ) -> LearningError.Kind? {
      var parameters = ScorecardParameters()
      change(&parameters)
      do throws(LearningError) {
        _ = try Scorecard.fit(
          frame, labels: labels, weights: weights, training: SampleFrames.all(frame.rows), scale: scale,
          parameters: parameters, crew: crew)
        return nil
      } catch { return error.kind }
    }
    #expect(kind(frame, labels) == nil)
    #expect(kind(frame, labels.map { _ in 1 }) == .oneClass)
    #expect(kind(frame, labels.map { _ in .nan }) == .badLabel)
    #expect(kind(frame, labels, labels.map { _ in 0 }) == .noRows)
    #expect(kind(frame, labels, labels.map { _ in -1 }) == .badWeight)
    #expect(kind(frame, [1]) == .shapeMismatch)
    #expect(kind(FeatureFrame(rows: 2, columns: []), [0, 1]) == .noColumns)
    #expect(kind(FeatureFrame(rows: 0, columns: [.numeric([])]), []) == .noRows)
    #expect(kind(frame, labels, nil) { $0.directions = [1] } == .badParameter)
    #expect(kind(frame, labels, nil) { $0.classing.direction = 2 } == .badParameter)
    let changes: [(inout ScorecardParameters) -> Void] = [
      { $0.mostColumns = 0 }, { $0.leastInformation = -1 }, { $0.classing.fine = 1 },
      { $0.classing.most = 1 },
      { $0.classing.leastShare = 0.6 }, { $0.classing.leastOfEither = -1 }, { $0.classing.alike = .nan },
      { $0.classing.smoothing = .infinity },
    ]
    for change in changes { #expect(kind(frame, labels, nil, change) == .badParameter) }
  }
}
