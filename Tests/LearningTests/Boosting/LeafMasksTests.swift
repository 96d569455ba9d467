import Numerics
import Testing

@testable import Learning

@Suite struct LeafMasksTests {
  /// 3,000 rows of a number with many values, six of two, a category and a number that is often missing.
  private func frame() -> FeatureFrame {
    let random = CounterGenerator(seed: 5, label: "leaf masks")
    func draw(_ row: Int, _ column: Int) -> Double { random.deriving(column).uniform(UInt64(row)) }
    let rows = 0..<3000
    var columns: [FeatureFrame.Column] = [.numeric(rows.map { draw($0, 0) })]
    for column in 1...6 { columns.append(.numeric(rows.map { draw($0, column) < 0.4 ? 1 : 0 })) }
    columns.append(.categorical(codes: rows.map { Int32(draw($0, 7) * 9) - 1 }, levels: 8))
    columns.append(.numeric(rows.map { draw($0, 8) < 0.3 ? .nan : draw($0, 9) }))
    return FeatureFrame(rows: rows.count, columns: columns)
  }

  @Test(arguments: [2, 63, 64, 90]) func `tables, checked or not, give the bits that walking gives`(
    leaves: Int
  )
    throws
  {
    let (frame, crew) = (frame(), Crew(threads: 2))
    let rows = (0..<Int32(frame.rows)).map { $0 }
    let binning = Binning.learn(frame, training: rows, crew: crew)
    let matrix = binning.apply(frame, crew: crew)
    let random = CounterGenerator(seed: 6, label: "outcome")
    let labels = rows.map { row -> Double in
      let bin = Double(matrix.bins[Int(row) * matrix.stride]) / 255
      let other = Double(matrix.bins[Int(row) * matrix.stride + 7])
      return random.uniform(UInt64(row)) < 0.2 + 0.5 * (bin - 0.5).magnitude + 0.03 * other ? 1 : 0
    }
    var parameters = BoostingParameters()
    (parameters.trees, parameters.leaves, parameters.depth) = (12, leaves, 64)
    (parameters.minimumRows, parameters.minimumHessian) = (3, 0.1)
    let trees = try BoostedTrees.fit(
      matrix, labels: labels, training: rows, parameters: parameters, crew: crew
    ).model.trees
    // One of 64 leaves is the most a table holds; one of 90 is walked.
    #expect((trees.nodes(of: 0).count + 1) / 2 == leaves)
    let joined = JoinedColumns(matrix, used: trees.usedColumns(matrix.columns))
    #expect((LeafMasks(trees, tree: 0, joined) == nil) == (leaves > 64))
    #expect(joined.count < matrix.columns)

    let some = rows.filter { $0 % 7 != 3 }
    let start = some.map { Double($0) / 100 }
    var walked = start
    trees.addWalking(matrix, rows: some, to: &walked, crew: crew)
    for isChecked in [true, false] {
      for threads in [1, 3] {
        var looked = start
        trees.addMasked(matrix, rows: some, to: &looked, crew: Crew(threads: threads), isChecked: isChecked)
        #expect(looked == walked)
      }
    }
    var chosen = start
    trees.add(matrix, rows: some, to: &chosen, crew: crew)
    #expect(chosen == walked)
  }
}
