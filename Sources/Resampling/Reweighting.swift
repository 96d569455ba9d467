import Numerics

/// Ways to change how often a training part's rows count, without new rows.
enum Reweighting {
  /// Weights that give both outcomes the same sum, and the part the sum it had: rows · ½ / rows of the class.
  static func balanced(_ part: TrainingPart) -> [Double] {
    let events = Double(part.events)
    let rows = Double(part.rows.count)
    guard events > 0, events < rows else { return part.rows.map { _ in 1 } }
    return part.labels.map { $0 == 1 ? rows / (2 * events) : rows / (2 * (rows - events)) }
  }

  /// Random over-sampling: rows of the rarer outcome are drawn again, with replacement, until both
  /// outcomes are as frequent; the weight of a row is how often it stands.
  static func over(_ part: TrainingPart, _ random: CounterGenerator) -> [Double] {
    let (rare, other) = split(part)
    var weights = part.rows.map { _ in 1.0 }
    guard !rare.isEmpty else { return weights }
    for draw in 0..<(other.count - rare.count) {
      weights[rare[random.uniform(UInt64(draw), below: rare.count)]] += 1
    }
    return weights
  }

  /// Random under-sampling: as many rows of the more frequent outcome as the rarer has, without
  /// replacement; the others have weight 0.
  static func under(_ part: TrainingPart, _ random: CounterGenerator) -> [Double] {
    let (rare, other) = split(part)
    var weights = part.rows.map { _ in 1.0 }
    guard !rare.isEmpty else { return weights }
    for place in other { weights[place] = 0 }
    for place in random.sample(rare.count, of: other.count) { weights[other[Int(place)]] = 1 }
    return weights
  }

  /// Places of the rarer and of the more frequent outcome; those who left count as rarer in a tie.
  static func split(_ part: TrainingPart) -> (rare: [Int], other: [Int]) {
    let left = part.labels.indices.filter { part.labels[$0] == 1 }
    let stayed = part.labels.indices.filter { part.labels[$0] == 0 }
    return left.count <= stayed.count ? (left, stayed) : (stayed, left)
  }
}
