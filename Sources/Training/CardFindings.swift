import Findings
import Learning
import Modelling
import Numerics

extension Trained {
  /// The card of each fold in words.
  func cardFindings(_ data: TrainingData) -> [ScorecardFindings] {
    cards.enumerated().map { fold, fit in
      ScorecardFindings(fit, fold: fold, data.encoding, folds[fold].fill)
    }
  }
}

extension ScorecardFindings {
  fileprivate init(_ fit: ScorecardFit, fold: Int, _ encoding: FeatureEncoding, _ fill: MissingFill) {
    let card = fit.card
    let columns = ColumnWords(encoding, fill)
    let errors = fit.isPenalised ? nil : fit.regression.standardErrors
    let attributes = zip(card.lines, card.table).enumerated().map { place, pair in
      let (line, points) = pair
      let classes = line.classes
      let total = classes.tallies.reduce(0) { $0 + $1.rows }
      return Attribute(
        name: columns.name(line.column), protected: columns.isProtected(line.column),
        informationValue: classes.informationValue, coefficient: line.coefficient,
        standardError: errors?[place + 1],
        classes: classes.tallies.indices.map { number in
          let tally = classes.tallies[number]
          return Class(
            words: columns.words(line.column, classes.rule, number),
            share: total > 0 ? tally.rows / total : 0,
            eventRate: tally.rows > 0 ? tally.events / tally.rows : nil,
            weightOfEvidence: classes.weights[number], points: points[number])
        })
    }
    let on = Set(card.lines.map(\.column))
    let leftOut = fit.informationValues.enumerated().filter { !on.contains($0.offset) }.map { column, value in
      LeftOut(
        name: columns.name(column), informationValue: value,
        reason: fit.reversed.contains(column)
          ? "beside the others its safer classes would have cost points" : "tells too little by itself")
    }
    var notes: [String] = []
    if fit.isPenalised {
      notes.append("\(fit.penaltyWords), which therefore have no standard errors.")
    }
    if card.lines.isEmpty { notes.append("No column tells anything: everyone gets the base rate.") }
    self.init(
      fold: fold, basePoints: card.scale.base, baseOdds: card.scale.odds,
      doublingPoints: card.scale.doubling, intercept: card.intercept, interceptStandardError: errors?[0],
      attributes: attributes, leftOut: leftOut, notes: notes)
  }
}

extension ScorecardFit {
  /// Why a penalty holds the coefficients, in words that end with them.
  var penaltyWords: String {
    isSeparated
      ? "Some class all but separates those who left from those who stayed; a penalty holds the coefficients"
      : "Some columns say the same as others together; a penalty shares the points between their coefficients"
  }
}

extension CoefficientFindings {
  /// The regression on all labelled customers of `data`.
  init(_ data: TrainingData, crew: Crew) throws(LearningError) {
    // No fold is held out: nothing scores by this.
    let part = FoldPart(data, fold: -1, Examples(), keepsTenth: false, needsBins: false, crew: crew)
    let columns = ColumnWords(data.encoding, part.fill)
    let design = try LinearDesign.learn(part.frame, training: part.fitting, crew: crew)
    let fit = try LogisticRegression.fit(
      design.apply(part.frame, rows: part.fitting, crew: crew),
      labels: part.fitting.map { part.labels[Int($0)] }, penalty: 0, crew: crew)
    let errors = fit.standardErrors
    let what = design.terms.enumerated().flatMap { column, term -> [(name: String, words: String)] in
      let (name, missing) = (columns.name(column), "is missing")
      switch term {
      case .nothing: return []
      case .numeric(_, _, let sd, let indicates):
        return [(name, "per \(ColumnWords.number(sd))")] + (indicates ? [(name, missing)] : [])
      case .categorical(let codes, let indicates):
        return codes.map { (name, "is \(columns.level(column, Int($0)))") }
          + (indicates ? [(name, missing)] : [])
      }
    }
    var notes: [String] = []
    if !fit.separated.isEmpty {
      let names = fit.separated.map { "\(what[$0].name) \(what[$0].words)" }
      notes.append(
        "\(names.joined(separator: ", ")): all but separates those who left from those who stayed. Without a penalty the coefficient has no finite value, and there are no standard errors; the models that score are held by theirs."
      )
    } else if fit.isSingular {
      notes.append("Some columns say the same as others together: there are no standard errors.")
    }
    self.init(
      rows: part.fitting.count, logLikelihood: fit.logLikelihood, intercept: fit.model.intercept,
      interceptStandardError: errors?[0],
      terms: what.enumerated().map { place, one in
        Term(
          name: one.name, words: one.words, coefficient: fit.model.coefficients[place],
          standardError: errors?[place + 1])
      }, notes: notes)
  }
}
