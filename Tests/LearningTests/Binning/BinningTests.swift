import Learning
import Numerics
import Testing

struct BinningTests {
  private let crew = Crew(threads: 1)

  private func rule(_ values: [Double], training: [Int32]? = nil, bins: Int = 255) -> Binning.Rule {
    let frame = FeatureFrame(rows: values.count, columns: [.numeric(values)])
    return Binning.learn(
      frame, training: training ?? SampleFrames.all(values.count), bins: bins, crew: crew
    ).rules[0]
  }

  private func bins(_ rule: Binning.Rule, _ column: FeatureFrame.Column) -> [UInt8] {
    let frame = FeatureFrame(rows: column.count, columns: [column])
    let matrix = Binning(rules: [rule]).apply(frame, crew: crew)
    return (0..<column.count).map { matrix.bins[$0 * matrix.stride] }
  }

  @Test func `few distinct numbers get a bin each, edges half-way`() {
    #expect(rule([3, 1, 2, 1, .nan, 3]) == .edges([1.5, 2.5]))
    #expect(rule([-0.0, 0.0, 5]) == .edges([2.5]))
  }

  @Test func `nothing to divide gives no edge`() {
    #expect(rule([7, 7, 7]) == .edges([]))
    #expect(rule([.nan, .nan]) == .edges([]))
    #expect(bins(.edges([]), .numeric([1, .nan])) == [1, 0])
  }

  @Test func `numbers are put in bins of nearly equal counts`() {
    let values = (0..<10_000).map { Double(($0 * 7919) % 10_000) }
    let rule = rule(values, bins: 11)
    var counts = [Int](repeating: 0, count: 12)
    for bin in bins(rule, .numeric(values)) { counts[Int(bin)] += 1 }
    #expect(counts[0] == 0)
    #expect(counts[1...10].allSatisfy { $0 == 1000 })
  }

  @Test func `a heavy value takes one bin and leaves the others to the rest`() {
    let values = (0..<1000).map { $0 < 900 ? 0.0 : Double($0) }
    guard case .edges(let edges) = rule(values, bins: 12) else { return }
    #expect(edges.count == 10)
  }

  @Test func `only training rows are looked at`() {
    let values = [1.0, 2, 1000, 2000, 3]
    #expect(rule(values, training: [0, 1, 4]) == .edges([1.5, 2.5]))
  }

  @Test func `a number on an edge stays left of it, infinities go to the ends`() {
    #expect(
      bins(.edges([1, 2]), .numeric([0.5, 1, 1.5, 2, 2.5, .infinity, -.infinity, .nan])) == [
        1, 1, 2, 2, 3, 3, 1, 0,
      ])
    #expect(rule([-.infinity, .infinity, 0, 0]) == .edges([-.infinity, 0]))
    let wide = (0..<254).map(Double.init)
    #expect(bins(.edges(wide), .numeric([-1, 0, 253, 253.5, 1e300])) == [1, 1, 254, 255, 255])
  }

  @Test func `whole numbers are looked up where others are searched for, to the same bins`() {
    let counts: [Double] = [18.5, 19.25, 20, 44.5, 60.5, 92]
    let values: [Double] =
      (10..<110).map { Double($0) } + [
        17.5, 18.4, 18.5, 18.6, 19.2, 19.3, 60.5, 91.9, 92, 92.1, 1e300, -1e300, .infinity, -.infinity, .nan,
        -0.0,
      ]
    let wanted = values.map { value in
      value.isNaN ? 0 : UInt8(1 + counts.filter { $0 < value }.count)
    }
    #expect(bins(.edges(counts), .numeric(values)) == wanted)
    // The first of them decide how, so other numbers first as well; and edges too far apart for a table.
    #expect(bins(.edges(counts), .numeric(values.reversed())) == wanted.reversed())
    let far = [-1e15, 0.5, 1e15]
    #expect(bins(.edges(far), .numeric([-2e15, 0, 1, 2e15, .nan])) == [1, 2, 3, 4, 0])
    // What is all but whole is not taken for whole, whoever comes first.
    let tiny = 0.1 + 0.2 - 0.3
    let zeros = [Double](repeating: 0, count: 16)
    #expect(bins(.edges([-0.5, tiny / 2, 0.5]), .numeric(zeros + [tiny])).last == 3)
    #expect(bins(.edges([-0.5, tiny / 2, 0.5]), .numeric([tiny, 0.25] + zeros)).first == 3)
    let next = 100.0.nextUp
    #expect(
      bins(.edges([-2000, 100, 101]), .numeric(zeros + [100, next, -2000, -2001])).suffix(4) == [2, 3, 1, 1])
    let extreme = [-1e308, 1e308]
    #expect(bins(.edges(extreme), .numeric([-.infinity, 0, .infinity])) == [1, 2, 3])
  }

  @Test func `categories are bins, unseen and unknown ones are missing`() {
    let frame = FeatureFrame(rows: 4, columns: [.categorical(codes: [2, 0, 2, 1], levels: 4)])
    let rule = Binning.learn(frame, training: [0, 1, 2], crew: crew).rules[0]
    #expect(rule == .categories([1, 0, 2, 0]))
    #expect(bins(rule, .categorical(codes: [0, 1, 2, 3, -1, 9], levels: 10)) == [1, 0, 2, 0, 0, 0])
  }

  @Test func `rare categories share the last bin`() {
    let codes: [Int32] = [0, 0, 0, 1, 1, 2, 3, 4]
    let frame = FeatureFrame(rows: 8, columns: [.categorical(codes: codes, levels: 5)])
    let rule = Binning.learn(frame, training: SampleFrames.all(8), bins: 4, crew: crew).rules[0]
    #expect(rule == .categories([1, 2, 3, 3, 3]))
  }

  @Test func `a hundred thousand categories fit`() {
    let codes = (0..<100_000).map { Int32($0) }
    let frame = FeatureFrame(rows: 100_000, columns: [.categorical(codes: codes, levels: 100_000)])
    let binning = Binning.learn(frame, training: SampleFrames.all(100_000), crew: crew)
    #expect(binning.valueBins(0) == 254)
  }

  @Test func `a large table learns from a sample, the same for any crew`() {
    let values = (0..<250_000).map { Double(($0 &* 7919) % 250_000) }
    let frame = FeatureFrame(rows: values.count, columns: [.numeric(values), .numeric(values.reversed())])
    let rows = SampleFrames.all(values.count)
    let one = Binning.learn(frame, training: rows, bins: 11, crew: Crew(threads: 1))
    let four = Binning.learn(frame, training: rows, bins: 11, crew: Crew(threads: 4))
    #expect(one == four)
    guard case .edges(let edges) = one.rules[0] else { return }
    #expect(edges.count == 9)
    for (place, edge) in edges.enumerated() {
      #expect((edge - 25_000 * Double(place + 1)).magnitude < 1500)
    }
  }

  @Test func `rows are binned the same for any crew`() {
    let (frame, _) = SampleFrames.made(10_000)
    let binning = Binning.learn(frame, training: SampleFrames.all(10_000), crew: crew)
    let one = binning.apply(frame, crew: crew)
    let four = binning.apply(frame, crew: Crew(threads: 4))
    #expect(one.bins == four.bins)
    #expect(one.stride == 8 && one.isCategorical == [false, false, true, false, true])
  }

  @Test func `with spaced edges a thin tail has bins of its own`() {
    // 1,000 numbers below 1, four far above.
    let values = (0..<1000).map { Double($0) / 1000 } + [40, 60, 80, 100]
    let frame = FeatureFrame(rows: values.count, columns: [.numeric(values)])
    let rows = (0..<Int32(values.count)).map { $0 }
    func matrix(_ spaced: Bool) -> BinnedMatrix {
      Binning.learn(frame, training: rows, bins: 21, spaced: spaced, crew: Crew(threads: 1)).apply(
        frame, crew: Crew(threads: 1))
    }
    func tail(_ matrix: BinnedMatrix) -> Int {
      Set((1000..<1004).map { matrix.bins[$0 * matrix.stride] }).count
    }
    #expect(tail(matrix(false)) == 1 && tail(matrix(true)) == 4)
    #expect(matrix(true).valueBins[0] <= 20)
    let infinite = FeatureFrame(rows: 40, columns: [.numeric((0..<39).map(Double.init) + [.infinity])])
    let binning = Binning.learn(
      infinite, training: (0..<40).map { Int32($0) }, bins: 11, spaced: true, crew: Crew(threads: 1))
    #expect(binning.valueBins(0) <= 10)
  }
}
