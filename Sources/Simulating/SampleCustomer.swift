import Numerics

/// One synthetic customer: what the bank's file says, and what is true.
///
/// **The truth.** The log-odds of leaving are 1.25·z + intercept, with z the sum of
/// - age: 3.0·exp(−((age−52)/10.5)²), a hump, nothing a straight line finds;
/// - activity: −0.25 if active, −0.9 more if also over 38;
/// - products held: +0.35, −1.15, +2.4, +4.0 for 1, 2, 3, 4;
/// - city: +0.75 Eastvale, +0.05 Southmoor; women +0.48, and +0.35 more in Eastvale over 45;
/// - balance, for holders of a deposit: +0.45·clip((balance−60,000)/80,000, 0, 1.5), known to the file or not;
/// - score: −0.0011·(score−650), and −0.35 where |score−600| < 40 and tenure < 3;
/// - salary above 1.2 balances of a deposit: +0.5; tenure: +0.2·sin-like wave of period 5.
///
/// **Value**: 1 % of the true balance and 40 a product held, a year. **Effect** of an offer: p·γ − (1−p)·w
/// with γ = .10 + .30·active·(1−p) + .05·[tenure > 5] (those most at risk are the hardest to keep) and
/// w = .01 + .03·[score < 550] (some leave because they are called).
package struct SampleCustomer: Sendable {
  /// 1-based number in the file's order.
  package let number: Int
  /// Key, as written in the file.
  package let customerId: Int
  package let surname: String
  package let score: Int
  package let city: String
  package let isWoman: Bool
  package let age: Int
  package let tenure: Int
  /// True balance in cents; 0 without a deposit.
  package let balanceCents: Int
  /// `value`, `structuralZero` (no deposit) or `unknown` (lost at random).
  package let balanceState: String
  package let products: Int
  package let hasCard: Bool
  package let hasDeposit: Bool
  package let isActive: Bool
  package let salaryCents: Int
  package let hasLeft: Bool
  /// True probability of leaving if nothing is done.
  package let churnProbability: Double
  /// True value of a year, in money.
  package let value: Double
  /// By how much an offer truly lowers the probability of leaving; below zero where it drives away.
  package let effect: Double
  /// What is wrong with the row in the file, if anything.
  package let blemish: Blemish?

  /// What can be wrong with a row, on purpose.
  package enum Blemish: String, Sendable {
    /// Age 212.
    case impossibleAge
    /// Tenure −4.
    case negativeTenure
    /// The row stands twice.
    case repeated
  }

  /// Share of deposit holders whose balance is lost at random.
  package static let unknownShare = 0.03
  /// Share of rows with each kind of blemish.
  package static let blemishShare = 0.001

  /// The customer of that number: the same for the same seed, whatever came before.
  package init(number: Int, seed: UInt64) {
    let random = CounterGenerator(seed: seed, label: "sample").deriving(number)
    func uniform(_ draw: UInt64) -> Double { random.uniform(draw) }
    self.number = number
    // 7,919 is coprime to the modulus, so keys never repeat.
    customerId = 15_000_001 + (number * 7919) % 999_999_937
    surname = SampleNames.surname(random)
    score = Int(min(850, max(350, (650.5 + 53 * logit(uniform(1))).rounded())))
    let place = uniform(2)
    city = place < 0.5 ? "Northport" : place < 0.75 ? "Eastvale" : "Southmoor"
    isWoman = uniform(3) < 0.4543
    // Three uniforms make a bell; the fourth power of a fourth lengthens its upper tail.
    let bell = (uniform(4) + uniform(5) + uniform(6)) / 3
    let tail = uniform(7) * uniform(7) * uniform(7) * uniform(7)
    age = Int(min(92, max(18, (14 + 46 * bell + 34 * tail).rounded())))
    tenure = random.uniform(8, below: 11)
    isActive = uniform(9) < 0.45 + (age > 60 ? 0.08 : 0) + (tenure > 5 ? 0.03 : 0)
    let held = uniform(10)
    products = held < 0.5084 ? 1 : held < 0.9674 ? 2 : held < 0.994 ? 3 : 4
    hasCard = uniform(11) < 0.7055
    salaryCents = 1158 + random.uniform(12, below: 19_998_000)
    hasDeposit = city == "Eastvale" || uniform(13) >= 0.36 + (products == 2 ? 0.24 : 0)
    let drawn = min(250_000, max(3_700, 119_827 + 16_600 * logit(uniform(14))))
    balanceCents = hasDeposit ? Int((drawn * 100).rounded()) : 0
    balanceState =
      !hasDeposit ? "structuralZero" : uniform(15) < SampleCustomer.unknownShare ? "unknown" : "value"

    let years = Double(age)
    let hump = (years - 52) / 10.5
    var z = 3.0 * exponential(-hump * hump)
    if isActive { z -= age > 38 ? 1.15 : 0.25 }
    z += [0.35, -1.15, 2.4, 4.0][products - 1]
    z += city == "Eastvale" ? 0.75 : city == "Southmoor" ? 0.05 : 0
    if isWoman { z += city == "Eastvale" && age > 45 ? 0.83 : 0.48 }
    if hasDeposit {
      z += 0.45 * min(1.5, max(0, (Double(balanceCents) / 100 - 60_000) / 80_000))
      if Double(salaryCents) > 1.2 * Double(balanceCents) { z += 0.5 }
    }
    z -= 0.0011 * Double(score - 650)
    if abs(score - 600) < 40, tenure < 3 { z -= 0.35 }
    z += [0.0, 0.19, 0.1, -0.14, -0.18][tenure % 5]
    let p = logistic(1.25 * z + SampleCustomer.intercept)
    churnProbability = p
    hasLeft = uniform(16) < p
    value = Double(balanceCents) / 100 * 0.01 + 40 * Double(products)
    let kept = 0.10 + (isActive ? 0.30 * (1 - p) : 0) + (tenure > 5 ? 0.05 : 0)
    let driven = 0.01 + (score < 550 ? 0.03 : 0)
    effect = p * kept - (1 - p) * driven
    let spoiled = uniform(17)
    let share = SampleCustomer.blemishShare
    blemish =
      spoiled < share
      ? .impossibleAge : spoiled < 2 * share ? .negativeTenure : spoiled < 3 * share ? .repeated : nil
  }

  /// Set so that about one in five leaves.
  static let intercept = -3.55
}

/// Made-up surnames, among them some that a careless program stumbles over.
enum SampleNames {
  static let beginnings = [
    "Al", "Ber", "Cor", "Dan", "El", "Far", "Gor", "Hol", "Ir", "Jan", "Kel", "Lor", "Mar", "Nor", "Ol",
    "Per",
  ]
  static let middles = ["a", "en", "i", "o", "ing", "er", "u", "ast"]
  static let endings = [
    "ton", "son", "ley", "well", "ström", "ford", "mann", "ski", "ova", "dale", "ez", "ini", "wood", "berg",
  ]
  static let awkward = [
    "O'Neill", "Smith, Jr.", "=cmd()", "</script>", "van \"der\" Berg", "Иванова", "-Lee", "Null", "@home",
    "x|y",
  ]

  static func surname(_ random: CounterGenerator) -> String {
    if random.uniform(20, below: 500) == 0 { return awkward[random.uniform(21, below: awkward.count)] }
    return beginnings[random.uniform(22, below: beginnings.count)]
      + middles[random.uniform(23, below: middles.count)] + endings[random.uniform(24, below: endings.count)]
  }
}
