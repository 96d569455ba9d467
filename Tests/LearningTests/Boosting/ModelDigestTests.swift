import Learning
import Numerics
import Testing

/// A small model of each kind of tree learner, held to the digest of its bits. The same numbers stand for debug and
/// release builds and for any number of threads; a change of them is a change of every model, which calls for a higher
/// code version of the stage that trains.
struct ModelDigestTests {
  private static func digest(_ trees: DecisionTrees, _ others: [Double]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ word: UInt64) { hash = (hash ^ word) &* 0x0000_0100_0000_01b3 }
    for word in trees.roots + trees.features + trees.thresholds + trees.left {
      add(UInt64(UInt32(bitPattern: word)))
    }
    for kind in trees.kinds { add(UInt64(kind)) }
    for set in trees.categorySets { add(set) }
    for value in trees.values + trees.covers + others { add(value.bitPattern) }
    return String(hash, radix: 16)
  }

  private static let rows = 3000

  private static func matrix() -> (matrix: BinnedMatrix, labels: [Double]) {
    let (frame, labels) = SampleFrames.made(rows)
    let crew = Crew(threads: 1)
    let matrix = Binning.learn(frame, training: SampleFrames.all(rows), bins: 200, crew: crew)
      .apply(frame, crew: crew)
    return (matrix, labels)
  }

  private static func boosted(
    threads: Int, _ change: (inout BoostingParameters) -> Void
  ) throws -> String {
    let (matrix, labels) = matrix()
    var parameters = BoostingParameters()
    parameters.trees = 20
    parameters.rowFraction = 0.8
    change(&parameters)
    let model = try BoostedTrees.fit(
      matrix, labels: labels, training: SampleFrames.all(rows), parameters: parameters,
      crew: Crew(threads: threads)
    ).model
    return digest(model.trees, [model.base])
  }

  @Test(arguments: [1, 2, 4])
  func `each kind of boosted tree`(threads: Int) throws {
    let leafwise = try Self.boosted(threads: threads) { _ in }
    #expect(leafwise == "e0f709a8a9b2ba5f")
    let monotone = try Self.boosted(threads: threads) {
      $0.monotone = [1, 0, 0, 0, 0]
      $0.columnFraction = 0.8
    }
    #expect(monotone == "82e39cb65b74f0a7")
    let symmetric = try Self.boosted(threads: threads) {
      $0.shape = .symmetric
      $0.depth = 4
    }
    #expect(symmetric == "406f1bbbb0569e8b")
    let randomised = try Self.boosted(threads: threads) { $0.splits = .randomised }
    #expect(randomised == "d99f91121d0c518e")
  }

  @Test(arguments: [1, 2, 4])
  func `a forest`(threads: Int) throws {
    let (matrix, labels) = Self.matrix()
    var parameters = ForestParameters()
    parameters.trees = 10
    let forest = try RandomForest.fit(
      matrix, labels: labels, training: SampleFrames.all(Self.rows), parameters: parameters,
      crew: Crew(threads: threads))
    #expect(Self.digest(forest.trees, forest.logOdds) == "9c1c04ee971ba4d6")
  }
}
