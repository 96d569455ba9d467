import Learning
import Numerics
import Testing

struct TreeAttributionTests {
  private let crew = Crew(threads: 1)

  /// f(0,0) = 1, f(0,1) = 4, f(1,0) = 2, f(1,1) = 10 over rows 30, 10, 20, 40, dividing by column `first` first.
  private func example(first: Int) -> DecisionTrees {
    let f = [[1.0, 4], [2, 10]]
    let rows = [[30.0, 10], [20, 40]]
    func at<T>(_ table: [[T]], _ a: Int, _ b: Int) -> T { first == 0 ? table[a][b] : table[b][a] }
    let halves = [at(rows, 0, 0) + at(rows, 0, 1), at(rows, 1, 0) + at(rows, 1, 1)]
    let second = Int32(1 - first)
    return DecisionTrees(
      roots: [0], kinds: [2, 2, 2, 0, 0, 0, 0], features: [Int32(first), second, second, -1, -1, -1, -1],
      thresholds: [1, 1, 1, 0, 0, 0, 0], left: [1, 3, 5, -1, -1, -1, -1],
      values: [0, 0, 0, at(f, 0, 0), at(f, 0, 1), at(f, 1, 0), at(f, 1, 1)],
      covers: [100, halves[0], halves[1], at(rows, 0, 0), at(rows, 0, 1), at(rows, 1, 0), at(rows, 1, 1)],
      categorySets: [])
  }

  private func zeroOne(_ rows: [(Double, Double)]) -> BinnedMatrix {
    let frame = FeatureFrame(rows: rows.count, columns: [.numeric(rows.map(\.0)), .numeric(rows.map(\.1))])
    return Binning(rules: [.edges([0.5]), .edges([0.5])]).apply(frame, crew: crew)
  }

  private func near(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-9) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { ($0 - $1).magnitude <= tolerance }
  }

  @Test func `the path-dependent form depends on the tree's shape`() {
    let matrix = zeroOne([(1, 1)])
    let a = TreeAttribution(trees: example(first: 0), base: 0, columns: 2, mode: .pathDependent)
    let b = TreeAttribution(trees: example(first: 1), base: 0, columns: 2, mode: .pathDependent)
    #expect((a.base - 5.1).magnitude < 1e-12 && (b.base - 5.1).magnitude < 1e-12)
    #expect(near(a.contributions(matrix, rows: [0], crew: crew), [2 + 0.95 / 3, 2.9 - 0.95 / 3], 1e-12))
    #expect(near(b.contributions(matrix, rows: [0], crew: crew), [1.05, 3.85], 1e-12))
  }

  @Test func `the interventional form does not`() {
    let matrix = zeroOne([(1, 1), (0, 0), (0, 1), (1, 0), (1, 1), (0, 0)])
    for first in [0, 1] {
      let attribution = TreeAttribution(
        trees: example(first: first), base: 0, columns: 2,
        mode: .interventional(background: matrix, rows: [1, 2, 3, 4, 5]))
      #expect((attribution.base - 3.6).magnitude < 1e-12)
      #expect(near(attribution.contributions(matrix, rows: [0], crew: crew), [2.6, 3.8], 1e-12))
    }
  }

  private func model() throws -> (matrix: BinnedMatrix, model: BoostedTrees) {
    let (frame, labels) = SampleFrames.made(1500)
    let matrix = Binning.learn(frame, training: SampleFrames.all(1500), bins: 30, crew: crew)
      .apply(frame, crew: crew)
    var parameters = BoostingParameters()
    parameters.trees = 12
    let fit = try BoostedTrees.fit(
      matrix, labels: labels, training: SampleFrames.all(1500), parameters: parameters, crew: crew)
    return (matrix, fit.model)
  }

  /// What tree `node` answers in the mean when the columns outside `known` split by the shares of training rows.
  private func expected(_ trees: DecisionTrees, _ node: Int, _ known: Int, _ row: ArraySlice<UInt8>) -> Double
  {
    guard trees.features[node] >= 0 else { return trees.values[node] }
    let feature = Int(trees.features[node])
    let left = Int(trees.left[node])
    if known >> feature & 1 == 0 {
      let share = trees.covers[left] / trees.covers[node]
      return share * expected(trees, left, known, row) + (1 - share) * expected(trees, left + 1, known, row)
    }
    return expected(trees, left + (goesLeft(trees, node, row[row.startIndex + feature]) ? 0 : 1), known, row)
  }

  private func goesLeft(_ trees: DecisionTrees, _ node: Int, _ bin: UInt8) -> Bool {
    let threshold = Int(trees.thresholds[node])
    switch DecisionTrees.Kind(rawValue: trees.kinds[node]) {
    case .missingLeft: return Int(bin) <= threshold
    case .missingRight: return bin != 0 && Int(bin) <= threshold
    default: return trees.categorySets[threshold * 4 + Int(bin) / 64] >> UInt64(bin % 64) & 1 == 1
    }
  }

  /// Shapley's values of a game over `columns` players, by its definition.
  private func shapley(_ columns: Int, _ game: (Int) -> Double) -> [Double] {
    func factorial(_ n: Int) -> Double { n < 2 ? 1 : Double(n) * factorial(n - 1) }
    let worth = (0..<1 << columns).map(game)
    return (0..<columns).map { player in
      var sum = 0.0
      for set in 0..<1 << columns where set >> player & 1 == 0 {
        let size = set.nonzeroBitCount
        let weight = factorial(size) * factorial(columns - size - 1) / factorial(columns)
        sum += weight * (worth[set | 1 << player] - worth[set])
      }
      return sum
    }
  }

  @Test func `path-dependent contributions are Shapley's values`() throws {
    let (matrix, model) = try model()
    let attribution = TreeAttribution(trees: model.trees, base: model.base, columns: 5, mode: .pathDependent)
    for row in [0, 3, 77, 1499] {
      let bins = matrix.bins[row * matrix.stride..<row * matrix.stride + 5]
      let exact = shapley(5) { known in
        (0..<model.trees.count).reduce(0.0) {
          $0 + expected(model.trees, Int(model.trees.roots[$1]), known, bins)
        }
      }
      #expect(near(attribution.contributions(matrix, rows: [Int32(row)], crew: crew), exact))
    }
  }

  @Test func `interventional contributions are Shapley's values`() throws {
    let (matrix, model) = try model()
    let background: [Int32] = [1, 5, 9, 400, 401, 1000, 5]
    let attribution = TreeAttribution(
      trees: model.trees, base: model.base, columns: 5,
      mode: .interventional(background: matrix, rows: background))
    let zeroBase = BoostedTrees(base: 0, trees: model.trees)
    for row in [0, 3, 77, 1499] {
      let exact = shapley(5) { known in
        let mixed = background.flatMap { other in
          (0..<matrix.stride).map { column in
            matrix.bins[(known >> column & 1 == 1 ? row : Int(other)) * matrix.stride + column]
          }
        }
        let blend = FeatureFrame.mixedMatrix(like: matrix, bins: mixed, rows: background.count)
        let scores = zeroBase.logits(blend, rows: SampleFrames.all(background.count), crew: crew)
        return scores.reduce(0, +) / Double(background.count)
      }
      #expect(near(attribution.contributions(matrix, rows: [Int32(row)], crew: crew), exact))
    }
  }

  @Test func `contributions and base sum to the score`() throws {
    let (matrix, model) = try model()
    let rows = SampleFrames.all(600)
    let scores = model.logits(matrix, rows: rows, crew: crew)
    for mode in [
      TreeAttribution.Mode.pathDependent, .interventional(background: matrix, rows: SampleFrames.all(40)),
    ] {
      let attribution = TreeAttribution(trees: model.trees, base: model.base, columns: 5, mode: mode)
      let one = attribution.contributions(matrix, rows: rows, crew: crew)
      #expect(one == attribution.contributions(matrix, rows: rows, crew: Crew(threads: 4)))
      for (place, score) in scores.enumerated() {
        let sum = one[place * 5..<place * 5 + 5].reduce(attribution.base, +)
        #expect((sum - score).magnitude < 1e-9)
      }
    }
  }

  @Test func `a forest's log-odds are explained as their mean`() throws {
    let (frame, labels) = SampleFrames.made(1500)
    let rows = SampleFrames.all(1500)
    let matrix = Binning.learn(frame, training: rows, crew: crew).apply(frame, crew: crew)
    var parameters = ForestParameters()
    parameters.trees = 10
    let forest = try RandomForest.fit(
      matrix, labels: labels, training: rows, parameters: parameters, crew: crew)
    let attribution = TreeAttribution(
      trees: forest.logOddsTrees, base: 0, scale: 0.1, columns: 5, mode: .pathDependent)
    let parts = attribution.contributions(matrix, rows: [7, 8], crew: crew)
    for (place, score) in forest.logits(matrix, rows: [7, 8], crew: crew).enumerated() {
      #expect((parts[place * 5..<place * 5 + 5].reduce(attribution.base, +) - score).magnitude < 1e-9)
    }
  }

  @Test func `no trees contribute nothing`() {
    let none = DecisionTrees(
      roots: [], kinds: [], features: [], thresholds: [], left: [], values: [], covers: [], categorySets: [])
    let attribution = TreeAttribution(trees: none, base: -1, columns: 2, mode: .pathDependent)
    #expect(attribution.base == -1)
    #expect(attribution.contributions(zeroOne([(1, 1)]), rows: [0], crew: crew) == [0, 0])
  }
}

extension FeatureFrame {
  /// A matrix of these bins, shaped like another.
  fileprivate static func mixedMatrix(like matrix: BinnedMatrix, bins: [UInt8], rows: Int) -> BinnedMatrix {
    BinnedMatrix(
      rows: rows, columns: matrix.columns, stride: matrix.stride, bins: bins, valueBins: matrix.valueBins,
      isCategorical: matrix.isCategorical)
  }
}
