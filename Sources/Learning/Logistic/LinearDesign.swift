package import Numerics

/// How the columns of a frame become the numbers of a linear model: learnt from training rows, kept in the model.
package struct LinearDesign: Sendable, Equatable {
  /// What one column of the frame contributes.
  package enum Term: Sendable, Equatable {
    /// (x − mean) ∕ sd, with `fill` (the training median) for the missing; and, where training had some missing, a
    /// second number that is 1 for the missing and 0 for the others. Infinite counts as missing.
    case numeric(fill: Double, mean: Double, sd: Double, indicatesMissing: Bool)
    /// One 0∕1 number for each of `codes` (ascending), the reference category left out; and, where training had some
    /// missing, one more for the missing. A code that is not listed, unseen ones too, counts as the reference.
    case categorical(codes: [Int32], indicatesMissing: Bool)
    /// Nothing: the column was constant, or empty, among the training rows.
    case nothing
  }

  /// One term a column of the frame.
  package let terms: [Term]

  /// A design of `terms`.
  package init(terms: [Term]) { self.terms = terms }

  /// The most numbers a row may have: solving costs their cube.
  package static let mostColumns = 1000
  /// A categorical column keeps this many of its most frequent categories; rarer ones count as the reference.
  package static let mostCategories = 50

  /// How many numbers a row has.
  package var columns: Int { terms.reduce(0) { $0 + $1.columns } }

  /// Which column of the frame each number of a row comes from.
  package var sources: [Int] {
    terms.enumerated().flatMap { column, term in [Int](repeating: column, count: term.columns) }
  }
}

extension LinearDesign.Term {
  /// How many numbers the term gives.
  var columns: Int {
    switch self {
    case .numeric(_, _, _, let indicates): indicates ? 2 : 1
    case .categorical(let codes, let indicates): codes.count + (indicates ? 1 : 0)
    case .nothing: 0
    }
  }
}

extension LinearDesign {
  /// The design of `frame` as its `training` rows have it. Throws when it would have more than 1,000 numbers a row.
  package static func learn(
    _ frame: FeatureFrame, training: [Int32], crew: Crew
  ) throws(LearningError) -> LinearDesign {
    let design = LinearDesign(
      terms: crew.map(frame.columns.count) { column in
        switch frame.columns[column] {
        case .numeric(let values): numericTerm(values, training)
        case .categorical(let codes, let levels): categoricalTerm(codes, levels, training)
        }
      })
    guard design.columns <= mostColumns else {
      throw LearningError(
        .tooManyColumns,
        "logistic regression would need \(design.columns) numbers a row, more than \(mostColumns); "
          + "leave columns out, or leave logistic out of the learners")
    }
    return design
  }

  private static func numericTerm(_ values: [Double], _ training: [Int32]) -> Term {
    var present = training.map { values[Int($0)] }.filter(\.isFinite)
    guard !present.isEmpty else { return .nothing }
    let missing = training.count - present.count
    Binning.sortAscending(&present)
    let middle = present.count / 2
    let fill =
      present.count % 2 == 1 ? present[middle] : present[middle - 1] / 2 + present[middle] / 2
    // Moments of the filled column, around the fill so that large numbers lose no digits.
    let n = Double(training.count)
    let shift = present.reduce(0.0) { $0 + ($1 - fill) } / n
    var squares = Double(missing) * shift * shift
    for value in present { squares += (value - fill - shift) * (value - fill - shift) }
    let sd = (squares / n).squareRoot()
    guard sd > 0, sd.isFinite, (1 / sd).isFinite else {
      // A constant with gaps still says where the gaps are.
      return missing > 0 && sd == 0
        ? .numeric(fill: fill, mean: fill, sd: 1, indicatesMissing: true) : .nothing
    }
    return .numeric(fill: fill, mean: fill + shift, sd: sd, indicatesMissing: missing > 0)
  }

  private static func categoricalTerm(_ codes: [Int32], _ levels: Int, _ training: [Int32]) -> Term {
    var counts = [Int](repeating: 0, count: levels)
    var missing = 0
    for row in training {
      let code = Int(codes[Int(row)])
      if code >= 0, code < levels { counts[code] += 1 } else { missing += 1 }
    }
    let ranked = (0..<levels).filter { counts[$0] > 0 }.sorted { (-counts[$0], $0) < (-counts[$1], $1) }
    guard ranked.count + (missing > 0 ? 1 : 0) > 1 else { return .nothing }
    // The most frequent category is the reference, so that the intercept speaks of a usual customer.
    let kept = ranked.dropFirst().prefix(mostCategories).map(Int32.init).sorted()
    return .categorical(codes: kept, indicatesMissing: missing > 0)
  }

  /// The numbers of `rows` of `frame`.
  package func apply(_ frame: FeatureFrame, rows: [Int32], crew: Crew) -> DesignMatrix {
    precondition(frame.columns.count == terms.count, "a frame of the columns that were learnt")
    let width = columns
    var values = [Double](repeating: 0, count: rows.count * width)
    guard width > 0 else { return DesignMatrix(rows: rows.count, columns: 0, values: []) }
    crew.rewrite(&values, width: width, blockSize: 2048) { range, part in
      var offset = 0
      for (column, term) in terms.enumerated() {
        for place in range {
          let start = (place - range.lowerBound) * width + offset
          switch (term, frame.columns[column]) {
          case (.numeric(let fill, let mean, let sd, let indicates), .numeric(let numbers)):
            let value = numbers[Int(rows[place])]
            part[start] = ((value.isFinite ? value : fill) - mean) / sd
            if indicates { part[start + 1] = value.isFinite ? 0 : 1 }
          case (.categorical(let codes, let indicates), .categorical(let all, let levels)):
            let code = all[Int(rows[place])]
            if code >= 0, code < levels {
              if let index = codes.firstIndex(of: code) { part[start + index] = 1 }
            } else if indicates {
              part[start + codes.count] = 1
            }
          case (.nothing, _): break
          default: preconditionFailure("a frame of the kinds of columns that were learnt")
          }
        }
        offset += term.columns
      }
    }
    return DesignMatrix(rows: rows.count, columns: width, values: values)
  }
}
