import Learning
import Numerics
import Testing

struct LogisticRegressionTests {
  private let crew = Crew(threads: 1)

  private func near(_ a: [Double], _ b: [Double], _ tolerance: Double) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { ($0 - $1).magnitude <= tolerance }
  }

  /// (age − 40)∕10 with the median for the missing, male, products, card, active, balance missing, and
  /// (ln(1 + balance) − 13) where it is not.
  private func bankDesign() throws -> (DesignMatrix, [Double])? {
    guard let table = SampleFrames.shared("metanprom-scrooge/bank_scrooge.csv") else { return nil }
    func numbers(_ name: String) throws -> [Double] { try #require(table[name]).map { Double($0) ?? .nan } }
    var age = try numbers("age")
    let known = age.filter { !$0.isNaN }.sorted()
    let median = (known[(known.count - 1) / 2] + known[known.count / 2]) / 2
    age = age.map { $0.isNaN ? median : $0 }
    let gender = try #require(table["gender"])
    let balance = try numbers("balance")
    let (products, card, active) = try (numbers("products"), numbers("credit_card"), numbers("last_activity"))
    var values: [Double] = []
    for row in age.indices {
      let isMissing = balance[row].isNaN
      values += [(age[row] - 40) / 10, gender[row] == "М" ? 1 : 0, products[row], card[row], active[row]]
      values += [isMissing ? 1 : 0, isMissing ? 0 : logarithmOnePlus(balance[row]) - 13]
    }
    return (DesignMatrix(rows: age.count, columns: 7, values: values), try numbers("churn"))
  }

  @Test func `the bank's coefficients, errors and likelihood are those of the reference`() throws {
    guard let (design, churn) = try bankDesign() else { return }
    let fit = try LogisticRegression.fit(design, labels: churn, penalty: 0, crew: crew)
    #expect(
      near(
        [fit.model.intercept] + fit.model.coefficients,
        [-3.248885, -0.153748, 0.967700, 0.514688, -0.405506, 1.052495, -3.569432, 0.401970], 1e-6))
    #expect(
      near(
        try #require(fit.standardErrors),
        [0.113490, 0.026157, 0.061424, 0.037772, 0.061448, 0.061111, 0.282862, 0.032924], 1e-6))
    #expect((fit.logLikelihood - -3681.822121585).magnitude < 1e-6)
    #expect(fit.separated.isEmpty && !fit.isSingular && fit.converged)
    let ridge = try LogisticRegression.fit(design, labels: churn, penalty: 1, crew: crew)
    #expect(
      near(
        [ridge.model.intercept] + ridge.model.coefficients,
        [-3.253305, -0.153545, 0.961623, 0.518366, -0.404139, 1.046318, -3.330686, 0.402015], 2e-6))
    #expect(ridge.standardErrors == nil)
  }

  @Test func `the same bits for any number of threads`() throws {
    let (frame, labels) = SampleFrames.made(20_000)
    let rows = SampleFrames.all(20_000)
    func fit(_ threads: Int) throws -> LogisticFit {
      let crew = Crew(threads: threads)
      let design = try LinearDesign.learn(frame, training: rows, crew: crew).apply(
        frame, rows: rows, crew: crew)
      return try LogisticRegression.fit(design, labels: labels, penalty: 1, crew: crew)
    }
    let one = try fit(1)
    #expect(try fit(2) == one)
    #expect(try fit(4) == one)
  }

  @Test func `the gradient vanishes at the answer`() throws {
    let (frame, labels) = SampleFrames.made(3000)
    let rows = SampleFrames.all(3000)
    let design = try LinearDesign.learn(frame, training: rows, crew: crew).apply(
      frame, rows: rows, crew: crew)
    let weights = rows.map { Double($0 % 3) }
    let fit = try LogisticRegression.fit(design, labels: labels, weights: weights, penalty: 2, crew: crew)
    let scores = fit.model.logits(design, crew: crew)
    for column in 0..<design.columns {
      var gradient = -2 * fit.model.coefficients[column]
      for row in 0..<3000 {
        gradient +=
          weights[row] * (labels[row] - logistic(scores[row])) * design.values[row * design.columns + column]
      }
      #expect(gradient.magnitude < 1e-5)
    }
  }

  @Test func `separated classes are found out`() throws {
    let design = DesignMatrix(rows: 8, columns: 2, values: [1, 0, 2, 1, 3, 0, 4, 1, 5, 0, 6, 1, 7, 0, 8, 1])
    let fit = try LogisticRegression.fit(design, labels: [0, 0, 0, 0, 1, 1, 1, 1], penalty: 0, crew: crew)
    #expect(fit.separated.contains(0) || fit.isSingular)
    #expect(fit.standardErrors == nil && !fit.converged)
    let ridge = try LogisticRegression.fit(design, labels: [0, 0, 0, 0, 1, 1, 1, 1], penalty: 1, crew: crew)
    #expect(ridge.separated.isEmpty && !ridge.isSingular)
  }

  @Test(arguments: [1.0, 1e4, 1e-3]) func `a cell in which all leave is found out in any unit`(unit: Double)
    throws
  {
    // Sixty of sixty leave where the first number is not 0; the second is innocent.
    let values = (0..<1000).flatMap { row in [row < 60 ? unit : 0, Double(row % 9)] }
    let labels = (0..<1000).map { row -> Double in row < 60 || row % 5 == 0 ? 1 : 0 }
    let design = DesignMatrix(rows: 1000, columns: 2, values: values)
    let fit = try LogisticRegression.fit(design, labels: labels, penalty: 0, crew: crew)
    #expect(fit.separated == [0])
    #expect(fit.standardErrors == nil && !fit.converged)
    #expect(fit.model.logits(design, crew: crew).allSatisfy { $0.isFinite })
  }

  @Test(arguments: [1e-4, 1e4]) func `a steep coefficient that a unit makes is no separation`(unit: Double)
    throws
  {
    let draws = CounterGenerator(seed: 6)
    let x = (0..<2000).map { draws.uniform(UInt64($0)) }
    let labels = (0..<2000).map { draws.uniform(UInt64(5000 + $0)) < logistic(2 * x[$0] - 1) ? 1.0 : 0 }
    let plain = try LogisticRegression.fit(
      DesignMatrix(rows: 2000, columns: 1, values: x), labels: labels, penalty: 0, crew: crew)
    let scaled = try LogisticRegression.fit(
      DesignMatrix(rows: 2000, columns: 1, values: x.map { $0 * unit }), labels: labels, penalty: 0,
      crew: crew)
    #expect(scaled.separated.isEmpty && scaled.converged)
    let (a, b) = (try #require(plain.standardErrors), try #require(scaled.standardErrors))
    #expect((b[1] * unit / a[1] - 1).magnitude < 1e-6)
  }

  @Test func `columns that repeat one another are found out`() throws {
    let values = (0..<40).flatMap { [Double($0 % 7), Double($0 % 7)] }
    let labels = (0..<40).map { $0 % 3 == 0 ? 1.0 : 0 }
    let design = DesignMatrix(rows: 40, columns: 2, values: values)
    let fit = try LogisticRegression.fit(design, labels: labels, penalty: 0, crew: crew)
    #expect(fit.isSingular && fit.standardErrors == nil)
    #expect(fit.model.coefficients.allSatisfy { $0.isFinite })
  }

  @Test func `bad input is refused`() {
    let design = DesignMatrix(rows: 2, columns: 1, values: [0, 1])
    func kind(_ labels: [Double], _ weights: [Double]? = nil, _ penalty: Double = 1) -> LearningError.Kind? {
      do throws(LearningError) {
        _ = try LogisticRegression.fit(design, labels: labels, weights: weights, penalty: penalty, crew: crew)
        return nil
      } catch { return error.kind }
    }
    #expect(kind([1, 1]) == .oneClass)
    #expect(kind([0]) == .shapeMismatch)
    #expect(kind([0, 1], [1]) == .shapeMismatch)
    #expect(kind([0, 1], [1, -1]) == .badWeight)
    #expect(kind([0, 7]) == .badLabel)
    #expect(kind([0, 1], nil, -1) == .badParameter)
    #expect(kind([0, 1]) == nil)
    for value in [Double.nan, .infinity, -.infinity] {
      let error = #expect(throws: LearningError.self) {
        try LogisticRegression.fit(
          DesignMatrix(rows: 2, columns: 1, values: [0, value]), labels: [0, 1], penalty: 1, crew: crew)
      }
      #expect(error?.kind == .badValue)
    }
  }

  @Test func `a model of nothing but the intercept gives the base rate`() throws {
    let design = DesignMatrix(rows: 4, columns: 0, values: [])
    let fit = try LogisticRegression.fit(design, labels: [1, 0, 0, 0], penalty: 0, crew: crew)
    #expect((fit.model.intercept - logit(0.25)).magnitude < 1e-12)
  }
}
