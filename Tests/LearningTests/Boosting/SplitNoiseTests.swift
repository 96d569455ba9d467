import Numerics
import Testing

@testable import Learning

struct SplitNoiseTests {
  private let crew = Crew(threads: 1)

  private func noise(_ size: Double, tree: Int = 0, rows: Int = 10_000) -> SplitNoise? {
    var parameters = BoostingParameters()
    parameters.shape = .symmetric
    parameters.splitNoise = size
    return SplitNoise(parameters, tree: tree, rows: rows, CounterGenerator(seed: 3, label: "noise"))
  }

  private func features(_ model: BoostedTrees) -> [Int32] { model.trees.features.filter { $0 >= 0 } }

  private func fit(
    _ columns: [[Double]], _ labels: [Double], size: Double, seed: UInt64 = 1
  ) throws -> BoostedTrees {
    let frame = FeatureFrame(rows: labels.count, columns: columns.map { .numeric($0) })
    let rows = SampleFrames.all(frame.rows)
    var parameters = BoostingParameters()
    parameters.shape = .symmetric
    parameters.splitNoise = size
    parameters.trees = 1
    parameters.depth = 1
    parameters.seed = seed
    let matrix = Binning.learn(frame, training: rows, crew: crew).apply(frame, crew: crew)
    return try BoostedTrees.fit(
      matrix, labels: labels, training: rows, parameters: parameters, crew: crew
    ).model
  }

  @Test func `draws have mean 0 and the spread asked for`() throws {
    let level = try #require(noise(2)).level(0)
    let draws = (0..<20_000).map { level.value(column: $0 / 200, split: $0 % 200) }
    let mean = draws.reduce(0, +) / 20_000
    let spread = (draws.reduce(0) { $0 + $1 * $1 } / 20_000).squareRoot()
    // Three standard errors of each.
    #expect(abs(mean) < 3 * 2 / 20_000.0.squareRoot())
    #expect(abs(spread - 2) < 3 * 2 / 40_000.0.squareRoot())
  }

  @Test func `draws differ by tree, level, column and split`() throws {
    let first = try #require(noise(1)).level(0).value(column: 0, split: 0)
    let others = try [
      #require(noise(1, tree: 1)).level(0).value(column: 0, split: 0),
      #require(noise(1)).level(1).value(column: 0, split: 0),
      #require(noise(1)).level(0).value(column: 1, split: 0),
      #require(noise(1)).level(0).value(column: 0, split: 1),
    ]
    for other in others { #expect(other != first) }
  }

  @Test func `noise fades as trees grow on`() throws {
    let early = try #require(noise(1)).level(0).value(column: 0, split: 0)
    let late = try (200..<300).map { try #require(noise(1, tree: $0)).level(0).value(column: 0, split: 0) }
    #expect(abs(early) > 0)
    // After 200 trees at 0.1: 10,000·e⁻²⁰ of the spread is left, and no draw is beyond 3.5 spreads.
    #expect(late.allSatisfy { abs($0) < 1e-4 })
    #expect(noise(0) == nil)
  }

  @Test func `a tie is decided by the draw, a clear winner is not`() throws {
    let labels = (0..<400).map { $0 % 2 == 0 ? 1.0 : ($0 % 3 == 0 ? 1 : 0) }
    let half = (0..<400).map { Double($0 % 2) }
    let twins = try (0..<20).map { try features(fit([half, half], labels, size: 1, seed: $0)) }
    #expect(Set(twins) == [[0], [1]])
    #expect(try features(fit([half, half], labels, size: 0)) == [0])
    let other = (0..<400).map { Double($0 / 2 % 2) }
    for seed in 0..<20 as Range<UInt64> {
      #expect(try features(fit([other, half], labels, size: 1, seed: seed)) == [1])
    }
  }
}
