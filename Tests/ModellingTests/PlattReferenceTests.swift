import Modelling
import Numerics
import Testing

struct PlattReferenceTests {
  /// The reference fits p = 1 ∕ (1 + exp(A·s + B)) to the made-up scores as they are, so A and B have the other sign.
  @Test func `platt finds the reference's parameters`() {
    var state: UInt64 = 12345
    let draws = (0..<400).map { _ -> Double in
      state = (1_103_515_245 * state + 12345) & 0x7fff_ffff
      return Double(state) / 2_147_483_648
    }
    let labels = (0..<200).map { draws[200 + $0] < draws[$0] * draws[$0] ? 1.0 : 0 }
    let map = CalibrationMap.fit(
      .platt, scores: Array(draws[0..<200]), labels: labels, crew: Crew(threads: 1))
    guard case .platt(let slope, let intercept) = map else {
      Issue.record("a Platt map")
      return
    }
    #expect((slope - 6.549876).magnitude < 1e-5)
    #expect((intercept - -4.289126).magnitude < 1e-5)
  }
}
