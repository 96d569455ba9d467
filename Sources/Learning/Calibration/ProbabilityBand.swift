/// The bounds of a `VennAbers` prediction as two staircases over the score: what a model keeps, instead of every score it
/// was calibrated on, to give any customer the same bounds to the bit.
package struct ProbabilityBand: Sendable, Equatable {
  /// A rising staircase.
  package struct Staircase: Sendable, Equatable {
    /// The scores at which it rises, ascending.
    package let bounds: [Double]
    /// Its height before the first bound, then behind each; one more than bounds, ascending within 0 … 1.
    package let levels: [Double]

    /// A staircase; `nil` unless bounds and levels rise, levels lie within 0 … 1 and are one more than bounds.
    package init?(bounds: [Double], levels: [Double]) {
      guard levels.count == bounds.count + 1, bounds.allSatisfy(\.isFinite),
        zip(bounds, bounds.dropFirst()).allSatisfy({ $0 < $1 }),
        zip(levels, levels.dropFirst()).allSatisfy({ $0 <= $1 }),
        levels.allSatisfy({ $0 >= 0 && $0 <= 1 })
      else { return nil }
      (self.bounds, self.levels) = (bounds, levels)
    }

    /// The staircase through `levels`, of which number i + 1 holds beyond score i; steps of no height are left out.
    fileprivate init(scores: [Double], levels: (Int) -> Double) {
      var bounds: [Double] = []
      var kept = [levels(0)]
      for place in scores.indices {
        let level = levels(place + 1)
        if level != kept[kept.count - 1] {
          bounds.append(scores[place])
          kept.append(level)
        }
      }
      (self.bounds, self.levels) = (bounds, kept)
    }

    /// The height at each score; at a bound the one before it, or with `isRisen` the one behind it.
    fileprivate func heights(_ scores: [Double], isRisen: Bool) -> [Double] {
      scores.map { score in
        var (low, high) = (0, bounds.count)
        while low < high {
          let middle = (low + high) / 2
          if bounds[middle] < score || (isRisen && bounds[middle] == score) {
            low = middle + 1
          } else {
            high = middle
          }
        }
        return levels[low]
      }
    }
  }

  /// The share with the customer counted among those who stayed; risen at its bounds.
  package let lower: Staircase
  /// The share with the customer counted among those who left; at its bounds not yet risen.
  package let upper: Staircase

  /// A band of these staircases.
  package init(lower: Staircase, upper: Staircase) { (self.lower, self.upper) = (lower, upper) }

  /// The bounds of each score (no NaN), in time logarithmic in the number of steps.
  package func bounds(_ scores: [Double]) -> (lower: [Double], upper: [Double]) {
    (lower.heights(scores, isRisen: true), upper.heights(scores, isRisen: false))
  }
}

extension VennAbers {
  /// The bounds of every score there is. At a score calibrated on, the customer counted among those who stayed is
  /// pooled with what lies there as if right of it, and counted among those who left as if left of it: a staircase
  /// each, which rises at scores calibrated on alone.
  package var band: ProbabilityBand {
    ProbabilityBand(
      lower: ProbabilityBand.Staircase(scores: knots) { between($0, isEvent: false) },
      upper: ProbabilityBand.Staircase(scores: knots) { between($0, isEvent: true) })
  }
}
