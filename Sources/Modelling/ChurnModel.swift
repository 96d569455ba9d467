package import Clientele

/// The artifact `model` (holdfast.model/v1): K fold models, and all that is needed to score a customer, old or new.
package struct ChurnModel: Sendable, Equatable {
  /// The name and version of the document.
  package static let format = "holdfast.model/v1"

  /// What the model was trained on and how, for people and for comparison.
  package struct TrainingContract: Sendable, Equatable {
    /// Customers with a label.
    package var labelled: Int
    /// Of these, left.
    package var events: Int
    /// `beta`, `platt` or `isotonic`.
    package var calibration: String
    /// `none` or the method of the examples used.
    package var resampling: String

    /// A contract.
    package init(labelled: Int, events: Int, calibration: String, resampling: String) {
      self.labelled = labelled
      self.events = events
      self.calibration = calibration
      self.resampling = resampling
    }
  }

  /// Which fold a key belongs to, and so which model scores it.
  package let assignment: FoldAssignment
  /// How a table becomes numbers.
  package let encoding: FeatureEncoding
  /// The learner chosen: `boosting`, `forest` or `logistic`.
  package let learner: String
  /// What the model was trained on and how.
  package let contract: TrainingContract
  /// One model a fold.
  package let folds: [FoldModel]

  /// A model of these parts.
  package init(
    assignment: FoldAssignment, encoding: FeatureEncoding, learner: String, contract: TrainingContract,
    folds: [FoldModel]
  ) {
    precondition(folds.count == assignment.count, "one model a fold")
    self.assignment = assignment
    self.encoding = encoding
    self.learner = learner
    self.contract = contract
    self.folds = folds
  }
}
