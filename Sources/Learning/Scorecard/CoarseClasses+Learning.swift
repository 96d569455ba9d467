/// How coarse classes are made.
package struct ClassingParameters: Sendable, Equatable {
  /// Quantiles a column of numbers is cut at before neighbours are merged.
  package var fine = 20
  /// The most classes kept, the missing not counted.
  package var most = 8
  /// The least share of the training weight in a class. Customary is .05, but then the few customers with three or four
  /// products, nearly all of whom leave, drown among those with two (log-loss .399 instead of .354 on such a bank).
  package var leastShare = 0.02
  /// The least weight of those who left in a class, and of those who stayed.
  package var leastOfEither = 5.0
  /// Neighbours that differ by less (χ², one degree of freedom; 3.84 is 5 %) are merged.
  package var alike = 3.841458820694124
  /// Whether the share of those who left must rise, or fall, from class to class of a column of numbers.
  package var isMonotone = false
  /// 1: in a column of numbers the share of those who left may only rise, −1: only fall, 0: as `isMonotone` has it.
  package var direction: Int8 = 0
  /// Rows at the base rate put to each class before its weight of evidence is taken.
  package var smoothing = 10.0

  /// The defaults.
  package init() {}

  /// Throws `badParameter` where a setting is out of range.
  func check() throws(LearningError) {
    let fine: [(Bool, String)] = [
      (self.fine >= 2 && self.fine <= 1000, "fine classes must be 2 to 1000"),
      (most >= 2, "at least 2 classes must be allowed"),
      (leastShare >= 0 && leastShare <= 0.5, "the least share of a class must be 0 to 0.5"),
      (leastOfEither >= 0 && leastOfEither < .infinity, "the least rows of either kind must be 0 or more"),
      (alike >= 0 && alike < .infinity, "the χ² of classes that are alike must be 0 or more"),
      (smoothing >= 0 && smoothing < .infinity, "smoothing must be 0 or more"),
      (direction >= -1 && direction <= 1, "a direction must be -1, 0 or 1"),
    ]
    for (isRight, text) in fine where !isRight { throw LearningError(.badParameter, "scorecard: " + text) }
  }
}

extension CoarseClasses {
  /// The classes of `column` as its `training` rows have it; `labels` and `weights` are by row of the column and have
  /// been checked.
  ///
  /// Numbers: cut at quantiles, a value as frequent as a quantile is alone. Categories: sorted by their share of
  /// leavers, those too rare together as one. Then neighbours are merged: a class that is too small with the one more
  /// like it, then the two most alike, until all differ and are few enough (Kerber's ChiMerge, 1992).
  package static func learn(
    _ column: FeatureFrame.Column, labels: [Double], weights: [Double]?, training: [Int32],
    parameters: ClassingParameters
  ) -> CoarseClasses {
    switch column {
    case .numeric(let values): return numeric(values, labels, weights, training, parameters)
    case .categorical(let codes, let levels):
      return categorical(codes, levels, labels, weights, training, parameters)
    }
  }

  private static func numeric(
    _ values: [Double], _ labels: [Double], _ weights: [Double]?, _ training: [Int32],
    _ parameters: ClassingParameters
  ) -> CoarseClasses {
    let edges = fineEdges(training.map { values[Int($0)] }.filter(\.isFinite), parameters.fine)
    var tallies = [Tally](repeating: Tally(), count: edges.count + 1)
    var missing = Tally()
    for row in training {
      let value = values[Int(row)]
      let weight = weights?[Int(row)] ?? 1
      if value.isFinite {
        let place = Int(place(of: value, in: edges))
        tallies[place].rows += weight
        tallies[place].events += weight * labels[Int(row)]
      } else {
        missing.rows += weight
        missing.events += weight * labels[Int(row)]
      }
    }
    var merged = merge(tallies, beside: missing, parameters)
    if parameters.isMonotone || parameters.direction != 0 {
      merged = monotone(merged, beside: missing, parameters)
    }
    return CoarseClasses(
      rule: .edges(merged.dropLast().map { edges[$0.end - 1] }), tallies: merged.map(\.tally) + [missing],
      smoothing: parameters.smoothing)
  }

  /// Midpoints behind the values at the quantiles, and before those so frequent that they fill one.
  private static func fineEdges(_ values: [Double], _ fine: Int) -> [Double] {
    var sorted = values
    Binning.sortAscending(&sorted)
    guard let first = sorted.first, let last = sorted.last, first < last else { return [] }
    var edges: [Double] = []
    /// An edge before the value that begins at `start`.
    func cut(at start: Int) {
      guard start > 0, start < sorted.count else { return }
      let (below, above) = (sorted[start - 1], sorted[start])
      let middle = below / 2 + above / 2
      let edge = middle >= below && middle < above ? middle : below
      if edges.last.map({ $0 < edge }) ?? true { edges.append(edge) }
    }
    for quantile in 1..<fine {
      let value = sorted[max(0, quantile * sorted.count / fine - 1)]
      let (start, end) = (lower(sorted, value), upper(sorted, value))
      if (end - start) * fine >= sorted.count { cut(at: start) }
      cut(at: end)
    }
    return edges
  }

  private static func lower(_ sorted: [Double], _ value: Double) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func upper(_ sorted: [Double], _ value: Double) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] <= value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func categorical(
    _ codes: [Int32], _ levels: Int, _ labels: [Double], _ weights: [Double]?, _ training: [Int32],
    _ parameters: ClassingParameters
  ) -> CoarseClasses {
    var each = [Tally](repeating: Tally(), count: levels)
    var missing = Tally()
    for row in training {
      let code = Int(codes[Int(row)])
      let weight = weights?[Int(row)] ?? 1
      if code >= 0, code < levels {
        each[code].rows += weight
        each[code].events += weight * labels[Int(row)]
      } else {
        missing.rows += weight
        missing.events += weight * labels[Int(row)]
      }
    }
    let total = each.reduce(missing.rows) { $0 + $1.rows }
    let events = each.reduce(missing.events) { $0 + $1.events }
    let base = total > 0 ? events / total : 0
    let smoothing = max(1, parameters.smoothing)
    let seen = (0..<levels).filter { each[$0].rows > 0 }
    let rare = seen.filter { each[$0].rows < parameters.leastShare * total }
    let kept = seen.filter { each[$0].rows >= parameters.leastShare * total }
    var groups = kept.map { [$0] }
    if !rare.isEmpty { groups.append(rare) }
    var fine = groups.map { group -> (codes: [Int], tally: Tally, share: Double) in
      var tally = Tally()
      for code in group {
        tally.rows += each[code].rows
        tally.events += each[code].events
      }
      return (group, tally, (tally.events + smoothing * base) / (tally.rows + smoothing))
    }
    fine.sort { $0.share != $1.share ? $0.share < $1.share : $0.codes[0] < $1.codes[0] }
    let merged = merge(fine.map(\.tally), beside: missing, parameters)
    var classes = [Int32](repeating: -1, count: levels)
    for (number, block) in merged.enumerated() {
      for group in fine[block.start..<block.end] { for code in group.codes { classes[code] = Int32(number) } }
    }
    return CoarseClasses(
      rule: .codes(classes), tallies: merged.map(\.tally) + [missing], smoothing: parameters.smoothing)
  }
}
