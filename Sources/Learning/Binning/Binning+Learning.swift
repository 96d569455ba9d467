package import Numerics

/// Learning the bins, from training rows and nothing else.
extension Binning {
  /// From how many training rows numeric edges are learnt from a sample, and how large that is.
  static let sampledFrom = 200_000
  static let sampleSize = 100_000

  /// The binning of `frame` as its `training` rows have it, with at most `bins` bins a column, missing included.
  ///
  /// Few distinct numbers: one bin each, edges half-way between. Otherwise bins of nearly equal row counts, filled
  /// greedily so that a heavy single value takes one bin and no more. Above 200,000 training rows the edges come from
  /// a sample of 100,000, drawn at random within equal stretches of `training`. With `spaced`, half the edges go to
  /// bins of equal counts and half lie evenly between the least and the greatest number: thin tails, where customers
  /// can differ most, get bins of their own. Categories are bins; where there are more than fit, the most frequent
  /// keep theirs and the rest share the last one.
  package static func learn(
    _ frame: FeatureFrame, training: [Int32], bins: Int = Binning.most, spaced: Bool = false,
    seed: UInt64 = 0,
    crew: Crew
  ) -> Binning {
    precondition(bins >= 3 && bins <= most, "3 to 255 bins")
    let sample = sampled(training, seed: seed)
    return Binning(
      rules: crew.map(frame.columns.count) { column in
        switch frame.columns[column] {
        case .numeric(let values): .edges(edges(values, rows: sample, bins: bins - 1, spaced: spaced))
        case .categorical(let codes, let levels):
          .categories(categoryBins(codes, levels: levels, rows: training, bins: bins - 1))
        }
      })
  }

  private static func sampled(_ training: [Int32], seed: UInt64) -> [Int32] {
    guard training.count > sampledFrom else { return training }
    let generator = CounterGenerator(seed: seed, label: "binning.sample")
    let stretch = Double(training.count) / Double(sampleSize)
    return (0..<sampleSize).map { draw in
      let place = Int((Double(draw) + generator.uniform(UInt64(draw))) * stretch)
      return training[min(place, training.count - 1)]
    }
  }

  /// The edges between at most `bins` bins of the numbers in `rows`.
  static func edges(_ values: [Double], rows: [Int32], bins all: Int, spaced: Bool = false) -> [Double] {
    let bins = spaced ? all - all / 2 : all
    var present: [Double] = []
    present.reserveCapacity(rows.count)
    for row in rows {
      let value = values[Int(row)]
      // Adding 0 makes −0 into 0: they are one number.
      if !value.isNaN { present.append(value + 0) }
    }
    sortAscending(&present)
    var distinct: [Double] = []
    var counts: [Int] = []
    for value in present {
      if distinct.last == value {
        counts[counts.count - 1] += 1
      } else {
        distinct.append(value)
        counts.append(1)
      }
    }
    guard distinct.count > 1 else { return [] }
    if distinct.count <= all {
      return (1..<distinct.count).map { halfway(distinct[$0 - 1], distinct[$0]) }
    }
    var edges: [Double] = []
    var remaining = present.count
    var filled = 0
    for index in 0..<distinct.count - 1 where edges.count < bins - 1 {
      filled += counts[index]
      if filled * (bins - edges.count) >= remaining {
        edges.append(halfway(distinct[index], distinct[index + 1]))
        remaining -= filled
        filled = 0
      }
    }
    return spaced ? merged(edges, evenly(distinct, count: all / 2)) : edges
  }

  /// `count` edges as evenly spaced between the least and the greatest number as the numbers allow, ascending.
  private static func evenly(_ distinct: [Double], count: Int) -> [Double] {
    let (low, high) = (distinct[0], distinct[distinct.count - 1])
    guard low.isFinite, high.isFinite, (high - low).isFinite else { return [] }
    var index = 0
    return (1...count).map { step in
      let place = low + (high - low) * (Double(step) / Double(count + 1))
      while index + 2 < distinct.count, distinct[index + 1] <= place { index += 1 }
      return halfway(distinct[index], distinct[index + 1])
    }
  }

  /// Two ascending lists as one, each number once.
  private static func merged(_ first: [Double], _ second: [Double]) -> [Double] {
    var all: [Double] = []
    for edge in (first + second).sorted() where all.last != edge { all.append(edge) }
    return all
  }

  /// An edge with `low` on or below it and `high` above it.
  static func halfway(_ low: Double, _ high: Double) -> Double {
    let middle = low / 2 + high / 2
    return middle >= low && middle < high ? middle : low
  }

  /// The bin of each category: by frequency in `rows` where they do not all fit, ties to the lower code.
  static func categoryBins(_ codes: [Int32], levels: Int, rows: [Int32], bins: Int) -> [UInt8] {
    var counts = [Int](repeating: 0, count: levels)
    for row in rows {
      let code = Int(codes[Int(row)])
      if code >= 0, code < levels { counts[code] += 1 }
    }
    var binOf = [UInt8](repeating: 0, count: levels)
    let seen = (0..<levels).filter { counts[$0] > 0 }
    if seen.count <= bins {
      for (place, code) in seen.enumerated() { binOf[code] = UInt8(place + 1) }
      return binOf
    }
    let ranked = seen.sorted { (-counts[$0], $0) < (-counts[$1], $1) }
    for (place, code) in ranked.enumerated() { binOf[code] = UInt8(min(place + 1, bins)) }
    return binOf
  }

  /// Sorts numbers without NaN, by digits of 11 bits once there are enough of them (4 times faster from 1,000 on).
  static func sortAscending(_ values: inout [Double]) {
    guard values.count > 400 else { return values.sort() }
    // Bits that sort as whole numbers the way the doubles sort: flip all of a negative, the sign of the others.
    var keys = values.map { value -> UInt64 in
      let bits = value.bitPattern
      return bits >> 63 == 1 ? ~bits : bits | 1 << 63
    }
    var other = keys
    for pass in 0..<6 {
      let shift = UInt64(pass * 11)
      var starts = [Int](repeating: 0, count: 2048)
      for key in keys { starts[Int((key >> shift) & 2047)] += 1 }
      if starts.contains(keys.count) { continue }
      var sum = 0
      for digit in 0..<2048 {
        let count = starts[digit]
        starts[digit] = sum
        sum += count
      }
      for key in keys {
        let digit = Int((key >> shift) & 2047)
        other[starts[digit]] = key
        starts[digit] += 1
      }
      swap(&keys, &other)
    }
    for (place, key) in keys.enumerated() {
      values[place] = Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key)
    }
  }
}
