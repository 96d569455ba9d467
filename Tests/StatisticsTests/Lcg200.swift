/// 200 labelled scores from a linear congruential generator, the sample of the reference values.
enum Lcg200 {
  static let scores = Array(draws[0..<200])
  static let labels: [UInt8] = zip(draws[200..<400], scores).map { $0 < $1 * $1 ? 1 : 0 }

  private static let draws: [Double] = {
    var state: UInt64 = 12345
    return (0..<400).map { _ in
      state = (1_103_515_245 * state + 12345) & 0x7fff_ffff
      return Double(state) / 2_147_483_648
    }
  }()
}
