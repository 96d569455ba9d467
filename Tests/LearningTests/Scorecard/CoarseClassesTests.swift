import Numerics
import Testing

@testable import Learning

struct CoarseClassesTests {
  private func learn(
    _ column: FeatureFrame.Column, _ labels: [Double], weights: [Double]? = nil,
    _ change: (inout ClassingParameters) -> Void = { _ in }
  ) -> CoarseClasses {
    var parameters = ClassingParameters()
    change(&parameters)
    return CoarseClasses.learn(
      column, labels: labels, weights: weights, training: SampleFrames.all(labels.count),
      parameters: parameters)
  }

  private func near(_ a: [Double], _ b: [Double], _ tolerance: Double) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { ($0 - $1).magnitude <= tolerance }
  }

  @Test func `weights of evidence and information value of the reference`() {
    let tallies = zip([400.0, 300, 200, 100], [10.0, 20, 40, 80]).map {
      CoarseClasses.Tally(rows: $0 + $1, events: $1)
    }
    let classes = CoarseClasses(rule: .edges([1, 2, 3]), tallies: tallies, smoothing: 0)
    #expect(near(classes.weights, [1.791759, 0.810930, -0.287682, -1.673976], 1e-6))
    #expect((classes.informationValue - 1.476976785).magnitude < 1e-9)
  }

  @Test func `smoothing draws small classes towards nothing, and empty ones are at it`() {
    let tallies = [
      CoarseClasses.Tally(rows: 1000, events: 100), CoarseClasses.Tally(rows: 3, events: 3),
      CoarseClasses.Tally(),
    ]
    let smooth = CoarseClasses(rule: .edges([0]), tallies: tallies, smoothing: 10)
    #expect(smooth.weights[1] < -1 && smooth.weights[1] > -2 && smooth.weights[2].magnitude < 1e-12)
    let raw = CoarseClasses(rule: .edges([0]), tallies: tallies, smoothing: 0)
    #expect(raw.weights[1] == 0 && raw.weights[2] == 0 && raw.informationValue.isFinite)
    let one = CoarseClasses(rule: .edges([]), tallies: [.init(rows: 5, events: 5)], smoothing: 0)
    #expect(one.weights == [0] && one.informationValue == 0)
  }

  @Test func `a step in the numbers is found, the missing are a class of their own`() {
    let values = (0..<1000).map { $0 % 10 == 9 ? Double.nan : Double($0) }
    let draws = CounterGenerator(seed: 3)
    let labels = (0..<1000).map { row -> Double in
      draws.uniform(UInt64(row)) < (row % 10 == 9 ? 0.05 : row < 300 ? 0.6 : 0.2) ? 1 : 0
    }
    let classes = learn(.numeric(values), labels)
    guard case .edges(let edges) = classes.rule else {
      Issue.record("edges")
      return
    }
    #expect(edges.contains { ($0 - 300).magnitude < 10 })
    #expect(classes.count == edges.count + 2 && classes.tallies.last?.rows == 100)
    #expect((classes.weights.last ?? 0) > 1)
    let found = classes.classes(.numeric([-5, .nan, .infinity, 1e9]), rows: [0, 1, 2, 3])
    let missing = Int32(classes.count - 1)
    #expect(found == [0, missing, missing, missing - 1])
    let total = classes.tallies.reduce(0.0) { $0 + $1.rows }
    #expect(total == 1000)
    for tally in classes.tallies.dropLast() {
      #expect(tally.rows >= 20 && tally.events >= 5 && tally.others >= 5)
    }
  }

  @Test func `a value as frequent as a quantile is alone, as a structural zero is`() {
    // 0 among negative and positive balances, alone safe.
    let values = (0..<1200).map { row -> Double in
      if row % 3 == 0 { return 0 }
      return Double(row % 3 == 1 ? -row : row)
    }
    let labels = (0..<1200).map { row -> Double in
      let leaves = row % 3 == 0 ? row % 30 == 0 : row % 2 == 0
      return leaves ? 1 : 0
    }
    let classes = learn(.numeric(values), labels)
    let zero = classes.classes(.numeric([0, -1, 2]), rows: [0, 1, 2])
    #expect(zero[1] < zero[0] && zero[0] < zero[2])
    #expect(classes.tallies[Int(zero[0])].rows == 400)
  }

  @Test func `alike neighbours are merged, and no more classes are kept than asked for`() {
    let draws = CounterGenerator(seed: 8)
    let values = (0..<5000).map { draws.uniform(UInt64($0)) }
    let noise = (0..<5000).map { draws.uniform(UInt64(10_000 + $0)) < 0.2 ? 1.0 : 0 }
    #expect(learn(.numeric(values), noise).informationValue < 0.02)
    let rising = (0..<5000).map { draws.uniform(UInt64(10_000 + $0)) < values[$0] ? 1.0 : 0 }
    #expect(learn(.numeric(values), rising).count > 5)
    #expect(learn(.numeric(values), rising) { $0.most = 3 }.count == 4)
  }

  @Test func `shares rise or fall where they must`() {
    let draws = CounterGenerator(seed: 12)
    let values = (0..<4000).map { draws.uniform(UInt64($0)) }
    let valley = (0..<4000).map { row -> Double in
      let x = values[row]
      return draws.uniform(UInt64(10_000 + row)) < 0.1 + (x < 0.2 ? 0.3 : 0) + 0.6 * x * x ? 1 : 0
    }
    let free = learn(.numeric(values), valley).weights.dropLast()
    #expect(free.sorted(by: >) != Array(free) && free.sorted() != Array(free))
    let bound = Array(learn(.numeric(values), valley) { $0.isMonotone = true }.weights.dropLast())
    #expect(bound.count > 1 && bound.sorted(by: >) == bound)
  }

  @Test(arguments: [Int8(1), -1]) func `an asked direction is kept, smoothing and all`(direction: Int8) {
    let draws = CounterGenerator(seed: 14)
    let values = (0..<3000).map { draws.uniform(UInt64($0)) }
    let hill = (0..<3000).map { row -> Double in
      draws.uniform(UInt64(10_000 + row)) < 0.05 + 0.8 * values[row] * (1.2 - values[row]) ? 1 : 0
    }
    // Small classes, much smoothing: the shares may be in order and the weights not.
    for smoothing in [0.0, 10, 500] {
      let classes = learn(.numeric(values), hill) {
        $0.direction = direction
        $0.smoothing = smoothing
        $0.leastShare = 0.001
        $0.leastOfEither = 0
        $0.alike = 0
        $0.most = 15
      }
      let weights = Array(classes.weights.dropLast())
      #expect(!weights.isEmpty)
      #expect(zip(weights, weights.dropFirst()).allSatisfy { direction > 0 ? $0 >= $1 : $0 <= $1 })
    }
  }

  @Test func `categories with like shares are together, rare ones too, unseen ones are missing`() {
    // Codes 0 and 2 leave often, 1 and 3 seldom; 4 and 5 are rare; 6 is not seen.
    let codes = (0..<2000).map { row -> Int32 in
      if row % 100 < 2 { return Int32(4 + row % 2) }
      return Int32(row % 4)
    }
    let labels = (0..<2000).map { row -> Double in
      let quarter = row / 4
      let leaves = codes[row] % 2 == 0 ? quarter % 2 == 0 : quarter % 10 == 0
      return leaves ? 1 : 0
    }
    let classes = learn(.categorical(codes: codes, levels: 7), labels)
    let found = classes.classes(
      .categorical(codes: [0, 1, 2, 3, 4, 5, 6, -1, 99], levels: 100), rows: SampleFrames.all(9))
    #expect(found[0] == found[2] && found[1] == found[3] && found[0] != found[1])
    #expect(found[4] == found[5])
    let missing = Int32(classes.count - 1)
    #expect(found[6...] == [missing, missing, missing])
    #expect(classes.weights[Int(missing)].magnitude < 1e-12)
  }

  @Test func `a small class that nearly always leaves is kept apart`() {
    // 1 or 2 products, 3 in one of thirty.
    let products = (0..<3000).map { row -> Double in row % 30 == 0 ? 3 : Double(1 + row % 2) }
    let draws = CounterGenerator(seed: 5)
    let labels = (0..<3000).map { draws.uniform(UInt64($0)) < (products[$0] == 3 ? 0.85 : 0.15) ? 1.0 : 0 }
    let classes = learn(.numeric(products), labels)
    guard case .edges(let edges) = classes.rule else {
      Issue.record("edges")
      return
    }
    #expect(edges == [2.5])
    #expect(classes.weights[1] < -2)
  }

  @Test func `weights count as repeats`() {
    let values = (0..<600).map { Double($0 % 40) }
    let labels = (0..<600).map { row -> Double in
      let (drawn, value) = (row * 7 % 40, row % 40)
      return drawn < value ? 1 : 0
    }
    let weights = (0..<600).map { Double($0 % 3) }
    let weighted = learn(.numeric(values), labels, weights: weights)
    let rows = (0..<600).flatMap { [Int32](repeating: Int32($0), count: $0 % 3) }
    let repeated = CoarseClasses.learn(
      .numeric(values), labels: labels, weights: nil, training: rows, parameters: ClassingParameters())
    #expect(weighted.tallies.reduce(0) { $0 + $1.rows } == repeated.tallies.reduce(0) { $0 + $1.rows })
    #expect((weighted.informationValue - repeated.informationValue).magnitude < 0.15)
  }
}
