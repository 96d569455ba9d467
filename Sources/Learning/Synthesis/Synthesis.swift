package import Numerics

/// Where a synthetic point comes from: enough to make it again.
package struct Provenance: Sendable, Equatable {
  /// The point it starts from.
  package let base: Int32
  /// The neighbour it lies towards.
  package let neighbour: Int32
  /// How far, 0 to 1.
  package let step: Double
}

/// SMOTE: points between a point and one of its neighbours (Chawla, Bowyer, Hall, Kegelmeyer 2002).
package enum Synthesis {
  /// A number on the way from `base` to `neighbour`.
  @inlinable package static func synthesize(_ base: Double, _ neighbour: Double, _ step: Double) -> Double {
    base + step * (neighbour - base)
  }

  /// The category of a synthetic point: the one most frequent among the base's neighbours (the base not
  /// counted), ties to the lowest code.
  package static func category(_ codes: [Int32]) -> Int32 {
    var best: (code: Int32, count: Int) = (codes.min() ?? -1, 0)
    for code in codes.sorted() {
      let count = codes.reduce(0) { $0 + ($1 == code ? 1 : 0) }
      if count > best.count { best = (code, count) }
    }
    return best.code
  }

  /// Where each of `count` synthetic points comes from: base and neighbour drawn evenly from all pairs,
  /// the step evenly from 0 up to 1. A point's draws depend on its number alone.
  package static func draw(
    _ count: Int, from neighbours: Neighbours, points: Int, _ random: CounterGenerator
  ) throws(LearningError) -> [Provenance] {
    try draw(count, from: neighbours, bases: (0..<Int32(max(0, points))).map { $0 }, points: points, random)
  }

  /// The same with only `bases`, some of the `points` that were looked up, to start from (Borderline-SMOTE, kind 1:
  /// bases on the border, neighbours of their own kind). No bases, no points.
  package static func draw(
    _ count: Int, from neighbours: Neighbours, bases: [Int32], points: Int, _ random: CounterGenerator
  ) throws(LearningError) -> [Provenance] {
    guard count > 0, !bases.isEmpty || points <= 1 else { return [] }
    let perPoint = neighbours.perPoint
    try check(neighbours, points)
    return (0..<count).map { number in
      let draws = random.deriving(number)
      let pair = draws.uniform(0, below: bases.count * perPoint)
      let base = bases[pair / perPoint]
      return Provenance(
        base: base, neighbour: neighbours.indices[Int(base) * perPoint + pair % perPoint],
        step: draws.uniform(1))
    }
  }

  /// Where each synthetic point comes from when point i is to be the base of `counts[i]` (ADASYN): the neighbour drawn
  /// evenly from those of its own kind, the step evenly from 0 up to 1.
  package static func draw(
    counts: [Int], from neighbours: Neighbours, _ random: CounterGenerator
  ) throws(LearningError) -> [Provenance] {
    let total = counts.reduce(0, +)
    guard total > 0 else { return [] }
    try check(neighbours, counts.count)
    let perPoint = neighbours.perPoint
    var drawn: [Provenance] = []
    drawn.reserveCapacity(total)
    for (base, count) in counts.enumerated() {
      for _ in 0..<count {
        let draws = random.deriving(drawn.count)
        let neighbour = neighbours.indices[base * perPoint + draws.uniform(0, below: perPoint)]
        drawn.append(Provenance(base: Int32(base), neighbour: neighbour, step: draws.uniform(1)))
      }
    }
    return drawn
  }

  private static func check(_ neighbours: Neighbours, _ points: Int) throws(LearningError) {
    guard neighbours.perPoint > 0, points > 1 else {
      throw LearningError(
        .tooFewRows, "at least two rows of the rarer outcome are needed to make more of them")
    }
  }
}
