/// A scorecard as people read it: a part of the document `training`.
package struct ScorecardFindings: Sendable, Codable, Equatable {
  /// One class of one attribute.
  package struct Class: Sendable, Codable, Equatable {
    /// Which customers it holds, such as "above 30 to 45".
    package var words: String
    /// Share of the training customers it holds.
    package var share: Double
    /// Share of these that left; `nil` where it holds none.
    package var eventRate: Double?
    /// Weight of evidence: ln of (share of those who stayed that is here ∕ share of those who left); above 0 is safer.
    package var weightOfEvidence: Double
    /// Points a customer gets for it, not rounded; their sum over the attributes is the score.
    package var points: Double

    /// A class.
    package init(words: String, share: Double, eventRate: Double?, weightOfEvidence: Double, points: Double) {
      self.words = words
      self.share = share
      self.eventRate = eventRate
      self.weightOfEvidence = weightOfEvidence
      self.points = points
    }
  }

  /// One attribute of the card.
  package struct Attribute: Sendable, Codable, Equatable {
    /// The column.
    package var name: String
    /// Whether it is a protected attribute.
    package var protected: Bool
    /// How well it tells leavers from stayers by itself.
    package var informationValue: Double
    /// What its weight of evidence counts for in the log-odds of leaving.
    package var coefficient: Double
    /// The coefficient's standard error; `nil` where the regression needed a penalty.
    package var standardError: Double?
    /// Its classes in their order, the missing last.
    package var classes: [Class]

    /// An attribute.
    package init(
      name: String, protected: Bool, informationValue: Double, coefficient: Double, standardError: Double?,
      classes: [Class]
    ) {
      self.name = name
      self.protected = protected
      self.informationValue = informationValue
      self.coefficient = coefficient
      self.standardError = standardError
      self.classes = classes
    }
  }

  /// A column that is not on the card.
  package struct LeftOut: Sendable, Codable, Equatable {
    /// The column.
    package var name: String
    /// How well it tells leavers from stayers by itself.
    package var informationValue: Double
    /// Why, in a few words.
    package var reason: String

    /// A column left out.
    package init(name: String, informationValue: Double, reason: String) {
      self.name = name
      self.informationValue = informationValue
      self.reason = reason
    }
  }

  /// The fold whose customers it scores.
  package var fold: Int
  /// Points at the base odds.
  package var basePoints: Double
  /// Customers who stay for each who leaves, at the base points.
  package var baseOdds: Double
  /// Points that double these odds.
  package var doublingPoints: Double
  /// The log-odds of leaving where every weight of evidence is 0.
  package var intercept: Double
  /// Its standard error; `nil` where the regression needed a penalty.
  package var interceptStandardError: Double?
  /// The attributes, the most telling first.
  package var attributes: [Attribute]
  /// The columns that are not on it, in the table's order.
  package var leftOut: [LeftOut]
  /// Anything to know, in sentences.
  package var notes: [String]

  /// A card.
  package init(
    fold: Int, basePoints: Double, baseOdds: Double, doublingPoints: Double, intercept: Double,
    interceptStandardError: Double?, attributes: [Attribute], leftOut: [LeftOut], notes: [String]
  ) {
    self.fold = fold
    self.basePoints = basePoints
    self.baseOdds = baseOdds
    self.doublingPoints = doublingPoints
    self.intercept = intercept
    self.interceptStandardError = interceptStandardError
    self.attributes = attributes
    self.leftOut = leftOut
    self.notes = notes
  }
}

/// A logistic regression without penalty on all labelled customers, for its standard errors: a part of the document
/// `training`. The models that score are fitted a fold, with a penalty.
package struct CoefficientFindings: Sendable, Codable, Equatable {
  /// One number of the regression.
  package struct Term: Sendable, Codable, Equatable {
    /// The column.
    package var name: String
    /// What of it: "per 10.5" for a number (its standard deviation), "is Berlin", "is missing".
    package var words: String
    /// By how much it raises the log-odds of leaving.
    package var coefficient: Double
    /// Its standard error; `nil` where the classes are separated or the equations have no unique solution.
    package var standardError: Double?

    /// A term.
    package init(name: String, words: String, coefficient: Double, standardError: Double?) {
      self.name = name
      self.words = words
      self.coefficient = coefficient
      self.standardError = standardError
    }
  }

  /// Labelled customers it was fitted on.
  package var rows: Int
  /// Their log-likelihood.
  package var logLikelihood: Double
  /// The log-odds of a customer at the mean of every number and in the most frequent category of every other column.
  package var intercept: Double
  /// Its standard error.
  package var interceptStandardError: Double?
  /// The numbers, in the table's order.
  package var terms: [Term]
  /// Anything to know, such as separation, in sentences.
  package var notes: [String]

  /// A regression.
  package init(
    rows: Int, logLikelihood: Double, intercept: Double, interceptStandardError: Double?, terms: [Term],
    notes: [String]
  ) {
    self.rows = rows
    self.logLikelihood = logLikelihood
    self.intercept = intercept
    self.interceptStandardError = interceptStandardError
    self.terms = terms
    self.notes = notes
  }
}
