import Clientele
import Fingerprints
import Learning
package import Numerics
package import Tabular

/// Why customers score as they do: how much each column moved each one's log-odds.
package struct Explanation: Sendable, Equatable {
  /// One column's part in one customer's score.
  package struct Reason: Sendable, Equatable {
    /// The column; a value and its state count as one.
    package var feature: String
    /// By how much it raised the log-odds.
    package var contribution: Double
  }

  /// The columns explained by, in the table's order.
  package let features: [String]
  /// The contributions of each to each row, row by row.
  package let contributions: [Double]
  /// For each row the log-odds of the customers it is compared with; base and contributions sum to its score.
  package let bases: [Double]
  /// The standard error of each contribution; `nil` where all are exact.
  package let errors: [Double]?

  /// An explanation of `bases.count` rows.
  package init(features: [String], contributions: [Double], bases: [Double], errors: [Double]? = nil) {
    precondition(contributions.count == bases.count * features.count, "one contribution a row and column")
    precondition(errors.map { $0.count == contributions.count } ?? true, "one error a contribution")
    self.features = features
    self.contributions = contributions
    self.bases = bases
    self.errors = errors
  }

  /// Where some are sampled: that they are, and how far off they may be. `nil` where all are exact.
  package var doubt: String? {
    guard let errors, let largest = errors.max() else { return nil }
    let mean = errors.reduce(0, +) / Double(errors.count)
    return
      "The reasons are sampled in part, since a member of the model averages probabilities: a column’s part in the log-odds has a standard error of \(Wording.decimals(mean, 3)) on average and \(Wording.decimals(largest, 3)) at most."
  }

  /// The columns that raise the score of the row at `place` most, at most `most`, strongest first, ties in the
  /// table's order. Those that lower it are never among them.
  package func drivers(_ place: Int, most: Int) -> [Reason] {
    let row = contributions[place * features.count..<(place + 1) * features.count]
    let raising = row.enumerated().filter { $0.element > 1e-9 }
    return raising.sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }.prefix(most)
      .map { Reason(feature: features[$0.offset], contribution: $0.element) }
  }
}

extension ChurnModel {
  /// Explains the scores of `rows` of `features`, each by the model of its own fold, beside the customers in the rows
  /// `background`, which `ExplanationBackground` chose from the keys of the whole table: then the table need hold no
  /// other rows than these.
  ///
  /// Exact Shapley values of the log-odds before calibration. A column left out takes the values of the background's
  /// customers (interventional); in a forest, the shares of training rows at each node (path-dependent), since forests
  /// are too deep for the former; where a forest averages probabilities they are sampled, not exact. A blend's are the
  /// weighted sum of its members'.
  package func explain(
    _ features: Table, rows: [Int32], background: [Int32], crew: Crew
  ) throws -> Explanation {
    let keys = try features.texts(FeatureColumn.key)
    let asked = rowsByFold(rows.map { Int64(assignment.fold(of: keys.utf8(Int($0)))) })
    // Explained rows first, the background after them.
    let frame = try encoding.encode(features.taking(rows + background)).frame
    let backgroundPlaces = (rows.count..<rows.count + background.count).map(Int32.init)
    var names: [String] = []
    for column in encoding.columns where !names.contains(column.group) { names.append(column.group) }
    let order = names
    let parts = crew.map(folds.count) { fold in
      asked[fold].isEmpty
        ? Attributed(parts: []) : folds[fold].explain(frame, rows: asked[fold], background: backgroundPlaces)
    }
    var variances = [Double](repeating: 0, count: rows.count * order.count)
    var contributions = [Double](repeating: 0, count: rows.count * order.count)
    var bases = [Double](repeating: 0, count: rows.count)
    for (fold, part) in parts.enumerated() where !part.parts.isEmpty {
      let slots = folds[fold].fill.groups(encoding).map { order.firstIndex(of: $0) ?? 0 }
      let width = slots.count + 1
      for (index, place) in asked[fold].enumerated() {
        bases[Int(place)] = part.parts[index * width]
        for (column, slot) in slots.enumerated() {
          contributions[Int(place) * order.count + slot] += part.parts[index * width + 1 + column]
          if let variance = part.variances?[index * width + 1 + column] {
            variances[Int(place) * order.count + slot] += variance
          }
        }
      }
    }
    return Explanation(
      features: order, contributions: contributions, bases: bases,
      errors: parts.contains { $0.variances != nil } ? variances.map { $0.squareRoot() } : nil)
  }
}

/// Bases and contributions as they come, row by row: a base, then the contribution of each column.
struct Attributed: Sendable {
  var parts: [Double]
  /// Squared standard errors in the same places; `nil` where all is exact.
  var variances: [Double]?
}

extension FoldModel {
  /// For each of `rows`: the base, then the contribution of each column of the filled frame.
  func explain(_ frame: FeatureFrame, rows: [Int32], background: [Int32]) -> Attributed {
    predictor.explain(fill.apply(frame), rows: rows, background: background)
  }
}

extension Predictor {
  /// For each of `rows` of a filled frame: the base, then the contribution of each column.
  fileprivate func explain(_ filled: FeatureFrame, rows: [Int32], background: [Int32]) -> Attributed {
    let crew = Crew(threads: 1)
    switch self {
    case .boosting(let binning, let model):
      let matrix = binning.apply(filled, crew: crew)
      return Attributed(
        parts: interleaved(
          TreeAttribution(
            trees: model.trees, base: model.base, columns: matrix.columns,
            mode: .interventional(background: matrix, rows: background)), matrix, rows))
    case .forest(let binning, let model) where model.averaging == .probabilities:
      let matrix = binning.apply(filled, crew: crew)
      let found = SampledAttribution(
        matrix, rows: rows, background: background, used: model.trees.usedColumns(matrix.columns), seed: 1,
        crew: crew
      ) {
        model.logits($0, rows: (0..<Int32($0.rows)).map { $0 }, crew: Crew(threads: 1))
      }
      let width = matrix.columns
      return Attributed(
        parts: rows.indices.flatMap {
          [found.bases[$0]] + found.contributions[$0 * width..<($0 + 1) * width]
        },
        variances: rows.indices.flatMap {
          [0] + found.errors[$0 * width..<($0 + 1) * width].map { $0 * $0 }
        })
    case .forest(let binning, let model):
      return Attributed(
        parts: interleaved(
          TreeAttribution(
            trees: model.logOddsTrees, base: 0, scale: 1 / Double(max(1, model.trees.count)),
            columns: binning.rules.count, mode: .pathDependent), binning.apply(filled, crew: crew), rows))
    case .logistic(let design, let model):
      return Attributed(parts: linear(design, model, filled, rows, background))
    case .scorecard(let card): return Attributed(parts: points(card, filled, rows, background))
    case .blend(let blend):
      // Shapley values of a weighted sum are the weighted sum of the members' own.
      let width = filled.columns.count + 1
      var sums = [Double](repeating: 0, count: rows.count * width)
      var variances: [Double]?
      for member in blend.members {
        let part = member.predictor.explain(filled, rows: rows, background: background)
        for index in sums.indices { sums[index] += member.weight * part.parts[index] }
        if let sampled = part.variances {
          var all = variances ?? [Double](repeating: 0, count: sums.count)
          for index in sums.indices { all[index] += member.weight * member.weight * sampled[index] }
          variances = all
        }
      }
      for row in rows.indices { sums[row * width] += blend.intercept }
      return Attributed(parts: sums, variances: variances)
    }
  }

  private func interleaved(_ attribution: TreeAttribution, _ matrix: BinnedMatrix, _ rows: [Int32])
    -> [Double]
  {
    let parts = attribution.contributions(matrix, rows: rows, crew: Crew(threads: 1))
    var result: [Double] = []
    result.reserveCapacity(rows.count * (matrix.columns + 1))
    for row in rows.indices {
      result.append(attribution.base)
      result += parts[row * matrix.columns..<(row + 1) * matrix.columns]
    }
    return result
  }

  /// What each line's class counts for in the log-odds, less the mean of that over the background: a card's points, but
  /// for their scale.
  private func points(
    _ card: Scorecard, _ frame: FeatureFrame, _ rows: [Int32], _ background: [Int32]
  ) -> [Double] {
    let width = frame.columns.count + 1
    var result = [Double](repeating: 0, count: rows.count * width)
    var base = card.intercept
    for line in card.lines {
      let parts = line.classes.weights.map { line.coefficient * $0 }
      let column = frame.columns[line.column]
      let mean =
        line.classes.classes(column, rows: background).reduce(0) { $0 + parts[Int($1)] }
        / Double(max(1, background.count))
      base += mean
      for (row, place) in line.classes.classes(column, rows: rows).enumerated() {
        result[row * width + 1 + line.column] = parts[Int(place)] - mean
      }
    }
    for row in rows.indices { result[row * width] = base }
    return result
  }

  /// Coefficient times departure from the background's mean, summed for each column of the frame.
  private func linear(
    _ design: LinearDesign, _ model: LogisticRegression, _ frame: FeatureFrame, _ rows: [Int32],
    _ background: [Int32]
  ) -> [Double] {
    let crew = Crew(threads: 1)
    let width = design.columns
    let sources = design.sources
    let reference = design.apply(frame, rows: background, crew: crew)
    var means = [Double](repeating: 0, count: width)
    for (index, value) in reference.values.enumerated() { means[index % width] += value }
    means = means.map { $0 / Double(max(1, background.count)) }
    let base = zip(means, model.coefficients).reduce(model.intercept) { $0 + $1.0 * $1.1 }
    let asked = design.apply(frame, rows: rows, crew: crew)
    var result: [Double] = []
    for row in rows.indices {
      var parts = [Double](repeating: 0, count: frame.columns.count)
      for column in 0..<width {
        parts[sources[column]] +=
          model.coefficients[column] * (asked.values[row * width + column] - means[column])
      }
      result.append(base)
      result += parts
    }
    return result
  }
}
