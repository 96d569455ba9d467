import Learning
import Numerics
import Testing

@Suite struct SeparabilityTests {
  @Test func `a rule of two columns is found across halves, noise is not, on any number of threads`() {
    let draws = CounterGenerator(seed: 5)
    let rows = 2000
    let first = (0..<rows).map { draws.uniform(UInt64($0)) }
    let codes = (0..<rows).map { Int32(draws.uniform(UInt64(rows + $0), below: 3)) }
    let frame = FeatureFrame(
      rows: rows, columns: [.numeric(first), .categorical(codes: codes, levels: 3)])
    let ruled = (0..<rows).map { first[$0] < 0.4 && codes[$0] == 1 }
    let noise = (0..<rows).map { draws.uniform(UInt64(2 * rows + $0)) < 0.3 }
    let one = Separability.crossFitted(frame, ruled, seed: 1, crew: Crew(threads: 1))
    #expect((one ?? 0) > 0.98)
    #expect(one == Separability.crossFitted(frame, ruled, seed: 1, crew: Crew(threads: 3)))
    let chance = Separability.crossFitted(frame, noise, seed: 1, crew: Crew(threads: 1)) ?? 1
    #expect(abs(chance - 0.5) < 0.06)
  }

  @Test func `too few rows of a kind say nothing`() {
    let frame = FeatureFrame(rows: 20, columns: [.numeric((0..<20).map(Double.init))])
    #expect(Separability.crossFitted(frame, (0..<20).map { $0 < 3 }, seed: 1, crew: Crew(threads: 1)) == nil)
  }
}
