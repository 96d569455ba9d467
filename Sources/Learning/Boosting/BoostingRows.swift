import Numerics

/// The rows a model is grown on and those that say when it is grown, one after another: first the training rows, then
/// the held-out ones, each in the order given. Whatever is kept of each row then lies as closely as it is read.
struct BoostingRows: Sendable {
  /// The rows in bins, by place.
  let matrix: BinnedMatrix
  /// By place.
  let labels: [Double]
  /// By place; `nil` where all are 1.
  let weights: [Double]?
  /// The places of the training rows, 0 and on.
  let training: [Int32]
  /// The stretches of them that trees are grown on in turn.
  let stretches: [Range<Int>]
  /// The places of the held-out rows.
  let heldOut: [Int32]
  /// Added to the log-odds of the held-out rows where they are judged.
  let heldOutShift: Double
  /// The number each training row had, by which it is drawn.
  private let numbers: [Int32]

  /// The rows `training` and `heldOut` of `matrix`, the former dealt to `stretches`; `labels` and `weights` are by row
  /// of the matrix.
  init(
    _ matrix: BinnedMatrix, _ labels: [Double], _ weights: [Double]?, training: [Int32], heldOut: [Int32],
    heldOutShift: Double, stretches: (count: Int, draws: CounterGenerator), crew: Crew
  ) {
    let (training, dealt) = Self.dealt(training, stretches.count, stretches.draws)
    let all = training + heldOut
    self.stretches = dealt
    self.training = Array(0..<Int32(training.count))
    self.heldOut = Array(Int32(training.count)..<Int32(all.count))
    self.heldOutShift = heldOutShift
    numbers = training
    let isInPlace = all.count == matrix.rows && all.indices.allSatisfy { Int(all[$0]) == $0 }
    self.matrix = isInPlace ? matrix : matrix.taking(all, crew: crew)
    self.labels = isInPlace ? labels : all.map { labels[Int($0)] }
    self.weights = isInPlace ? weights : weights.map { weights in all.map { weights[Int($0)] } }
  }

  /// The rows stretch by stretch, each in their order, and the places of each stretch; none is empty.
  private static func dealt(
    _ training: [Int32], _ count: Int, _ draws: CounterGenerator
  ) -> ([Int32], [Range<Int>]) {
    if count == 1 { return (training, [0..<training.count]) }
    let stretch = training.map { UInt8(draws.uniform(UInt64($0), below: count)) }
    var sizes = [Int](repeating: 0, count: count)
    for number in stretch { sizes[Int(number)] += 1 }
    var places: [Range<Int>] = []
    for size in sizes {
      let start = places.last?.upperBound ?? 0
      places.append(start..<start + size)
    }
    var next = places.map(\.lowerBound)
    var rows = training
    for (row, number) in zip(training, stretch) {
      rows[next[Int(number)]] = row
      next[Int(number)] += 1
    }
    return (rows, places.filter { !$0.isEmpty })
  }

  /// The places of the rows of `stretch` that a tree's draw takes, and of those it leaves, both in their order.
  func drawn(
    _ fraction: Double, of stretch: Range<Int>, _ generator: CounterGenerator
  ) -> (taken: [Int32], left: [Int32]) {
    if fraction >= 1 { return (stretch.count == training.count ? training : Array(training[stretch]), []) }
    var taken: [Int32] = []
    var left: [Int32] = []
    taken.reserveCapacity(stretch.count)
    for (place, number) in zip(training[stretch], numbers[stretch]) {
      if generator.uniform(UInt64(number)) < fraction { taken.append(place) } else { left.append(place) }
    }
    return (taken, left)
  }
}
