import Statistics

extension CoarseClasses {
  /// Neighbouring fine classes taken together.
  struct Block {
    var start: Int
    var end: Int
    var tally: Tally
  }

  /// Merges neighbours: those too small first, the smallest of them before the others, each with the neighbour more
  /// like it; then the two most alike while any are alike or there are too many. Ties go to the first.
  static func merge(
    _ tallies: [Tally], beside missing: Tally, _ parameters: ClassingParameters
  ) -> [Block] {
    var blocks = tallies.enumerated().map { Block(start: $0.offset, end: $0.offset + 1, tally: $0.element) }
    let least = parameters.leastShare * tallies.reduce(missing.rows) { $0 + $1.rows }
    func isSmall(_ tally: Tally) -> Bool {
      tally.rows < least || tally.events < parameters.leastOfEither
        || tally.others < parameters.leastOfEither
    }
    while blocks.count > 1 {
      let small = blocks.indices.filter { isSmall(blocks[$0].tally) }
      guard
        let smallest = small.min(by: {
          (blocks[$0].tally.rows, $0) < (blocks[$1].tally.rows, $1)
        })
      else { break }
      let before = smallest > 0 ? difference(blocks[smallest - 1], blocks[smallest]) : .infinity
      let after =
        smallest + 1 < blocks.count ? difference(blocks[smallest], blocks[smallest + 1]) : .infinity
      join(&blocks, before <= after ? smallest - 1 : smallest)
    }
    while blocks.count > 1 {
      let differences = (1..<blocks.count).map { difference(blocks[$0 - 1], blocks[$0]) }
      let nearest = differences.indices.reduce(0) { differences[$1] < differences[$0] ? $1 : $0 }
      guard differences[nearest] < parameters.alike || blocks.count > parameters.most else { break }
      join(&blocks, nearest)
    }
    return blocks
  }

  /// Pools classes until the share of leavers rises, or falls, as the direction asks; without one whichever keeps more
  /// information. What rises is the weight of evidence, smoothing and all.
  static func monotone(_ blocks: [Block], beside missing: Tally, _ parameters: ClassingParameters) -> [Block]
  {
    if parameters.direction != 0 {
      return monotone(blocks, sign: Double(parameters.direction), missing, parameters)
    }
    guard blocks.count > 2 else { return blocks }
    let (rising, falling) = (
      monotone(blocks, sign: 1, missing, parameters), monotone(blocks, sign: -1, missing, parameters)
    )
    func information(_ blocks: [Block]) -> Double {
      CoarseClasses(rule: .edges([]), tallies: blocks.map(\.tally), smoothing: 1).informationValue
    }
    return information(falling) > information(rising) ? falling : rising
  }

  private static func monotone(
    _ blocks: [Block], sign: Double, _ missing: Tally, _ parameters: ClassingParameters
  ) -> [Block] {
    var blocks = pooled(blocks, sign: sign)
    while blocks.count > 1 {
      let weights = CoarseClasses(
        rule: .edges([]), tallies: blocks.map(\.tally) + [missing], smoothing: parameters.smoothing
      ).weights
      // Smoothing draws small classes to the middle, past their neighbours.
      guard let place = (1..<blocks.count).first(where: { sign * (weights[$0] - weights[$0 - 1]) > 0 })
      else { break }
      join(&blocks, place - 1)
    }
    return blocks
  }

  private static func pooled(_ blocks: [Block], sign: Double) -> [Block] {
    let levels = Isotonic.fit(
      sums: blocks.map { sign * $0.tally.events }, weights: blocks.map { max($0.tally.rows, 1e-300) })
    var result: [Block] = []
    for (place, block) in blocks.enumerated() {
      result.append(block)
      if place > 0, levels[place] == levels[place - 1] { join(&result, result.count - 2) }
    }
    return result
  }

  /// χ² of the 2 × 2 table of two classes and two outcomes; 0 where a margin is empty.
  private static func difference(_ first: Block, _ second: Block) -> Double {
    let (a, b, c, d) = (first.tally.events, first.tally.others, second.tally.events, second.tally.others)
    let margins = (a + b) * (c + d) * (a + c) * (b + d)
    let cross = a * d - b * c
    return margins > 0 ? (a + b + c + d) * cross * cross / margins : 0
  }

  private static func join(_ blocks: inout [Block], _ place: Int) {
    blocks[place].end = blocks[place + 1].end
    blocks[place].tally.rows += blocks[place + 1].tally.rows
    blocks[place].tally.events += blocks[place + 1].tally.events
    blocks.remove(at: place + 1)
  }
}
