/// The document `quality` (holdfast.quality/v1): what `clean` found; feeds nothing but people.
package struct QualityFindings: Sendable, Codable, Equatable {
  /// One column of `features` or of the source.
  package struct ColumnFinding: Sendable, Codable, Equatable {
    /// The source's name.
    package var name: String
    /// `key`, `target`, `feature` or `ignore`.
    package var role: String
    /// What it holds.
    package var type: String
    /// Whether it is a protected attribute.
    package var protected: Bool
    /// Rows that hold nothing after repairs.
    package var missing: Int
    /// Number of different values, counted up to 1,000; `nil` where there are more.
    package var distinct: Int?
    /// Smallest number.
    package var minimum: Double?
    /// Middle number.
    package var median: Double?
    /// Largest number.
    package var maximum: Double?

    /// A column.
    package init(
      name: String, role: String, type: String, protected: Bool, missing: Int, distinct: Int?,
      minimum: Double?,
      median: Double?, maximum: Double?
    ) {
      self.name = name
      self.role = role
      self.type = type
      self.protected = protected
      self.missing = missing
      self.distinct = distinct
      self.minimum = minimum
      self.median = median
      self.maximum = maximum
    }
  }

  /// Repairs by column and rule.
  package struct RepairCount: Sendable, Codable, Equatable {
    /// The column; empty where the whole row is meant.
    package var column: String
    /// The rule, as in the table `repairs`.
    package var rule: String
    /// How many.
    package var rows: Int

    /// A count.
    package init(column: String, rule: String, rows: Int) {
      self.column = column
      self.rule = rule
      self.rows = rows
    }
  }

  /// Customers of one group and how many of them lack the value.
  package struct GroupRate: Sendable, Codable, Equatable {
    /// The group's value.
    package var value: String
    /// Customers.
    package var rows: Int
    /// Of these, with the value missing.
    package var missing: Int

    /// A rate.
    package init(value: String, rows: Int, missing: Int) {
      self.value = value
      self.rows = rows
      self.missing = missing
    }
  }

  /// How missingness depends on one other column.
  package struct GroupFinding: Sendable, Codable, Equatable {
    /// The other column.
    package var column: String
    /// χ² of the table (group × missing).
    package var chiSquared: Double
    /// Its degrees of freedom.
    package var degreesOfFreedom: Int
    /// Its p-value.
    package var pValue: Double
    /// The same after Holm's correction for all the tests of this kind, those not shown among them: below .05 in any of
    /// them by chance alone once in twenty files at most.
    package var adjustedP: Double?
    /// Cramér's V.
    package var cramersV: Double
    /// The groups, largest missing rate first, at most 12.
    package var groups: [GroupRate]

    /// A finding.
    package init(
      column: String, chiSquared: Double, degreesOfFreedom: Int, pValue: Double, adjustedP: Double? = nil,
      cramersV: Double, groups: [GroupRate]
    ) {
      self.column = column
      self.chiSquared = chiSquared
      self.degreesOfFreedom = degreesOfFreedom
      self.pValue = pValue
      self.adjustedP = adjustedP
      self.cramersV = cramersV
      self.groups = groups
    }
  }

  /// Labelled customers and how many of them left.
  package struct EventRate: Sendable, Codable, Equatable {
    /// Labelled customers.
    package var rows: Int
    /// Of these, left.
    package var events: Int
    /// Lower 95 % bound (Wilson).
    package var lower: Double
    /// Upper 95 % bound (Wilson).
    package var upper: Double

    /// A rate.
    package init(rows: Int, events: Int, lower: Double, upper: Double) {
      self.rows = rows
      self.events = events
      self.lower = lower
      self.upper = upper
    }
  }

  /// The missing values of one column.
  package struct MissingFinding: Sendable, Codable, Equatable {
    /// The column.
    package var column: String
    /// Whether it is a balance or other money.
    package var isMoney: Bool
    /// Rows with a value.
    package var value: Int
    /// Rows that are a zero by rule.
    package var structuralZero: Int
    /// Rows that are unknown.
    package var unknown: Int
    /// By group, strongest V first, at most six columns.
    package var byGroup: [GroupFinding]
    /// Who left among those with it missing (structural or unknown); `nil` without labels.
    package var churnWhereMissing: EventRate?
    /// Who left among those with a value; `nil` without labels.
    package var churnWherePresent: EventRate?
    /// AUC of telling missing from present by the other columns (never the target).
    package var predictability: Double?
    /// Above .9: the structural rule in words.
    package var proposedRuleInWords: String?
    /// Above .9: the rule as it would stand in the column's contract, switched off.
    package var proposedRule: String?
    /// What it means, in a sentence.
    package var sentence: String

    /// A finding.
    package init(
      column: String, isMoney: Bool, value: Int, structuralZero: Int, unknown: Int, byGroup: [GroupFinding],
      churnWhereMissing: EventRate?, churnWherePresent: EventRate?, predictability: Double?,
      proposedRuleInWords: String?, proposedRule: String?, sentence: String
    ) {
      self.column = column
      self.isMoney = isMoney
      self.value = value
      self.structuralZero = structuralZero
      self.unknown = unknown
      self.byGroup = byGroup
      self.churnWhereMissing = churnWhereMissing
      self.churnWherePresent = churnWherePresent
      self.predictability = predictability
      self.proposedRuleInWords = proposedRuleInWords
      self.proposedRule = proposedRule
      self.sentence = sentence
    }
  }

  /// Rows of `customers`.
  package var rowsIn: Int
  /// Rows of `features`.
  package var rowsOut: Int
  /// Rows with a label.
  package var labelled: Int
  /// Of these, left.
  package var events: Int
  /// Every column.
  package var columns: [ColumnFinding]
  /// Repairs, most first.
  package var repairs: [RepairCount]
  /// Every column with missing values, balances first.
  package var missing: [MissingFinding]
  /// Anything else, in sentences.
  package var notes: [String]

  /// Findings.
  package init(
    rowsIn: Int, rowsOut: Int, labelled: Int, events: Int, columns: [ColumnFinding], repairs: [RepairCount],
    missing: [MissingFinding], notes: [String]
  ) {
    self.rowsIn = rowsIn
    self.rowsOut = rowsOut
    self.labelled = labelled
    self.events = events
    self.columns = columns
    self.repairs = repairs
    self.missing = missing
    self.notes = notes
  }
}
