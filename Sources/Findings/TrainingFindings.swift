/// The document `resampling` (holdfast.resampling/v1).
package struct ResamplingFindings: Sendable, Codable, Equatable {
  /// One fold's training part.
  package struct Part: Sendable, Codable, Equatable {
    /// The held-out fold.
    package var fold: Int
    /// Training rows.
    package var rows: Int
    /// Of these, left.
    package var events: Int
    /// Sum of weights after.
    package var weightAfter: Double
    /// Of it, of those who left.
    package var eventWeightAfter: Double
    /// Synthetic rows.
    package var synthetic: Int

    /// A part.
    package init(
      fold: Int, rows: Int, events: Int, weightAfter: Double, eventWeightAfter: Double, synthetic: Int
    ) {
      self.fold = fold
      self.rows = rows
      self.events = events
      self.weightAfter = weightAfter
      self.eventWeightAfter = eventWeightAfter
      self.synthetic = synthetic
    }
  }

  /// `none`, `weights`, `over`, `under`, `smote`, `smoteNC`, `borderline` or `adasyn`.
  package var method: String
  /// The folds' parts; empty with `none`.
  package var parts: [Part]
  /// What it did and what it costs, in sentences.
  package var notes: [String]

  /// Findings.
  package init(method: String, parts: [Part], notes: [String]) {
    self.method = method
    self.parts = parts
    self.notes = notes
  }
}

/// The document `training` (holdfast.training/v1): how the model came about.
package struct TrainingFindings: Sendable, Codable, Equatable {
  /// One learner's figures.
  package struct LearnerFinding: Sendable, Codable, Equatable {
    /// `boosting`, `symmetric`, `randomised`, `forest`, `logistic`, `scorecard`, or `blend`.
    package var name: String
    /// Whether it scores, by itself or as a member of the blend.
    package var chosen: Bool
    /// The weight it has in the blend, the mean of the folds'; `nil` without a blend.
    package var weight: Double?
    /// Mean log-loss on the tenths kept inside the training parts, what the choice was made by; `nil` where no choice
    /// was made.
    package var tenthLogLoss: Double?
    /// Pooled out-of-fold log-loss before calibration.
    package var rawLogLoss: Double
    /// Pooled out-of-fold log-loss, calibrated across folds.
    package var logLoss: Double
    /// Pooled out-of-fold ROC-AUC, calibrated.
    package var rocAuc: Double
    /// Anything to know, such as separation, in sentences.
    package var notes: [String]

    /// A learner.
    package init(
      name: String, chosen: Bool, weight: Double? = nil, tenthLogLoss: Double?, rawLogLoss: Double,
      logLoss: Double, rocAuc: Double, notes: [String]
    ) {
      self.name = name
      self.chosen = chosen
      self.weight = weight
      self.tenthLogLoss = tenthLogLoss
      self.rawLogLoss = rawLogLoss
      self.logLoss = logLoss
      self.rocAuc = rocAuc
      self.notes = notes
    }
  }

  /// One capacity of one learner in one fold.
  package struct CapacityFinding: Sendable, Codable, Equatable {
    /// The learner.
    package var learner: String
    /// The held-out fold.
    package var fold: Int
    /// The capacity in words, such as "8 leaves".
    package var capacity: String
    /// Trees where boosting stopped.
    package var trees: Int?
    /// Log-loss on the fold's keyed tenth.
    package var tenthLogLoss: Double
    /// Whether it was taken.
    package var chosen: Bool

    /// A capacity.
    package init(
      learner: String, fold: Int, capacity: String, trees: Int?, tenthLogLoss: Double, chosen: Bool
    ) {
      self.learner = learner
      self.fold = fold
      self.capacity = capacity
      self.trees = trees
      self.tenthLogLoss = tenthLogLoss
      self.chosen = chosen
    }
  }

  /// What the learner that scores comes to on training parts as they are, beside a resampled model.
  package struct PlainReference: Sendable, Codable, Equatable {
    /// The learner.
    package var learner: String
    /// On which customers, in words, where not on all.
    package var sample: String?
    /// Labelled customers.
    package var rows: Int
    /// Pooled out-of-fold log-loss, calibrated across folds.
    package var logLoss: Double
    /// Pooled out-of-fold ROC-AUC, calibrated.
    package var rocAuc: Double

    /// A reference.
    package init(learner: String, sample: String?, rows: Int, logLoss: Double, rocAuc: Double) {
      self.learner = learner
      self.sample = sample
      self.rows = rows
      self.logLoss = logLoss
      self.rocAuc = rocAuc
    }
  }

  /// One column learnt from.
  package struct FeatureFinding: Sendable, Codable, Equatable {
    /// The column.
    package var name: String
    /// `number` or `category`.
    package var kind: String
    /// Whether it is a protected attribute.
    package var protected: Bool
    /// Whether the model uses it.
    package var used: Bool
    /// Why not, where it does not.
    package var note: String?

    /// A feature.
    package init(name: String, kind: String, protected: Bool, used: Bool, note: String? = nil) {
      self.name = name
      self.kind = kind
      self.protected = protected
      self.used = used
      self.note = note
    }
  }

  /// Customers with a label.
  package var labelled: Int
  /// Of these, left.
  package var events: Int
  /// Number of folds.
  package var folds: Int
  /// `beta`, `platt` or `isotonic`; `blend` where the blend's own fit calibrates.
  package var calibration: String
  /// `none` or the method of the examples used.
  package var resampling: String
  /// The same without resampling; only where there was some.
  package var withoutResampling: PlainReference?
  /// The learners, the chosen one first.
  package var learners: [LearnerFinding]
  /// The capacities tried.
  package var capacities: [CapacityFinding]
  /// The columns, in the table's order.
  package var features: [FeatureFinding]
  /// The scorecard of each fold, where one scores by itself or in the blend.
  package var scorecards: [ScorecardFindings]?
  /// The logistic regression with its standard errors, where one scores by itself.
  package var coefficients: CoefficientFindings?
  /// Anything else, in sentences.
  package var notes: [String]

  /// Findings.
  package init(
    labelled: Int, events: Int, folds: Int, calibration: String, resampling: String,
    withoutResampling: PlainReference? = nil, learners: [LearnerFinding], capacities: [CapacityFinding],
    features: [FeatureFinding], scorecards: [ScorecardFindings]? = nil,
    coefficients: CoefficientFindings? = nil, notes: [String]
  ) {
    self.labelled = labelled
    self.events = events
    self.folds = folds
    self.calibration = calibration
    self.resampling = resampling
    self.withoutResampling = withoutResampling
    self.learners = learners
    self.capacities = capacities
    self.features = features
    self.scorecards = scorecards
    self.coefficients = coefficients
    self.notes = notes
  }
}
