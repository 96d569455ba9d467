/// The document `metrics` (holdfast.metrics/v1): how good the probabilities are, on customers the
/// scoring model had not seen, un-resampled.
package struct MetricsFindings: Sendable, Codable, Equatable {
  /// Figures of one set of probabilities.
  package struct Figures: Sendable, Codable, Equatable {
    /// Labelled customers.
    package var rows: Int
    /// Of these, left.
    package var events: Int
    /// Mean of −ln of the probability given to what happened.
    package var logLoss: Double
    /// Area under the ROC curve, ties counted half.
    package var rocAuc: Double
    /// Average precision, ties collapsed.
    package var averagePrecision: Double
    /// Mean squared error of the probability.
    package var brier: Double

    /// Figures.
    package init(
      rows: Int, events: Int, logLoss: Double, rocAuc: Double, averagePrecision: Double, brier: Double
    ) {
      self.rows = rows
      self.events = events
      self.logLoss = logLoss
      self.rocAuc = rocAuc
      self.averagePrecision = averagePrecision
      self.brier = brier
    }
  }

  /// A figure with its 95 % interval.
  package struct Interval: Sendable, Codable, Equatable {
    /// The figure.
    package var value: Double
    /// Lower bound.
    package var lower: Double
    /// Upper bound.
    package var upper: Double
    /// How it was made, in words.
    package var method: String

    /// An interval.
    package init(value: Double, lower: Double, upper: Double, method: String) {
      self.value = value
      self.lower = lower
      self.upper = upper
      self.method = method
    }
  }

  /// How well probabilities match frequencies.
  package struct Calibration: Sendable, Codable, Equatable {
    /// Slope of the outcome on the logit; 1 is right.
    package var slope: Double
    /// Standard error of the slope.
    package var slopeStandardError: Double
    /// Intercept beside that slope.
    package var intercept: Double
    /// Calibration in the large: intercept at slope 1; 0 is right.
    package var inTheLarge: Double
    /// Mean probability.
    package var meanProbability: Double
    /// Share that left.
    package var eventRate: Double
    /// CORP miscalibration.
    package var miscalibration: Double
    /// CORP discrimination.
    package var discrimination: Double
    /// CORP uncertainty.
    package var uncertainty: Double
    /// The same three parts of the log-loss.
    package var logLossParts: Parts?
    /// Smooth calibration error: by how much a probability is off on average.
    package var smoothError: Double?

    /// A score in three parts: score = miscalibration − discrimination + uncertainty.
    package struct Parts: Sendable, Codable, Equatable {
      /// What recalibrating by rising steps would save.
      package var miscalibration: Double
      /// What the recalibrated probabilities save over the base rate.
      package var discrimination: Double
      /// The score of the base rate.
      package var uncertainty: Double

      /// Parts.
      package init(miscalibration: Double, discrimination: Double, uncertainty: Double) {
        self.miscalibration = miscalibration
        self.discrimination = discrimination
        self.uncertainty = uncertainty
      }
    }

    /// Calibration.
    package init(
      slope: Double, slopeStandardError: Double, intercept: Double, inTheLarge: Double,
      meanProbability: Double,
      eventRate: Double, miscalibration: Double, discrimination: Double, uncertainty: Double,
      logLossParts: Parts? = nil, smoothError: Double? = nil
    ) {
      self.slope = slope
      self.slopeStandardError = slopeStandardError
      self.intercept = intercept
      self.inTheLarge = inTheLarge
      self.meanProbability = meanProbability
      self.eventRate = eventRate
      self.miscalibration = miscalibration
      self.discrimination = discrimination
      self.uncertainty = uncertainty
      self.logLossParts = logLossParts
      self.smoothError = smoothError
    }
  }

  /// What a campaign on the best share of customers would earn (Verbraken, Verbeke and Baesens, 2013), in the money of
  /// its terms, per customer of the whole base. It sees ranks alone, never whether probabilities hold.
  package struct Profit: Sendable, Codable, Equatable {
    /// What a kept customer is worth.
    package var value: Double
    /// What an accepted offer costs.
    package var offer: Double
    /// What contacting a customer costs.
    package var contact: Double
    /// The share of those about to leave whom an offer keeps is taken as a beta number with these two parameters.
    package var saveRateAlpha: Double
    /// The second.
    package var saveRateBeta: Double
    /// EMPC: the most on average over the save rate.
    package var expectedMaximum: Double
    /// The share of customers to contact for it, on average.
    package var expectedShare: Double
    /// MPC: the most at the mean save rate.
    package var maximum: Double
    /// The share of customers to contact for it.
    package var share: Double

    /// A profit.
    package init(
      value: Double, offer: Double, contact: Double, saveRateAlpha: Double, saveRateBeta: Double,
      expectedMaximum: Double, expectedShare: Double, maximum: Double, share: Double
    ) {
      self.value = value
      self.offer = offer
      self.contact = contact
      self.saveRateAlpha = saveRateAlpha
      self.saveRateBeta = saveRateBeta
      self.expectedMaximum = expectedMaximum
      self.expectedShare = expectedShare
      self.maximum = maximum
      self.share = share
    }
  }

  /// Decisions at one threshold.
  package struct Confusion: Sendable, Codable, Equatable {
    /// Probability at or above which a customer counts as leaving.
    package var threshold: Double
    /// How the threshold was chosen, in words.
    package var rule: String
    /// Left, and said so.
    package var truePositives: Int
    /// Stayed, and said to leave.
    package var falsePositives: Int
    /// Left, and not said so.
    package var falseNegatives: Int
    /// Stayed, and said so.
    package var trueNegatives: Int

    /// Counts.
    package init(
      threshold: Double, rule: String, truePositives: Int, falsePositives: Int, falseNegatives: Int,
      trueNegatives: Int
    ) {
      self.threshold = threshold
      self.rule = rule
      self.truePositives = truePositives
      self.falsePositives = falsePositives
      self.falseNegatives = falseNegatives
      self.trueNegatives = trueNegatives
    }
  }

  /// What shuffling one column costs.
  package struct Importance: Sendable, Codable, Equatable {
    /// The column (a value and its state count as one).
    package var feature: String
    /// Mean rise in log-loss over the repeats.
    package var logLossIncrease: Double
    /// Its standard error.
    package var standardError: Double
    /// Whether it is a protected attribute.
    package var protected: Bool

    /// An importance.
    package init(feature: String, logLossIncrease: Double, standardError: Double, protected: Bool) {
      self.feature = feature
      self.logLossIncrease = logLossIncrease
      self.standardError = standardError
      self.protected = protected
    }
  }

  /// Figures of another way to do it, for comparison.
  package struct Variant: Sendable, Codable, Equatable {
    /// What it is: a learner's name, `withoutResampling`, ….
    package var name: String
    /// On which customers, in words, where not on all.
    package var sample: String?
    /// Labelled customers.
    package var rows: Int
    /// Mean log-loss, calibrated, out of fold.
    package var logLoss: Double
    /// ROC-AUC.
    package var rocAuc: Double

    /// A variant.
    package init(name: String, sample: String? = nil, rows: Int, logLoss: Double, rocAuc: Double) {
      self.name = name
      self.sample = sample
      self.rows = rows
      self.logLoss = logLoss
      self.rocAuc = rocAuc
    }
  }

  /// The figures that count: pooled, calibrated, out of fold, un-resampled.
  package var outOfFold: Figures
  /// ROC-AUC with its interval.
  package var rocAucInterval: Interval
  /// Log-loss of saying the base rate to everyone.
  package var nullLogLoss: Double
  /// Brier score of the same.
  package var nullBrier: Double
  /// By how much log-loss beats the null model.
  package var logLossGain: Interval
  /// Its standard error.
  package var logLossGainStandardError: Double
  /// Calibration.
  package var calibration: Calibration
  /// Share of leavers among the top tenth, over the base rate.
  package var liftTop10: Double
  /// Share of leavers among the top fifth, over the base rate.
  package var liftTop20: Double
  /// What a campaign would earn.
  package var profit: Profit?
  /// Decisions at the operating point.
  package var confusion: Confusion
  /// Other ways to do it.
  package var variants: [Variant]
  /// Importance by permutation, largest first; of a wide model the columns that it leans on most.
  package var importance: [Importance]
  /// On how many held-out customers importance was measured.
  package var importanceRows: Int
  /// Anything else, in sentences; among them what could not be tested.
  package var notes: [String]

  /// Findings.
  package init(
    outOfFold: Figures, rocAucInterval: Interval, nullLogLoss: Double, nullBrier: Double,
    logLossGain: Interval,
    logLossGainStandardError: Double, calibration: Calibration, liftTop10: Double, liftTop20: Double,
    profit: Profit? = nil, confusion: Confusion, variants: [Variant], importance: [Importance],
    importanceRows: Int, notes: [String]
  ) {
    self.outOfFold = outOfFold
    self.rocAucInterval = rocAucInterval
    self.nullLogLoss = nullLogLoss
    self.nullBrier = nullBrier
    self.logLossGain = logLossGain
    self.logLossGainStandardError = logLossGainStandardError
    self.calibration = calibration
    self.liftTop10 = liftTop10
    self.liftTop20 = liftTop20
    self.profit = profit
    self.confusion = confusion
    self.variants = variants
    self.importance = importance
    self.importanceRows = importanceRows
    self.notes = notes
  }
}

/// The document `curves` (holdfast.curves/v1): points to draw, each list at most 200 long.
package struct CurvesFindings: Sendable, Codable, Equatable {
  /// A line as two lists of equal length.
  package struct Line: Sendable, Codable, Equatable {
    /// Across.
    package var x: [Double]
    /// Up.
    package var y: [Double]

    /// A line.
    package init(x: [Double], y: [Double]) {
      self.x = x
      self.y = y
    }
  }

  /// One group of customers of like probability.
  package struct ReliabilityPoint: Sendable, Codable, Equatable {
    /// Mean probability.
    package var predicted: Double
    /// Share that left.
    package var observed: Double
    /// Lower 95 % bound (Wilson).
    package var lower: Double
    /// Upper 95 % bound (Wilson).
    package var upper: Double
    /// Customers.
    package var rows: Int

    /// A point.
    package init(predicted: Double, observed: Double, lower: Double, upper: Double, rows: Int) {
      self.predicted = predicted
      self.observed = observed
      self.lower = lower
      self.upper = upper
      self.rows = rows
    }
  }

  /// False-positive rate across, true-positive rate up.
  package var roc: Line
  /// Recall across, precision up.
  package var precisionRecall: Line
  /// Share of customers across (most likely first), share of leavers up.
  package var gains: Line
  /// Share of customers across, lift up.
  package var lift: Line
  /// Twenty groups of equal size.
  package var reliability: [ReliabilityPoint]
  /// Customers by probability in 20 bands of equal width.
  package var histogram: [Double]

  /// Curves.
  package init(
    roc: Line, precisionRecall: Line, gains: Line, lift: Line, reliability: [ReliabilityPoint],
    histogram: [Double]
  ) {
    self.roc = roc
    self.precisionRecall = precisionRecall
    self.gains = gains
    self.lift = lift
    self.reliability = reliability
    self.histogram = histogram
  }
}

/// The document `gate` (holdfast.gate/v1): whether the model may be acted on.
package struct GateFindings: Sendable, Codable, Equatable {
  /// One check and its outcome.
  package struct Check: Sendable, Codable, Equatable {
    /// Its name, stable: `skillAuc`, `skillLogLoss`, ….
    package var id: String
    /// Whether it holds.
    package var passed: Bool
    /// What was seen.
    package var observed: Double
    /// What was asked.
    package var threshold: Double
    /// Both in a sentence.
    package var message: String

    /// A check.
    package init(id: String, passed: Bool, observed: Double, threshold: Double, message: String) {
      self.id = id
      self.passed = passed
      self.observed = observed
      self.threshold = threshold
      self.message = message
    }
  }

  /// Whether the model tells leavers from stayers better than chance, beyond doubt.
  package var hasSkill: Bool
  /// The checks.
  package var checks: [Check]

  /// A gate.
  package init(hasSkill: Bool, checks: [Check]) {
    self.hasSkill = hasSkill
    self.checks = checks
  }
}
