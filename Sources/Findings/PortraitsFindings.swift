/// The document `portraits` (holdfast.portraits/v1): the segments, and the centres that assign new
/// customers to them.
package struct PortraitsFindings: Sendable, Codable, Equatable {
  /// One scaled column.
  package struct Scale: Sendable, Codable, Equatable {
    /// The column of `features`.
    package var column: String
    /// `linear` or `logOnePlus`.
    package var transform: String
    /// Put in for a missing value, before scaling (after the transform).
    package var fill: Double
    /// Mean after the transform.
    package var mean: Double
    /// Standard deviation after the transform; 1 where the column is constant.
    package var deviation: Double

    /// A scale.
    package init(column: String, transform: String, fill: Double, mean: Double, deviation: Double) {
      self.column = column
      self.transform = transform
      self.fill = fill
      self.mean = mean
      self.deviation = deviation
    }
  }

  /// One number of segments tried.
  package struct Choice: Sendable, Codable, Equatable {
    /// Number of segments.
    package var k: Int
    /// Simplified silhouette.
    package var silhouette: Double
    /// Calinski-Harabasz.
    package var calinskiHarabasz: Double
    /// Davies-Bouldin.
    package var daviesBouldin: Double
    /// Mean adjusted Rand index over bootstrap refits.
    package var stability: Double
    /// Share of the smallest segment.
    package var smallestShare: Double
    /// Whether it was taken.
    package var chosen: Bool

    /// A choice.
    package init(
      k: Int, silhouette: Double, calinskiHarabasz: Double, daviesBouldin: Double, stability: Double,
      smallestShare: Double, chosen: Bool
    ) {
      self.k = k
      self.silhouette = silhouette
      self.calinskiHarabasz = calinskiHarabasz
      self.daviesBouldin = daviesBouldin
      self.stability = stability
      self.smallestShare = smallestShare
      self.chosen = chosen
    }
  }

  /// What sets a segment apart in one column.
  package struct Trait: Sendable, Codable, Equatable {
    /// The column.
    package var column: String
    /// Standardised difference from all others; |d| ≥ .5 stands out.
    package var difference: Double
    /// The segment's median.
    package var median: Double
    /// Everyone's median.
    package var medianOfAll: Double
    /// In words.
    package var words: String

    /// A trait.
    package init(column: String, difference: Double, median: Double, medianOfAll: Double, words: String) {
      self.column = column
      self.difference = difference
      self.median = median
      self.medianOfAll = medianOfAll
      self.words = words
    }
  }

  /// One segment.
  package struct Portrait: Sendable, Codable, Equatable {
    /// Its number, from 0.
    package var segment: Int
    /// Its name, made by rule from what stands out.
    package var name: String
    /// Customers.
    package var rows: Int
    /// Share of all customers.
    package var share: Double
    /// Labelled customers; `nil` without labels.
    package var labelled: Int?
    /// Of these, left.
    package var events: Int?
    /// Share that left.
    package var churn: Double?
    /// Lower 95 % bound (Wilson).
    package var churnLower: Double?
    /// Upper 95 % bound (Wilson).
    package var churnUpper: Double?
    /// What stands out, strongest first.
    package var traits: [Trait]
    /// The centre in scaled units, in the order of `scales`.
    package var centre: [Double]
    /// Size, what stands out, churn, in a sentence or two.
    package var sentence: String

    /// A portrait.
    package init(
      segment: Int, name: String, rows: Int, share: Double, labelled: Int?, events: Int?, churn: Double?,
      churnLower: Double?, churnUpper: Double?, traits: [Trait], centre: [Double], sentence: String
    ) {
      self.segment = segment
      self.name = name
      self.rows = rows
      self.share = share
      self.labelled = labelled
      self.events = events
      self.churn = churn
      self.churnLower = churnLower
      self.churnUpper = churnUpper
      self.traits = traits
      self.centre = centre
      self.sentence = sentence
    }
  }

  /// The scaled columns.
  package var scales: [Scale]
  /// The numbers of segments tried.
  package var choices: [Choice]
  /// The rule k was chosen by, and how it came out, in a sentence.
  package var rule: String
  /// Whether the centres were fitted here or taken from the champion.
  package var fitted: Bool
  /// The segments.
  package var portraits: [Portrait]
  /// Anything else, in sentences.
  package var notes: [String]

  /// Findings.
  package init(
    scales: [Scale], choices: [Choice], rule: String, fitted: Bool, portraits: [Portrait], notes: [String]
  ) {
    self.scales = scales
    self.choices = choices
    self.rule = rule
    self.fitted = fitted
    self.portraits = portraits
    self.notes = notes
  }
}

/// The document `assumptions` (holdfast.assumptions/v1): what `rank` took for granted, and what came of it.
package struct AssumptionsFindings: Sendable, Codable, Equatable {
  /// One number taken for granted.
  package struct Assumption: Sendable, Codable, Equatable {
    /// The symbol used on the page: γ, ψ, w, d, f, V.
    package var symbol: String
    /// The parameter's name in `rank`; empty where it is not one.
    package var parameter: String
    /// Its value; `nil` where it differs by customer.
    package var value: Double?
    /// What it means, with its unit, in words.
    package var meaning: String
    /// `assumed`, `declared` or `fromData`.
    package var source: String

    /// An assumption.
    package init(symbol: String, parameter: String, value: Double?, meaning: String, source: String) {
      self.symbol = symbol
      self.parameter = parameter
      self.value = value
      self.meaning = meaning
      self.source = source
    }
  }

  /// The numbers taken for granted.
  package var assumptions: [Assumption]
  /// How V was made, in a sentence.
  package var valueRule: String
  /// The cap on V.
  package var valueCap: Double?
  /// Customers whose V was capped.
  package var valuesCapped: Int
  /// `all` or `unlabelled`.
  package var population: String
  /// Whether labels exist, so that the list is "as of the snapshot".
  package var isSnapshot: Bool
  /// Most money to spend; `nil` for no limit.
  package var budget: Double?
  /// Most customers to contact; `nil` for no limit.
  package var capacity: Int?
  /// Customers ranked.
  package var ranked: Int
  /// Sum of their probabilities: how many are expected to leave.
  package var expectedLeavers: Double
  /// Sum of p·V over all.
  package var valueAtRisk: Double
  /// Customers to act on.
  package var act: Int
  /// Sum of τ over these: how many more are expected to stay.
  package var expectedKept: Double
  /// Sum of ΔEV over these.
  package var expectedValue: Double
  /// Sum of expected cost over these.
  package var expectedCost: Double
  /// Customers by reason code.
  package var byReason: [String: Int]
  /// The money's name, such as EUR; `nil` where none is declared.
  package var currency: String?
  /// Anything else, in sentences.
  package var notes: [String]

  /// Findings.
  package init(
    assumptions: [Assumption], valueRule: String, valueCap: Double?, valuesCapped: Int, population: String,
    isSnapshot: Bool, budget: Double?, capacity: Int?, ranked: Int, expectedLeavers: Double,
    valueAtRisk: Double,
    act: Int, expectedKept: Double, expectedValue: Double, expectedCost: Double, byReason: [String: Int],
    currency: String? = nil, notes: [String]
  ) {
    self.assumptions = assumptions
    self.valueRule = valueRule
    self.valueCap = valueCap
    self.valuesCapped = valuesCapped
    self.population = population
    self.isSnapshot = isSnapshot
    self.budget = budget
    self.capacity = capacity
    self.ranked = ranked
    self.expectedLeavers = expectedLeavers
    self.valueAtRisk = valueAtRisk
    self.act = act
    self.expectedKept = expectedKept
    self.expectedValue = expectedValue
    self.expectedCost = expectedCost
    self.byReason = byReason
    self.currency = currency
    self.notes = notes
  }
}
