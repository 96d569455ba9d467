import Numerics
import Testing

struct CounterGeneratorTests {
  @Test func `a number is a function of seed, label, item and place`() {
    let generator = CounterGenerator(seed: 7, label: "rows").deriving(3)
    #expect(generator.bits(5) == CounterGenerator(seed: 7, label: "rows").deriving(3).bits(5))
    #expect(generator.bits(5) != generator.bits(6))
    #expect(generator.bits(5) != CounterGenerator(seed: 7, label: "columns").deriving(3).bits(5))
    #expect(generator.bits(5) != CounterGenerator(seed: 8, label: "rows").deriving(3).bits(5))
    #expect(generator.bits(5) != CounterGenerator(seed: 7, label: "rows").deriving(4).bits(5))
    #expect(randomBits(seed: 1, stream: 2, counter: 3) == CounterGenerator(seed: 1).deriving(2).bits(3))
  }

  @Test func `the numbers themselves never change`() {
    let generator = CounterGenerator(seed: 1, label: "golden")
    #expect((0..<3).map { generator.bits($0) } == CounterGeneratorTests.golden)
  }
  private static let golden: [UInt64] = [
    6_019_040_336_140_974_918, 11_585_315_267_969_308_949, 7_293_203_210_183_981_158,
  ]

  @Test func `uniform numbers are uniform`() {
    let generator = CounterGenerator(seed: 42)
    let n = 100_000
    var cells = [Int](repeating: 0, count: 100)
    var sum = 0.0
    var lag = 0.0
    for i in 0..<n {
      let u = generator.uniform(UInt64(i))
      #expect(u >= 0 && u < 1)
      cells[Int(u * 100)] += 1
      sum += u
      lag += (u - 0.5) * (generator.uniform(UInt64(i + 1)) - 0.5)
    }
    let expected = Double(n) / 100
    let chiSquare = cells.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    // 99 degrees of freedom: one in a million falls outside.
    #expect(chiSquare > 45 && chiSquare < 180)
    #expect((sum / Double(n) - 0.5).magnitude < 5 * 0.2887 / Double(n).squareRoot())
    #expect((lag / Double(n)).magnitude < 5 * (1.0 / 12) / Double(n).squareRoot())
  }

  @Test func `every bit of the seed and the place reaches every bit of the number`() {
    for bit in 0..<64 {
      var flips = 0
      for place in 0..<64 as Range<UInt64> {
        let one = CounterGenerator(seed: 99).bits(place)
        let other = CounterGenerator(seed: 99 ^ (1 << UInt64(bit))).bits(place)
        flips += (one ^ other).nonzeroBitCount
      }
      #expect(flips > 64 * 32 - 250 && flips < 64 * 32 + 250)
    }
  }

  @Test func `a permutation holds each number once and a sample is ascending`() {
    let generator = CounterGenerator(seed: 3)
    #expect(generator.permutation(1000).sorted() == (0..<1000).map(Int32.init))
    #expect(generator.permutation(1000) != (0..<1000).map(Int32.init))
    #expect(generator.permutation(0).isEmpty)
    let sample = generator.sample(50, of: 200)
    #expect(sample.count == 50 && Set(sample).count == 50 && sample == sample.sorted())
    #expect(generator.sample(9, of: 4) == [0, 1, 2, 3])
    #expect(generator.sample(0, of: 4).isEmpty)
    let draws: Int = generator.bootstrapCounts(500).reduce(0) { $0 + Int($1) }
    #expect(draws == 500)
  }

  @Test func `whole numbers stay below their bound and reach all of it`() {
    let generator = CounterGenerator(seed: 5)
    var seen = Set<Int>()
    for i in 0..<1000 { seen.insert(generator.uniform(UInt64(i), below: 7)) }
    #expect(seen == Set(0..<7))
  }
}
