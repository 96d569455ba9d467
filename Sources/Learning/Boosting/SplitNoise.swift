import Numerics

/// What is added to the score of each split of a symmetric tree before the best is taken, so that a tree does not
/// always follow what the training rows happen to say: near ties are broken by a draw, clear winners stay.
///
/// A score is the square root of what all leaves score after the split (Σ G²∕(H + λ)); on that scale a split of pure
/// noise moves by about 1, whatever the table. The draws fade as the model grows, by n·e^(−trees·rate) against 1: late
/// trees fit what little is left and would follow the noise. (Dorogush, Ershov, Gulin: CatBoost, 2018, "random
/// strength", there in units of the gradients' spread.)
struct SplitNoise: Sendable {
  private let draws: CounterGenerator
  private let spread: Double

  /// The noise of tree number `tree` grown on some of `rows` training rows; `nil` where there is none.
  init?(_ parameters: BoostingParameters, tree: Int, rows: Int, _ draws: CounterGenerator) {
    guard parameters.splitNoise > 0 else { return nil }
    let left = Double(rows) * exponential(-Double(tree) * parameters.learningRate)
    spread = parameters.splitNoise * left / (1 + left)
    self.draws = draws.deriving(tree)
  }

  private init(_ draws: CounterGenerator, _ spread: Double) {
    self.draws = draws
    self.spread = spread
  }

  /// The noise of one level of the tree.
  func level(_ depth: Int) -> SplitNoise { SplitNoise(draws.deriving(depth), spread) }

  /// The draw of split number `split` of `column`: the sum of four uniform numbers, near enough to a normal one and
  /// the same on any machine.
  func value(column: Int, split: Int) -> Double {
    let bits = draws.bits(UInt64(column) << 32 | UInt64(split))
    let sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48)
    // Each part has mean 2¹⁵ − ½ and variance 2³²∕12.
    return (Double(sum) * 0x1p-16 - (2 - 0x1p-15)) * 1.7320508075688772 * spread
  }
}
